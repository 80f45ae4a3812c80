"""What the fake services share: a server on loopback that tests look into.

    with FakeStrava(now) as strava:
        strava.url              where it is
        strava.now = …          its clock; it has no other
        strava.asked            of each request: method, path, query, form,
                                headers
        strava.instead          what it says at a path instead, or at any path
                                (None): (status, headers, text), or a text
        strava.hold(n, done)    stops at the nth request from now on, for good:
                                before it does anything, or before it answers
"""

import contextlib
import http.server
import itertools
import json
import threading
import types
import urllib.parse


class FakeService:
    def __init__(self, now):
        self.now = now
        self.asked = []
        self.instead = {}
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self.handler()
        )
        self.server.daemon_threads = False
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self.held = {}
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def handler(self):
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length).decode()
                request = types.SimpleNamespace(
                    method=self.command,
                    path=url.path,
                    query=dict(urllib.parse.parse_qsl(url.query)),
                    form=dict(urllib.parse.parse_qsl(body)),
                    headers=self.headers,
                )
                if service.stop(done=False):
                    return
                with service.lock:
                    said = service.answer(request)
                if service.stop(done=True):
                    return
                with contextlib.suppress(ConnectionError):
                    self.answer(*said)

            do_POST = do_GET

            def answer(self, status, headers, text):
                data = text.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        return Handler

    def hold(self, number, done):
        hold = types.SimpleNamespace(
            left=number, reached=threading.Event(), released=threading.Event()
        )
        self.held[done] = hold
        return hold

    def stop(self, done):
        """Was this the request that is held? It ended with who asked."""
        hold = self.held.get(done)
        if hold is None:
            return False
        hold.left -= 1
        if hold.left > 0:
            return False
        del self.held[done]
        hold.reached.set()
        hold.released.wait(60)
        return True

    def answer(self, request):
        self.asked.append(request)
        said = self.instead.get(request.path, self.instead.get(None))
        if said is None:
            said = self.serve(request)
        return said if isinstance(said, tuple) else (200, {}, said)

    def serve(self, request):
        raise NotImplementedError

    def new(self, word):
        """A token, code or id that is nobody else's."""
        return f"{word}-{next(self.numbers)}"

    def paths(self):
        return [r.path for r in self.asked]

    def queries(self, path):
        """Of the requests to a path, the oldest first."""
        return [r.query | r.form for r in self.asked if r.path == path]


def bearer(request):
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if word == "Bearer" else None


def as_json(document, status=200, headers=None):
    headers = {"Content-Type": "application/json", **(headers or {})}
    return status, headers, json.dumps(document)


def redirect(to, parameters):
    return 302, {"Location": f"{to}?{urllib.parse.urlencode(parameters)}"}, ""
