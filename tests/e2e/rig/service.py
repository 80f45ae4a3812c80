"""A service with Prometheus' metrics, on a free port of loopback.

    with Service() as service:
        service.metrics["queue_depth"] = 12
        service.url                     # http://127.0.0.1:PORT/metrics
"""

import http.server
import threading


class Service:
    """Serves `metrics`, a mapping of names to numbers or to whole lines."""

    def __init__(self):
        self.metrics = {}
        handler = type("Handler", (_Handler,), {"service": self})
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), handler
        )
        self.url = f"http://127.0.0.1:{self.server.server_port}/metrics"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}
        )

    def text(self):
        lines = ""
        for name, value in self.metrics.items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += f"# TYPE {name} {kind}\n{name} {value}\n"
        return lines

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_exc):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    service = None

    def do_GET(self):  # the name is http.server's
        body = self.service.text().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass
