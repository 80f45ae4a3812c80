"""Clocks that step: each sample in its place, nothing hidden, no fold."""

import csv
import io
import re

import pytest

from conftest import BINARY
from rig.faults import CONFIG, DAY, HOUR, NOW, Site

YEAR = 365 * DAY


@pytest.fixture
def site(tmp_path):
    """Without a run yet."""
    made = Site(tmp_path / "site", BINARY)
    made.folder.mkdir()
    (made.folder / "broadsheet.yaml").write_text(CONFIG)
    (made.folder / "app.log").write_text("before\n")
    return made


def runs(site, times):
    for now in times:
        site.happen(now)
        done = site.run(now)
        assert (done.returncode, done.stderr) == (0, "")


def stored(site, now):
    rows = site.ask(
        "export", "answer/value", "--from", "@1", "--to", f"@{now}"
    )
    return [int(row["ts"]) for row in csv.DictReader(io.StringIO(rows))]


def page(site, name="index.html"):
    return (site.folder / "out" / name).read_text()


def assert_no_fold(svg_page):
    """Every line of a chart goes to the right, and only there."""
    lines = re.findall(r'<path class="line"[^>]* d="([^"]+)"', svg_page)
    assert lines
    for line in lines:
        for steps in re.findall(r"l([-0-9. ]+)", line):
            numbers = re.findall(r"-?[0-9.]+", steps)
            assert all(not x.startswith("-") for x in numbers[::2]), line


@pytest.mark.parametrize(
    "step", [DAY, YEAR, -90, -HOUR, -YEAR], ids=str
)
def test_a_clock_that_steps_and_returns(site, step):
    before = [NOW + 60 * i for i in range(5)]
    away = [NOW + 300 + step + 60 * i for i in range(2)]
    after = [NOW + 420 + 60 * i for i in range(5)]
    runs(site, before + away + after)
    now = after[-1]
    expected = sorted({*before, *away, *after})
    assert [t for t in expected if t <= now] == stored(site, now)
    there = site.ask("sql", "--format", "csv", "SELECT text FROM lines")
    for t in (*before[1:], *after):
        assert there.count(f"it is {t}") == 1
    # Nothing is hidden by what came from elsewhere.
    assert f"it is {now}" in page(site)
    assert 'data-state="ok"' in page(site, "more.html")
    assert 'data-state="late"' not in page(site, "more.html")
    assert_no_fold(page(site))
