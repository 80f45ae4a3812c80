"""A web service that is told things, on loopback: it keeps every request.

    with Hook() as hook:
        hook.url                # http://127.0.0.1:PORT
        hook.calls              # of each: method, path, headers, body, json
        hook.instead = (429, {"Retry-After": "600"}, "slow down")
        hook.hang = True        # no answer, until the end
"""

import http.server
import json
import threading
import time
import types


class Hook:
    def __init__(self):
        self.calls = []
        self.instead = None
        self.hang = False
        self.over = threading.Event()
        handler = type("Handler", (_Handler,), {"hook": self})
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), handler
        )
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}
        )

    def wait(self, n):
        """Until so many calls were heard: whoever gave up has not waited."""
        end = time.monotonic() + 60
        while len(self.calls) < n:
            assert time.monotonic() < end, f"{len(self.calls)} calls of {n}"
            time.sleep(0.01)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exc):
        self.over.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    hook = None

    def do_POST(self):  # the name is http.server's
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        call = types.SimpleNamespace(
            method=self.command, path=self.path, headers=self.headers,
            body=body.decode(), json=None,
        )  # fmt: skip
        try:
            call.json = json.loads(body)
        except ValueError:
            pass
        self.hook.calls.append(call)
        if self.hook.hang:
            self.hook.over.wait()
            return
        status, headers, text = self.hook.instead or (200, {}, "ok")
        data = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST

    def log_message(self, *_args):
        pass
