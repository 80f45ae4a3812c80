"""The example of an operations page, on all that it asks for, at a fixed
clock: what is fed comes out on the page, a hot server is red and calm again,
a server that is down is told of, and no line of a log is lost.
"""

import html
import json
import re
import shutil
import subprocess
import threading
import time
import types

import pytest

from conftest import BINARY
from rig.machine import Process
from rig.operations import EXAMPLE, JAR, NAMES, PACKAGES, Operations

START = 1793330040  # 2026-10-30 03:14:00 UTC, as in London

# What each minute is like: processor of app2, what happens besides.
COURSE = [
    (40, ""),
    (40, "rotate"),
    (90, ""),
    (92, "rotate"),
    (96, "hot"),
    (72, ""),
    (69, "calm"),
    (60, "falls"),
    (60, "down"),
    (60, "rises"),
]
PLACES = [
    ("unit-1", "Ada", 51.75, -1.26, "moving"),
    ("unit-2", "Ben", 53.48, -2.24, "stopped"),
    ("unit-3", "Coe", 95.0, 0.0, "offline"),
]


def test_the_example_holds(broadsheet, tmp_path):
    """As it is shipped, before anybody has changed a word."""
    shutil.copy(EXAMPLE, tmp_path / "broadsheet.yaml")
    done = broadsheet("check-config")
    assert done.stdout.endswith(": well: 14 sources, 2 pages\n")
    assert (done.returncode, done.stderr) == (0, "")


class Feed:
    """Feeds the rig minute by minute, and remembers each page."""

    def __init__(self, rig):
        self.rig, self.lines, self.seen = rig, {"app1": [], "app2": []}, {}
        for i, name in enumerate(NAMES):
            box = rig.hosts[name].machine
            box.uptime = (10 * i + 1) * 86400 - 60
            box.users = ["deploy"] * i
            box.load.update(cpu=20 + i, memory=30 + 10 * i)
            box.disks["/var"] = 41 + i
            box.run(Process(702, "java", ["java", "-jar", "/opt/app.jar"],
                            1000, cpu=120, memory=3 << 30, files=20 + i))
        rig.hosts["app3"].machine.disks["/"] = 90
        rig.install(rig.hosts["app2"], {**PACKAGES, "nginx": "1.22.0"},
                    {**JAR, "Implementation-Version": "4.18.1"})
        rig.places(PLACES)

    def write(self, name, minute, text):
        line = f"{stamp(START + 60 * minute)} {text}"
        self.rig.log(name, line)
        self.lines[name].append(line)

    def minute(self, i, cpu, what):
        rig = self.rig
        rig.hosts["app2"].machine.load["cpu"] = cpu
        rig.advance(60)
        rig.users(north=100 + i, south=7)
        metrics = rig.service.metrics
        metrics["messages_processed_total"] = 6000 * i
        metrics["queue_depth"] = 10 + i
        metrics["left_out"] = 1
        for n in range(20):
            self.write("app1", i, f"INFO order {n} of {i}")
            self.write("app2", i, f"INFO session {n} of {i}")
        self.write("app1", i, "ERROR no answer from the ledger")
        self.write("app2", i, 'INFO "GET /" 503 1 ms, overflow')
        if what == "falls":
            rig.hosts["app3"].sshd.stop()
        if what == "rises":
            rig.hosts["app3"].sshd.start()
        turning = threading.Thread(target=self.turn, args=(i,))
        if what == "rotate":
            turning.start()
        done = rig.run(START + 60 * i)
        if what == "rotate":
            turning.join()
        self.seen[what] = self.take(done)

    def turn(self, i):
        """Writes on while a run reads, and rotates in the midst of it."""
        log = self.rig.hosts["app1"].log
        for n in range(600):
            self.write("app1", i, f"WARN line {n} while it is read")
            if n == 300:
                log.rename(f"{log}.{i}")
                log.touch()
            time.sleep(0.001)

    def take(self, done):
        out = self.rig.output
        return types.SimpleNamespace(
            done=done,
            page=(out / "index.html").read_text(),
            hosts=(out / "hosts.html").read_text(),
            status=json.loads((out / "status.json").read_text()),
            data={path.stem.removeprefix("index."):
                  json.loads(path.read_text())
                  for path in out.glob("data/index.*.json")},
        )  # fmt: skip


def stamp(t):
    minute, second = divmod(t - START, 60)
    return f"2026-10-30T03:{14 + minute:02}:{second:02}Z"


