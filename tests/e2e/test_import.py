"""import: samples from elsewhere, all that hold or none."""

import csv
import io
import os
import pty
import sqlite3
import subprocess

import pytest

from conftest import BINARY

CONFIG = """\
title: Test
timezone: Europe/London
store: store.db
output: out
explore: no
keep: {raw: 14d, 5m: 90d, 1h: 2y, 1d: 10y}
sources:
  app1:
    exec: [cat, app1]
    decode: number
pages:
  index:
    panels:
      - line: All
        series: "*"
"""
NOW = "@1795317240"  # 2026-11-22 03:14 UTC
DAY = 86400


@pytest.fixture
def place(broadsheet, write_config, tmp_path):
    write_config(CONFIG)
    (tmp_path / "x.csv").write_text("series,ts,value\n")
    return tmp_path


def rows(result):
    assert (result.stderr, result.returncode) == ("", 0)
    return list(csv.reader(io.StringIO(result.stdout)))


def write(place, text, name="x.csv"):
    (place / name).write_text(text)
    return name


def run(broadsheet, *args, **kwargs):
    return broadsheet("import", "--now", NOW, *args, **kwargs)


def test_times_in_every_form(broadsheet, place):
    write(
        place,
        "\ufeffseries,ts,value\r\n"
        "scale/weight,1795300000,71.5\r\n"
        "scale/weight,2026-07-01 08:00,70\n"
        "scale/weight,2026-07-01T08:00:00Z,7.1e1\n"
        "\n"
        '"scale/fat, ""odd""",2026-11-01T00:00:00+02:00,-0.5\n',
    )
    result = run(broadsheet, "x.csv")
    assert (result.stderr, result.returncode) == ("", 0)
    assert result.stdout == (
        "x.csv: 4 rows of 2 series, 2026-07-01 08:00 to 2026-11-21 22:26\n"
    )
    assert rows(broadsheet("export", "scale/*", "--now", NOW))[1:] == [
        ['scale/fat, "odd"', "1793484000", "-0.5"],
        ["scale/weight", "1782889200", "70"],
        ["scale/weight", "1782892800", "71"],
        ["scale/weight", "1795300000", "71.5"],
    ]
    assert run(broadsheet, "-q", "x.csv").stdout == ""


