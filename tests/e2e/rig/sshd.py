"""Real OpenSSH servers on free ports of loopback, as hosts of their own.

    with sshd(tmp_path / "app1") as host:
        host.port, host.known_hosts("ed25519"), host.authorize(key)
        host.stop(); host.start()       # the same port and keys
"""

import contextlib
import os
import pathlib
import pwd
import signal
import subprocess
import time

from .ports import free_port, wait_listening

KINDS = ("ed25519", "ecdsa", "rsa")

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
AuthorizedKeysFile {folder}/authorized_keys
PidFile {folder}/sshd.pid
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin yes
StrictModes no
UsePAM no
PrintMotd no
LogLevel VERBOSE
MaxStartups 100
"""

USER = pwd.getpwuid(os.geteuid()).pw_name


def keygen(path, kind="ed25519", passphrase="", *more):
    """A private key; its public half is beside it, with .pub."""
    bits = ["-b", "2048"] if kind == "rsa" else []
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, *bits, "-N", passphrase,
         "-C", f"{kind} of the test", "-f", path, *more],
        check=True, stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    return path


def fingerprint(path):
    """SHA256:… of a key, by ssh-keygen."""
    done = subprocess.run(
        ["ssh-keygen", "-l", "-f", path],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.split()[1]


def children(pid):
    """The processes that one has started, and theirs."""
    try:
        text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    direct = [int(word) for word in text.split()]
    return direct + [p for child in direct for p in children(child)]


class Host:
    """One sshd. `lines` is added to its configuration."""

    def __init__(self, folder, lines="", kinds=KINDS):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.place = f"127.0.0.1:{self.port}"
        self.kinds = kinds
        self.process = None
        for kind in kinds:
            keygen(self.key(kind), kind)
        self.config = self.folder / "sshd_config"
        self.config.write_text(
            CONFIG.format(port=self.port, folder=self.folder)
            + "".join(f"HostKey {self.key(kind)}\n" for kind in kinds)
            + lines
        )
        (self.folder / "authorized_keys").touch()

    def key(self, kind):
        """The file of a host key."""
        return self.folder / f"host_{kind}"

    def authorize(self, *keys, options=""):
        """Lets these private keys in."""
        with (self.folder / "authorized_keys").open("a") as out:
            for key in keys:
                out.write(options + pathlib.Path(f"{key}.pub").read_text())

    def known_hosts(self, *kinds, name=None):
        """Lines of known_hosts about this host."""
        name = name or f"[127.0.0.1]:{self.port}"
        return "".join(
            name + " " + pathlib.Path(f"{self.key(kind)}.pub").read_text()
            for kind in kinds or self.kinds
        )

    def start(self):
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-f", self.config, "-E", self._log()],
            stdin=subprocess.DEVNULL,
            env={k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"},
        )
        wait_listening(
            self.port, alive=lambda: self.process.poll() is None
        )

    def stop(self):
        """Ends the server and every session of it."""
        if self.process is None:
            return
        sessions = children(self.process.pid)
        self.process.terminate()
        self.process.wait(60)
        self.process = None
        for pid in sessions:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _log(self):
        return self.folder / "log"

    def log(self):
        return self._log().read_text()

    def logins(self):
        """How many sessions have been let in."""
        return self.log().count("Accepted publickey")

    def no_sessions(self, seconds=60):
        """Waits until all its commands and sessions have ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not children(self.process.pid):
                return True
            time.sleep(0.05)
        return False


@contextlib.contextmanager
def sshd(folder, lines="", kinds=KINDS):
    """A host that runs while the block does."""
    host = Host(folder, lines, kinds)
    try:
        host.start()
        yield host
    finally:
        host.stop()


@contextlib.contextmanager
def agent(folder):
    """An ssh-agent; yields its environment, and add(key, passphrase)."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "agent"
    process = subprocess.Popen(
        ["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL
    )

    class Agent:
        env = {"SSH_AUTH_SOCK": str(socket)}

        @staticmethod
        def add(key, passphrase=""):
            ask = folder / "askpass"
            ask.write_text(f"#!/bin/sh\necho '{passphrase}'\n")
            ask.chmod(0o700)
            subprocess.run(
                ["ssh-add", key],
                env={
                    **os.environ,
                    **Agent.env,
                    "SSH_ASKPASS": str(ask),
                    "SSH_ASKPASS_REQUIRE": "force",
                },
                check=True, capture_output=True, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    try:
        end = time.monotonic() + 60
        while not socket.exists() and time.monotonic() < end:
            time.sleep(0.02)
        yield Agent
    finally:
        process.terminate()
        process.wait(60)
