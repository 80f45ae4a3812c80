"""What is printed again as it was, what is not, and that nobody can tell."""

import os
import re
import subprocess

import pytest

from conftest import BINARY

NOW = 1793330040
DAY = 86400
CONFIG = """\
title: Test
timezone: UTC
store: store.db
output: out
sources:
  app:
    exec: [cat, value]
    decode: number
pages:
  index:
    periods: [1h, 7d, 30d]
    panels:
      - section: All
      - line: Answers
        series: app/value
      - status: Sources
"""


class Site:
    """A directory whose memory is 40 days old."""

    def __init__(self, broadsheet, folder):
        self.broadsheet, self.folder = broadsheet, folder
        self.config = folder / "broadsheet.yaml"
        self.config.write_text(CONFIG)
        self.value(1)
        for days in (40, 20, 5):
            self.run(NOW - days * DAY)
        for minutes in range(10, 0, -1):
            self.run(NOW - 60 * minutes)

    def value(self, n):
        (self.folder / "value").write_text(str(n))

    def run(self, now, *args):
        """Panels (drawn, kept, shared) of a run."""
        said = self.broadsheet("-v", "run", "--now", f"@{now}", *args).stderr
        counts = re.search(
            r"panels: (\d+) drawn, (\d+) kept, (\d+) shared", said
        )
        assert counts, said
        return tuple(map(int, counts.groups()))

    def page(self, period="-30d"):
        return self.folder / f"out/index{period}.html"

    def panel(self, period="-30d"):
        text = self.page(period).read_text()
        return re.search(
            r'<section class="p full" id="answers".*?</section>', text, re.S
        )[0]

    def state(self, period="-30d"):
        return re.search(r'data-state="(\w+)"', self.panel(period))[1]


@pytest.fixture
def site(broadsheet, tmp_path):
    return Site(broadsheet, tmp_path)


# The hour is drawn in every run, the headline and the sources once for all.
KEPT = (3, 2, 4)


def kept_moment(site):
    """The time of a run after one that kept both long charts."""
    for i in range(10):
        if site.run(NOW + 60 * i) == KEPT:
            return NOW + 60 * (i + 1)
    raise AssertionError("long charts are never kept")


def test_long_charts_are_drawn_when_their_bucket_moves_on(site):
    moments = {"": [], "-7d": [], "-30d": []}
    drawn = 0
    for i in range(70):
        drawn += site.run(NOW + 60 * i)[0] - 2
        for period, seen in moments.items():
            stamp = re.search(r"as of (\d\d:\d\d)", site.panel(period))
            seen.append(stamp and stamp[1])
    assert set(moments[""]) == {None}
    runs = {p: len(re.findall(r"(\S+)(?: \1)*(?: |$)", " ".join(seen)))
            for p, seen in moments.items() if p}  # fmt: skip
    assert runs["-7d"] in (3, 4)  # half an hour each
    assert runs["-30d"] in (2, 3)  # an hour is the most
    # each moment is a drawing; the first two may be of before the loop
    most = runs["-7d"] + runs["-30d"]
    assert drawn - 70 in range(most - 2, most + 1)


def test_kept_chart_is_the_same_to_the_letter(site):
    now = kept_moment(site)
    before = site.panel(), site.panel("-7d")
    stamp = site.page().read_text()
    site.value(77)
    assert site.run(now) == KEPT
    assert (site.panel(), site.panel("-7d")) == before
    assert "77" in site.panel("")
    assert site.page().read_text() != stamp  # its own time is right
    assert f'data-started="{now}"' in site.page().read_text()


@pytest.mark.parametrize(
    "old,new",
    [
        ("line: Answers", "line: Answers\n        legend: yes"),
        ("timezone: UTC", "timezone: Europe/London"),
        ("7d, 30d]", "8d, 31d]"),
        ("        series: app/value", "        series: app/*\n        unit: kg"),
    ],
)
def test_configuration_that_changed_is_drawn(site, old, new):
    now = kept_moment(site)
    site.config.write_text(CONFIG.replace(old, new))
    assert site.run(now) == (5, 0, 4)


def test_source_that_fails_is_told_at_once(site):
    now = kept_moment(site)
    (site.folder / "value").unlink()
    assert site.run(now) == (5, 0, 4)
    assert site.state() == "failed"
    site.run(now + 60)
    site.value(3)
    assert site.run(now + 120) == (5, 0, 4)
    assert site.state() == "ok"


def test_alert_is_drawn_at_once_and_its_end(site):
    site.config.write_text(
        CONFIG + "alerts:\n  busy:\n    series: app/value\n    above: 75\n"
    )
    now = kept_moment(site)
    site.value(90)
    assert site.run(now) == (5, 0, 4)
    assert site.run(now + 60) == (5, 0, 4)  # its words change as it lasts
    site.value(1)
    for i in range(2, 5):
        site.run(now + 60 * i)
    assert site.run(now + 300) == KEPT


def test_value_that_is_late_is_told_at_once(site):
    now = kept_moment(site)
    site.config.write_text(CONFIG.replace("number", "number\n    every: 60s"))
    assert site.state() == "ok"
    site.broadsheet("render", "--now", f"@{now + 600}")
    assert site.state() == "late"
    assert "newest value is" in site.panel()


