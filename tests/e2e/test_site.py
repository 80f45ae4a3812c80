"""The nginx site that is shipped, in a real nginx."""

import base64
import gzip
import re
import subprocess
import urllib.error
import urllib.request

import pytest

from conftest import HERE
from rig.nginx import nginx

SITE = HERE.parents[1] / "cron/nginx.conf"


def server_block(www, login=None):
    """What is inside `server { … }`, pointed at the test's folder."""
    text = SITE.read_text()
    inside = text[text.index("server {") + len("server {") : text.rindex("}")]
    inside = re.sub(r"^\s*(listen|server_name|root) .*$", "", inside, flags=re.M)
    if login:
        inside = inside.replace("# auth_basic", "auth_basic").replace(
            "/etc/nginx/broadsheet.htpasswd", str(login)
        )
    return inside


def get(url, user=None):
    request = urllib.request.Request(url)
    if user:
        token = base64.b64encode(user.encode()).decode()
        request.add_header("Authorization", "Basic " + token)
    try:
        with urllib.request.urlopen(request, timeout=10) as r:
            return r.status, r.headers
    except urllib.error.HTTPError as e:
        return e.code, e.headers


FILES = {
    "index.html": "<!doctype html>",
    "chart-0123456789abcdef.svg": "<svg/>",
    "index.html.new": "half a page",
    "status.json": "{}",
}


@pytest.fixture
def site(tmp_path):
    with nginx(tmp_path, server_block(tmp_path), FILES) as server:
        yield server


def test_pages_are_never_stale(site):
    status, headers = get(site.url + "/")
    assert status == 200
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, headers = get(site.url + "/status.json")
    assert headers["Cache-Control"] == "no-cache"


def test_files_named_by_content_are_kept(site):
    status, headers = get(site.url + "/chart-0123456789abcdef.svg")
    assert status == 200
    assert "max-age=31536000" in headers.get_all("Cache-Control")[0]
    assert "immutable" in ", ".join(headers.get_all("Cache-Control"))


def test_what_is_being_written_is_not_served(site):
    assert get(site.url + "/index.html.new")[0] == 404


def test_login(tmp_path):
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "secret"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    (tmp_path / "htpasswd").write_text("ops:" + hashed)
    inside = server_block(tmp_path, tmp_path / "htpasswd")
    with nginx(tmp_path, inside, FILES) as server:
        assert get(server.url + "/")[0] == 401
        assert get(server.url + "/", "ops:wrong")[0] == 401
        assert get(server.url + "/", "ops:secret")[0] == 200
        assert get(server.url + "/chart-0123456789abcdef.svg")[0] == 401


SHOP = """
title: Shop
store: store.db
output: {output}
sources:
  app1: {{exec: [echo, "42"], decode: number}}
pages:
  index:
    panels:
      - line: CPU
        series: "*/*"
"""


def test_the_archive(tmp_path, broadsheet, write_config):
    """As Debian's nginx.conf does, the types are those of its own list."""
    inside = "include /etc/nginx/mime.types;\n" + server_block(tmp_path)
    with nginx(tmp_path, inside) as server:
        write_config(SHOP.format(output=server.www))
        assert broadsheet("-q", "run").returncode == 0
        ran = broadsheet("snapshot")
        assert ran.returncode == 0
        name = ran.stdout.strip().removeprefix(f"{server.www}/")
        status, headers = get(f"{server.url}/snapshots/")
        assert status == 200
        assert headers["Content-Type"] == "text/html"
        assert headers["Cache-Control"] == "no-cache"
        listed = (server.www / "snapshots/index.html").read_text()
        found = re.findall(r'(?:href|src|srcset)="([^":#]+)"', listed)
        assert "../index.html" in found
        for href in found:
            assert get(f"{server.url}/snapshots/{href}")[0] == 200, href
        for path, kind in (
            (name, "text/html"),
            (name.replace(".html", ".light.png"), "image/png"),
            (name.replace(".html", ".dark.png"), "image/png"),
        ):
            assert path.removeprefix("snapshots/") in found
            status, headers = get(f"{server.url}/{path}")
            assert headers["Content-Type"] == kind
            assert headers.get_all("Cache-Control") == [
                "max-age=31536000", "immutable",
            ]  # fmt: skip
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "Content-Security-Policy" not in headers
        packed = urllib.request.Request(
            f"{server.url}/{name}", headers={"Accept-Encoding": "gzip"}
        )
        with urllib.request.urlopen(packed, timeout=60) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            whole = gzip.decompress(answer.read())
        assert whole == (server.www / name).read_bytes()
        (server.www / f"{name}.new").write_text("half")
        assert get(f"{server.url}/{name}.new")[0] == 404
