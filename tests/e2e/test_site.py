"""The nginx site that is shipped, in a real nginx."""

import base64
import gzip
import os
import re
import shlex
import ssl
import subprocess
import urllib.error
import urllib.request

import pytest

from conftest import HERE
from rig.certs import Authority
from rig.nginx import nginx
from rig.ports import free_port, wait_listening

SITE = HERE.parents[1] / "cron/nginx.conf"


def server_block():
    """What is inside the first `server { … }`, but for where things are."""
    text = SITE.read_text()
    inside = text[text.index("\nserver {") + len("\nserver {") :]
    inside = inside[: inside.index("\n}")]
    return re.sub(r"^\s*(listen|server_name|root) .*$", "", inside, flags=re.M)


def with_login(folder, plain_port, places):
    """The site as its own head says how: a login, TLS, the public output."""
    command = re.search(r"^#   (sed .*) nginx.conf$", SITE.read_text(), re.M)
    text = subprocess.run(
        [*shlex.split(command.group(1)), SITE],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "#tls" not in text.partition("\nserver {")[2]

    def servers(port):
        said = {
            "listen 443": f"listen 127.0.0.1:{port}",
            "listen 80": f"listen 127.0.0.1:{plain_port}",
            "dashboard.example.net": "localhost",
        } | places
        body = "\nserver {" + text.partition("\nserver {")[2]
        for old, new in said.items():
            assert old in body, old
            body = body.replace(old, str(new))
        return body

    return nginx(folder, servers=servers)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def get(url, user=None, ca=None):
    request = urllib.request.Request(url)
    if user:
        token = base64.b64encode(user.encode()).decode()
        request.add_header("Authorization", "Basic " + token)
    handlers = [Stay]
    if ca:
        context = ssl.create_default_context(cafile=ca)
        handlers.append(urllib.request.HTTPSHandler(context=context))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(request, timeout=60) as r:
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
    with nginx(tmp_path, server_block(), FILES) as server:
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


CONFIG = """\
title: Mine
store: private.db
output: private
public: shown
sources:
  one: {exec: [echo, "1"], decode: number}
  two: {exec: [echo, "2"], decode: number, private: yes}
pages:
  index:
    panels:
      - stat: One
        series: one/value
      - stat: Two
        series: two/value
"""


@pytest.fixture
def locked(tmp_path, broadsheet, write_config):
    """Printed by a run whose umask is the one that is advised."""
    path = write_config(CONFIG)
    old = os.umask(0o027)
    try:
        assert broadsheet("-c", path, "run").returncode == 0
    finally:
        os.umask(old)
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "secret"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    (tmp_path / "htpasswd").write_text("me:" + hashed)
    authority = Authority(tmp_path / "ca")
    certificate, key = authority.issue("site", "localhost")
    plain = free_port()
    with with_login(tmp_path, plain, {
        "/etc/ssl/certs/broadsheet.pem": certificate,
        "/etc/ssl/private/broadsheet.key": key,
        "/etc/nginx/broadsheet.htpasswd": tmp_path / "htpasswd",
        "/var/www/broadsheet-public": tmp_path / "shown",
        "/var/www/broadsheet;": f"{tmp_path}/private;",
    }) as server:  # fmt: skip
        wait_listening(plain)
        server.ca = authority.path
        server.plain = f"http://localhost:{plain}"
        server.url = f"https://localhost:{server.port}"
        yield server


def files(folder):
    """All that a run printed, as paths of addresses."""
    found = [p for p in folder.rglob("*") if p.is_file()]
    assert len(found) > 3
    return [f"/{p.relative_to(folder)}" for p in found]


def test_login(locked, tmp_path):
    def status(path, user=None):
        return get(locked.url + path, user, locked.ca)[0]

    for path in ("/", *files(tmp_path / "private")):
        assert status(path) == 401
        assert status(path, "me:wrong") == 401
        assert status(path, "me:secret") == 200


def test_login_is_never_in_the_clear(locked):
    status, headers = get(locked.plain + "/index.html?x=1", "me:secret")
    assert status == 301
    assert headers["Location"] == "https://localhost/index.html?x=1"


def test_a_certificate_that_is_not_known(locked):
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY"):
        get(locked.url + "/", "me:secret", Authority(locked.ca.parent / "b").path)


def test_public_output_needs_no_login(locked, tmp_path):
    shown = (tmp_path / "shown/index.html").read_text()
    assert "One" in shown and "Two" not in shown
    for path in ("/", *files(tmp_path / "shown")):
        assert get(f"{locked.url}/public{path}", ca=locked.ca)[0] == 200
    assert get(locked.url + "/public/../index.html", ca=locked.ca)[0] == 401


def test_pages_are_private_by_mode(locked, tmp_path):
    for place in ("private", "shown"):
        for path in (tmp_path / place).rglob("*"):
            assert path.stat().st_mode & 0o007 == 0, path
    assert (tmp_path / "private.db").stat().st_mode & 0o077 == 0


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
    inside = "include /etc/nginx/mime.types;\n" + server_block()
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
