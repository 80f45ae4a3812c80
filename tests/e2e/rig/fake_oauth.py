"""A service behind OAuth 2, on a free port of loopback.

    with fake_oauth() as service: ...

Refresh tokens rotate: the old one lives until a new access token is first
used. service.asked lists what came, as (path, parameters, headers);
service.stall("token") holds the next request of that path until released.
"""

import contextlib
import http.server
import json
import threading
import time
import urllib.parse


class Service:
    def __init__(self):
        self.asked = []
        self.serial = 0
        self.refresh = {"r0"}  # those that live
        self.access = set()
        self.newest = None  # the pair that is not used yet
        self.codes = {"the-code"}
        self.client = ("id", "secret")
        self.token_reply = None  # (status, headers, bytes) instead
        self.data_replies = []  # the same, one after the other
        self.rotates = True
        self.shape = lambda reply: reply
        self.expires_in = 10800
        self.granted = None
        self.items = [{"id": i, "t": 1792000000 + i} for i in range(5)]
        self.headers = {}
        self.holds = {}
        self.answer = None  # data for all, by (parameters, headers)
        self.grant = None  # tokens, by parameters

    def stall(self, path, after=False):
        hold = Hold()
        self.holds[(path, after)] = hold
        return hold

    def held(self, path, after):
        hold = self.holds.pop((path, after), None)
        if hold:
            hold.reached.set()
            hold.released.wait(300)

    def paths(self):
        return [path for path, _, _ in self.asked]

    def of(self, path):
        return [p for where, p, _ in self.asked if where == path]

    def token(self, p):
        if self.grant:
            return self.grant(p)
        if self.token_reply:
            return self.token_reply
        if (p.get("client_id"), p.get("client_secret")) != self.client:
            return 401, {}, b'{"error": "invalid_client"}'
        known = self.codes if "code" in p else self.refresh
        given = p.get("code") or p.get("refresh_token")
        if given not in known:
            return 400, {}, b'{"error": "invalid_grant"}'
        self.codes.discard(given)
        return 200, {}, json.dumps(self.shape(self.new_pair(given))).encode()

    def new_pair(self, old):
        self.serial += 1
        first = self.serial == 1
        access, refresh = f"a{self.serial}", f"r{self.serial}"
        self.access.add(access)
        self.refresh.add(refresh)
        if self.rotates or first:
            self.newest = (access, refresh)
        reply = {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }
        if not self.rotates and not first:
            del reply["refresh_token"]
        if self.granted is not None:
            reply["scope"] = self.granted
        return reply

    def data(self, p, headers):
        given = headers.get("Authorization", "").removeprefix("Bearer ")
        if self.answer:
            return self.answer(p, headers)
        if given not in self.access:
            return 401, {}, b'{"message": "no"}'
        if self.newest and given == self.newest[0]:
            self.refresh = {self.newest[1]}  # the old one dies
            self.newest = None
        if self.data_replies:
            return self.data_replies.pop(0)
        after = int(p.get("after", 0))
        items = [i for i in self.items if i["t"] > after]
        page, size = int(p.get("page", 1)), int(p.get("per_page", 1000))
        items = items[(page - 1) * size : page * size]
        return 200, self.headers, json.dumps(items).encode()

    def revoke(self):
        self.refresh.clear()
        self.access.clear()


class Hold:
    def __init__(self):
        self.reached = threading.Event()
        self.released = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, parameters):
        path = urllib.parse.urlsplit(self.path).path
        service = self.server.service
        service.asked.append((path, parameters, dict(self.headers)))
        service.held(path, after=False)
        if path == "/token":
            status, headers, body = service.token(parameters)
        else:
            status, headers, body = service.data(parameters, self.headers)
        service.held(path, after=True)
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

    def do_GET(self):
        query = urllib.parse.urlsplit(self.path).query
        self.answer(dict(urllib.parse.parse_qsl(query)))

    def do_POST(self):
        n = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(n).decode()
        self.answer(dict(urllib.parse.parse_qsl(body)))

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def fake_oauth():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.service = service = Service()
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield service
    finally:
        for hold in service.holds.values():
            hold.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