def everything(place):
    db = sqlite3.connect(place / "store.db")
    names = [
        r[0]
        for r in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    all = {n: db.execute(f'SELECT * FROM "{n}"').fetchall() for n in names}
    db.close()
    return all


def test_round_trip(broadsheet, place):
    """What one store gives, another takes, and gives again, to the letter."""
    now = int(NOW[1:])
    text = "series,ts,value\n"
    for n in range(3):
        for i in range(4000):
            text += f"a{n}/m,{now - 5 * DAY + 60 * i},{i * 0.1 + n!r}\n"
    for i in range(400):
        text += f"a/daily,{now - 400 * DAY + i * DAY + i},{70 + i / 7!r}\n"
    write(place, text)
    assert run(broadsheet, "-q", "x.csv").returncode == 0
    one = broadsheet("export", "*", "--now", NOW)
    assert len(rows(one)) == 12401

    os.rename(place / "store.db", place / "first.db")
    write(place, one.stdout, "y.csv")
    assert run(broadsheet, "-q", "y.csv").returncode == 0
    two = broadsheet("export", "*", "--now", NOW)
    assert two.stdout == one.stdout

    before = everything(place)
    again = run(broadsheet, "y.csv", "--dry-run")
    assert again.stdout.splitlines()[1] == "0 new, 0 changed, 12,400 there already"
    assert run(broadsheet, "-q", "y.csv").returncode == 0
    assert broadsheet("export", "*", "--now", NOW).stdout == one.stdout
    after = everything(place)
    chunks = [name for name in before if name.startswith("chunk_")]
    assert chunks and all(after[name] == before[name] for name in chunks)


def test_from_standard_input(broadsheet, place):
    result = subprocess.run(
        [BINARY, "import", "-", "--now", NOW],
        input="series,ts,value\na/b,1795300000,1\na/b,1795300060,2\n",
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stderr, result.returncode) == ("", 0)
    assert result.stdout.startswith("standard input: 2 rows of 1 series, ")
    assert len(rows(broadsheet("export", "a/b", "--now", NOW))) == 3


def test_dry_run(broadsheet, place):
    now = int(NOW[1:])
    write(place, f"series,ts,value\na/b,{now - 60},1\na/b,{now - 120},2\n")
    empty = run(broadsheet, "x.csv", "--dry-run")
    assert empty.stdout.splitlines()[1:] == [
        "2 new, 0 changed, 0 there already",
        "by their age 2 are kept as they are, 0 by five minutes, 0 by the"
        " hour, 0 by the day",
        "nothing was stored",
    ]
    assert not (place / "store.db").exists()
    assert run(broadsheet, "-q", "x.csv").returncode == 0
    write(
        place,
        "series,ts,value\n"
        f"a/b,{now - 60},1\n"  # there
        f"a/b,{now - 120},2.5\n"  # changed
        f"a/c,{now - 60},1\n"  # new
        f"a/b,{now - 30 * DAY},1\n"
        f"a/b,{now - 100 * DAY},1\n"
        f"a/b,{now - 1000 * DAY},1\n"
        f"a/b,{now - 4000 * DAY},1\n",
    )
    result = run(broadsheet, "x.csv", "--dry-run")
    assert (result.stderr, result.returncode) == ("", 0)
    assert result.stdout.splitlines()[1:] == [
        "5 new, 1 changed, 1 there already",
        "by their age 3 are kept as they are, 1 by five minutes, 1 by the"
        " hour, 1 by the day",
        "1 are older than anything that is kept",
        "nothing was stored",
    ]
    assert len(rows(broadsheet("export", "*", "--now", NOW))) == 3


BAD = """\
series,ts,value
a/b,1795300000,1
nobody,1795300000,1
a/b,yesterday,1
a/b,1795300000,much
a/b,1795300000,nan
a/b,1795300000
a/b,-5,1
a/b,1999999999,1
a/b,1795300060,"2
a/b,1795300060,2"x
a/\x1b[31mred,1795300060,2
a/b,2026-02-30,1
a/b,1795300120,3
"""
FAULTS = """\
x.csv:3: a series is named source/metric
x.csv:4: 'yesterday' is not a time
x.csv:5: 'much' is not a number
x.csv:6: 'nan' is not a number
x.csv:7: 2 fields, where series,ts,value are wanted
x.csv:8: the time is before 1970
x.csv:9: the time is ahead
x.csv:10: a quoted field without its end
x.csv:11: a quote within a field, or text behind its end
x.csv:12: the series' name is not plain text
x.csv:13: '2026-02-30' is not a time
"""


def test_bad_rows_store_nothing(broadsheet, place):
    write(place, BAD)
    result = run(broadsheet, "x.csv")
    assert result.stderr == FAULTS + (
        "broadsheet: x.csv: 11 bad rows; nothing was imported\n"
        "hint: --skip-bad leaves them out\n"
    )
    assert (result.stdout, result.returncode) == ("", 1)
    assert not (place / "store.db").exists()


def test_bad_rows_are_left_out(broadsheet, place):
    write(place, BAD)
    result = run(broadsheet, "x.csv", "--skip-bad")
    assert (result.stderr, result.returncode) == (FAULTS, 0)
    assert result.stdout.endswith("; 11 bad ones are left out\n")
    assert [r[2] for r in rows(broadsheet("export", "*", "--now", NOW))[1:]] == [
        "1",
        "3",
    ]


def test_many_bad_rows(broadsheet, place):
    write(place, "series,ts,value\n" + "x\n" * 1000)
    result = run(broadsheet, "x.csv")
    lines = result.stderr.splitlines()
    assert len(lines) == 23
    assert lines[20] == "and 980 more"


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "x.csv: it is empty"),
        ("a/b,1,2\n", "x.csv:1: the header series,ts,value is missing"),
        ('"', "x.csv:1: a quoted field without its end"),
    ],
)
def test_no_such_file_at_all(broadsheet, place, text, words):
    write(place, text)
    result = run(broadsheet, "x.csv", "--skip-bad")
    assert (result.stderr, result.returncode) == (f"broadsheet: {words}\n", 1)


