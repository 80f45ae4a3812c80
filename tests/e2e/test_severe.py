"""Severe alerts take a snapshot: once, bounded, and everybody is led there.

The clock is the test's (--now), a minute a run; a file is the host.
"""

import html
import io
import json
import os
import re
import shutil
import subprocess
import urllib.request
import zipfile

import pytest

from conftest import BINARY
from rig.faults import read_trace
from rig.hook import Hook
from rig.nginx import nginx
from rig.smtp import smtp

START = 1793330040  # 2026-10-30 03:14:00 UTC
SLOW = BINARY.parent.name == "san"
FAULTY = BINARY.with_name("broadsheet-faults")
URL = "https://dash.example.net/"

CONFIG = """
title: Alarms
timezone: UTC
store: db.sqlite
output: out
url: https://dash.example.net/
explore: no
sources:
  app1: {file: app1.txt, decode: keyvalue, unit: percent}
alerts:
  busy: {series: app1/cpu, above: 75, severity: critical}
  hot: {series: app1/cpu, above: 80, severity: critical}
  full: {series: app1/disk, above: 90}
  odd: {series: app1/other, above: 5, severity: critical}
pages:
  index:
    title: Front
    panels:
      - alerts: Alerts
      - status: Sources
  more:
    title: Machines
    panels:
      - line: CPU
        series: [app1/cpu, app1/disk]
"""
FIRST = "2026-10-30T0315Z-machines.html"


class Board:
    def __init__(self, path, broadsheet, write_config):
        self.path, self.broadsheet = path, broadsheet
        self.write_config = write_config
        self.shelf = path / "out/snapshots"
        self.config("")

    def config(self, text, *changes):
        config = CONFIG
        for old, new in changes:
            assert old in config
            config = config.replace(old, new)
        self.write_config(config + text)
        return self

    def minute(self, i, cpu=50, disk=10, other=1):
        (self.path / "app1.txt").write_text(
            f"cpu={cpu}\ndisk={disk}\nother={other}\n"
        )
        return self.broadsheet("run", "--now", START + 60 * i)

    def run(self, i, *args):
        ran = self.minute(i, *args)
        assert (ran.returncode, ran.stderr) == (0, "")

    def taken(self):
        """The snapshots, each of which is whole."""
        names = sorted(p.name for p in self.shelf.glob("*.html"))
        if "index.html" in names:
            names.remove("index.html")
        for name in names:
            ran = self.broadsheet("verify", self.shelf / name)
            assert ran.returncode == 0, (name, ran.stdout, ran.stderr)
        return names

    def links(self):
        """Where the alerts of the front page lead, which is there."""
        text = (self.path / "out/index.html").read_text()
        found = re.findall(r'<dt>snapshot</dt><dd><a href="([^"]*)">', text)
        assert all((self.path / "out" / f).is_file() for f in found)
        return found

    def reason(self, name):
        facts = self.shelf / name.replace(".html", ".json")
        return json.loads(facts.read_text())["reason"]


@pytest.fixture
def board(tmp_path, broadsheet, write_config):
    return Board(tmp_path, broadsheet, write_config)


def test_one_of_a_page_however_many_fire(board):
    board.run(0)
    assert board.taken() == []
    board.run(1, 90)
    assert board.taken() == [FIRST]
    # nothing is led to before it is there
    assert board.links() == []
    assert board.reason(FIRST) == "alert busy on app1/cpu and 1 more"
    listed = html.unescape((board.shelf / "index.html").read_text())
    assert "alert busy on app1/cpu and 1 more" in listed
    board.run(2, 90)
    assert board.links() == [f"snapshots/{FIRST}"] * 2
    assert board.taken() == [FIRST]
    status = json.loads((board.path / "out/status.json").read_text())
    assert [a["snapshot"] for a in status["alerts"]] == [f"snapshots/{FIRST}"] * 2
    numbers = (board.path / "out/data/index.alerts.csv").read_text()
    assert f"snapshots/{FIRST}" in numbers.splitlines()[1]
    # it is over, and is told of still
    board.run(3)
    assert board.links() == [f"snapshots/{FIRST}"] * 2
    assert board.taken() == [FIRST]
    # those who look later find what was, until it goes
    (board.shelf / FIRST).unlink()
    board.run(4)
    assert board.links() == []


