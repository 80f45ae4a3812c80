"""Ten minutes of a dashboard on which one of three hosts goes away.

Three sshd instances are the hosts; the clock is the test's (--now), a minute
a run. app2 is stopped during four of them.
"""

import csv
import json
import re

import pytest

from rig.sshbox import keys  # noqa: F401  (a fixture)
from rig.sshd import USER, sshd

START = 1793330040  # 2026-10-30 03:14:00 in London
DOWN = range(3, 7)
RUNS = 10

CONFIG = """
title: Three hosts
timezone: Europe/London
store: store.db
output: out
sources:
{sources}
pages:
  index:
    panels:
      - section: Servers
      - line: CPU
        series: "app*/cpu"
      - line: Memory of app2
        series: app2/memory
        embed: [svg, png, pdf]
      - stat: Memory now
        series: "app*/memory"
      - table: Processes on app2
        source: app2/processes
      - status: Sources
"""

SOURCE = """
  app{n}:
    ssh: {user}@{place}
    identity: {key}
    known_hosts: known_hosts
    decode: linux
"""


class Story:
    """What every run said, and what was on the page after it."""

    def __init__(self):
        self.runs = []
        self.status = []
        self.pages = []


@pytest.fixture(scope="module")
def story(tmp_path_factory, keys):  # noqa: F811
    import subprocess

    from conftest import BINARY

    folder = tmp_path_factory.mktemp("story")
    story = Story()
    story.out = folder / "out"
    with (
        sshd(folder / "1") as one,
        sshd(folder / "2") as two,
        sshd(folder / "3") as three,
    ):
        hosts = [one, two, three]
        for h in hosts:
            h.authorize(keys())
        (folder / "known_hosts").write_text(
            "".join(h.known_hosts() for h in hosts)
        )
        (folder / "broadsheet.yaml").write_text(
            CONFIG.format(
                sources="".join(
                    SOURCE.format(n=i + 1, user=USER, place=h.place, key=keys())
                    for i, h in enumerate(hosts)
                )
            )
        )
        story.place = two.place
        for minute in range(RUNS):
            if minute == DOWN.start:
                two.stop()
            if minute == DOWN.stop:
                two.start()
            story.runs.append(
                subprocess.run(
                    [BINARY, "-q", "run", "--now", f"@{START + 60 * minute}"],
                    cwd=folder, stdin=subprocess.DEVNULL, timeout=60,
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
            )
            story.status.append(
                json.loads((story.out / "status.json").read_text())
            )
            story.pages.append((story.out / "index.html").read_text())
    return story


def panel(page, title):
    """The element of a panel, and its state."""
    hit = re.search(
        r'<section class="p [^"]*" id="%s" data-kind="\w+" data-state="(\w+)">'
        r"(.*?)</section>" % title,
        page,
        re.S,
    )
    assert hit, f"no panel {title}"
    return hit.group(1), hit.group(2)


def test_silent_when_well(story):
    for minute, run in enumerate(story.runs):
        assert run.stdout == ""
        if minute not in (DOWN.start, DOWN.stop):
            assert run.stderr == "", f"minute {minute}"


def test_said_once_when_it_begins(story):
    assert story.runs[DOWN.start].stderr.splitlines()[0] == (
        f"source app2: connection to {story.place} refused: nothing listens there"
    )


def test_said_once_when_it_ends(story):
    assert story.runs[DOWN.stop].stderr == (
        "source app2: answers again, after 5 min\n"
    )


def test_exit_status(story):
    for minute, run in enumerate(story.runs):
        assert run.returncode == (3 if minute in DOWN else 0)


def test_status_json(story):
    for minute, status in enumerate(story.status):
        app2 = status["sources"]["app2"]
        assert app2["outcome"] == ("refused" if minute in DOWN else "ok")
        for other in ("app1", "app3"):
            assert status["sources"][other]["outcome"] == "ok"
    assert story.status[5]["sources"]["app2"]["last_ok"] == (
        "2026-10-30T03:16:00Z"
    )


def test_panels_tell_what_fails(story):
    for minute, page in enumerate(story.pages):
        state, text = panel(page, "memory-of-app2")
        assert state == ("failed" if minute in DOWN else "ok")
        if minute in DOWN:
            assert "nothing listens there" in text
        assert panel(page, "sources")[0] == (
            "failed" if minute in DOWN else "ok"
        )


def test_numbers_have_the_gap(story):
    rows = list(csv.reader((story.out / "data/index.memory-of-app2.csv").open()))
    times = [row[0] for row in rows[1:] if row[1] != ""]
    assert len(times) == RUNS - len(DOWN)
    assert "2026-10-30T03:16:00Z" in times
    assert "2026-10-30T03:17:00Z" not in times
    assert "2026-10-30T03:21:00Z" in times


def test_gap_is_hatched_with_its_cause(story):
    _, text = panel(story.pages[-1], "memory-of-app2")
    assert re.search(r"<title>[^<]*nothing listens there", text)
    _, before = panel(story.pages[DOWN.start - 1], "memory-of-app2")
    assert "nothing listens there" not in before


def test_table_keeps_its_age(story):
    state, text = panel(story.pages[DOWN.stop - 1], "processes-on-app2")
    assert state == "failed"
    assert "sshd" in text


def test_embedded_pictures(story):
    charts = story.out / "charts"
    assert (charts / "index.memory-of-app2.svg").read_text().startswith("<svg")
    assert (charts / "index.memory-of-app2.png").read_bytes()[:4] == b"\x89PNG"
    assert (charts / "index.memory-of-app2.pdf").read_bytes()[:5] == b"%PDF-"


def test_nothing_left_over(story):
    assert not list(story.out.rglob("*.new"))