def test_no_file(broadsheet, place):
    result = run(broadsheet, "gone.csv")
    assert result.stderr == "broadsheet: gone.csv: No such file or directory\n"
    assert run(broadsheet, "out").returncode == 1
    os.mkdir(place / "dir")
    assert "not a regular file" in run(broadsheet, "dir").stderr


def test_a_line_without_end(broadsheet, place):
    """Neither memory nor what comes behind it is lost."""
    write(
        place,
        "series,ts,value\na/b,1795300000,1\na/b,"
        + "9" * 700_000
        + ",2\na/b,1795300060,3\nx\n",
    )
    result = run(broadsheet, "x.csv", "--skip-bad")
    assert result.stderr == (
        "x.csv:3: too long\nx.csv:5: 1 field, where series,ts,value are wanted\n"
    )
    assert len(rows(broadsheet("export", "*", "--now", NOW))) == 3


def test_progress_only_on_a_terminal(broadsheet, place):
    write(
        place,
        "series,ts,value\n"
        + "".join(f"a/b,{1795000000 + i},{i}\n" for i in range(200_000)),
    )
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [BINARY, "import", "x.csv", "--now", NOW],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=follower,
    ) as process:
        os.close(follower)
        said = b""
        try:
            while chunk := os.read(leader, 4096):
                said += chunk
        except OSError:
            pass
        assert process.wait() == 0
    os.close(leader)
    assert b"\rchecking  [" in said
    assert b"\rimporting [" in said
    assert said.endswith(b"\r\x1b[K")


def test_waits_for_no_run_that_reads(broadsheet, place):
    """A dry run takes no lock."""
    write(place, "series,ts,value\na/b,1795300000,1\n")
    import fcntl

    with open(place / "store.db.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert run(broadsheet, "x.csv", "--dry-run").returncode == 0
        fcntl.flock(lock, fcntl.LOCK_UN)
    assert run(broadsheet, "x.csv").returncode == 0


def test_charts_reach_back_to_what_was_imported(broadsheet, place):
    """Though the first run was only now."""
    (place / "app1").write_text("5")
    text = CONFIG.replace("  index:", "  index:\n    periods: [400d]")
    (place / "broadsheet.yaml").write_text(text)
    now = int(NOW[1:])
    write(
        place,
        "series,ts,value\n"
        + "".join(f"old/m,{now - i * DAY},{i}\n" for i in range(1, 300)),
    )
    assert run(broadsheet, "-q", "x.csv").returncode == 0
    result = broadsheet("-q", "run", "--now", NOW)
    assert (result.stderr, result.returncode) == ("", 0)
    with open(place / "out/data/index.all.csv", newline="") as f:
        assert len(list(csv.reader(f))) == 301


def test_charts_begin_where_the_samples_do(broadsheet, write_config, tmp_path):
    """A source's first answer may tell of years before the first run."""
    body = tmp_path / "weights.json"
    body.write_text('[{"ts": 1761000000, "weight": 77.5},'
                    ' {"ts": 1763900000, "weight": 76.1}]')
    conf = write_config(
        f"""
        title: Weight
        store: {tmp_path}/s.db
        output: {tmp_path}/out
        sources:
          scale:
            file: {body}
            decode: json
            extract: SELECT value->>'ts' AS ts, value->>'weight' AS weight
              FROM json_each(:body)
        pages:
          index:
            periods: [1y]
            panels:
              - line: Weight
                series: scale/weight
        """
    )
    run = broadsheet("run", "-c", str(conf), "--now", "2026-01-01 10:00")
    assert run.returncode == 0, run.stderr
    rows = (tmp_path / "out/data/index.weight.csv").read_text().splitlines()
    assert rows == ["time,weight", "2025-10-20T22:40:00Z,77.5",
                    "2025-11-23T12:13:20Z,76.1"]
