"""Pages as they were: printed at the time, and once more a week later."""

import json
import math
import re
import sqlite3

import pytest

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
EVERY = 600
DAY = 86400 // EVERY  # runs
CONFIG = """
title: Then
timezone: Europe/London
every: 10m
store: store.db
output: out
explore: no
keep: {records: 14d}
sources:
  app1: {file: app1.txt, decode: keyvalue}
  app2: {file: app2.txt, decode: keyvalue}
  slow: {file: app1.txt, decode: keyvalue, every: 30m}
  late: {file: late.txt, decode: keyvalue}
  jobs: {file: jobs.csv, decode: csv, as: table}
  field: {file: field.json, decode: json, as: records, key: id, whole: yes}
  app-log: {file: app.log, decode: lines}
alerts:
  busy: {series: "app*/cpu", above: 75, clear: 70, for: 20m, severity: critical}
  down: {source: app2, failed: 20m}
views:
  states: SELECT state, count(*) AS n FROM field GROUP BY state
pages:
  index:
    periods: [6h, 24h, 7d]
    panels:
      - alerts: Alerts
      - line: CPU
        series: "*/cpu"
      - line: Smooth
        series: app1/cpu
        smooth: 2h
        width: half
      - stat: Now
        series: app1/cpu
        since: [1h, 1d]
      - tiles: All
        sources: "*"
      - status: Sources
  what:
    periods: [24h]
    panels:
      - table: Jobs
        source: jobs
      - log: Log
        sources: app-log
      - map: Field
        source: field
        label: state
        trail: 3h
      - table: States
        query: SELECT * FROM states ORDER BY 1
      - table: Counted
        query: >-
          SELECT (SELECT count(*) FROM samples) AS samples,
          (SELECT count(*) FROM lines) AS lines,
          (SELECT count(*) FROM records) AS records,
          (SELECT max(until) FROM tables) AS until
"""

#                calm,  alert and fault, just over
MOMENTS = [100, DAY + 20, DAY + 40]
ALARM = range(DAY + 15, DAY + 30)
FAULT = range(DAY + 17, DAY + 28)
LATE = 2 * DAY  # a source that comes later
END = DAY + 40 + 8 * DAY
RUNS = [*range(DAY + 50), *range(DAY + 50, END, 12)]


class Story:
    """A week and more, told run by run."""

    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def tell(self, i):
        cpu = 95 - i % 7 if i in ALARM else 40 + 25 * math.sin(i / 20)
        self.write("app1.txt", f"cpu={cpu:.3f}\nmemory={i % 90}\n")
        self.write("app2.txt", f"cpu={20 + i % 13}\n")
        if i in FAULT:
            (self.folder / "app2.txt").unlink()
        if i >= LATE:
            self.write("late.txt", "cpu=1\n")
        self.write("jobs.csv", f"job,state\na,{i // 5}\nb,{i // 50}\n")
        places = [{"id": k, "lat": 51 + k + (i % 40) / 100, "lon": -1 - k,
                   "state": ["moving", "stopped"][(i // 9 + k) % 2]}
                  for k in range(4) if k != 2 or i % 300 < 200]  # fmt: skip
        self.write("field.json", json.dumps(places))
        with open(self.folder / "app.log", "a") as log:
            for k in range(1 + i % 3):
                log.write(f"{'ERROR' if i % 17 == 0 else 'info'} {i}.{k}\n")

    def collect(self, i):
        self.tell(i)
        ran = self.broadsheet("-q", "collect", "--now", f"@{at(i)}")
        assert ran.returncode in (0, 3), ran.stderr

    def render(self, out, *args):
        ran = self.broadsheet("-q", "render", "-o", out, *args)
        assert (ran.returncode, ran.stderr) == (0, "")
        return self.folder / out


def at(i):
    return NOW + EVERY * i


def plain(folder):
    """Each file of a folder without the stamp: what tells when and how."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        text = path.read_text()
        if path.suffix == ".html":
            text = without_stamp(text)
        if path.name == "status.json":
            text = re.sub(r',?\s*"(finished|ms|bytes)":[^\n,]*', "", text)
        files[str(path.relative_to(folder))] = without_took(text)
    return files


def without_stamp(html):
    html = re.sub(r'<p class="warning"><b>The past:.*\n', "", html)
    html = re.sub(r"<noscript><meta.*\n", "", html)
    html = re.sub(r" data-past(?=>)", "", html)
    html = re.sub(r"next at [^·]*· ", "", html)
    html = re.sub(r" <small>as of \d\d:\d\d</small>", "", html)
    return re.sub(r"Printed in [\d.]+ s", "Printed", html)


def without_took(text):
    """How long the last answer took is not known of every moment."""
    cell = '<td class="n">[^<]*</td>'
    text = re.sub(f"({cell}{cell}){cell}{cell}(?=<td)", r"\1", text)
    text = re.sub(
        r'(?m)^((?:[\w-]+,)[●✕].*?(?:now|ago|never),)[^,]*,[^,]*,', r"\1", text
    )
    return re.sub(
        r'(\["[\w-]+","[●✕][^"]*","[^"]*","[^"]*",)"[^"]*","[^"]*",',
        r"\1",
        text,
    )


def test_a_week_later_the_page_is_the_same(tmp_path, broadsheet, write_config):
    write_config(CONFIG)
    story = Story(tmp_path, broadsheet)
    live = {}
    for i in RUNS:
        story.collect(i)
        if i in MOMENTS:
            live[i] = story.render(f"live{i}", "--now", f"@{at(i)}")
    with sqlite3.connect(tmp_path / "store.db") as db:
        (days,) = db.execute("SELECT count(*) FROM chunk_sparse").fetchone()
        (packs,) = db.execute("SELECT count(*) FROM pack").fetchone()
        assert days > 0 and packs > 0
    for i in MOMENTS:
        then = story.render(
            f"then{i}", "--at", f"@{at(i)}", "--now", f"@{at(END)}"
        )
        was, now = plain(live[i]), plain(then)
        assert was.keys() == now.keys()
        for name, text in was.items():
            assert now[name] == text, f"{name} as of run {i}"
