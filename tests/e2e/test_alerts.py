"""A series rises above its level and comes back: the page is red and is not.

The clock is the test's (--now), a minute a run; a file is the host.
"""

import json
import re
import shutil

import pytest

START = 1793330040  # 2026-10-30 03:14:00 UTC

CONFIG = """
title: Alarms
timezone: UTC
store: db.sqlite
output: out
explore: no
sources:
  app1: {file: app1.txt, decode: keyvalue, unit: percent}
alerts:
  busy:
    series: "app*/cpu"
    above: 75
    clear: 70
    for: 2m
    severity: critical
    message: Move <work> & look
  down: {source: app1, failed: 1m}
pages:
  index:
    panels:
      - alerts: Alerts
      - line: CPU
        series: app1/cpu
      - stat: Now
        series: app1/cpu
      - line: Memory
        series: app1/memory
  other:
    panels:
      - line: Memory
        series: app1/memory
"""

# cpu, and what is then said: . calm, p pending, F firing, m muted
COURSE = [
    (60, "."),
    (74, "."),
    (76, "p"),
    (90, "p"),
    (95, "F"),
    (72, "F"),
    (None, "m"),
    (91, "F"),
    (71, "F"),
    (70, "."),
    (60, "."),
]


class Board:
    def __init__(self, path, broadsheet, write_config):
        self.path, self.run = path, broadsheet
        write_config(CONFIG)

    def minute(self, i, cpu, *args):
        file = self.path / "app1.txt"
        if cpu is None:
            file.unlink()
        else:
            file.write_text(f"cpu={cpu}\nmemory=40\n")
        return self.run("run", "--now", START + 60 * i, *args)

    def page(self, name="index.html", out="out"):
        return (self.path / out / name).read_text()

    def panel(self, panel, out="out"):
        found = re.search(
            rf'<section class="p [a-z]+" id="{panel}".*?</section>',
            self.page(out=out),
            re.S,
        )
        return found.group(0)

    def state(self, panel, out="out"):
        return re.search(r'data-state="(\w+)"', self.panel(panel, out)).group(1)

    def status(self, out="out"):
        return json.loads((self.path / out / "status.json").read_text())


@pytest.fixture
def board(tmp_path, broadsheet, write_config):
    return Board(tmp_path, broadsheet, write_config)


def said(board):
    busy = [a for a in board.status()["alerts"] if a["alert"] == "busy"]
    if not busy:
        return "."
    (alert,) = busy
    if "muted" in alert:
        assert alert["muted"] == "app1 does not answer: failed"
        return "m"
    return {"pending": "p", "firing": "F"}[alert["state"]]


def test_the_page_turns_red_and_back(board):
    for i, (cpu, wanted) in enumerate(COURSE):
        ran = board.minute(i, cpu, "--alert-exit")
        hot = wanted == "F"
        assert said(board) == wanted, i
        assert ran.returncode == (4 if hot else 3 if cpu is None else 0), i
        if cpu is not None:
            assert "alert" not in ran.stderr
            want = "alert" if hot else "ok"
            for panel in ("alerts", "cpu", "now"):
                assert board.state(panel) == want, (i, panel)
            assert board.state("memory") == "ok"
        chart = board.panel("cpu")
        assert (re.search(r"stroke=\"?[^>]*--red|var\(--red\)", chart) is not None) == hot
        assert (">75 %<" in chart) == (wanted in "pF")
        title = re.search("<title>(.*?)</title>", board.page()).group(1)
        assert title.startswith("▲ 1 ") == hot
        assert ("1 alert fires" in board.page()) == hot
        assert ("1 alert fires" in board.page("other.html")) == hot
        assert ("hot" in board.panel("now")) == hot
        listed = board.panel("alerts")
        assert ('<details class="firing"' in listed) == hot
        assert ("-firing\" open>" in listed) == hot


