"""This machine alone, from process start to page, an hour in its store."""

import gzip
import pathlib
import subprocess
import tempfile
import time

from measure import BINARY, Row, cost, least

RUNS = 11


def rows():
    now = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([BINARY, "-q", "init"], cwd=folder, check=True)

        def run(at):
            return cost(BINARY, "-q", "run", "--now", f"@{at}", cwd=folder)

        for minute in range(60, 0, -1):
            run(now - 60 * minute)
        us = least(run(now + 60 * i) for i in range(RUNS))
        page = pathlib.Path(folder, "out/index.html").read_bytes()
        first = len(gzip.compress(page, 9))
    work = "a run over this machine, 13 charts of 4 periods"
    yield Row(work, us.ms, "ms", aim=60)
    yield Row("  its peak memory", us.peak, "B", aim=30 << 20)
    yield Row(
        "  its first view, gzip, one request", first, "B", aim=60000
    )
