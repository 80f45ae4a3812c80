"""The run itself: locking, faults of its own, kills, disks that are full."""

import contextlib
import fcntl
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import time

import pytest

from conftest import BINARY

CONFIG = """\
title: Test
timezone: UTC
store: store.db
output: out
sources:
  answer:
    exec: [echo, "42"]
    decode: number
pages:
  index:
    panels:
      - line: Answer
        series: answer/value
      - status: Sources
"""


@pytest.fixture
def run(broadsheet, write_config):
    """run(*args) -> CompletedProcess of `broadsheet -q run`."""
    write_config(CONFIG)

    def go(*args, **kwargs):
        return broadsheet("-q", "run", *args, **kwargs)

    return go


def assert_silent(result, status=0):
    assert (result.stdout, result.stderr) == ("", "")
    assert result.returncode == status


def test_first_run_makes_everything(run, tmp_path):
    assert_silent(run())
    out = tmp_path / "out"
    assert (out / "index.html").read_text().count('data-kind="') == 2
    status = json.loads((out / "status.json").read_text())
    assert status["sources"]["answer"]["outcome"] == "ok"
    assert status["pages"] == ["index.html"]
    assert (tmp_path / "store.db").stat().st_mode & 0o077 == 0


def test_overlapping_run_ends_and_is_recorded(run, tmp_path):
    assert_silent(run())
    with (tmp_path / "store.db.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert_silent(run(), status=11)
        again = run("-v")
        assert again.returncode == 11
        assert again.stderr == (
            "broadsheet: another run holds the lock store.db.lock\n"
        )
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as db:
        count = db.execute("SELECT count(*) FROM run WHERE kind = 'overlap'").fetchone()[0]
    assert count == 2


def test_broken_configuration_keeps_the_page(run, tmp_path):
    assert_silent(run())
    good = (tmp_path / "broadsheet.yaml").read_text()
    (tmp_path / "broadsheet.yaml").write_text(
        good.replace("decode: number", "decode: nunber")
    )
    first = run()
    assert first.returncode == 2
    assert first.stderr.splitlines()[0] == (
        "broadsheet.yaml:8:13: no decoder 'nunber'; did you mean 'number'?"
    )
    page = (tmp_path / "out/index.html").read_text()
    assert "broadsheet.yaml:8:13: no decoder" in page
    assert 'data-kind="line"' in page
    assert_silent(run(), status=2)  # said once
    (tmp_path / "broadsheet.yaml").write_text(good)
    assert_silent(run())
    assert "no decoder" not in (tmp_path / "out/index.html").read_text()


def test_broken_template_is_a_warning(run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/table.tpl").write_text("<table>{{ROWS}}</table>")
    with (tmp_path / "broadsheet.yaml").open("a") as out:
        out.write("templates: mine\n")
    assert run().returncode == 0
    page = (tmp_path / "out/index.html").read_text()
    assert "mine/table.tpl" in page
    assert "AUTOESCAPE" in page
    assert 'data-kind="status"' in page


def test_own_template_is_used(run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/text.tpl").write_text(
        '{{%AUTOESCAPE context="HTML"}}\n'
    )
    with (tmp_path / "broadsheet.yaml").open("a") as out:
        out.write("templates: mine\n")
    assert_silent(run())
    assert "warning" not in (tmp_path / "out/index.html").read_text().split(
        "</style>"
    )[1].split("<script>")[0]


def test_not_a_database(run, tmp_path):
    assert_silent(run())
    (tmp_path / "store.db").write_bytes(b"no database at all, " * 100)
    for name in ("store.db-wal", "store.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    first = run()
    assert first.returncode == 1
    assert first.stderr == (
        "broadsheet: store.db: file is not a database\n"
        "hint: move store.db aside and a new one is made; sqlite3 FILE"
        " .recover gets out of the old one what can still be read\n"
    )
    assert "file is not a database" in (
        tmp_path / "out/index.html"
    ).read_text()
    assert_silent(run(), status=1)


def test_output_is_a_file(run, tmp_path):
    (tmp_path / "out").write_text("in the way")
    result = run()
    assert result.returncode == 1
    assert result.stderr == "broadsheet: out: Not a directory\n"
    assert (tmp_path / "out").read_text() == "in the way"


@contextlib.contextmanager
def small_disk(folder, size):
    """A tmpfs of so many bytes; skips the test where that may not be."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip("a small disk needs the right to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_output_that_is_not_writable(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    config.write_text(
        config.read_text().replace("output: out", "output: disk/out")
    )
    with small_disk(tmp_path / "disk", 400 * 1024):
        assert_silent(run("--now", "@1793330040"))
        subprocess.run(
            ["mount", "-o", "remount,ro", tmp_path / "disk"], check=True
        )
        result = run("--now", "@1793330100")
        assert result.returncode == 1
        assert result.stderr == (
            "broadsheet: disk/out/data/index.answer.csv.new: "
            "Read-only file system\n"
            "hint: mount its file system for writing\n"
        )


def test_full_disk_keeps_the_page(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    config.write_text(config.read_text().replace("output: out", "output: disk/out"))
    with small_disk(tmp_path / "disk", 400 * 1024):
        assert_silent(run())
        page = (tmp_path / "disk/out/index.html").read_text()
        free = os.statvfs(tmp_path / "disk")
        with (tmp_path / "disk/ballast").open("wb") as out:
            out.write(b"x" * (free.f_bavail * free.f_frsize))
        result = run()
        assert result.returncode == 1
        assert result.stderr.startswith("broadsheet: disk/out/")
        assert result.stderr.endswith(
            ": No space left on device\nhint: make room on its disk\n"
        )
        assert (tmp_path / "disk/out/index.html").read_text() == page
        assert not list((tmp_path / "disk/out").rglob("*.new"))
        (tmp_path / "disk/ballast").unlink()
        assert_silent(run())


def test_full_disk_under_the_store(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    config.write_text(config.read_text().replace("store: store.db", "store: disk/store.db"))
    with small_disk(tmp_path / "disk", 800 * 1024):
        assert_silent(run())
        free = os.statvfs(tmp_path / "disk")
        with (tmp_path / "disk/ballast").open("wb") as out:
            out.write(b"x" * (free.f_bavail * free.f_frsize))
        result = run()
        assert result.returncode == 1
        assert "disk/store.db" in result.stderr
        assert "disk/store.db" in (tmp_path / "out/index.html").read_text()
        (tmp_path / "disk/ballast").unlink()
        assert_silent(run())


def whole(page):
    return page.startswith("<!doctype html>") and page.endswith("</html>\n")


def test_killed_at_any_instant(run, tmp_path):
    """SIGKILL many times: the page stays whole, the database intact."""
    assert_silent(run())
    page = tmp_path / "out/index.html"
    dice = random.Random(1)
    for i in range(40):
        victim = subprocess.Popen(
            [BINARY, "-q", "run", "--now", f"@{1793330040 + 60 * i}"],
            cwd=tmp_path, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(dice.uniform(0, 0.08))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        assert whole(page.read_text())
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert run().returncode == 0
    assert whole(page.read_text())
    # The explorer's folder, of many files, is looked through once an hour.
    for hours in range(1, 4):
        assert run("--now", f"@{1793329200 + 3600 * hours}").returncode == 0
    assert not list((tmp_path / "out").rglob("*.new"))


def test_killed_run_leaves_no_child_behind(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    config.write_text(
        config.read_text().replace('[echo, "42"]', '[sh, -c, "echo $$ > pid; sleep 60"]')
    )
    victim = subprocess.Popen(
        [BINARY, "-q", "run"], cwd=tmp_path, stdin=subprocess.DEVNULL
    )
    end = time.monotonic() + 20
    pid = tmp_path / "pid"
    while time.monotonic() < end and not (pid.exists() and pid.read_text()):
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    child = int(pid.read_text())
    while time.monotonic() < end and os.path.exists(f"/proc/{child}"):
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{child}")
    config.write_text(CONFIG)
    assert run().returncode == 0  # the lock went with it


def test_deadline_prints_what_is_there(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    config.write_text(
        config.read_text().replace(
            "sources:\n",
            "deadline: 2s\nsources:\n  slow:\n    exec: [sleep, '60']\n"
            "    decode: number\n    timeout: 50s\n",
        )
    )
    result = run()
    assert result.returncode == 3
    assert result.stderr.startswith("source slow: ")
    status = json.loads((tmp_path / "out/status.json").read_text())
    assert status["sources"]["slow"]["outcome"] == "timeout"
    assert status["sources"]["answer"]["outcome"] == "ok"


def test_render_is_the_same_page(run, broadsheet, tmp_path):
    assert_silent(run("--now", "@1793330040"))
    page = (tmp_path / "out/index.html").read_text()
    assert_silent(broadsheet("-q", "render", "--now", "@1793330040"))
    again = (tmp_path / "out/index.html").read_text()
    assert strip_took(again) == strip_took(page)


def strip_took(page):
    return [l for l in page.splitlines() if "Printed in" not in l]


def test_pages_that_are_gone_are_removed(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    good = config.read_text()
    config.write_text(
        good + "  more:\n    panels:\n      - text: More\n"
    )
    assert_silent(run())
    out = tmp_path / "out"
    assert (out / "more.html").exists()
    (out / "mine.html").write_text("<!doctype html>not printed by us")
    (out / "index-24h.html.new").write_text("half a page")
    config.write_text(good)
    assert_silent(run())  # somebody may still have it open
    assert (out / "more.html").exists()
    assert_silent(run("--now", f"@{int(time.time()) + 3600}"))
    assert sorted(p.name for p in out.glob("*.html*")) == [
        "explore.html",
        "index.html",
        "mine.html",
    ]


def test_plan_only(broadsheet, write_config, tmp_path):
    write_config(CONFIG)
    result = broadsheet("run", "-n")
    assert result.stdout.split() == ["answer", "exec", "number", "every", "60", "s"]
    assert not (tmp_path / "store.db").exists()


def test_status(run, broadsheet):
    assert_silent(run("--now", "@1793330040"))
    result = broadsheet("status", "--now", "@1793330100")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("last run 1 min ago, took ")
    assert lines[2].split()[:4] == ["answer", "ok", "1", "min"]
    assert re.fullmatch(
        r"store [0-9.]+ KB, samples since 2026-10-30 03:14", lines[-1]
    )
    late = broadsheet("status", "--max-age", "5m", "--now", "@1793333640")
    assert late.returncode == 1
    assert late.stderr == (
        "broadsheet: the last run is 1 h 00 old, more than 5 min\n"
    )
    as_json = json.loads(broadsheet("status", "--json").stdout)
    assert as_json["sources"]["answer"]["outcome"] == "ok"


def test_times_makes_a_first_page(broadsheet, write_config, tmp_path):
    write_config(CONFIG)
    result = broadsheet("-q", "run", "--times", "3", "--interval", "1s")
    assert_silent(result)
    data = (tmp_path / "out/data/index.answer.csv").read_text()
    assert data.count(",42\n") == 3


def test_the_explorer_goes_where_it_is_not_wanted(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    good = config.read_text()
    assert_silent(run())
    out = tmp_path / "out"
    assert 'href="explore.html"' in (out / "index.html").read_text()
    assert (out / "data/explore/index.js").exists()
    config.write_text("explore: no\n" + good)
    assert_silent(run("--now", f"@{int(time.time()) + 3600}"))
    assert "explore.html" not in (out / "index.html").read_text()
    assert not (out / "explore.html").exists()
    assert list((out / "data/explore").iterdir()) == []


def test_no_page_takes_the_explorers_place(run, tmp_path):
    config = tmp_path / "broadsheet.yaml"
    good = config.read_text()
    pages = "  explore:\n    panels:\n      - text: Mine\n"
    config.write_text(good + pages)
    p = run()
    assert p.returncode == 2
    assert (
        "page explore: its file explore.html is the explorer's, unless "
        "'explore: no' is set" in p.stderr
    )
    config.write_text("explore: no\n" + good + pages)
    assert_silent(run())
    assert "Mine" in (tmp_path / "out/explore.html").read_text()


def test_a_page_of_the_past_leaves_the_explorer(run, broadsheet, tmp_path):
    assert_silent(run())
    folder = tmp_path / "out/data/explore"
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert before
    assert_silent(broadsheet("-q", "render", "--at", "1h"))
    assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} == before
