"""A server of map tiles on loopback: each a PNG of one colour.

    with TileServer() as tiles:
        tiles.url          # with {z}, {x} and {y}
        tiles.asked        # [(path, headers)] in the order of asking
        tiles.answer = fn  # fn(path, headers) -> (status, headers, body)
"""

import struct
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ETAG = '"one"'


def png(side=256, colour=(200, 220, 240)):
    """A square of one colour with a darker edge."""
    edge = bytes(c // 2 for c in colour)
    inner = edge + bytes(colour) * (side - 2) + edge
    rows = b"\0" + edge * side
    rows += (b"\0" + inner) * (side - 2)
    rows += b"\0" + edge * side

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def well(path, headers):
    if headers.get("If-None-Match") == ETAG:
        return 304, {"ETag": ETAG}, b""
    return 200, {"ETag": ETAG, "Content-Type": "image/png"}, png()


class TileServer:
    def __enter__(self):
        outer = self
        self.asked, self.answer = [], well
        self.busy = self.most = 0
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with lock:
                    outer.asked.append((self.path, self.headers))
                    outer.busy += 1
                    outer.most = max(outer.most, outer.busy)
                try:
                    status, headers, body = outer.answer(self.path, self.headers)
                finally:
                    with lock:
                        outer.busy -= 1
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png"
        self.thread = threading.Thread(
            target=self.server.serve_forever, args=(0.05,)
        )
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
