"""A run that is killed at any of its steps loses no notice, and says none
twice to who can tell: each message has an id that stays the same.

One run's steps are counted first, then the same run dies at some of them (at
each with FAULTS=all), and the runs after it go on.
"""

import collections
import json
import os
import shutil
import subprocess

import pytest

from conftest import BINARY
from rig.faults import read_trace
from rig.hook import Hook

START = 1793330040
SLOW = BINARY.parent.name == "san"
FAULTY = BINARY.with_name("broadsheet-faults")
SHARE = 12 if SLOW else 6  # one in so many steps, unless all are wanted

CONFIG = """
title: Alarms
timezone: UTC
store: db.sqlite
output: out
explore: no
sources:
  app1: {file: app1.txt, decode: keyvalue}
alerts:
  busy: {series: app1/cpu, above: 75}
notify:
  ops: {http: "%s/ops"}
  script: {exec: [sh, -c, 'it=$(cat); printf "%%s\\n" "$it" >> told']}  # in one write
pages:
  index:
    panels:
      - alerts: Alerts
"""


class Site:
    def __init__(self, folder, hook):
        self.folder, self.hook = folder, hook
        folder.mkdir()
        (folder / "broadsheet.yaml").write_text(CONFIG % hook.url)
        for i in range(2):
            self.minute(i, 50)
        self.saved = folder.with_name("saved")
        shutil.copytree(folder, self.saved)

    def restore(self):
        shutil.rmtree(self.folder)
        shutil.copytree(self.saved, self.folder)
        self.hook.calls.clear()

    def minute(self, i, cpu, **env):
        (self.folder / "app1.txt").write_text(f"cpu={cpu}\n")
        return subprocess.run(
            [FAULTY if env else BINARY, "run", "--now", str(START + 60 * i)],
            cwd=self.folder, env={**os.environ, **env},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip

    def heard(self):
        """Of each recipient the ids, by what was told, in their order."""
        told = self.folder / "told"
        scripts = told.read_text().splitlines() if told.exists() else []
        both = {
            "ops": [c.json for c in self.hook.calls],
            "script": [json.loads(line) for line in scripts if line],
        }
        return {
            name: [(m["id"], m["events"][0]["event"]) for m in messages]
            for name, messages in both.items()
        }


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not FAULTY.exists():
        pytest.skip("broadsheet-faults has not been built")
    with Hook() as hook:
        yield Site(tmp_path_factory.mktemp("notify") / "site", hook)


def steps(site):
    """How many calls the parent and each child have in the run."""
    trace = site.folder / "trace"
    site.restore()
    assert site.minute(2, 90, BROADSHEET_FAULT_TRACE=str(trace)).returncode == 0
    calls = read_trace(trace)
    assert any("dispatch" in c.what for c in calls)
    return collections.Counter(c.who for c in calls)


def check(site, who, n):
    site.restore()
    site.minute(2, 90, BROADSHEET_FAULT=f"{who} kill {n}")
    for i in range(3, 7):
        site.minute(i, 90)
    site.minute(7, 50)
    site.minute(8, 50)
    for name, told in site.heard().items():
        begun = {i for i, event in told if event == "begins"}
        ended = {i for i, event in told if event == "ended"}
        assert len(begun) == 1, (name, who, n, told)
        assert len(ended) == 1, (name, who, n, told)
        # in their order, and whoever can tell has each once
        assert [e for _, e in dict.fromkeys(told)] == ["begins", "ended"]


def test_killed_at_any_step(site):
    every = 1 if os.environ.get("FAULTS") == "all" else SHARE
    counted = steps(site)
    for n in range(1, counted["parent"] + 1, every):
        check(site, "parent", n)
    for n in range(1, counted["child"] + 1):
        check(site, "child", n)
