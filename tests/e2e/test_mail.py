"""Sending: what a letter is made of, and what servers make of it."""

import os
import pathlib
import subprocess

import pytest

from rig.certs import Authority
from rig.ports import free_port
from rig.smtp import smtp

BINARY = pathlib.Path(
    os.environ.get(
        "BROADSHEET",
        pathlib.Path(__file__).resolve().parents[2] / ".build/release/broadsheet",
    )
)
POST = BINARY.parent / "tools" / "post"
FROM = "Dash <dash@example.net>"


@pytest.fixture
def post():
    if not POST.exists():
        pytest.skip(f"{POST} has not been built")

    def run(url, *more, to="ops@example.net", subject="Hello", sender=FROM):
        ran = subprocess.run(
            [POST, url, sender, to, subject, *map(str, more)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.stderr == ""
        return ran.stdout

    return run


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def password(tmp_path):
    path = tmp_path / "password"
    path.write_text("s3cret\n")
    path.chmod(0o600)
    return path


def flat(part, depth=0):
    """The tree of a letter as indented lines."""
    name = part.get_filename()
    out = "  " * depth + part.get_content_type() + (f" {name}" if name else "")
    subs = list(part.iter_parts()) if part.is_multipart() else []
    return "\n".join([out, *(flat(p, depth + 1) for p in subs)])


def test_a_letter_is_mime_through_and_through(tmp_path, post):
    with smtp(tmp_path) as server:
        assert post(server.url, subject="Größe 🔥 of app2", to="Zoë <z@e.net>") == ""
        (letter,) = server.letters()
        (raw,) = server.raw()
    assert [p.defects for p in letter.walk()] == [[]] * 7
    assert flat(letter) == (
        "multipart/mixed\n"
        "  multipart/related\n"
        "    multipart/alternative\n"
        "      text/plain\n"
        "      text/html\n"
        "    image/png a.png\n"
        "  text/csv a.csv"
    )
    assert letter["Subject"] == "Größe 🔥 of app2"
    assert letter["From"] == FROM
    assert letter["To"].addresses[0].display_name == "Zoë"
    assert letter["To"].addresses[0].addr_spec == "z@e.net"
    assert letter["Date"].datetime.isoformat() == "2026-10-30T04:14:00+01:00"
    assert letter["Message-ID"].endswith("@example.net>")
    assert letter["References"] == letter["In-Reply-To"] != letter["Message-ID"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Mime-Version"] == "1.0"
    plain = letter.get_body(("plain",))
    assert plain.get_content() == "Zoë\r\n.\r\nFrom here on  \r\n"
    assert letter.get_body(("html",)).get_content() == "<p>Zoë</p>\r\n"
    image = next(p for p in letter.walk() if p.get_content_type() == "image/png")
    assert image["Content-ID"] == "<a.png@broadsheet>"
    assert image.get_content_disposition() == "inline"
    assert image.get_content() == b"\x89PNG\r\n\x1a\n"
    (csv,) = letter.iter_attachments()
    assert csv.get_content_disposition() == "attachment"
    assert csv.get_payload(decode=True) == b"a,b\n.\n"
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) < 100
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_the_same_letter_has_the_same_id(tmp_path, post):
    with smtp(tmp_path) as server:
        for to in "a@e.net", "a@e.net", "b@e.net":
            assert post(server.url, to=to) == ""
        one, again, other = [letter["Message-ID"] for letter in server.letters()]
    assert one == again != other


def test_no_field_begins_another(tmp_path, post):
    evil = "x\r\nBcc: eve@example.net\r\n\r\nbody\x00"[:-1]
    with smtp(tmp_path) as server:
        assert post(server.url, subject=evil) == ""
        assert "never: " in post(server.url, to=f"{evil} <a@e.net>")
        assert "never: " in post(server.url, to="a@e.net>\r\nRCPT TO:<eve@e.net")
        assert "never: " in post(server.url, sender=f"{evil} <a@e.net>")
        (letter,) = server.letters()
        (envelope,) = server.envelopes()
    assert "Bcc" not in letter
    assert envelope["to"] == ["ops@example.net"]
    assert "Bcc: eve@example.net" in letter["Subject"]


def test_starttls_and_a_login(tmp_path, post, ca, password):
    login = ("dash", "s3cret")
    with smtp(tmp_path, tls=ca.issue("smtp"), login=login) as server:
        how = ["user=dash", f"password_file={password}", f"ca_file={ca.path}"]
        assert post(server.url, *how) == ""
        assert server.envelopes() == [
            {
                "from": "dash@example.net",
                "to": ["ops@example.net"],
                "user": "dash",
                "tls": True,
            }
        ]
        password.write_text("wrong\n")
        said = post(server.url, *how)
        assert said.startswith(f"later: 127.0.0.1:{server.port}: 535 ")
        password.chmod(0o644)
        assert f"later: {password}: " in post(server.url, *how)
        assert len(server.letters()) == 1


def test_tls_from_the_first_byte(tmp_path, post, ca):
    with smtp(tmp_path, tls=ca.issue("smtp"), implicit=True) as server:
        assert post(server.url, f"ca_file={ca.path}") == ""
        assert server.envelopes()[0]["tls"]


@pytest.mark.parametrize("kind", ["stranger", "other host", "expired"])
def test_a_certificate_that_is_not_good(tmp_path, post, ca, kind):
    pair = {
        "stranger": lambda: ca.self_signed("stranger"),
        "other host": lambda: ca.issue("other", "mail.example.net"),
        "expired": lambda: ca.issue("old", days=-1),
    }[kind]()
    words = {
        "stranger": "self",
        "other host": "subject name matches target host name '127.0.0.1'",
        "expired": "expired",
    }[kind]
    with smtp(tmp_path, tls=pair) as server:
        said = post(server.url, "tls=starttls", f"ca_file={ca.path}")
        assert said.startswith(f"later: 127.0.0.1:{server.port}: SSL")
        assert words in said
        assert server.letters() == []


def test_no_password_goes_in_the_clear_unless_that_is_said(tmp_path, post, password):
    how = ["user=dash", f"password_file={password}"]
    with smtp(tmp_path, login=("dash", "s3cret")) as server:
        wanted = (
            f"later: 127.0.0.1:{server.port}: it offers no STARTTLS\n"
            "hint: tls: none sends without encryption\n"
        )
        assert post(server.url, *how) == wanted
        assert post(server.url, *how, "tls=starttls") == wanted
        assert post(server.url, *how, "tls=none") == ""
        assert server.envelopes()[0]["user"] == "dash"


def test_no_letter_goes_in_the_clear_unless_that_is_said(tmp_path, post):
    with smtp(tmp_path) as server:
        assert "offers no STARTTLS" in post(server.url, "tls=starttls")
        assert post(server.url, "tls=none") == ""


def test_greylisting_is_for_later(tmp_path, post):
    with smtp(tmp_path, "grey") as server:
        assert post(server.url) == (
            f"later: 127.0.0.1:{server.port}: "
            "451 4.7.1 greylisted, come back later\n"
        )
        assert post(server.url) == ""
        assert len(server.letters()) == 1


def test_a_refused_recipient_is_for_ever(tmp_path, post):
    with smtp(tmp_path, "refuse") as server:
        assert post(server.url, to="nobody@example.net") == (
            f"never: 127.0.0.1:{server.port}: "
            "550 5.1.1 there is no 5.1.1 such user\n"
        )
        assert server.letters() == []


def test_words_of_a_server_are_cleaned(tmp_path, post):
    with smtp(tmp_path, "full") as server:
        assert post(server.url) == (
            f"never: 127.0.0.1:{server.port}: 552 5.2.2 mailbox full now\n"
        )


def test_a_server_that_goes_away(tmp_path, post):
    with smtp(tmp_path, "drop") as server:
        said = post(server.url)
        assert said.startswith(f"later: 127.0.0.1:{server.port}: ")
    port = free_port()
    assert post(f"smtp://127.0.0.1:{port}") == (
        f"later: 127.0.0.1:{port}: no connection: Connection refused\n"
    )


def test_a_server_that_says_nothing_or_too_much(tmp_path, post):
    with smtp(tmp_path, "hang") as server:
        assert post(server.url, "timeout=0.5") == (
            f"later: 127.0.0.1:{server.port}: it was not taken in 0.5 s\n"
        )
    with smtp(tmp_path, "babble") as server:
        assert post(server.url) == (
            f"later: 127.0.0.1:{server.port}: it says too much\n"
        )


HEAD = """\
title: Test
store: db.sqlite
output: out
sources: {one: {exec: [], decode: linux}}
pages: {index: {panels: [status: Sources]}}
"""


@pytest.mark.parametrize(
    "yaml, words",
    [
        ("mail: ops", "6:7: mail: a mapping (smtp: …, from: …) is wanted here"),
        ("mail: {smtp: smtp://h}", "6:7: 'from' is missing"),
        ("mail: {smtp: h, from: a@b}", "6:14: smtp: smtp://host:587 or"),
        ("mail: {smtp: smtp://h, from: me}", "6:30: from: 'me' is no mail address"),
        ("mail: {smtp: smtp://h, from: a@b, user: me}", "password_file is missing"),
        ("url: dash.example.net", "6:6: url: 'dash.example.net' is not the address"),
        ("url: https://h/?a", "6:6: url: 'https://h/?a' is not the address"),
        ("url: 'https://h/\"x'", "is not the address of a page, such as"),
    ],
)
def test_faults_of_the_configuration(broadsheet, write_config, yaml, words):
    write_config(HEAD + yaml + "\n")
    ran = broadsheet("check-config")
    assert ran.returncode == 2 and words in ran.stderr


def test_a_configuration_with_mail(broadsheet, write_config):
    mail = "{smtp: smtp://h:587, from: Dash <a@b>, user: me, password_file: p}"
    write_config(f"{HEAD}url: https://dash.example.net\nmail: {mail}\n")
    assert broadsheet("check-config").returncode == 0
