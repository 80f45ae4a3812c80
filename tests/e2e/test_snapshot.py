"""A page of a moment as one file: whole, bounded, and proof of itself."""

import re

import pytest

from conftest import BINARY

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
CONFIG = """
title: Shop
timezone: UTC
store: store.db
output: out
sources:
  app1: {file: app1.txt, decode: keyvalue}
  gone: {file: gone.txt, decode: number}
  app-log: {file: app.log, decode: lines}
alerts:
  busy: {series: app1/cpu, above: 75, message: "Move <work> & look"}
pages:
  index:
    periods: [6h]
    panels:
      - section: Servers
      - line: CPU & more
        series: app1/cpu
      - line: Memory
        series: app1/memory
      - alerts: Alerts
      - log: Log
        sources: app-log
  other:
    panels:
      - status: Sources
"""
LINE = "a <b>line</b> & more of it"


class Shop:
    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        for i in range(6):
            self.minute(i)

    def minute(self, i):
        (self.folder / "app1.txt").write_text(f"cpu={70 + 5 * i}\nmemory=4\n")
        with open(self.folder / "app.log", "a") as log:
            log.writelines(f"{LINE} {i}.{k}\n" for k in range(100))
        self.broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")

    def take(self, *args):
        ran = self.broadsheet(
            "snapshot", "-o", "s.html", "--now", f"@{NOW + 300}", *args
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        return (self.folder / "s.html").read_text()

    def verify(self, data):
        (self.folder / "v.html").write_bytes(data)
        return self.broadsheet("verify", "v.html")


@pytest.fixture
def shop(tmp_path, broadsheet, write_config):
    write_config(CONFIG)
    return Shop(tmp_path, broadsheet)


def test_all_of_a_page_is_inside(shop):
    text = shop.take()
    assert "<script" not in text and "<link" not in text
    assert not re.search(r'\s(src|href)="(?!#)', text)
    assert "default-src 'none'; style-src 'sha256-" in text
    assert text.count("<svg") >= 4
    assert "time,cpu\n2026-10-30T03:14:00Z,70" in text
    assert "<td>▲ fires</td>" in text
    assert "busy (warning): app1/cpu, Move &lt;work&gt; &amp; look" in text
    assert "✕ failed" in text and "gone.txt: No such file" in text
    lines = re.findall(r"app-log a &lt;b&gt;line&lt;/b&gt; &amp; more.*", text)
    assert len(lines) == 500  # the first run reads none
    assert "<b>line" not in text
    assert "Left out" not in text
    assert text == shop.take()


def test_of_a_moment_a_page_and_some_panels(shop):
    text = shop.take("--at", f"@{NOW + 60}", "--last", "2m", "--panels", "CPU*")
    assert "from 03:13:00 on 30 October 2026 to 03:15:00" in text
    assert re.findall(r'data-kind="(\w+)"', text) == ["line"]
    assert "03:16:00Z" not in text and "▲ fires" not in text
    text = shop.take("--page", "other")
    assert re.findall(r'data-kind="(\w+)"', text) == ["status"]


@pytest.mark.parametrize(
    "args,said",
    [
        (["--page", "othr"], "there is no page 'othr'\nhint: did you mean 'other'?"),
        (["--panels", "X"], "page index: no panel is called 'X'"),
        (["--max-size", "9KB"], "a snapshot takes"),
        (["--format", "htm"], "--format: a snapshot can't be 'htm'\nhint: did you mean 'html'?"),
        (["--max-size", "0"], "--max-size: '0' does not fit"),
    ],
)  # fmt: skip
def test_what_can_not_be_had_is_told(shop, args, said):
    ran = shop.broadsheet("snapshot", "-o", "x.html", *args)
    assert ran.returncode != 0
    assert ran.stderr.startswith(f"broadsheet: {said}")
    assert not (shop.folder / "x.html").exists()


def test_what_does_not_fit_is_left_out_and_named(shop):
    whole = shop.take()
    n = len(whole.encode())
    text = shop.take("--max-size", str(n - 5000))
    assert len(text.encode()) <= n - 5000
    dropped = int(re.search(r"the oldest (\d+) log lines", text)[1])
    assert text.count("app-log a &lt;b&gt;") == 500 - dropped
    assert f"{LINE.split()[0]} " in text and "5.99" in text
    text = shop.take("--max-size", "27KB")
    assert "the oldest 500 log lines; the numbers of" in text
    assert len(text.encode()) <= 27 * 1024
    assert shop.verify(text.encode()).returncode == 0


def test_any_byte_that_changed_is_found(shop):
    whole = shop.take().encode()
    ran = shop.verify(whole)
    assert ran.returncode == 0
    assert re.fullmatch(r"v\.html: whole: \d+ parts\n", ran.stdout)
    for i in [*range(0, len(whole), len(whole) // 97), len(whole) - 1]:
        bad = bytearray(whole)
        bad[i] ^= 1
        ran = shop.verify(bytes(bad))
        assert ran.returncode == 1, f"byte {i} of {len(whole)}"
    for bad in (whole[:-1], whole[1:], whole + b"x", whole[:9000], b"", b"x"):
        assert shop.verify(bad).returncode == 1


def test_where_it_was_changed_is_told(shop):
    whole = shop.take()
    for old, new, where in [
        ("03:14:00Z,70", "03:14:00Z,71", "numbers cpu-more"),
        ("more of it 3.7", "more of it 9.7", "log"),
        ("▲ fires", "▲ fired", "events"),
        ("--ink", "--inc", "style"),
        ("broadsheet manifest 1", "broadsheet manifest 2", "manifest"),
    ]:
        ran = shop.verify(whole.replace(old, new, 1).encode())
        assert ran.stderr == f"broadsheet: v.html: changed: {where}\n"


def test_templates_of_the_user_are_those_of_snapshots(shop):
    mine = shop.folder / "mine"
    mine.mkdir()
    text = (BINARY.parents[2] / "templates/capsule.tpl").read_text()
    assert "A snapshot of" in text
    (mine / "capsule.tpl").write_text(text.replace("A snapshot", "My own"))
    with open(shop.folder / "broadsheet.yaml", "a") as out:
        out.write("templates: mine\n")
    assert "My own of" in shop.take()
    # Broken ones are told, and the shipped ones stand in.
    (mine / "capsule.tpl").write_text("{{NOTHING}}")
    text = shop.take()
    assert "A snapshot of" in text
    assert "<b>Warning:</b> mine/capsule.tpl" in text


def test_the_past_leads_to_no_page_that_is_not_there(shop):
    at = f"@{NOW + 60}"
    shop.broadsheet("render", "--at", at, "-o", "then")
    page = (shop.folder / "then/index.html").read_text()
    for href in re.findall(r'href="([^"#:]+)"', page):
        assert (shop.folder / "then" / href).exists(), href
    # Where it is there already it still is.
    shop.broadsheet("render", "--at", at)
    assert "explore.html" in (shop.folder / "out/index.html").read_text()
    assert (shop.folder / "out/explore.html").exists()
