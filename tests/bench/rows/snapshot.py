"""A snapshot of 30 charts and 10,000 lines of a log: ours as a file of each
kind, and headless Chromium printing the same page, from our HTML, as PDF.
"""

import math
import pathlib
import tempfile
import time

from measure import BINARY, Row, cost, least

CHARTS = 30
MINUTES = 360
LINES = 10_000
RUNS = 3
HEAD = """\
title: Shop
timezone: UTC
store: store.db
output: out
explore: no
sources:
  now: {file: now.txt, decode: keyvalue}
  log: {exec: [], tail: app.log, max_lines: 20000, max_bytes: 8MB, limit: 8MB}
pages:
  index:
    panels:
"""
NOTE = (
    "Chromium reads the HTML snapshot; its CPU is that of the processes it "
    "waits for, its memory that of the largest of them. In the HTML are all "
    "lines and numbers; the PDF has the newest 500 lines, Chromium's none, "
    "for they are folded"
)


def panels():
    for i in range(CHARTS):
        yield f"      - line: Chart {i}\n"
        yield f"        series: now/value{i}\n"
        yield "        width: half\n"
    yield "      - {log: Log, sources: [log]}\n"


def samples(now):
    yield "series,ts,value\n"
    for i in range(CHARTS):
        for m in range(MINUTES, 0, -1):
            value = 50 + 40 * math.sin((m + 9 * i) / 37) + m * 7919 % 11
            yield f"now/value{i},{now - 60 * m},{value:.2f}\n"


def fill(folder, now):
    (folder / "broadsheet.yaml").write_text(HEAD + "".join(panels()))
    (folder / "now.txt").write_text(
        "".join(f"value{i}={50 + i}\n" for i in range(CHARTS))
    )
    (folder / "old.csv").write_text("".join(samples(now)))
    log = folder / "app.log"
    log.touch()
    run(folder, now, "collect")
    run(folder, now, "import", "old.csv")
    with log.open("a") as out:
        out.writelines(
            f"INFO order {88000 + n} accepted in {n % 40} ms, {n * 7919}\n"
            for n in range(LINES)
        )
    run(folder, now + 60, "collect")


def run(folder, now, *args):
    return cost(BINARY, "-q", *args, "--now", f"@{now}", cwd=folder)


def chromium(folder):
    return cost(
        "chromium", "--headless", "--no-sandbox", "--disable-gpu",
        f"--user-data-dir={folder}/profile", "--no-pdf-header-footer",
        f"--print-to-pdf={folder}/theirs.pdf", f"file://{folder}/s.html",
        cwd=folder,
    )  # fmt: skip


def rows():
    with tempfile.TemporaryDirectory(prefix="snapshot-") as name:
        folder = pathlib.Path(name)
        now = int(time.time()) // 60 * 60
        fill(folder, now)
        for kind in ("html", "pdf", "zip", "png"):
            file = folder / f"s.{kind}"
            us = least(
                run(folder, now + 60, "snapshot", "-o", file)
                for _ in range(RUNS)
            )
            size, them = file.stat().st_size, None
            what = f"  {kind.upper()}"
            if kind == "html":
                what = f"snapshot, {CHARTS} charts, {LINES:,} lines: HTML"
            if kind == "pdf":
                them = least(chromium(folder) for _ in range(RUNS))
                theirs = (folder / "theirs.pdf").stat().st_size
            peer = ("Chromium",) if them else ("",)
            yield Row(what, us.ms, "ms", them and them.ms, *peer, note=NOTE)
            yield Row("  its peak memory", us.peak, "B", them and them.peak,
                      *peer)  # fmt: skip
            yield Row("  its size", size, "B", them and theirs, *peer)
