"""A snapshot by mail: what arrives is whole, and who did not get it is named."""

import re
import struct
import zipfile

import html5lib
import pytest

import test_redact
from rig.smtp import smtp

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
EVIL = "<script>alert(1)</script>\\r\\nBcc: eve@example.net\\r\\n\\r\\n"
CONFIG = """
title: "Größe & Co 🔥"
timezone: Europe/Berlin
store: store.db
output: out
url: https://dash.example.net/ops
mail: {smtp: "URL", from: Dash <dash@example.net>}
sources:
  app1: {file: app1.txt, decode: keyvalue}
  gone: {file: gone.txt, decode: number}
  app-log: {file: app.log, decode: lines}
alerts:
  busy: {series: app1/cpu, above: 75}
pages:
  index:
    periods: [6h]
    panels:
      - section: Servers
      - line: CPU
        series: app1/cpu
      - line: Memory
        series: app1/memory
        width: third
      - stat: "Now EVIL"
        series: app1/memory
      - log: Log
        sources: app-log
  other:
    panels:
      - status: Sources
"""


class Shop:
    def __init__(self, folder, broadsheet, write_config, url):
        self.folder, self.broadsheet = folder, broadsheet
        write_config(CONFIG.replace("URL", url).replace("EVIL", EVIL))
        for i in range(6):
            (folder / "app1.txt").write_text(f"cpu={70 + 5 * i}\nmemory=4\n")
            with open(folder / "app.log", "a") as log:
                log.write(f"<b>line</b> {i}\n")
            broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")

    def mail(self, *args):
        return self.broadsheet("snapshot", "--now", f"@{NOW + 300}", *args)


@pytest.fixture
def shop(tmp_path, broadsheet, write_config):
    def make(server):
        return Shop(tmp_path, broadsheet, write_config, server.url)

    return make


def pictures(letter):
    """{cid: (width, height)} of the PNGs."""
    found = {}
    for part in letter.walk():
        if part.get_content_type() == "image/png":
            png = part.get_content()
            assert png[:8] == b"\x89PNG\r\n\x1a\n"
            found[part["Content-ID"].strip("<>")] = struct.unpack(
                ">II", png[16:24]
            )
    return found


def attachment(letter, folder):
    (part,) = letter.iter_attachments()
    path = folder / part.get_filename()
    path.write_bytes(part.get_content() if part.get_content_maintype() != "text"
                     else part.get_payload(decode=True))
    return path


def test_what_arrives(tmp_path, shop, broadsheet):
    with smtp(tmp_path) as server:
        ran = shop(server).mail("--mail", "Zoë <zoe@example.net>", "--note", "Look!")
        assert (ran.returncode, ran.stderr) == (0, "")
        assert re.fullmatch(
            r"Zoë <zoe@example\.net>: sent, with a file of [\d.]+ KB\n", ran.stdout
        )
        (letter,) = server.letters()
        (envelope,) = server.envelopes()
    assert envelope["from"] == "dash@example.net"
    assert envelope["to"] == ["zoe@example.net"]
    assert all(part.defects == [] for part in letter.walk())
    assert letter["Subject"] == "Größe & Co 🔥, 30 Oct 04:19: ▲ app1 busy"
    assert letter["Date"].datetime.isoformat() == "2026-10-30T04:19:00+01:00"
    html = letter.get_body(("html",)).get_content()
    html5lib.HTMLParser(strict=True).parse(html)
    assert len(html.encode()) < 100_000
    shown = re.findall(r'<img src="cid:([^"]+)" width="(\d+)"', html)
    sizes = pictures(letter)
    assert len(shown) == 2 and {cid for cid, _ in shown} == set(sizes)
    assert all(sizes[cid][0] == 2 * int(width) for cid, width in shown)
    assert 'alt="Memory, 5 minutes to 04:19: memory now 4, between 4 and 4"' in html
    assert "<script" not in html and "<b>line" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert 'href="https://dash.example.net/ops/index.html"' in html
    assert "Bcc" not in letter
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "\nLook!\n" in text
    assert "\n▲ warning: app1 busy\n  cpu 95, above 75 for 3 min, since" in text
    assert "\n         now  least  most\n  ▲ cpu   95     70    95\n" in text
    assert "<b>line</b> 5\n" in text
    path = attachment(letter, tmp_path)
    assert re.fullmatch(r"[a-z-]+-2026-10-30-0419\.zip", path.name)
    assert broadsheet("verify", path).returncode == 0


