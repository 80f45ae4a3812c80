"""MariaDB as Debian packages it, on a free port of loopback.

    with Mariadb() as server:
        server.sql("CREATE TABLE t (n int)")
        server.url()                    # mysql://dash@127.0.0.1:PORT/fleet
        server.stop(); server.start()   # the same port and files

`dash` is a user who may read what is in `fleet`; its password is PASSWORD.
"""

import subprocess

from .database import PASSWORD, Database

SETTINGS = """
[mysqld]
datadir = {folder}/data
tmpdir = {folder}
socket = {folder}/mysqld.sock
pid_file = {folder}/mysqld.pid
port = {port}
bind_address = 127.0.0.1
skip_name_resolve
skip_log_bin
innodb_flush_log_at_trx_commit = 0
innodb_buffer_pool_size = 16M
innodb_doublewrite = 0
performance_schema = off
max_connections = 10
"""


class Mariadb(Database):
    """One server; `certificate` (certificate, key) turns TLS on."""

    system_user = "mysql"

    def __init__(self, certificate=None):
        self.certificate = certificate
        self.made = False
        super().__init__()

    def create(self):
        settings = SETTINGS.format(port=self.port, folder=self.folder)
        if self.certificate is not None:
            for name, path in zip(("cert", "key"), self.certificate):
                self.put(f"server.{name}", path.read_bytes())
                settings += f"ssl_{name} = {self.folder}/server.{name}\n"
        self.put("my.cnf", settings.encode())
        self.run(
            "mariadb-install-db", f"--defaults-file={self.folder}/my.cnf",
            "--auth-root-authentication-method=normal", "--skip-test-db",
        )  # fmt: skip

    def argv(self):
        return ["mariadbd", f"--defaults-file={self.folder}/my.cnf"]

    def start(self, seconds=60):
        super().start(seconds)
        if self.made:
            return
        self.sql(f"CREATE USER dash IDENTIFIED BY '{PASSWORD}'", "mysql")
        self.sql("CREATE DATABASE fleet CHARACTER SET utf8mb4", "mysql")
        self.sql("GRANT SELECT ON fleet.* TO dash")
        self.made = True

    def answers(self):
        try:
            return self.sql("SELECT 1", "mysql") == "1"
        except RuntimeError:
            return False

    def sql(self, text, database="fleet"):
        """What statements of the administrator's print, with tabs."""
        return self.run(
            "mariadb", "--no-defaults", "-NBr", "-uroot",
            f"--socket={self.folder}/mysqld.sock",
            "--default-character-set=utf8mb4", database,
            input=text.encode("utf-8", "surrogateescape"),
        )  # fmt: skip

    def hold(self):
        """A connection of dash's, which the caller ends; None if the server
        takes no more.
        """
        holder = subprocess.Popen(
            ["mariadb", "--no-defaults", "-n", "-udash", f"-p{PASSWORD}",
             f"--socket={self.folder}/mysqld.sock",
             "-e", "SELECT 1; SELECT sleep(600)"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if holder.stdout.readline():
            return holder
        holder.wait()
        return None

    def url(self, user="dash", database="fleet", more=""):
        """What `sql:` takes."""
        return f"mysql://{user}@127.0.0.1:{self.port}/{database}{more}"

    def sessions(self):
        """How many connections of dash's there are now."""
        return int(
            self.sql(
                "SELECT count(*) FROM information_schema.processlist"
                " WHERE user = 'dash'"
            )
        )
