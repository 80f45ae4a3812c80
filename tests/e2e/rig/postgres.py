"""PostgreSQL as Debian packages it, on a free port of loopback.

    with Postgres() as server:
        server.sql("CREATE TABLE t (n int)")
        server.url()                    # postgres://dash@127.0.0.1:PORT/prod
        server.stop(); server.start()   # the same port and files

`dash` is a user who may read what `sql()` makes; its password is PASSWORD.
"""

import pathlib
import signal

from .database import PASSWORD, Database

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 20
superuser_reserved_connections = 3
shared_buffers = 16MB
max_wal_senders = 0
wal_level = minimal
autovacuum = off
"""

RULES = """
local all postgres trust
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def binary(name):
    """The newest version's, which Debian keeps off PATH."""
    found = pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    return max(found, key=lambda path: float(path.parts[4]))


class Postgres(Database):
    """One server; `certificate` (certificate, key) turns TLS on."""

    system_user = "postgres"
    stop_signal = signal.SIGINT  # fast: sessions are ended

    def __init__(self, certificate=None):
        self.certificate = certificate
        self.made = False
        super().__init__()

    def create(self):
        self.run(
            binary("initdb"), "-D", self.folder / "data", "-U", "postgres",
            "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync",
        )  # fmt: skip
        settings = SETTINGS.format(port=self.port, folder=self.folder)
        if self.certificate is not None:
            for name, path in zip(("cert", "key"), self.certificate):
                self.put(f"server.{name}", path.read_bytes())
                settings += f"ssl_{name}_file = '{self.folder}/server.{name}'\n"
            settings += "ssl = on\n"
        self.put("data/postgresql.auto.conf", settings.encode())
        self.put("data/pg_hba.conf", RULES.encode())

    def argv(self):
        return [binary("postgres"), "-D", self.folder / "data"]

    def start(self, seconds=60):
        super().start(seconds)
        if self.made:
            return
        self.sql(f"CREATE ROLE dash LOGIN PASSWORD '{PASSWORD}'", "postgres")
        self.sql("CREATE DATABASE prod", "postgres")
        self.sql("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO dash")
        self.made = True

    def answers(self):
        try:
            return self.sql("SELECT 1", "postgres") == "1"
        except RuntimeError:
            return False

    def sql(self, text, database="prod"):
        """What a statement of the administrator's prints, unaligned."""
        return self.run(
            binary("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder,
            "-p", str(self.port), "-U", "postgres", "-d", database, "-f", "-",
            input=text.encode("utf-8", "surrogateescape"),
        )  # fmt: skip

    def url(self, user="dash", database="prod", more=""):
        """What `sql:` takes."""
        return f"postgres://{user}@127.0.0.1:{self.port}/{database}{more}"

    def sessions(self):
        """How many connections of ours there are now."""
        return int(
            self.sql(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE application_name = 'broadsheet'"
            )
        )
