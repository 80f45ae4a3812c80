"""The operations page on its rig (tests/e2e/rig), stage by stage, and a burst
of log lines. What servers of the rig take is not counted.
"""

import pathlib
import sys
import tempfile
import time

from measure import BINARY, Row, cost, least

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / "demo"), str(TESTS / "e2e")]

from course import HOUR, MINUTE, Course  # noqa: E402
from demo import before, feed, furnish  # noqa: E402
from rig.operations import Operations  # noqa: E402

RUNS = 5
LINES = 100_000
LOG = """\
title: Burst
store: store.db
output: out
explore: no
sources:
  log:
    exec: []
    tail: app.log
    max_lines: 200000
    max_bytes: 64MB
    limit: 64MB
    count: {errors: ERROR}
pages: {index: {panels: [{log: Log, sources: [log]}]}}
"""


def stages(rig):
    now = int(time.time()) // MINUTE * MINUTE
    course = Course(now - HOUR)
    furnish(rig)
    csv = rig.folder / "before.csv"
    with csv.open("w") as out:
        out.writelines(before(course, now))
    feed(rig, course, now, MINUTE)
    rig.command("-q", "collect", "--now", f"@{now}")
    rig.command("import", "--now", f"@{now}", csv)

    def ours(verb, number):
        t = now + number * MINUTE
        feed(rig, course, t, MINUTE)
        return cost(BINARY, "-q", "-c", rig.config, verb, "--now", f"@{t}",
                    cwd=rig.folder)  # fmt: skip

    work = "operations page, 14 sources of 3 hosts, 2 databases"
    for i, verb in enumerate(("collect", "render", "run")):
        us = least(ours(verb, i * RUNS + n + 1) for n in range(RUNS))
        yield Row(f"{work}: {verb}" if i == 0 else f"  {verb}", us.ms, "ms")
        yield Row("  its peak memory", us.peak, "B")


def burst(folder):
    now = int(time.time()) // MINUTE * MINUTE
    log = pathlib.Path(folder, "app.log")
    log.touch()
    pathlib.Path(folder, "broadsheet.yaml").write_text(LOG)

    def ours(t):
        return cost(BINARY, "-q", "run", "--now", f"@{t}", cwd=folder)

    ours(now)
    with log.open("a") as out:
        out.writelines(
            f"INFO order {88000 + n} accepted in {n % 40} ms, {n * 7919}\n"
            for n in range(LINES)
        )
    us = ours(now + MINUTE)
    yield Row(f"{LINES:,} lines of a log in a run", us.ms, "ms")
    yield Row("  its peak memory", us.peak, "B")


def rows():
    with tempfile.TemporaryDirectory() as folder:
        with Operations(pathlib.Path(folder, "rig"), BINARY) as rig:
            yield from stages(rig)
    with tempfile.TemporaryDirectory() as folder:
        yield from burst(folder)
