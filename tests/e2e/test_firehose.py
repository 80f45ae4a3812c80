"""Logs from the writer to the page: nothing lost, nothing doubled."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

from rig.sshbox import keys  # noqa: F401  (a fixture)
from rig.sshd import USER, sshd

CONFIG = """\
title: Logs
timezone: UTC
store: store.db
output: out
sources:
  app-log:
{source}
    max_bytes: 16MB
    limit: 64MB
    max_lines: {lines}
pages:
  index:
    panels:
      - log: Firehose
        sources: ["*-log"]
"""
START = 1793330040

# Numbered lines without a pause, by the name of the file: as a program does
# that opens its log anew once it is told (SIGHUP), and stands still while it
# is copied (SIGUSR1 to SIGUSR2).
WRITER = """
import os, signal, sys, time
path, anew, still, end = sys.argv[1], [], [], []
signal.signal(signal.SIGTERM, lambda *a: end.append(1))
signal.signal(signal.SIGHUP, lambda *a: anew.append(1))
signal.signal(signal.SIGUSR1, lambda *a: still.append(1))
signal.signal(signal.SIGUSR2, lambda *a: still.clear())
out, n = open(path, "ab", buffering=0), 0
print("ready", flush=True)
while not end:
    if anew:
        anew.clear()
        out.close()
        out = open(path, "ab", buffering=0)
    if still:
        print("still", flush=True)
        while still and not end:
            time.sleep(0.001)
    whole = b"%d %s\\n" % (n, b"x" * (n % 60))
    half = n % 20 if n % 7 == 0 else len(whole)
    out.write(whole[:half])
    out.write(whole[half:])
    n += 1
    if n % 50 == 0:
        time.sleep(0.002)
"""


class Writer:
    def __init__(self, path):
        self.path = path
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITER, path],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def tell(self, signal):
        self.process.send_signal(signal)

    def rename(self, number):
        """logrotate's create: renamed, made anew, then the writer is told."""
        os.rename(self.path, f"{self.path}.{number}")
        self.path.touch()
        time.sleep(0.02)  # it goes on writing to the old one
        self.tell(1)

    def copytruncate(self, number):
        self.tell(10)
        assert self.process.stdout.readline() == "still\n"
        shutil.copyfile(self.path, f"{self.path}.{number}")
        os.truncate(self.path, 0)
        self.tell(12)

    def stop(self):
        self.process.terminate()
        self.process.wait()


@contextlib.contextmanager
def writing(path):
    w = Writer(path)
    try:
        yield w
    finally:
        w.stop()


def whole_lines(folder):
    """Every line that the writer wrote, from the log and its old ones."""
    data = b"".join(f.read_bytes() for f in folder.glob("app.log*"))
    return sorted({int(l.split()[0]) for l in data.split(b"\n")[:-1] if l})


def stored(broadsheet):
    done = broadsheet("sql", "--format", "json", "SELECT text FROM lines")
    assert done.returncode == 0, done.stderr
    return [row["text"] for row in json.loads(done.stdout)]


LOCAL = "    file: app.log\n    decode: lines"


@pytest.mark.parametrize("over", ("here", "ssh"))
@pytest.mark.parametrize("how", ("rename", "copytruncate"))
def test_rotation_while_all_is_going(
    broadsheet, write_config, tmp_path, request, over, how
):
    log = tmp_path / "app.log"
    log.write_bytes(b"")
    with contextlib.ExitStack() as stack:
        source = LOCAL
        if over == "ssh":
            key = request.getfixturevalue("keys")()
            host = stack.enter_context(sshd(tmp_path / "host"))
            host.authorize(key)
            (tmp_path / "known_hosts").write_text(host.known_hosts("ed25519"))
            source = (
                f"    ssh: {USER}@127.0.0.1:{host.port}\n"
                f"    identity: {key}\n    known_hosts: known_hosts\n"
                f"    tail: {log}"
            )
        write_config(CONFIG.format(source=source, lines=200000))
        assert broadsheet("run", "--now", f"@{START}").returncode == 0
        w = stack.enter_context(writing(log))
        for run in range(1, 13):
            child = stack.enter_context(
                subprocess.Popen(
                    [broadsheet_path(), "-q", "run", "--now",
                     f"@{START + 60 * run}"],
                    cwd=tmp_path,
                )
            )
            if run % 2 == 0:  # while that run is at work
                time.sleep(0.005 * run)
                getattr(w, how)(run)
            assert child.wait() == 0
        w.stop()
        for more in (13, 14):
            done = broadsheet("-q", "run", "--now", f"@{START + 60 * more}")
            assert (done.returncode, done.stderr) == (0, "")
    got = [int(t.split()[0]) for t in stored(broadsheet) if t]
    assert len(got) > 1000
    assert sorted(got) == list(range(max(got) + 1))
    assert max(got) == whole_lines(tmp_path)[-1]