@pytest.fixture(scope="module")
def fed(tmp_path_factory):
    """The whole course, lived through once."""
    if not BINARY.exists():
        pytest.skip(f"{BINARY} has not been built")
    with Operations(tmp_path_factory.mktemp("operations"), BINARY) as rig:
        feed = Feed(rig)
        for i, (cpu, what) in enumerate(COURSE):
            feed.minute(i, cpu, what)
        yield feed


def column(data, name):
    """A column of a panel's numbers, by minute of the course."""
    at = data["columns"].index(name)
    return {row[0][14:16]: row[at] for row in data["rows"]}


def panel(page, name):
    """The HTML of a panel."""
    return re.search(
        rf'<section class="p [a-z]+" id="{name}".*?</section>', page, re.S
    )[0]


def words(page, name):
    """What a panel says, without its markup."""
    text = re.sub(r"<[^>]*>", " ", panel(page, name))
    return " ".join(html.unescape(text).split())


def state(page, name):
    return re.search(r'data-state="(\w+)"', panel(page, name))[1]


def test_every_run_is_well(fed):
    for what, seen in fed.seen.items():
        if what not in ("falls", "down"):
            assert seen.done.returncode == 0, what
            assert seen.done.stderr == (
                "source app3: answers again, after 3 min\n"
                if what == "rises" else ""
            )  # fmt: skip


def test_servers(fed):
    data = fed.seen["rises"].data
    assert column(data["cpu"], "app1")["17"] == 20
    assert list(column(data["cpu"], "app2").values()) == [
        cpu for cpu, _ in COURSE[1:]
    ]
    assert column(data["memory"], "app3")["18"] == 50
    assert round(column(data["disk"], "app1")["20"], 4) == 41
    for value in ("app1 20", "app2 60", "app3 22"):
        assert value in words(fed.seen["rises"].page, "cpu")


def test_throughput(fed):
    data = fed.seen["rises"].data
    assert column(data["users-connected"], "connected")["20"] == 113
    assert column(data["messages-per-second"], "messages processed total")[
        "19"
    ] == 100
    regions = data["users-by-region"]
    assert column(regions, "north")["23"] == 109
    assert column(regions, "south")["23"] == 7
    page = fed.seen["rises"].page
    assert "now 116" in words(page, "users-connected")
    assert "now 100" in words(page, "messages-per-second")
    assert "left_out" not in page


def test_map(fed):
    seen = fed.seen["rises"]
    said = words(seen.page, "users-by-state")
    assert "moving 1" in said and "stopped 1" in said
    assert "not drawn: lat 95 is out of range, -90 to 90" in said
    rows = seen.data["users-by-state"]["rows"]
    assert sorted(tuple(row[1:6]) for row in rows) == [
        (key, name, what, f"{lat:g}", f"{lon:g}")
        for key, name, lat, lon, what in PLACES
    ]


def test_tables(fed):
    seen = fed.seen["calm"]
    assert seen.data["processes"]["rows"] == [
        [name, "702", "java app.jar", "app", "120.0", str(3 << 30),
         str(20 + i), "1", str((10 * i + 1) * 86400 + 60 * 6 - 12)]
        for i, name in enumerate(NAMES)
    ]  # fmt: skip
    hosts = seen.data["uptime-and-open-files"]
    assert hosts["columns"] == [
        "host", "up", "load", "open files", "processes", "users"
    ]  # fmt: skip
    for i, row in enumerate(hosts["rows"]):
        up = (10 * i + 1) * 86400 + 60 * 6
        assert row[0] == NAMES[i]
        assert [float(cell) for cell in row[1:]] == [up, 0.5, 500 + i, 1, i]
    assert "11.0 d" in words(seen.page, "uptime-and-open-files")


def test_versions(fed):
    seen = fed.seen["calm"]
    rows = {(row[0], row[1]): row[2] for row in seen.data["versions"]["rows"]}
    assert len(rows) == 9
    assert rows["app2-versions", "nginx"] == "1.22.0"
    assert rows["app1-versions", "nginx"] == PACKAGES["nginx"]
    said = words(seen.page, "versions")
    assert "1 differs" in said and "1.22.0 (differs)" in said
    jar = {(row[0], row[1]): row[2] for row in seen.data["app-jar"]["rows"]}
    assert jar["Implementation-Version", "4.18.2"] == "app1 app3"
    assert jar["Implementation-Version", "4.18.1"] == "app2"
    assert jar["Implementation-Title", "app"] == "app1 app2 app3"


