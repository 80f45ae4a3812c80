"""http against real nginx, and against servers that mean harm."""

import gzip

import pytest

from conftest import HEAD

from rig import hostile as h
from rig.certs import Authority
from rig.nginx import nginx
from rig.ports import free_port
from rig.said import assert_fails, assert_yields


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def get(url, **options):
    lines = [f"http: {url}", "decode: number"]
    return "\n".join(lines + [f"{k}: {v}" for k, v in options.items()])


# --- real answers


def test_plain(sample, tmp_path):
    with nginx(tmp_path, files={"x": "42\n"}) as server:
        result = sample(get(server.url + "/x"))
        log = server.log()
    assert_yields(result, "42")
    assert '"GET /x HTTP/1.1" 200 ' in log
    assert "(+source web)" in log


@pytest.mark.parametrize("tls", [False, True])
def test_gzip(sample, tmp_path, authority, tls):
    cert = authority.issue("good") if tls else None
    settings = "gzip on; gzip_min_length 1; gzip_types text/plain;"
    with nginx(tmp_path, settings, {"x": "   42   \n" * 1}, cert) as server:
        more = {"ca": authority.path} if tls else {}
        result = sample(get(server.url + "/x", **more))
        log = server.log()
    assert_yields(result, "42")
    assert ("HTTP/2.0" if tls else "HTTP/1.1") in log


def test_redirect_is_followed(sample, tmp_path):
    move = "location /old { return 301 /x; }"
    with nginx(tmp_path, move, {"x": "42\n"}) as server:
        result = sample(get(server.url + "/old"))
    assert_yields(result, "42")


def test_basic_authentication(sample, tmp_path):
    users = tmp_path / "users"
    users.write_text("ali:{PLAIN}open sesame\n")
    secret = tmp_path / "secret"
    secret.write_text("open sesame\n")
    secret.chmod(0o600)
    settings = f"auth_basic x; auth_basic_user_file {users};"
    good = {"auth": "basic", "user": "ali", "password_file": secret}
    with nginx(tmp_path, settings, {"x": "42\n"}) as server:
        bare = sample(get(server.url + "/x"))
        known = sample(get(server.url + "/x", **good))
        secret.write_text("wrong\n")
        wrong = sample(get(server.url + "/x", **good))
        secret.chmod(0o644)
        exposed = sample(get(server.url + "/x", **good))
    assert_yields(known, "42")
    text = f"401 Unauthorized from {server.url}/x"
    assert_fails(
        bare, text, "auth: basic or auth: bearer gives credentials"
    )
    assert_fails(wrong, text, f"is what {secret} holds still right?")
    assert_fails(
        exposed,
        f"{secret}: others can read this secret (mode 0644)",
        f"chmod 600 {secret}",
    )


# --- refusals


def test_not_found(sample, tmp_path):
    with nginx(tmp_path) as server:
        result = sample(get(server.url + "/x?key=secret"))
    assert_fails(result, f"404 Not Found from {server.url}/x?…")


def test_server_error_with_a_reason(sample, tmp_path):
    broken = 'location /x { return 500 "<b>no\\x1b disk</b>\n"; }'
    with nginx(tmp_path, broken) as server:
        result = sample(get(server.url + "/x"))
    assert_fails(
        result,
        f"500 Internal Server Error from {server.url}/x: "
        "<b>no\\x1b disk</b>",
    )


def test_rate_limited(sample, tmp_path):
    limit = "location /x { add_header Retry-After 120 always; return 429; }"
    with nginx(tmp_path, limit) as server:
        result = sample(get(server.url + "/x"))
    assert_fails(
        result,
        f"429 Too Many Requests from {server.url}/x; to be asked again in "
        "2 min",
    )


def test_nobody_listens(sample):
    port = free_port()
    assert_fails(
        sample(get(f"http://127.0.0.1:{port}/")),
        f"http://127.0.0.1:{port}/: connection refused",
        "nothing listens at that address and port; is the service running?",
    )


def test_no_such_host(sample):
    assert_fails(
        sample(get("http://no-such-host.invalid/")),
        "http://no-such-host.invalid/: no address found for host "
        "no-such-host.invalid",
    )


# --- certificates

OWN_CA = (
    "if it comes from a CA of your own, name its file: ca: /path/to/ca.pem"
)


def https(sample, tmp_path, cert, **options):
    with nginx(tmp_path, files={"x": "42\n"}, tls=cert) as server:
        return sample(get(server.url + "/x", **options)), server.url + "/x"


def test_unknown_issuer(sample, tmp_path, authority):
    result, url = https(sample, tmp_path, authority.issue("good"))
    assert_fails(
        result, f"{url}: the certificate's issuer is unknown here", OWN_CA
    )


def test_expired(sample, tmp_path, authority):
    cert = authority.issue("old", days=-1)
    result, url = https(sample, tmp_path, cert, ca=authority.path)
    assert_fails(result, f"{url}: the certificate has expired")


