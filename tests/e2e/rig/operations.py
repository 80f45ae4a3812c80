"""All that assets/examples/operations.yaml asks, on loopback.

    with Operations(folder, binary) as rig:
        rig.hosts["app1"].machine.load["cpu"] = 96
        rig.log("app1", "2026-10-30T03:14:00Z ERROR no answer")
        rig.users(north=120, south=80)
        rig.places([("van-1", "Ada", 51.5, -0.1, "moving")])
        rig.service.metrics["queue_depth"] = 12
        rig.advance(60)
        rig.run(now)                    # broadsheet run --now

The configuration is the example itself: only where things are is replaced,
each place by one that must be there. A host is an sshd of its own with a
machine of its own (see machine.py).
"""

import contextlib
import os
import pathlib
import subprocess
import types
import zipfile

from . import mariadb, postgres
from .machine import Machine
from .mariadb import Mariadb
from .postgres import Postgres
from .service import Service
from .sshd import USER, keygen, sshd

EXAMPLE = pathlib.Path(__file__).parents[3] / "assets/examples/operations.yaml"
NAMES = ("app1", "app2", "app3")
LOGS = ("app1", "app2")
PACKAGES = {
    "linux-image-amd64": "6.1.148-1",
    "nginx": "1.22.1-9+deb12u3",
    "openjdk-17-jre-headless": "17.0.15+6-1~deb12u1",
}
JAR = {
    "Implementation-Title": "app",
    "Implementation-Version": "4.18.2",
    "Build-Jdk-Spec": "17",
    "Built-At": "2026-11-09",
}


class Operations:
    """The rig; what it starts ends with it, by process id."""

    def __init__(self, folder, binary, output=None):
        self.folder = pathlib.Path(folder)
        self.binary = str(binary)
        self.output = pathlib.Path(output or self.folder / "out")
        self.hosts = {}
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_exc):
        self.stack.close()

    def _start(self):
        self.folder.mkdir(exist_ok=True)
        key = keygen(self.folder / "key")
        for name in NAMES:
            self.hosts[name] = self._host(name, key)
        self.service = self.stack.enter_context(Service())
        self.postgres = self.stack.enter_context(Postgres())
        self.mariadb = self.stack.enter_context(Mariadb())
        self.postgres.sql("""
            CREATE TABLE session (region text, ended timestamptz);
            GRANT SELECT ON session TO dash""")
        self.mariadb.sql("""CREATE TABLE position (id varchar(80) PRIMARY KEY,
            name text, lat double, lon double, state text)""")
        for name, word in (("prod", postgres.PASSWORD),
                           ("fleet", mariadb.PASSWORD)):  # fmt: skip
            (self.folder / "secrets").mkdir(exist_ok=True)
            path = self.folder / "secrets" / name
            path.write_text(word + "\n")
            path.chmod(0o600)
        self.config = self.folder / "operations.yaml"
        self.configure(EXAMPLE.read_text())

    def _host(self, name, key):
        server = self.stack.enter_context(sshd(self.folder / f"sshd-{name}"))
        server.authorize(key)
        root = self.folder / name
        for path in ("var/log/app", "var/lib/dpkg", "opt/app"):
            (root / path).mkdir(parents=True)
        host = types.SimpleNamespace(
            sshd=server, root=root, machine=Machine(root, name)
        )
        host.log = root / "var/log/app/app.log"
        host.log.touch()
        self.install(host, PACKAGES, JAR)
        return host

    def install(self, host, packages, manifest):
        """What dpkg and the jar of a host say."""
        (host.root / "var/lib/dpkg/status").write_text("".join(
            f"Package: {name}\nStatus: install ok installed\n"
            f"Architecture: amd64\nMaintainer: Nobody\nVersion: {version}\n"
            f"Description: {name}\n\n" for name, version in packages.items()
        ))  # fmt: skip
        with zipfile.ZipFile(host.root / "opt/app/app.jar", "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", "".join(
                f"{key}: {value}\n" for key, value in manifest.items()
            ))  # fmt: skip

    def configure(self, text, more=()):
        """Writes the example with our places in it, and `more` of them."""
        lines = "".join(f"{name} 127.0.0.1:{host.sshd.port}\n"
                        for name, host in self.hosts.items())  # fmt: skip
        (self.folder / "hosts.txt").write_text(lines)
        (self.folder / "logs.txt").write_text(
            "".join(l for l in lines.splitlines(True) if l.startswith(LOGS))
        )
        (self.folder / "known_hosts").write_text("".join(
            h.sshd.known_hosts("ed25519") for h in self.hosts.values()
        ))  # fmt: skip
        root = self.folder / "{each}"
        for old, new in (
            ("    each: [app1, app2, app3]\n", "    each: hosts.txt\n"),
            ("    each: [app1, app2]\n", "    each: logs.txt\n"),
            ("monitor@{each}.example.net", f"{USER}@{{2}}"),
            ("identity: ~/.ssh/id_ed25519\n",
             "identity: key\n    known_hosts: known_hosts\n"),
            ("decode: linux ", f"decode: linux\n    root: {root} "),
            ("dpkg-query ", f"dpkg-query --admindir={root}/var/lib/dpkg "),
            ("-p /opt/app", f"-p {root}/opt/app"),
            ("tail: /var/log", f"tail: {root}/var/log"),
            ("http://app1.example.net:9100/metrics", self.service.url),
            ("postgres://dash@db1.example.net/prod", self.postgres.url()),
            ("mysql://dash@db2.example.net/fleet", self.mariadb.url()),
            ("output: out ", f"output: {self.output} "),
            *more,
        ):  # fmt: skip
            assert old in text, f"the example has no {old!r}"
            text = text.replace(old, str(new))
        self.config.write_text(text)

    def users(self, **regions):
        """Who is connected, by region."""
        self.postgres.sql("TRUNCATE session;" + "".join(
            f"INSERT INTO session SELECT '{region}' FROM"
            f" generate_series(1, {n});" for region, n in regions.items()
        ))  # fmt: skip

    def places(self, rows):
        """Who is where: rows of id, name, lat, lon, state."""
        self.mariadb.sql("REPLACE INTO position VALUES " + ",".join(
            "(" + ",".join(sql_text(cell) for cell in row) + ")"
            for row in rows
        ))  # fmt: skip

    def log(self, name, *lines):
        """Lines that a host's log gains."""
        with self.hosts[name].log.open("a") as out:
            out.writelines(line + "\n" for line in lines)

    def advance(self, seconds):
        """Time passes on every host."""
        for host in self.hosts.values():
            host.machine.advance(seconds)

    def command(self, *args, **kwargs):
        """The program, with the rig's configuration."""
        return subprocess.run(
            [self.binary, "-c", self.config, *map(str, args)],
            cwd=self.folder, env=os.environ, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, **kwargs,
        )  # fmt: skip

    def run(self, now, *args):
        return self.command("run", "--now", f"@{now}", *args)


def sql_text(value):
    """A value as MariaDB's SQL takes it; text may hold anything."""
    if not isinstance(value, str):
        return repr(value)
    return f"X'{value.encode().hex()}'" if value else "''"
