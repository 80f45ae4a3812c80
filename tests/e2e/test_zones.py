"""Zones that change their clocks, or are off the hour: nothing shifts."""

import collections
import csv
import datetime
import re
import zoneinfo

import pytest

CONFIG = """\
title: Zones
timezone: {zone}
store: store.db
output: out
explore: no
sources:
  a:
    exec: [echo, "1"]
    decode: number
pages:
  index:
    periods: [8h, 3d]
    panels:
      - line: V
        series: a/v
"""

# zone, and a moment in the middle of what is looked at, in UTC
MOMENTS = [
    ("Europe/London", "2026-03-29 01:00"),
    ("Europe/London", "2026-10-25 01:00"),
    ("America/New_York", "2026-03-08 07:00"),
    ("America/New_York", "2026-11-01 06:00"),
    ("Australia/Lord_Howe", "2026-04-04 15:00"),
    ("Australia/Lord_Howe", "2026-10-03 15:30"),
    ("Asia/Kathmandu", "2026-06-30 18:15"),
    ("Europe/London", "2028-02-29 00:00"),
    ("Europe/London", "2026-12-31 23:59"),
    ("America/Sao_Paulo", "2018-11-04 03:00"),  # a day without midnight
]


def local(ts, zone):
    return datetime.datetime.fromtimestamp(ts, zoneinfo.ZoneInfo(zone))


def charts(page):
    """Each chart's ticks along the time, and its lines."""
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        ticks = re.findall(
            r'<text x="([\d.]+)" y="([\d.]+)"[^>]*text-anchor="middle">', svg
        )
        lines = re.findall(r'<path class="line"[^>]* d="([^"]+)"', svg)
        if lines:
            yield [float(x) for x, _ in ticks], lines


def assert_goes_right(line):
    for steps in re.findall(r"l([-0-9. ]+)", line):
        numbers = re.findall(r"-?[0-9.]+", steps)
        assert len(numbers) >= 2
        assert all(not x.startswith("-") for x in numbers[::2]), line


@pytest.mark.parametrize("zone,middle", MOMENTS)
def test_no_slot_is_missed_and_no_chart_folds(
    broadsheet, write_config, tmp_path, zone, middle
):
    at = datetime.datetime.fromisoformat(middle + "+00:00")
    middle = int(at.timestamp())
    # Not whole hours before and after: a chart's ends are anywhere.
    first, last = middle - 30 * 3600 - 1020, middle + 7 * 3600 + 660
    times = range(first, last + 1, 60)
    write_config(CONFIG.format(zone=zone))
    (tmp_path / "x.csv").write_text(
        "series,ts,value\n"
        + "".join(f"a/v,{t},{t // 60 % 97}\n" for t in times)
    )
    done = broadsheet("import", "x.csv", "--now", f"@{last}")
    assert done.returncode == 0, done.stderr
    done = broadsheet("render", "--now", f"@{last}")
    assert (done.returncode, done.stderr) == (0, "")

    # The numbers: each minute once, in its slot.
    with open(tmp_path / "out/data/index.v.csv") as f:
        rows = list(csv.reader(f))[1:]
    shown = {
        int(datetime.datetime.fromisoformat(t[:-1] + "+00:00").timestamp()):
        float(v) for t, v in rows if v
    }
    assert len(shown) == len(rows) > 8 * 60 - 2
    assert all(v == t // 60 % 97 for t, v in shown.items())

    # The charts: time goes to the right, ticks as well.
    for page in ("index.html", "index-3d.html"):
        found = list(charts((tmp_path / "out" / page).read_text()))
        assert found and all("l" in line for _, x in found for line in x)
        for ticks, lines in found:
            assert len(ticks) >= 2
            assert ticks == sorted(set(ticks))
            for line in lines:
                assert_goes_right(line)

    # The calendar: local days as the zone's own rules make them.
    done = broadsheet(
        "sql", "--format", "csv",
        "SELECT local_day(ts) AS day, count(*) AS n FROM samples GROUP BY day",
    )
    counted = {
        r["day"]: int(r["n"]) for r in csv.DictReader(done.stdout.splitlines())
    }
    days = collections.Counter(
        local(t, zone).date().isoformat() for t in times
    )
    assert counted == dict(days)


@pytest.mark.parametrize("zone,middle", MOMENTS[:6])
def test_a_sample_has_the_time_of_its_run(
    broadsheet, write_config, zone, middle
):
    """The same minute on the clock twice: two samples, an hour apart."""
    at = datetime.datetime.fromisoformat(middle + "+00:00")
    times = [int(at.timestamp()) + m * 60 for m in (-40, -10, 20, 50)]
    write_config(CONFIG.format(zone=zone))
    for t in times:
        done = broadsheet("run", "--now", f"@{t}")
        assert (done.returncode, done.stderr) == (0, "")
    done = broadsheet("export", "a/*", "--from", "@1", "--to", f"@{times[-1]}")
    rows = csv.DictReader(done.stdout.splitlines())
    assert [int(r["ts"]) for r in rows] == times
