"""Servers that misbehave, each in one way, on a free port of loopback.

    with hostile(drip(b"HTTP/1.1 200 OK\\r\\n\\r\\n", b"x")) as server: ...

A behaviour is a function of a connected socket, called in a thread for each
connection; the connection is closed when it returns.
"""

import contextlib
import socket
import threading
import types
import zlib

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@contextlib.contextmanager
def hostile(behaviour):
    """Yields port and url, and served: how many connections there were."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    port = listener.getsockname()[1]
    server = types.SimpleNamespace(
        port=port, url=f"http://127.0.0.1:{port}", served=0
    )
    stop = threading.Event()
    threads = []

    def serve(client):
        with client, contextlib.suppress(OSError):
            client.settimeout(0.5)
            behaviour(client, stop)

    def accept():
        while not stop.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server.served += 1
            thread = threading.Thread(target=serve, args=(client,))
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield server
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        acceptor.join()
        for thread in threads:
            thread.join()


def read_request(client):
    """The head of an HTTP request."""
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = client.recv(4096)
        if not chunk:
            break
        head += chunk
    return head


def send_until(client, stop, data):
    """Sends one thing again and again for as long as anybody takes it."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            client.sendall(data)


def silent():
    """Accepts, and never says a word."""
    return lambda client, stop: stop.wait()


def raw(data):
    """Says this at once, whatever was asked, and closes."""

    def behave(client, stop):
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        stop.wait(0.5)

    return behave


def answers(data):
    """Reads a request, says this, closes."""

    def behave(client, _stop):
        read_request(client)
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        with contextlib.suppress(TimeoutError):
            client.recv(1)

    return behave


def drip(head, byte=b"x", seconds=0.1):
    """After the head one byte each tenth of a second, without end."""

    def behave(client, stop):
        read_request(client)
        client.sendall(head)
        while not stop.wait(seconds):
            client.sendall(byte)

    return behave


def closes_midway():
    """Declares a thousand bytes, sends three, closes."""
    return answers(OK + b"Content-Length: 1000\r\n\r\nabc")


def endless():
    """A body without a length and without an end."""

    def behave(client, stop):
        read_request(client)
        client.sendall(OK + b"\r\n")
        send_until(client, stop, b"x" * 65536)

    return behave


def flood(data=b"x" * 65536):
    """The same bytes for ever, from the first moment."""
    return lambda client, stop: send_until(client, stop, data)


def declares(length):
    """Says that so many bytes will come, and sends them as fast as it can."""

    def behave(client, stop):
        read_request(client)
        client.sendall(OK + b"Content-Length: %d\r\n\r\n" % length)
        send_until(client, stop, b"x" * 65536)

    return behave


def gzip_bomb(megabytes=1024):
    """One gzip stream, a kilobyte for each megabyte that comes of it."""
    squeeze = zlib.compressobj(9, wbits=31)
    head = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)

    def behave(client, stop):
        read_request(client)
        client.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + head)
        for _ in range(megabytes):
            if stop.is_set():
                return
            client.sendall(block)

    return behave


def redirects_to_itself(path="/again"):
    """Always elsewhere, which is here."""
    return answers(
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
        b"Location: %s\r\n\r\n" % path.encode()
    )


def huge_header():
    """One header that never ends."""

    def behave(client, stop):
        read_request(client)
        client.sendall(OK + b"X-Long: ")
        send_until(client, stop, b"x" * 65536)

    return behave


def many_headers():
    """Headers without an end."""

    def behave(client, stop):
        read_request(client)
        client.sendall(OK)
        send_until(client, stop, b"X-Many: " + b"x" * 100 + b"\r\n")

    return behave
