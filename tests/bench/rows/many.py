"""Printing many charts: a page of 300 servers, three charts each.

A synthetic memory of a day of minutes, printed for four periods: all charts
due, then the next minute, in which those of long periods are kept.
"""

import pathlib
import tempfile
import time

from measure import BINARY, Row, cost

SERVERS = 300
METRICS = ("cpu", "memory", "disk")
DAY = 86400
HEAD = """\
title: Many
timezone: UTC
store: store.db
output: out
explore: no
sources:
  none: {exec: [echo, "1"], decode: number, every: 1d}
pages:
  index:
    periods: [6h, 24h, 7d, 30d]
    panels:
"""


def configuration():
    return HEAD + "".join(
        f"      - line: {metric} of {server}\n"
        f"        series: s{server}/{metric}\n"
        "        width: third\n"
        for server in range(SERVERS)
        for metric in METRICS
    )


def history(now):
    yield "series,ts,value\n"
    for server in range(SERVERS):
        for metric in METRICS:
            value = server % 50 + 20
            for ts in range(now - DAY, now, 60):
                value += (ts // 60 * 7919 + server * 31) % 11 - 5
                yield f"s{server}/{metric},{ts},{value % 100}\n"


def rows():
    now = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as folder:

        def ours(*args, at=now):
            return cost(BINARY, *args, "--now", f"@{at}", cwd=folder)

        pathlib.Path(folder, "broadsheet.yaml").write_text(configuration())
        ours("-q", "collect", at=now - 40 * DAY)
        with pathlib.Path(folder, "history.csv").open("w") as out:
            out.writelines(history(now))
        ours("import", "history.csv")
        count = SERVERS * len(METRICS)
        for what, at in (("all due", now), ("a minute later", now + 60)):
            us = ours("-q", "render", at=at)
            work = f"{count} charts of 4 periods printed, {what}"
            yield Row(work, us.ms, "ms")
            yield Row("  its peak memory", us.peak, "B")