def test_the_page_that_shows_it(board):
    board.run(1, 90, 10, 9)
    assert board.taken() == ["2026-10-30T0315Z-front.html", FIRST]
    assert board.reason("2026-10-30T0315Z-front.html") == "alert odd on app1/other"


def test_the_page_that_names_its_source(board):
    board.config(
        "  other:\n    title: Logs\n    panels:\n"
        "      - log: Log\n        sources: [app1]\n",
        ("alerts:\n", "alerts:\n  down: {source: app1, failed: 0s, severity: critical}\n"),
        ("      - status: Sources\n", "      - status: Sources\n        sources: [app2]\n"),
        ("sources:\n", "sources:\n  app2: {file: app1.txt, decode: keyvalue}\n"),
    )
    board.run(0)
    (board.path / "app1.txt").unlink()
    ran = board.broadsheet("run", "--now", START + 60)
    assert ran.returncode == 3
    assert board.taken() == ["2026-10-30T0315Z-logs.html"]
    assert board.reason(board.taken()[0]) == "alert down on app1"


def test_who_takes_one(board):
    board.config(
        "",
        ("above: 75, severity: critical", "above: 75, severity: critical, snapshot: no"),
        ("  hot: {series: app1/cpu, above: 80, severity: critical}\n", ""),
        ("above: 90}", "above: 90, snapshot: yes}"),
        (
            "above: 5, severity: critical",
            "above: 5, severity: critical, silence: 03:00-03:20",
        ),
    )
    board.run(1, 90, 10, 9)
    assert board.taken() == []
    board.run(2, 90, 95, 9)
    assert [board.reason(n) for n in board.taken()] == ["alert full on app1/disk"]
    # what is muted has its own once it is not
    for i in range(3, 8):
        board.run(i, 90, 95, 9)
    assert board.taken() == [
        "2026-10-30T0316Z-machines.html",
        "2026-10-30T0320Z-front.html",
    ]


def test_an_alert_that_flaps_fills_no_disk(board):
    board.config("", ("  hot: {series: app1/cpu, above: 80, severity: critical}\n", ""))
    for i in range(1, 31):
        board.run(i, 90 if i % 2 else 50)
    assert [n[11:15] for n in board.taken()] == ["0315", "0325", "0335"]
    board.config("snapshots: {min_interval: 0s}\n")
    for i in range(31, 36):
        board.run(i, 78 if i % 2 else 50)
    assert [n[11:15] for n in board.taken()[3:]] == ["0345", "0347", "0349"]


def test_what_fires_in_between_has_its_own_if_it_lasts(board):
    board.run(1, 78)
    for i in range(2, 14):
        board.run(i, 90)
    assert board.taken() == [FIRST, "2026-10-30T0325Z-machines.html"]
    assert board.reason(board.taken()[1]) == "alert hot on app1/cpu"
    assert sorted(board.links()) == [f"snapshots/{n}" for n in board.taken()]


def test_a_snapshot_and_the_public_output_lead_nowhere(board):
    board.config("", ("output: out\n", "output: out\npublic: shown\n"))
    board.run(1, 90)
    board.run(2, 90)
    assert board.links()
    for file in (board.path / "shown").rglob("*"):
        assert file.is_dir() or b"snapshots/" not in file.read_bytes(), file
    assert not (board.path / "shown/snapshots").exists()
    for name in ("x.html", "x.pdf", "x.zip"):
        ran = board.broadsheet(
            "snapshot", "-o", name, "--now", START + 120
        )
        assert ran.returncode == 0, ran.stderr
    assert b"snapshots/" not in (board.path / "x.html").read_bytes()
    with zipfile.ZipFile(board.path / "x.zip") as z:
        assert all(b"snapshots/" not in z.read(n) for n in z.namelist())


