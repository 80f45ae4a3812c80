"""The store against a plain table of SQLite, and RRD files."""

import os
import pathlib
import shutil
import tempfile

from measure import Row, cost, figures

SERIES = 10000
HOURS = 2
DAYS = 14
T0 = 1793328000

PLAIN = (
    "SQLite's table is (series, ts, value) without rowid, one transaction a "
    "run; ours has one for each source of 100 series, and closes hours"
)
RRD = (
    "an RRD file for each series, minutes of a day, by one `rrdtool -`; it "
    "writes by mmap, so that its pages are counted, not its bytes"
)
BYTES = (
    "RRD: 14 days of minutes, and of AVERAGE, MIN and MAX of 5 minutes, an "
    "hour and a day, as our rollups; the plain table has no rollups"
)


def create(path, *archives):
    return (
        f"create {path} --start {T0} --step 60 DS:v:GAUGE:120:U:U "
        + " ".join(f"RRA:{a}" for a in archives)
        + "\n"
    )


def rrdtool(folder, commands):
    script = pathlib.Path(folder, "commands")
    script.write_text("".join(commands))
    with script.open() as stdin:
        return cost("rrdtool", "-", cwd=folder, stdin=stdin)


def rrd_append(folder):
    """The cost of a value more for each of so many files."""

    def update(minutes):
        return (
            f"update {i}.rrd {T0 + 60 * m}:{i % 97 + m}\n"
            for i in range(SERIES)
            for m in minutes
        )

    first = pathlib.Path(folder, "0.rrd")
    rrdtool(folder, [create("0.rrd", "AVERAGE:0.5:1:1440")])
    for i in range(1, SERIES):
        shutil.copy(first, pathlib.Path(folder, f"{i}.rrd"))
    os.sync()  # else the pages count as dirty already
    return rrdtool(folder, update([1]))


def rrd_bytes(folder):
    """Of one file with what our store keeps of a fortnight."""
    rollups = [
        f"{cf}:0.5:{step}:{DAYS * 1440 // step}"
        for step in (5, 60, 1440)
        for cf in ("AVERAGE", "MIN", "MAX")
    ]
    raw = f"AVERAGE:0.5:1:{DAYS * 1440}"
    rrdtool(folder, [create("bytes.rrd", raw, *rollups)])
    size = pathlib.Path(folder, "bytes.rrd").stat().st_size
    return size / (DAYS * 1440)


def rows():
    found = figures("store_bench", SERIES, HOURS, DAYS)
    if shutil.which("rrdtool") is None:
        rrd, rrd_size = None, None
    else:
        with tempfile.TemporaryDirectory() as folder:
            rrd, rrd_size = rrd_append(folder), rrd_bytes(folder)
    us, plain = found["append-ms"]
    work = f"append of {SERIES} series"
    yield Row(work, us, "ms", plain, "SQLite", 20, PLAIN)
    if rrd:
        yield Row(work, us, "ms", rrd.ms, "RRD", 20, RRD)
    us, plain = found["append-bytes"]
    yield Row("  written for it", us, "B", plain, "SQLite", 2e6, PLAIN)
    if rrd:
        yield Row("  written for it", us, "B", rrd.dirtied, "RRD", 2e6, RRD)
    work = f"bytes a sample, {DAYS} days of minutes, all tiers"
    us, plain = found["fortnight-bytes"]
    yield Row(work, us, "", plain, "SQLite", 3, BYTES)
    yield Row(work, us, "", rrd_size, "RRD", 3, BYTES)
    us, plain = found["years-bytes"]
    yield Row("bytes a sample, 5 years of them", us, "", plain, "SQLite")
    yield Row("a sample imported", found["import-us"][0] / 1000, "ms")
    us, plain = found["day-ms"]
    work = f"query of a day, 1 of {SERIES} series"
    yield Row(work, us, "ms", plain, "SQLite", note=PLAIN)
    for name in ("hour", "day", "week", "year", "years"):
        us, plain = found[f"query-{name}-ms"]
        work = f"query of {name.replace('years', '5 years')} of 5 years"
        yield Row(work, us, "ms", plain, "SQLite", 0.3, PLAIN)