def test_what_is_told_of_it(board):
    for i, (cpu, _) in enumerate(COURSE[:6]):
        board.minute(i, cpu)
    (alert,) = board.status()["alerts"]
    assert alert == {
        "alert": "busy",
        "series": "app1/cpu",
        "state": "firing",
        "severity": "critical",
        "since": "2026-10-30T03:16:00Z",
        "fired": "2026-10-30T03:18:00Z",
        "value": 72,
        "message": "Move <work> & look",
        "snapshot": "snapshots/2026-10-30T0318Z-alarms.html",
    }
    listed = board.panel("alerts")
    assert "Move &lt;work&gt; &amp; look" in listed
    assert (
        "<b>app1 busy</b>: cpu 72 %, above 75 % for 3 min, since 03:16"
        in listed
    )
    assert '<span class="word">critical</span>' in listed
    assert "CPU: above 75 %" in board.panel("cpu")
    ran = board.run("status", "--json", "--now", START + 300)
    assert json.loads(ran.stdout)["alerts"] == [alert]
    for i, (cpu, _) in list(enumerate(COURSE))[6:]:
        board.minute(i, cpu)
    listed = board.panel("alerts")
    assert "ended 03:23 after 7 min (cpu above 75 %)" in listed
    assert "1 ended in the last 24 hours" in listed
    assert " open>" not in listed
    assert board.status()["alerts"] == []


def test_the_past_is_as_it_was(board):
    seen = {}
    for i, (cpu, _) in enumerate(COURSE):
        board.minute(i, cpu)
        seen[i] = board.panel("alerts"), board.status()["alerts"]
    for i in (0, 2, 4, 5, 9, 10):
        # alerts lead to snapshots that are there
        shutil.copytree(
            board.path / "out/snapshots", board.path / f"then{i}/snapshots"
        )
        ran = board.run(
            "render", "--at", f"@{START + 60 * i}", "-o", f"then{i}",
            "--now", START + 86400,
        )
        assert ran.returncode == 0, ran.stderr
        assert board.panel("alerts", f"then{i}") == seen[i][0]
        assert board.status(f"then{i}")["alerts"] == seen[i][1]


def test_collect_judges_and_render_does_not(board):
    for i, (cpu, _) in enumerate(COURSE[:5]):
        (board.path / "app1.txt").write_text(f"cpu={cpu}\n")
        ran = board.run("collect", "--now", START + 60 * i, "--alert-exit")
        assert ran.returncode == (4 if i == 4 else 0)
    assert board.run("render", "--now", START + 240).returncode == 0
    assert board.state("cpu") == "alert"


def test_a_source_that_fails_is_an_alert(board):
    board.minute(0, 60)
    board.minute(1, None)
    assert board.status()["alerts"][0]["state"] == "pending"
    board.minute(2, 60)
    (board.path / "app1.txt").unlink()
    board.run("run", "--now", START + 180)
    board.run("run", "--now", START + 240)
    (alert,) = board.status()["alerts"]
    assert (alert["alert"], alert["series"]) == ("down", "app1")
    assert alert["state"] == "firing" and "value" not in alert
    assert "<b>app1 down</b>: failed for 1 min, since 03:17" in board.panel(
        "alerts"
    )


def test_help_says_what_a_rule_takes(broadsheet):
    ran = broadsheet("help", "alert")
    assert ran.returncode == 0
    assert "fires while a value is greater, such as 75, 4GB or 90s" in (
        " ".join(ran.stdout.split())
    )
    assert "(warning|critical) [warning]" in ran.stdout


LOG = """
title: Faults
timezone: UTC
store: db.sqlite
output: out
explore: no
sources:
  app1-log:
    file: app.log
    decode: lines
    max_lines: 10
    count: {errors: "ERROR|FATAL", overflows: buffer overflow}
alerts:
  faults: {series: app1-log/errors, above: 0}
pages:
  index:
    panels:
      - alerts: Alerts
      - line: Errors
        series: app1-log/errors
      - log: Firehose
        sources: app1-log
"""


def test_faults_in_a_log_are_an_alert(broadsheet, write_config, tmp_path):
    write_config(LOG)
    log = tmp_path / "app.log"
    log.write_text("started\n")
    news = ["", "ERROR one\n" + "well\n" * 50 + "FATAL two\n", ""]
    said, states = [], []
    for i, lines in enumerate(news):
        with log.open("a") as f:
            f.write(lines)
        ran = broadsheet("run", "--now", START + 60 * i)
        assert ran.returncode == 0, ran.stderr
        status = json.loads((tmp_path / "out/status.json").read_text())
        said.append([a["value"] for a in status["alerts"]])
        page = (tmp_path / "out/index.html").read_text()
        states += re.findall(r'data-kind="log" data-state="(\w+)"', page)
        assert ("Firehose: app1-log errors above 0" in page) == (i == 1)
    assert said == [[], [2], []]
    assert states == ["empty", "alert", "ok"]