def test_counted_lines(fed):
    data = fed.seen["rises"].data["faults-overflows-and-server-errors"]
    for name, want in (
        ("app1-log faults", 1),
        ("app1-log overflows", 0),
        ("app1-log server errors", 0),
        ("app2-log faults", 0),
        ("app2-log overflows", 1),
        ("app2-log server errors", 1),
    ):
        assert set(list(column(data, name).values())[1:]) == {want}, name


def test_no_line_is_lost_or_doubled(fed):
    """But for those of before the first run, which begins at the end."""
    for name, written in fed.lines.items():
        done = fed.rig.command(
            "sql", "SELECT text FROM lines WHERE source ="
            f" '{name}-log' ORDER BY ts, text",
        )  # fmt: skip
        stored = [row.rstrip() for row in done.stdout.splitlines()[1:]]
        assert sorted(stored) == sorted(written[21:])
    shown = fed.seen["rises"].page
    assert "order 19 of 9" in shown and "session 19 of 9" in shown


def test_a_hot_server_is_red_and_calm_again(fed):
    hot, calm = fed.seen["hot"], fed.seen["calm"]
    (alert,) = [a for a in hot.status["alerts"] if a["alert"] == "busy"]
    assert alert["series"] == "app2/cpu" and alert["state"] == "firing"
    assert alert["since"] == "2026-10-30T03:16:00Z" and alert["value"] == 96
    assert state(hot.page, "cpu") == "alert"
    assert state(hot.page, "memory") == "ok"
    said = words(hot.page, "alerts")
    assert "app2 busy : cpu 96 %, above 75 % for 2 min, since 03:16" in said
    assert "Look at its processes" in said
    assert state(fed.seen[""].page, "cpu") == "alert"  # 72: not yet clear
    assert state(calm.page, "cpu") == "ok"
    said = words(calm.page, "alerts")
    assert "app2 busy : ended 03:20 after 4 min" in said


def test_a_server_that_is_down(fed):
    falls, down, rises = (fed.seen[k] for k in ("falls", "down", "rises"))
    refused = "connection to 127.0.0.1:\\d+ refused: nothing listens there"
    assert falls.done.returncode == down.done.returncode == 3
    assert re.search(f"source app3: {refused}", falls.done.stderr)
    assert down.done.stderr == ""  # said once
    (alert,) = [a for a in down.status["alerts"]
                if a["alert"] == "not answering"]  # fmt: skip
    assert (alert["series"], alert["state"]) == ("app3", "firing")
    assert alert["since"] == "2026-10-30T03:21:00Z"
    # Its disk is full, which cannot be known now.
    (full,) = [a for a in fed.seen["calm"].status["alerts"]
               if a["alert"] == "full"]  # fmt: skip
    assert full["state"] == "firing"
    (full,) = [a for a in down.status["alerts"]
               if a["alert"] == "full"]  # fmt: skip
    assert full["muted"] == "app3 does not answer: refused"
    said = words(down.page, "alerts")
    assert "2 firing, 1 muted, 1 ended in the last 24 hours" in said
    assert "app3 not answering : failed for 1 min, since 03:21" in said
    assert (
        'app3 full : disk{mount="/"} 90 %, above 85 % for 8 min, since 03:14;'
        " app3 does not answer: refused muted" in said
    )
    assert "app2-log overflow : overflows 1 lines" in said
    assert re.search(refused, words(down.page, "cpu"))
    assert re.search("app3 .*refused", words(down.page, "what-was-asked"))
    assert state(rises.page, "cpu") == "ok"
    assert "app3 refused" in words(rises.page, "cpu")
    assert "03:21 to 03:22 refused" in words(rises.page, "what-was-asked")
    assert "app3 not answering : ended 03:23 after 2 min" in words(
        rises.page, "alerts"
    )


def test_each_host_has_its_group(fed):
    page = fed.seen["rises"].hosts
    heads = re.findall(r"<h2[^>]*>(?:<[^>]*>)*([^<]+)", page)
    assert heads == list(NAMES)
    assert page.count(">Processor<") == 3


def test_nothing_stays_behind(tmp_path):
    """All that the rig started ends with it, also when a test fails."""
    with pytest.raises(RuntimeError, match="in the midst"):
        with Operations(tmp_path / "rig", BINARY) as rig:
            pids = [h.sshd.process.pid for h in rig.hosts.values()] + [
                rig.postgres.process.pid, rig.mariadb.process.pid
            ]  # fmt: skip
            raise RuntimeError("in the midst")
    done = subprocess.run(
        ["ps", "-o", "pid=", "-p", ",".join(map(str, pids))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == ""