def test_wrong_host(sample, tmp_path, authority):
    cert = authority.issue("other", host="example.net")
    result, url = https(sample, tmp_path, cert, ca=authority.path)
    assert_fails(result, f"{url}: the certificate is for another host")


def test_self_signed(sample, tmp_path, authority):
    result, url = https(sample, tmp_path, authority.self_signed("self"))
    assert_fails(
        result, f"{url}: the certificate is signed by itself", OWN_CA
    )


def test_bad_ca_file(sample, tmp_path, authority):
    bad = tmp_path / "bad.pem"
    cert = authority.issue("good")
    missing, url = https(sample, tmp_path, cert, ca=bad)
    assert_fails(missing, f"{url}: ca: {bad}: No such file or directory")
    bad.write_text("not PEM\n")
    garbled, url = https(sample, tmp_path, cert, ca=bad)
    assert_fails(garbled, f"{url}: ca: {bad}: this holds no PEM certificate")


def test_down_from_tls(sample, tmp_path, authority):
    down = "location /x { return 302 http://127.0.0.1:1/y; }"
    with nginx(tmp_path, down, tls=authority.issue("good")) as server:
        result = sample(get(server.url + "/x", ca=authority.path))
    assert_fails(
        result,
        f"{server.url}/x redirects to http://127.0.0.1:1/y, which is not "
        "encrypted",
    )


def test_plain_text_where_tls_should_be(sample, tmp_path):
    with nginx(tmp_path) as server:
        url = server.url.replace("http:", "https:") + "/x"
        result = sample(get(url))
    assert result.returncode == 3
    assert result.stderr.startswith(f"source web: {url}: no TLS connection: ")


# --- hostile servers

LARGE = "the answer is larger than 1 MB"
HOSTILE = {
    "silent": (h.silent(), "no answer in 1 s"),
    "garbage": (h.raw(b"\x00\xff<script>\r\n" * 9), "the answer is not HTTP"),
    "ssh": (h.raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "the answer is not HTTP"),
    "flood": (h.flood(), "the answer is not HTTP"),
    "mute": (
        h.answers(b""),
        "the connection was closed without an answer",
    ),
    "closes midway": (
        h.closes_midway(),
        "the connection was closed midway, after 3 bytes",
    ),
    "endless": (h.endless(), LARGE),
    "declares 1 GB": (h.declares(1 << 30), LARGE),
    "gzip bomb": (h.gzip_bomb(), LARGE),
    "broken gzip": (
        h.answers(h.OK + b"Content-Encoding: gzip\r\n\r\n" + b"junk" * 99),
        "the answer's compression is damaged",
    ),
    "cut gzip": (
        h.answers(
            h.OK
            + b"Content-Encoding: gzip\r\nContent-Length: 99\r\n\r\n"
            + gzip.compress(b"42\n" * 999)[:20]
        ),
        "the connection was closed midway, after ",
    ),
    "huge header": (
        h.huge_header(),
        "the answer has a header that is too long",
    ),
    "many headers": (
        h.many_headers(),
        "the answer's headers are larger than 64 KB",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(sample, name):
    behaviour, sentence = HOSTILE[name]
    with h.hostile(behaviour) as server:
        result = sample(get(server.url, timeout="1s"))
    assert result.returncode == 3
    assert result.stdout == ""
    if sentence.endswith(" "):
        assert f"source web: {server.url}/: {sentence}" in result.stderr
    else:
        assert_fails(result, f"{server.url}/: {sentence}")


def test_drip(sample):
    with h.hostile(h.drip(h.OK + b"\r\n")) as server:
        result = sample(get(server.url, timeout="1s"))
    assert result.returncode == 3
    assert result.stderr.startswith(
        f"source web: {server.url}/: the answer was not complete in 1 s ("
    )


def test_silent_tls(sample):
    with h.hostile(h.silent()) as server:
        url = server.url.replace("http:", "https:")
        result = sample(get(url, timeout="1s"))
    assert_fails(result, f"{url}/: no TLS connection in 1 s")


def test_redirect_loop(sample):
    with h.hostile(h.redirects_to_itself("/again?token=x")) as server:
        result = sample(get(server.url))
        assert server.served == 6
    assert_fails(
        result, f"more than 5 redirects, the last to {server.url}/again?…"
    )


# --- from run to run


def test_unchanged_is_not_sent_again(broadsheet, write_config, tmp_path):
    with nginx(tmp_path, files={"x": "42\n"}) as server:
        config = write_config(HEAD + f"""
sources:
  web:
    http: {server.url}/x
    decode: number
""")
        for now in (1793330040, 1793330100):
            result = broadsheet("-c", config, "--now", f"@{now}", "collect")
            assert result.stderr == ""
            assert result.returncode == 0
        log = server.log().splitlines()
    assert [line.split()[8] for line in log] == ["200", "304"]
