"""Runs of a broadsheet whose every change of a file can be made to fail.

See tests/faults/faults.c for what is counted and how it fails.
"""

import collections
import os
import pathlib
import shutil
import subprocess

HOUR = 3600
DAY = 24 * HOUR
MIDNIGHT = 1793318400  # 2026-10-30 00:00 UTC
NOW = MIDNIGHT + 300  # the run that meets the fault: a day has just ended
KEPT = DAY + HOUR  # of everything

CONFIG = """\
title: Test
timezone: UTC
store: store.db
output: out
keep: {raw: 25h, 5m: 25h, lines: 25h, tables: 25h}
sources:
  answer:
    exec: [cat, value]
    decode: number
  log:
    exec: []
    tail: app.log
    decode: lines
  jobs:
    exec: [cat, jobs]
    decode: table
    as: table
pages:
  index:
    periods: [6h, 24h]
    panels:
      - line: Answer
        series: answer/value
        embed: svg
      - table: Jobs
        source: jobs
      - log: Log
        sources: [log]
      - status: Sources
  more:
    panels:
      - stat: Answer
        series: answer/value
"""

# What a call was: of the parent or a child, its name, and the rest.
Call = collections.namedtuple("Call", "who name what")


class Site:
    """A folder with a configuration, a store, a log and pages."""

    def __init__(self, folder, binary):
        self.folder = pathlib.Path(folder)
        self.saved = self.folder.with_name(self.folder.name + ".saved")
        self.binary = pathlib.Path(binary)

    def make(self):
        """Runs for two days, each four hours and the last half an hour ago."""
        self.folder.mkdir()
        (self.folder / "broadsheet.yaml").write_text(CONFIG)
        (self.folder / "app.log").write_text("from before the first run\n")
        for now in range(NOW - 2 * DAY, NOW, 4 * HOUR):
            self.happen(now)
            assert self.run(now).returncode == 0
        return self

    def save(self):
        """Remembers everything as it is now."""
        shutil.copytree(self.folder, self.saved)
        return self

    def restore(self):
        """All as it was. The log stays the same file, so it is only cut."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "app.log":
                path.unlink()
        for path in self.saved.iterdir():
            if path.is_dir():
                shutil.copytree(path, self.folder / path.name)
            elif path.name != "app.log":
                shutil.copy2(path, self.folder)
        size = (self.saved / "app.log").stat().st_size
        os.truncate(self.folder / "app.log", size)

    def happen(self, now):
        """A line in the log, a value, and a table that tell when."""
        with (self.folder / "app.log").open("a") as log:
            log.write(f"it is {now}\n")
        (self.folder / "value").write_text(f"{now - MIDNIGHT}\n")
        (self.folder / "jobs").write_text(f"JOB AT\nbackup {now}\n")

    def run(self, now, fault=None, trace=None):
        """One run; with a fault it is of the program that can have one."""
        faulty = fault is not None or trace is not None
        env = dict(os.environ)
        if fault is not None:
            env["BROADSHEET_FAULT"] = fault
        if trace is not None:
            env["BROADSHEET_FAULT_TRACE"] = str(trace)
        return self._call(
            ["-q", "run", "--now", f"@{now}"],
            self.binary.with_name("broadsheet-faults") if faulty else None,
            env,
        )

    def ask(self, *args):
        """What another verb prints."""
        done = self._call(args)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _call(self, args, binary=None, env=None):
        return subprocess.run(
            [str(binary or self.binary), *map(str, args)],
            cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip


def read_trace(path):
    """The calls of a run, in their order."""
    return [
        Call(*line.split(" ", 2))
        for line in pathlib.Path(path).read_text().splitlines()
    ]
