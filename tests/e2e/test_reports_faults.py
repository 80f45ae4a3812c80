"""A run that is killed at any step of sending a report: each who gets it has
it, and once for who can tell, by its Message-ID; it comes twice only where the
kill met the run between the server's word and the disk's.

One run's steps are counted first, then the same run dies at some of them (at
each with FAULTS=all), and the runs after it go on.
"""

import collections
import os
import shutil
import subprocess

import pytest

from conftest import BINARY
from rig.faults import read_trace
from rig.smtp import smtp

START = 1793336400  # 2026-10-30 05:00:00 UTC
SLOW = BINARY.parent.name == "san"
FAULTY = BINARY.with_name("broadsheet-faults")
MOST = 4 if SLOW else 8  # steps of each kind, unless all are wanted

CONFIG = """
title: Board
timezone: UTC
store: db.sqlite
output: out
explore: no
mail: {smtp: "%s", from: dash@example.net}
sources:
  app1: {file: app1.txt, decode: keyvalue}
reports:
  daily: {mail: [a@e.net, b@e.net], at: "05:02"}
pages:
  index:
    panels:
      - stat: CPU
        series: app1/cpu
"""


class Site:
    def __init__(self, folder, server):
        self.folder, self.server = folder, server
        folder.mkdir()
        (folder / "broadsheet.yaml").write_text(CONFIG % server.url)
        for i in range(2):
            self.minute(i)
        self.saved = folder.with_name("saved")
        shutil.copytree(folder, self.saved)

    def restore(self):
        shutil.rmtree(self.folder)
        shutil.copytree(self.saved, self.folder)
        self.before = len(self.server.letters())

    def minute(self, i, **env):
        (self.folder / "app1.txt").write_text(f"cpu={i}\n")
        return subprocess.run(
            [FAULTY if env else BINARY, "run", "--now", str(START + 60 * i)],
            cwd=self.folder, env={**os.environ, **env},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip

    def heard(self):
        """Of each recipient the ids of its letters."""
        ids = collections.defaultdict(list)
        for letter in self.server.letters()[self.before :]:
            ids[letter["To"]].append(letter["Message-ID"])
        return ids


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not FAULTY.exists():
        pytest.skip("broadsheet-faults has not been built")
    folder = tmp_path_factory.mktemp("reports")
    with smtp(folder) as server:
        yield Site(folder / "site", server)


def steps(site):
    """The calls of the parent and of a child in the run that sends."""
    trace = site.folder / "trace"
    site.restore()
    ran = site.minute(2, BROADSHEET_FAULT_TRACE=str(trace))
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert {who: len(ids) for who, ids in site.heard().items()} == {
        "a@e.net": 1, "b@e.net": 1,
    }  # fmt: skip
    calls = read_trace(trace)
    own = [c for c in calls if c.who == "parent"]
    first = next(i for i, c in enumerate(own, 1) if "report" in c.what)
    return first, collections.Counter(c.who for c in calls)


def check(site, who, n):
    site.restore()
    site.minute(2, BROADSHEET_FAULT=f"{who} kill {n}")
    for i in range(3, 6):
        site.minute(i)
    heard = site.heard()
    assert set(heard) == {"a@e.net", "b@e.net"}, (who, n, heard)
    for to, ids in heard.items():
        assert len(set(ids)) == 1, (who, n, to, ids)
        assert len(ids) <= 2, (who, n, to, ids)


def some(first, last):
    """Of the steps from the first to the last."""
    steps = range(first, last + 1)
    if os.environ.get("FAULTS") == "all":
        return steps
    return steps[:: len(steps) // MOST + 1]


def test_killed_at_any_step(site):
    first, counted = steps(site)
    for n in some(first, counted["parent"]):
        check(site, "parent", n)
    for n in some(1, counted["child"]):
        check(site, "child", n)