def test_html_is_attached_if_wished(tmp_path, shop, broadsheet):
    with smtp(tmp_path) as server:
        ran = shop(server).mail(
            "--mail", "a@e.net", "--format", "html", "-o", "s.html", "-q"
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        (letter,) = server.letters()
    path = attachment(letter, tmp_path)
    assert path.suffix == ".html"
    assert path.read_bytes() == (tmp_path / "s.html").read_bytes()
    assert broadsheet("verify", path).returncode == 0
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/html"
    assert not zipfile.is_zipfile(path)


def test_a_moment_of_the_past_and_some_panels(tmp_path, shop):
    with smtp(tmp_path) as server:
        ran = shop(server).mail(
            *("--mail", "a@e.net", "--at", f"@{NOW + 60}"),
            *("--last", "10m", "--panels", "CPU"),
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        (letter,) = server.letters()
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "Größe & Co 🔥, 30 Oct 04:15"
    assert "as it was then; taken 04:19 on 30 October 2026" in text
    assert "CPU" in text and "Memory" not in text
    assert len(pictures(letter)) == 1


def test_one_refused_of_several(tmp_path, shop):
    with smtp(tmp_path, "refuse") as server:
        ran = shop(server).mail(
            *("--mail", "a@e.net", "--mail", "no@e.net"),
            *("--mail", "b@e.net", "--mail", "B <b@e.net>"),
        )
        to = [envelope["to"] for envelope in server.envelopes()]
        assert ran.returncode == 1
        assert ran.stderr == (
            f"broadsheet: no@e.net: not sent: 127.0.0.1:{server.port}: "
            "550 5.1.1 there is no 5.1.1 such user\n"
        )
        assert to == [["a@e.net"], ["b@e.net"]]
        assert [line.split(":")[0] for line in ran.stdout.splitlines()] == [
            "a@e.net",
            "b@e.net",
        ]
        ids = {letter["Message-ID"] for letter in server.letters()}
        assert len(ids) == 2


def test_what_can_be_tried_again(tmp_path, shop):
    with smtp(tmp_path, "grey") as server:
        sick = shop(server)
        ran = sick.mail("--mail", "a@e.net")
        assert ran.returncode == 1
        assert ran.stderr.endswith(
            "451 4.7.1 greylisted, come back later\nhint: it may be taken later\n"
        )
        assert sick.mail("--mail", "a@e.net").returncode == 0
        assert len(server.letters()) == 1


def test_a_command_line_that_cannot_be(tmp_path, shop, broadsheet):
    with smtp(tmp_path) as server:
        sick = shop(server)
        for args, words in [
            (["--mail", "me"], "--mail: 'me' is no mail address\n"),
            (["--note", "x", "-o", "s.html"], "--note is for the archive, where"),
        ]:
            ran = sick.mail(*args)
            assert ran.returncode == 2 and words in ran.stderr
        config = tmp_path / "broadsheet.yaml"
        config.write_text(re.sub("(?m)^mail:.*\n", "", config.read_text()))
        ran = sick.mail("--mail", "a@e.net")
        assert ran.returncode == 2
        assert "--mail: broadsheet.yaml has no mail:\nhint: mail: {smtp:" in (
            ran.stderr
        )
        assert server.letters() == []


def test_what_a_profile_hides_is_in_no_part(tmp_path, broadsheet, write_config):
    with smtp(tmp_path) as server:
        text = test_redact.CONFIG.replace("json_shop", test_redact.SHOP_ROWS)
        mail = f"mail: {{smtp: '{server.url}', from: dash@sender.test}}\n"
        write_config(f"{text}url: https://kestrel.example.net/\n{mail}")
        sick = test_redact.Shop(tmp_path, broadsheet)
        for profile in [], ["--redact", "public"]:
            ran = sick.broadsheet(
                *("snapshot", "--now", f"@{test_redact.NOW + 240}", "--mail"),
                *("a@receiver.test", "--note", "kestrel of acme at 10.20.30.40"),
                *profile,
            )
            assert (ran.returncode, ran.stderr) == (0, "")
        open_letter, masked = server.letters()
        raw = server.raw()[1]
    secret = test_redact.HOSTS | test_redact.ADDRESSES | test_redact.OTHERS

    def leaks(letter, words):
        said = [f"{name}: {value}" for name, value in letter.items()]
        for part in letter.walk():
            if not part.is_multipart():
                name = part.get_filename() or f"x.{part.get_content_subtype()}"
                data = part.get_payload(decode=True)
                said += [name, *test_redact.said_by(name, data, tmp_path)]
        return test_redact.leaks(words, said)

    assert leaks(open_letter, secret) >= {"kestrel", "acme", "db1", "10.20.30.40"}
    assert not leaks(masked, secret)
    assert "host-" in masked.get_body(("plain",)).get_content()
    assert b"kestrel" not in raw
