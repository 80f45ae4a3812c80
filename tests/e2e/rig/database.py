"""What database servers of the tests have in common.

They refuse to run as root, so root's tests run them as the system user that
their package has made; their files are in a folder of their own that this
user can reach, and are gone with the server.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from .ports import free_port

PASSWORD = "s3cret word"  # of the user dash


class Database:
    """A server on a free port of loopback and a unix socket.

    A kind says its `system_user`, how to `create()` its files, the `argv`
    that serves them, and how to tell that it `answers()`.
    """

    system_user = "nobody"
    stop_signal = signal.SIGTERM

    def __init__(self):
        self.folder = pathlib.Path(
            tempfile.mkdtemp(prefix=f"{type(self).__name__.lower()}-")
        )
        self.port = free_port()
        self.process = None
        self.log = self.folder / "server.log"
        self.own(self.folder)
        try:
            self.create()
        except BaseException:
            shutil.rmtree(self.folder)
            raise

    def create(self):
        """Makes the files that argv() serves."""
        raise NotImplementedError

    def argv(self):
        """The command that serves them, in the foreground."""
        raise NotImplementedError

    def answers(self):
        """Is it there to be asked?"""
        raise NotImplementedError

    def as_user(self, argv):
        """The command as the system user, where we are root."""
        if os.geteuid() != 0:
            return [str(word) for word in argv]
        user = pwd.getpwnam(self.system_user)
        return [
            "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
            "--clear-groups", *map(str, argv),
        ]  # fmt: skip

    def own(self, path):
        """Gives a file to the system user."""
        if os.geteuid() == 0:
            user = pwd.getpwnam(self.system_user)
            os.chown(path, user.pw_uid, user.pw_gid)

    def put(self, name, data, mode=0o600):
        """A file of the server's."""
        path = self.folder / name
        path.write_bytes(data)
        path.chmod(mode)
        self.own(path)
        return path

    def run(self, *argv, **kwargs):
        """Runs a program of the database's; its words are in the failure."""
        done = subprocess.run(
            self.as_user(argv), cwd=self.folder, check=False,
            capture_output=True, **kwargs,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"{argv[0]}: {done.stdout}{done.stderr}")
        return done.stdout.decode(errors="replace").strip()

    def start(self, seconds=60):
        """Returns once it answers."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.as_user(self.argv()), cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        end = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(self.log.read_text(errors="replace"))
            time.sleep(0.05)

    def sessions(self):
        """How many connections of ours there are now."""
        raise NotImplementedError

    def is_left(self, seconds=60):
        """Waits until no session is there: one that was closed still ends."""
        end = time.monotonic() + seconds
        while self.sessions() > 0:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def stop(self):
        """Ends it by its process id, and waits."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc):
        self.stop()
        shutil.rmtree(self.folder)
