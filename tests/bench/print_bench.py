#!/usr/bin/python3
"""Printing many charts: a page of 300 servers, three charts each.

A synthetic memory of a day of minutes, printed for four periods: all charts
due, then the next minute, in which those of long periods are kept.

usage: print_bench.py BINARY
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

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


def run(folder, *args):
    """CPU and wall seconds, and peak KiB, of one command."""
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        os.execv(args[0], args)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, f"{args}: {status}"
    return (
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - start,
        usage.ru_maxrss,
    )


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    now = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "broadsheet.yaml")
        config.write_text(configuration())
        csv = pathlib.Path(folder, "history.csv")
        run(folder, binary, "-q", "collect", "--now", f"@{now - 40 * DAY}")
        with csv.open("w") as out:
            out.writelines(history(now))
        subprocess.run(
            [binary, "import", "--now", f"@{now}", csv],
            cwd=folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for what, moment in (("all due", now), ("a minute later", now + 60)):
            cpu, wall, peak = run(
                folder, binary, "-q", "render", "--now", f"@{moment}"
            )
            print(
                f"{SERVERS * len(METRICS)} charts of 4 periods, {what}: "
                f"{cpu:.2f} s CPU, {wall:.2f} s, {peak / 1024:.0f} MiB at most"
            )


if __name__ == "__main__":
    main()