def broadsheet_path():
    return os.environ.get(
        "BROADSHEET",
        os.path.join(
            os.path.dirname(__file__), "../../.build/release/broadsheet"
        ),
    )


def test_burst(broadsheet, write_config, tmp_path):
    """100,000 lines in a minute: the newest are kept, the rest counted."""
    log = tmp_path / "app.log"
    log.write_bytes(b"")
    write_config(CONFIG.format(source=LOCAL, lines=500))
    assert broadsheet("run", "--now", f"@{START}").returncode == 0
    with log.open("w") as f:
        f.writelines(f"line {i}\n" for i in range(100_000))
    done = broadsheet("-q", "run", "--now", f"@{START + 60}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert stored(broadsheet) == [f"line {i}" for i in range(99_500, 100_000)]
    done = broadsheet(
        "sql", "--format", "json", "SELECT series, value FROM samples ORDER BY ts"
    )
    assert json.loads(done.stdout) == [
        {"series": "app-log/lines", "value": "0.0"},
        {"series": "app-log/lines", "value": "100000.0"},
    ]
    page = (tmp_path / "out/index.html").read_text()
    assert "99,800 earlier lines" in page
    assert "100,000 a minute" in page
    assert page.count("<li class=\"c1") == 1 + 200


def test_missing_and_back(broadsheet, write_config, tmp_path):
    log = tmp_path / "app.log"
    log.write_text("")
    write_config(CONFIG.format(source=LOCAL, lines=500))
    for run, text in enumerate(("", "one\n", None, "two\n", "two\nthree\n")):
        if text is None:
            log.unlink()
        else:
            log.write_text(text)
        done = broadsheet("-q", "run", "--now", f"@{START + 60 * run}")
        assert (done.returncode, done.stderr) == (0, "")
    assert stored(broadsheet) == ["one", "two", "three"]


def test_merged_in_time(broadsheet, write_config, tmp_path):
    """Two logs by time; a clock that is fast or leaps back misplaces none."""
    write_config(
        CONFIG.format(source=LOCAL, lines=500).replace(
            "pages:",
            "  web-log:\n    file: web.log\n    decode: lines\npages:",
        )
    )
    a, b = tmp_path / "app.log", tmp_path / "web.log"
    a.write_text("")
    b.write_text("")
    assert broadsheet("run", "--now", f"@{START}").returncode == 0
    stamp = "2026-10-30T03:{}Z ".format
    a.write_text(
        stamp("14:05") + "a1\n\tat main\n"
        + stamp("14:03") + "a2 leapt back\n"
        + stamp("14:30") + "a3\n"
    )
    b.write_text(
        stamp("14:04") + "b1\n" + stamp("14:20") + "<11>b2\n"
        + stamp("19:00") + "b3 fast\n"
    )
    assert broadsheet("run", "--now", f"@{START + 60}").returncode == 0
    page = (tmp_path / "out/index.html").read_text()
    rows = re.findall(r"<b>(\w+)-log</b></i> .*<span>(.*)</span>", page)
    assert rows == [
        ("web", "b1"),
        ("app", "a1"),
        ("app", " at main"),
        ("app", "a2 leapt back"),
        ("web", "&lt;11&gt;b2"),
        ("app", "a3"),
        ("web", "b3 fast"),
    ]
    # In a later page's past, what had not yet happened then is not there.
    assert broadsheet("run", "--now", f"@{START + 120}").returncode == 0
    done = broadsheet("-q", "render", "--at", f"@{START + 60}")
    assert done.returncode == 0
    page = (tmp_path / "out/index.html").read_text()
    assert "a3" in page and "b3 fast" not in page