def damage(text):
    return text.replace('class="line"', 'class="lime"')


def cut(text):
    return text[: len(text) // 2]


def forge(text):
    return re.sub(r"(<!--kept answers) \d", r"\1 1", text)


@pytest.mark.parametrize("change", [damage, cut, forge, lambda text: ""])
def test_damaged_page_is_printed_anew(site, change):
    now = kept_moment(site)
    page = site.page()
    before = page.read_text()
    assert change(before) != before
    page.write_text(change(before))
    assert site.run(now) == (4, 1, 4)
    assert site.state() == "ok"
    assert page.read_text().count('class="line"') == before.count('class="line"')
    assert site.run(now + 60) == KEPT


@pytest.mark.parametrize("name", ["index-30d.answers.csv", "index-30d.answers.json"])
def test_numbers_that_are_gone_are_written_again(site, name):
    now = kept_moment(site)
    file = site.folder / "out/data" / name
    file.unlink()
    assert site.run(now) == (4, 1, 4)
    assert file.exists()


def test_pictures_stay_as_long_as_a_page_shows_them(site):
    site.config.write_text(CONFIG.replace("output: out", "output: out\ninline: 0"))
    now = kept_moment(site)
    shown = set(re.findall(r'src="(charts/[^"]*)"', site.page().read_text()))
    assert len(shown) == 2
    for name in shown:
        os.utime(site.folder / "out" / name, (now - DAY, now - DAY))
    assert site.run(now) == KEPT
    assert all((site.folder / "out" / name).exists() for name in shown)
    (site.folder / "out" / shown.pop()).unlink()
    assert site.run(now + 60) == (4, 1, 4)


def test_moment_of_the_past_disturbs_nothing(site):
    now = kept_moment(site)
    site.broadsheet("render", "--at", f"@{NOW - 5 * DAY}", "--now", f"@{now}")
    assert f'data-started="{NOW - 5 * DAY}"' in site.page().read_text()
    assert "<!--kept" not in site.page().read_text()
    assert site.run(now) == (5, 0, 4)
    assert f'data-started="{now}"' in site.page().read_text()


def test_young_memory_is_drawn_once_for_all_periods(broadsheet, write_config, tmp_path):
    write_config(CONFIG)
    result = broadsheet("-v", "run", "--now", f"@{NOW}")
    assert "panels: 3 drawn, 0 kept, 6 shared\n" in result.stderr
    for period in ("", "-7d", "-30d"):
        text = (tmp_path / f"out/index{period}.html").read_text()
        for name in set(re.findall(r'href="(data/[^"]*)"', text)):
            assert (tmp_path / "out" / name).exists()


def test_pages_are_the_same_on_any_number_of_cores(broadsheet, write_config, tmp_path):
    panels = "".join(
        f"      - line: Chart {i}\n        series: app/value\n"
        "        embed: [svg, png, pdf]\n"
        for i in range(40)
    )
    write_config(CONFIG + panels)
    (tmp_path / "value").write_text("1")
    for i in range(5):
        broadsheet("run", "--now", f"@{NOW + 60 * i}")
    printed = []
    for cores in ({min(os.sched_getaffinity(0))}, os.sched_getaffinity(0)):
        folder = tmp_path / f"on{len(printed)}"
        subprocess.run(
            [BINARY, "-q", "render", "-o", folder, "--now", f"@{NOW + 300}"],
            cwd=tmp_path, check=True, timeout=60,
            preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores),
        )  # fmt: skip
        printed.append({
            str(f.relative_to(folder)): re.sub(
                rb"Printed in [\d.]+|\"(ms|finished)\": .*", b"", f.read_bytes()
            )
            for f in folder.rglob("*.*") if f.is_file()
        })  # fmt: skip
    assert len(printed[0]) > 160
    assert printed[0] == printed[1]


DAILY = """\
title: Test
timezone: UTC
store: store.db
output: out
explore: no
sources:
  scale: {exec: [echo, 75], decode: number, every: 3h}
pages:
  index:
    periods: [1y]
    panels:
      - {stat: Weight, series: scale/kg}
"""


@pytest.mark.parametrize("age, state", (("12h", "ok"), ("36h", "ok"), ("4d", "late")))
def test_value_of_each_day_is_late_after_some(
    broadsheet, write_config, tmp_path, age, state
):
    """Though its source is asked every 3 h, and the view of a year is too
    coarse to show how often it has values.
    """
    write_config(DAILY)
    now, day = 1795305600, 86400
    old = {"12h": day // 2, "36h": 3 * day // 2, "4d": 4 * day}[age]
    rows = (f"scale/kg,{now - old - i * day},{75 + i / 10}\n" for i in range(300))
    (tmp_path / "x.csv").write_text("series,ts,value\n" + "".join(rows))
    assert broadsheet("import", "--now", f"@{now}", "x.csv").returncode == 0
    assert broadsheet("render", "--now", f"@{now}").returncode == 0
    html = (tmp_path / "out" / "index.html").read_text()
    assert f'data-kind="stat" data-state="{state}"' in html
