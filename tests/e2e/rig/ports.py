"""Free ports on loopback, and waiting for a server to listen."""

import contextlib
import secrets
import socket
import time

# Below those that the kernel gives to whoever connects: a port of these would
# be somebody's between asking for it and listening, or while a server is down.
PORTS = range(10000, 32000)

# Given out, so that two servers of one test never get the same port in the
# moment between asking for it and listening on it.
_given = set()


def free_port():
    """A TCP port on which nothing listens."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def wait_listening(port, alive=lambda: True, seconds=60, host="127.0.0.1"):
    """Returns when something accepts connections; raises if it never does.

    alive() says whether the server is still there to be waited for.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        try:
            socket.create_connection((host, port), 0.5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nothing listens on {host}:{port}")
