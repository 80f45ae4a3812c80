#!/usr/bin/python3
"""The demonstration run: this machine alone, process start to page.

Prints CPU time and peak memory of `broadsheet run` on the starter
configuration with an hour of minutes in its store.

usage: demo_run.py BINARY
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

RUNS = 11


def once(binary, folder, now):
    """CPU seconds, wall seconds and peak KiB of one run and its children."""
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.chdir(folder)
        os.execv(binary, [binary, "-q", "run", "--now", f"@{now}"])
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, f"the run ended with {status}"
    return (
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - start,
        usage.ru_maxrss,
    )


def median(values):
    return sorted(values)[len(values) // 2]


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    now = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([binary, "-q", "init"], cwd=folder, check=True)
        for minute in range(60, 0, -1):
            once(binary, folder, now - 60 * minute)
        runs = [once(binary, folder, now + 60 * i) for i in range(RUNS)]
        pages = sum(
            f.stat().st_size for f in pathlib.Path(folder, "out").glob("*.html")
        )
    cpu, wall, peak = (median(column) for column in zip(*runs))
    print(
        f"demonstration run, 4 periods of 13 charts: {cpu * 1000:.0f} ms CPU, "
        f"{wall * 1000:.0f} ms, {peak / 1024:.1f} MiB at most, "
        f"{pages / 1024:.0f} KB of pages"
    )


if __name__ == "__main__":
    main()
