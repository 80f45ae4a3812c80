"""Behaviours for hostile() that pretend to be SSH servers, or sit before one.

The general ones (silent, flood) are in hostile.py.
"""

import contextlib
import select
import socket
import time

BANNER = b"SSH-2.0-OpenSSH_9.2p1\r\n"


def says(data):
    """These bytes, and then nothing, with the connection open."""

    def behave(client, stop):
        client.sendall(data)
        stop.wait()

    return behave


def says_and_closes(data):
    """These bytes, and the end."""

    def behave(client, _stop):
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        with contextlib.suppress(TimeoutError):
            while client.recv(4096):
                pass

    return behave


def drips(byte=b"a", seconds=0.1):
    """One byte each tenth of a second, never a line."""

    def behave(client, stop):
        while not stop.wait(seconds):
            client.sendall(byte)

    return behave


def ignores_for_ever():
    """A banner, and then SSH_MSG_IGNORE packets as fast as they go."""
    packet = bytes([0, 0, 0, 12, 6, 2, 0, 0, 0, 0]) + bytes(6)

    def behave(client, stop):
        client.sendall(BANNER)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                client.sendall(packet * 4096)

    return behave


def proxy(port, after, freeze=False):
    """Before the server on a port; after so many of its bytes it ends.

    Either both connections are closed, or, with freeze, nothing is passed
    on any more while all stays open.
    """

    def behave(client, stop):
        left = after
        with socket.create_connection(("127.0.0.1", port)) as server:
            while not stop.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.1)
                if client in ready:
                    data = client.recv(4096)
                    if not data:
                        return
                    server.sendall(data)
                if server in ready:
                    data = server.recv(min(4096, left))
                    if not data:
                        return
                    client.sendall(data)
                    left -= len(data)
                if left == 0 and not freeze:
                    return
                if left == 0:
                    stop.wait()

    return behave


def slow(port, seconds):
    """Before the server on a port, and late with everything it says."""

    def behave(client, stop):
        with socket.create_connection(("127.0.0.1", port)) as server:
            while not stop.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.1)
                for source, sink in ((client, server), (server, client)):
                    if source not in ready:
                        continue
                    data = source.recv(4096)
                    if not data:
                        return
                    if source is server:
                        time.sleep(seconds)
                    sink.sendall(data)

    return behave