def test_the_past_leads_to_what_was_there(board):
    for i in range(4):
        board.run(i, 90 if i else 50)
    for at, links in ((1, []), (2, [f"snapshots/{FIRST}"] * 2)):
        ran = board.broadsheet(
            "-q", "render", "--at", f"@{START + 60 * at}", "--now", START + 300
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert board.links() == links


def test_a_web_server_has_it(board, tmp_path):
    board.run(1, 90)
    board.run(2, 90)
    (link, _) = board.links()
    with nginx(tmp_path / "nginx") as server:
        shutil.copytree(board.path / "out", server.www, dirs_exist_ok=True)
        with urllib.request.urlopen(f"{server.url}/{link}", timeout=60) as r:
            assert r.status == 200
            assert r.read() == (board.shelf / FIRST).read_bytes()


def test_a_web_service_is_told_where_it_is(board):
    with Hook() as hook:
        board.config(
            f"""notify:
  body: {{http: "{hook.url}/body", body: '{{"at": "{{snapshot}}"}}'}}
  all: {{http: "{hook.url}/all", repeat: 5m}}
  script: {{exec: [sh, -c, 'it=$(cat); printf "%s\\n" "$it" >> told']}}
"""
        )
        board.run(1, 50, 95)
        board.run(2, 90, 95)
        for i in range(3, 8):
            board.run(i, 90, 95)
        at = [c.json["at"] for c in hook.calls if c.path == "/body"]
        url = URL + "snapshots/2026-10-30T0316Z-machines.html"
        assert at == ["", url]
        told = [c.json for c in hook.calls if c.path == "/all"]
    # that it lasts is told with it, too
    assert [m.get("snapshot_url") for m in told] == [None, url, None, url]
    assert f"snapshot: {url}" in told[1]["text"].splitlines()
    lines = (board.path / "told").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert "snapshot" not in told[0]
    assert (board.path / told[1]["snapshot"]).read_bytes().startswith(b"<!doctype html>")


def mail_config(post):
    return (
        f"mail: {{smtp: {post.url}, from: dash@example.net}}\n"
        "notify:\n  ops: {mail: ops@example.net}\n"
    )


def test_a_letter_has_it(board, tmp_path):
    with smtp(tmp_path) as post:
        board.config(mail_config(post))
        board.run(1, 90)
        board.run(2, 50)
        begun, ended = post.letters()
    (part,) = begun.iter_attachments()
    assert part.get_content_type() == "application/zip"
    assert part.get_filename() == FIRST.replace(".html", ".zip")
    data = part.get_content()
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.testzip() is None
        assert set(z.namelist()) == {FIRST, "manifest.txt"}
        assert z.read(FIRST) == (board.shelf / FIRST).read_bytes()
    (board.path / "got.zip").write_bytes(data)
    ran = board.broadsheet("verify", "got.zip")
    assert ran.returncode == 0, ran.stderr
    assert f"snapshot: {URL}snapshots/{FIRST}" in begun.get_body(("plain",)).get_content()
    assert f'href="{URL}snapshots/{FIRST}"' in begun.get_body(("html",)).get_content()
    # its end is one line, and a link
    assert not list(ended.iter_attachments())
    assert f"{URL}snapshots/{FIRST}" in ended.get_body(("plain",)).get_content()


def test_who_takes_no_file_is_told_all_the_same(board, tmp_path):
    with smtp(tmp_path, mode="small") as post:
        board.config(mail_config(post))
        board.run(1, 90)
        (letter,) = post.letters()
    assert not list(letter.iter_attachments())
    assert f"{URL}snapshots/{FIRST}" in letter.get_body(("plain",)).get_content()


def test_what_can_not_be_taken_costs_nobody_anything(board):
    with Hook() as hook:
        board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
        board.run(0)
        board.shelf.write_text("in the way")
        ran = board.minute(1, 90)
        assert ran.returncode == 0
        assert ran.stderr == f"snapshot of more: {said(board)}\n"
        assert len(hook.calls) == 1 and "snapshot" not in hook.calls[0].json
        # once in a spell, and tried no more often than it may be taken
        for i in range(2, 13):
            board.run(i, 90)
        assert board.links() == []
        page = (board.path / "out/index.html").read_text()
        assert "notify snapshots (more)" in page
        board.shelf.unlink()
        heard = [(i, board.minute(i, 90).stderr) for i in range(13, 23)]
        assert [x for x in heard if x[1]] == [
            (21, "snapshot of more: taken again, after 20 min\n")
        ]
        assert board.taken() == ["2026-10-30T0335Z-machines.html"]
        assert len(hook.calls) == 1


def said(board):
    ran = board.broadsheet("snapshot", "--now", START + 60)
    return ran.stderr.removeprefix("broadsheet: ").splitlines()[0]


def test_a_name_that_is_taken(board):
    board.config("notify:\n  snapshots: {exec: [cat]}\n")
    ran = board.broadsheet("check-config")
    assert "'snapshots' is no name for a channel" in ran.stderr + ran.stdout


# --- faults

KILLED = CONFIG + """
notify:
  script: {exec: [sh, -c, 'it=$(cat); printf "%s\\n" "$it" >> told']}
"""


class Site:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "broadsheet.yaml").write_text(KILLED)
        self.minute(0, 50)
        self.saved = folder.with_name("saved")
        shutil.copytree(folder, self.saved)

    def restore(self):
        shutil.rmtree(self.folder)
        shutil.copytree(self.saved, self.folder)

    def minute(self, i, cpu, **env):
        (self.folder / "app1.txt").write_text(f"cpu={cpu}\ndisk=1\nother=1\n")
        return subprocess.run(
            [FAULTY if env else BINARY, "run", "--now", str(START + 60 * i)],
            cwd=self.folder, env={**os.environ, **env}, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip

    def check_whole(self):
        shelf = self.folder / "out/snapshots"
        files = {p.name for p in shelf.iterdir()} if shelf.is_dir() else set()
        for name in files:
            assert not name.endswith(".new"), files
        for name in files - {"index.html"}:
            if name.endswith(".html"):
                ran = subprocess.run(
                    [BINARY, "verify", shelf / name], check=False,
                    capture_output=True, timeout=120,
                )  # fmt: skip
                assert ran.returncode == 0, (name, ran.stderr)
        page = (self.folder / "out/index.html").read_text()
        for link in re.findall(r'href="(snapshots/2[^"]*)"', page):
            assert (self.folder / "out" / link).is_file()
        told = (self.folder / "told").read_text().splitlines()
        assert {json.loads(m)["events"][0]["event"] for m in told} == {"begins"}
        assert len({json.loads(m)["id"] for m in told}) == 1


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not FAULTY.exists():
        pytest.skip("broadsheet-faults has not been built")
    return Site(tmp_path_factory.mktemp("severe") / "site")


def snapshot_steps(site):
    """The parent's steps from the first of the snapshot to the last."""
    trace = site.folder / "trace"
    site.restore()
    assert site.minute(1, 90, BROADSHEET_FAULT_TRACE=str(trace)).returncode == 0
    parent = [c for c in read_trace(trace) if c.who == "parent"]
    at = [
        i for i, c in enumerate(parent, 1)
        if "snapshots/" in c.what or "snapped" in c.what
    ]  # fmt: skip
    assert len(at) > 10
    return range(at[0] - 1, at[-1] + 2)


def test_killed_amid_a_snapshot(site):
    steps = snapshot_steps(site)
    share = 1 if os.environ.get("FAULTS") == "all" else 12 if SLOW else 5
    for n in steps[::share]:
        site.restore()
        site.minute(1, 90, BROADSHEET_FAULT=f"parent kill {n}")
        for i in range(2, 4):
            site.minute(i, 90)
        site.check_whole()


def test_a_disk_that_is_full_amid_a_snapshot(site):
    steps = snapshot_steps(site)
    share = 1 if os.environ.get("FAULTS") == "all" else 12 if SLOW else 5
    for n in steps[::share]:
        site.restore()
        ran = site.minute(1, 90, BROADSHEET_FAULT=f"parent ENOSPC {n}")
        page = (site.folder / "out/index.html").read_text()
        assert "03:15" in page
        shown = list((site.folder / "out/snapshots").glob("2*.html"))
        assert shown or ran.stderr, n
        for i in range(2, 4):
            site.minute(i, 90)
        site.check_whole()
