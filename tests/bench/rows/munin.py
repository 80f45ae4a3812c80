"""Ten hosts, a hundred charts of four periods: a run of ours, and Munin's
update, graph and html stages.

The hosts are simulated: a server in this process speaks munin-node's protocol
to Munin, and gives us the same numbers over HTTP, so that neither side pays
for the hosts. Both have eight days of five minutes of all 460 series.
"""

import contextlib
import http.server
import os
import pathlib
import pwd
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time

from measure import BINARY, Row, cost, least

HOSTS = [f"host{i}.example.net" for i in range(10)]
# Ten plugins with 46 series, as a plain Debian machine has.
PLUGINS = {
    "cpu": 8, "memory": 11, "load": 1, "df": 6, "processes": 6,
    "if_eth0": 2, "diskstats": 4, "netstat": 5, "uptime": 1, "users": 2,
}  # fmt: skip
STEP = 300
RUNS = 2
SPAN = 8 * 86400
STAGES = (("update",), ("html",), ("graph", "--cron"))
NOTE = (
    "hosts simulated, over TCP on loopback: Munin asks the munin-node "
    "protocol, we HTTP, the same 46 numbers; 2 runs of each, the least"
)


def value(host, plugin, field, at):
    return (at // STEP * 7919 + len(plugin) * 31 + host + field * 17) % 1000 / 10


class Node(socketserver.StreamRequestHandler):
    """munin-node, as much of it as munin-update asks for."""

    def handle(self):
        self.say("# munin node at simulated")
        for command, *arguments in map(
            str.split, iter(lambda: self.rfile.readline().decode(), "")
        ):
            answer = getattr(self, f"on_{command}", None)
            if answer is None:
                return
            self.say(answer(*arguments))

    def say(self, text):
        self.wfile.write(text.encode() + b"\n")

    def on_cap(self, *_):
        return "cap"

    def on_nodes(self):
        return "\n".join(HOSTS) + "\n."

    def on_list(self, *_):
        return " ".join(PLUGINS)

    def on_config(self, plugin):
        fields = (f"f{i}.label field {i}" for i in range(PLUGINS[plugin]))
        head = [f"graph_title {plugin}", "graph_category system"]
        return "\n".join([*head, *fields, "."])

    def on_fetch(self, plugin):
        now = int(time.time())
        return "\n".join(
            f"f{i}.value {value(0, plugin, i, now)}"
            for i in range(PLUGINS[plugin])
        ) + "\n."


class Web(http.server.BaseHTTPRequestHandler):
    """The same numbers for us."""

    def do_GET(self):  # pylint: disable=invalid-name
        now = int(time.time())
        body = "".join(
            f"{plugin}_f{i}: {value(0, plugin, i, now)}\n"
            for plugin, n in PLUGINS.items()
            for i in range(n)
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


@contextlib.contextmanager
def served(handler):
    """The port of a server on loopback."""
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


# Ours.


def configuration(port):
    text = "title: Hosts\ntimezone: UTC\nstore: store.db\noutput: out\n"
    text += "every: 5m\nexplore: no\nsources:\n"
    for host in HOSTS:
        text += f"  {host}: {{http: 'http://127.0.0.1:{port}/{host}', "
        text += "decode: keyvalue}\n"
    text += "pages:\n  index:\n    periods: [24h, 7d, 30d, 1y]\n    panels:\n"
    for host in HOSTS:
        for plugin in PLUGINS:
            text += f"      - line: {plugin} of {host}\n"
            text += f"        series: '{host}/{plugin}_f*'\n"
            text += "        width: half\n"
    return text


def history(now):
    yield "series,ts,value\n"
    for h, host in enumerate(HOSTS):
        for plugin, n in PLUGINS.items():
            for i in range(n):
                for ts in range(now - SPAN, now, STEP):
                    v = value(h, plugin, i, ts)
                    yield f"{host}/{plugin}_f{i},{ts},{v}\n"


def ours(folder, now):
    """All charts due; then runs of which only some are."""

    def run(at):
        return cost(BINARY, "-q", "run", "--now", f"@{at}", cwd=folder)

    with served(Web) as port:
        path = pathlib.Path(folder, "broadsheet.yaml")
        path.write_text(configuration(port))
        run(now - SPAN - STEP)
        with pathlib.Path(folder, "history.csv").open("w") as out:
            out.writelines(history(now))
        cost(
            BINARY, "import", "--now", f"@{now}", "history.csv", cwd=folder
        )
        first = run(now)
        return first, least(run(now + i * STEP) for i in range(1, RUNS + 1))


# Munin's.


class Munin:
    """Munin's stages, with all that they keep in a folder, as its user."""

    def __init__(self, folder, port):
        self.folder = pathlib.Path(folder)
        for name in ("db", "www", "log", "run"):
            (self.folder / name).mkdir()
        text = "".join(
            f"{key}dir {self.folder}/{name}\n"
            for key, name in zip(
                ("db", "html", "log", "run"), ("db", "www", "log", "run")
            )
        )
        text += "tmpldir /etc/munin/templates\nstaticdir /etc/munin/static\n"
        for host in HOSTS:
            text += f"[example.net;{host}]\n  address 127.0.0.1\n"
            text += f"  port {port}\n  use_node_name no\n"
        self.config = self.folder / "munin.conf"
        self.config.write_text(text)
        user = pwd.getpwnam("munin")
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
        self.become = ["setpriv", "--reuid=munin", "--regid=munin"]
        self.become += ["--clear-groups"]

    def stage(self, name, *options):
        program = f"/usr/share/munin/munin-{name}"
        command = [*self.become, program, *options, "--config", self.config]
        return cost(*command, cwd=self.folder)

    def cycle(self):
        """CPU time of each stage, and the largest of them."""
        costs = [self.stage(*stage) for stage in STAGES]
        return sum(c.ms for c in costs), max(c.peak for c in costs)

    def fill(self, now):
        """The files that it made, with a history."""
        files = list((self.folder / "db").rglob("*.rrd"))
        assert len(files) == 46 * len(HOSTS), f"{len(files)} files of series"
        script = [rrd_like(files[0], "history.rrd", now - SPAN - STEP)]
        for ts in range(now - SPAN, now - STEP, STEP):
            script.append(f"update history.rrd {ts}:{value(0, 'x', 0, ts)}\n")
        subprocess.run(
            ["rrdtool", "-"],
            cwd=self.folder,
            input="".join(script),
            stdout=subprocess.DEVNULL,
            text=True,
            check=True,
        )
        for path in files:
            shutil.copyfile(self.folder / "history.rrd", path)

    def age(self):
        """As if its last cycle had been a step ago."""
        for path in (self.folder / "www").rglob("*.png"):
            then = path.stat().st_mtime - STEP
            os.utime(path, (then, then))


def rrd_like(path, name, start):
    """The command that makes a file with the archives of another."""
    info = dict(
        line.split(" = ", 1)
        for line in subprocess.run(
            ["rrdtool", "info", path],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.splitlines()
    )
    text = f"create {name} --start {start} --step {info['step']}"
    text += " DS:42:GAUGE:600:U:U"
    for i in range(sum(key.endswith("].cf") for key in info)):
        rows, per = info[f"rra[{i}].rows"], info[f"rra[{i}].pdp_per_row"]
        cf = info[f"rra[{i}].cf"].strip('"')
        text += f" RRA:{cf}:0.5:{per}:{rows}"
    return text + "\n"


def peer(folder, now):
    with served(Node) as port:
        munin = Munin(folder, port)
        munin.stage("update")
        munin.stage("limits")  # html wants it; there are no rules
        munin.fill(now)
        first = munin.cycle()
        later = []
        for _ in range(RUNS):
            munin.age()
            time.sleep(1)
            later.append(munin.cycle())
        drawn = len(list(pathlib.Path(folder, "www").rglob("*-*.png")))
        assert drawn >= 400, f"Munin drew {drawn} charts"
    return first, tuple(map(min, zip(*later)))


def rows():
    now = int(time.time()) // STEP * STEP
    with tempfile.TemporaryDirectory() as folder:
        first, later = ours(folder, now)
    name, all_due, soon = "Munin", (None, None), (None, None)
    if not os.path.exists("/usr/share/munin/munin-update"):
        name = "no Munin"
    elif os.geteuid() != 0:
        name = "needs root"
    else:
        with tempfile.TemporaryDirectory() as folder:
            all_due, soon = peer(folder, now)
    work = "10 hosts of 46 series, 100 charts of 4 periods"
    yield Row(f"{work}, all due", first.ms, "ms", all_due[0], name, None, NOTE)
    yield Row(
        "  five minutes later", later.ms, "ms", soon[0], name, 150, NOTE
    )
    yield Row(
        "  its peak memory", max(first.peak, later.peak), "B",
        all_due[1], name,
    )  # fmt: skip
