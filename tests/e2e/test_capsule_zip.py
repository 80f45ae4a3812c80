"""A snapshot as a ZIP archive: read by another program, and proof of itself."""

import hashlib
import io
import re
import zipfile

import html5lib
import pytest

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
CONFIG = """
title: Shop
timezone: UTC
store: store.db
output: out
sources:
  app1: {file: app1.txt, decode: keyvalue}
  app-log: {file: app.log, decode: lines}
alerts:
  busy: {series: app1/cpu, above: 75, message: "Move <work> & look"}
pages:
  index:
    periods: [6h]
    panels:
      - section: Servers
      - tiles: At a glance
        sources: app1
      - line: CPU & more
        series: app1/cpu
      - stat: Memory
        series: app1/memory
      - alerts: Alerts
      - log: Log
        sources: app-log
"""


class Shop:
    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        for i in range(6):
            (folder / "app1.txt").write_text(f"cpu={70 + 5 * i}\nmemory=4\n")
            with open(folder / "app.log", "a") as log:
                log.writelines(f"a <b>line</b> {i}.{k}\n" for k in range(100))
            broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")

    def take(self, name, *args):
        ran = self.broadsheet(
            "snapshot", "-o", name, "--now", f"@{NOW + 300}", *args
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        return (self.folder / name).read_bytes()

    def verify(self, data):
        (self.folder / "v.zip").write_bytes(data)
        return self.broadsheet("verify", "v.zip")


@pytest.fixture
def shop(tmp_path, broadsheet, write_config):
    write_config(CONFIG)
    return Shop(tmp_path, broadsheet)


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def repacked(data, change):
    """The same archive, with other bytes in a member."""
    out = io.BytesIO()
    with opened(data) as old, zipfile.ZipFile(out, "w") as new:
        new.comment = old.comment
        for info in old.infolist():
            new.writestr(info, change(info.filename, old.read(info)))
    return out.getvalue()


def test_its_members_are_the_page_its_numbers_and_its_lines(shop):
    data = shop.take("s.zip")
    assert data == shop.take("t.zip")
    with opened(data) as z:
        assert z.testzip() is None
        names = z.namelist()
        assert names == [
            "index.html",
            "log.txt",
            *[n for n in names if n.startswith("numbers/")],
            "page.pdf",
            "manifest.txt",
        ]
        assert {i.date_time for i in z.infolist()} == {(2026, 10, 30, 3, 19, 0)}
        html = shop.take("s.html")
        assert z.read("index.html") == html
        assert z.read("page.pdf") == shop.take("s.pdf")
        lines = z.read("log.txt").decode().splitlines()
        assert len(lines) == 500
        assert lines[-1] == "2026-10-30T03:19:00Z app-log a <b>line</b> 5.99"
        shop.broadsheet("-q", "render", "--now", f"@{NOW + 300}")
        for name in ("cpu-more", "at-a-glance", "log"):
            page = shop.folder / f"out/data/index.{name}.csv"
            assert z.read(f"numbers/{name}.csv") == page.read_bytes()
        listed = z.read("manifest.txt").decode().splitlines()
        assert listed[0] == "broadsheet manifest 1"
        assert len(listed) == len(names) + 1
        for name, line in zip(names[:-1], listed[1:]):
            member = z.read(name)
            sha = hashlib.sha256(member).hexdigest()
            assert line == f"{sha} {len(member)} {name}"
        comment = z.comment.decode()
    assert comment.startswith("broadsheet SHA-256 ")
    assert comment[-64:] == hashlib.sha256(data[:-64]).hexdigest()


def test_any_byte_that_changed_is_found(shop):
    whole = shop.take("s.zip")
    ran = shop.verify(whole)
    assert (ran.returncode, ran.stderr) == (0, "")
    with opened(whole) as z:
        parts = len(z.namelist()) - 1
    assert ran.stdout == f"v.zip: whole: {parts} parts\n"
    tail = range(len(whole) - 200, len(whole), 13)
    for i in [*range(0, len(whole), len(whole) // 89), *tail, len(whole) - 1]:
        bad = bytearray(whole)
        bad[i] ^= 1
        ran = shop.verify(bytes(bad))
        assert ran.returncode == 1, f"byte {i} of {len(whole)}"
        assert ran.stderr.startswith("broadsheet: v.zip: ")
    for bad in (whole[:-1], whole[1:], whole + b"x", whole[:5000], b"PK\3\4"):
        assert shop.verify(bad).returncode == 1


def test_where_it_was_changed_is_told(shop):
    whole = shop.take("s.zip")
    for name, old, new in (
        ("numbers/cpu-more.csv", b",70", b",71"),
        ("log.txt", b"3.7\n", b"3.8\n"),
        ("manifest.txt", b"manifest 1", b"manifest 2"),
    ):
        ran = shop.verify(
            repacked(
                whole,
                lambda n, b: b.replace(old, new, 1) if n == name else b,
            )
        )
        assert ran.stderr == f"broadsheet: v.zip: changed: {name}\n"
    ran = shop.verify(repacked(whole, lambda n, b: b))
    assert ran.stderr == "broadsheet: v.zip: changed: archive\n"


def test_an_archive_of_something_else_is_told(shop):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("a.txt", "a")
    ran = shop.verify(out.getvalue())
    assert ran.returncode == 1
    assert ran.stderr == (
        "broadsheet: v.zip: no manifest.txt of a snapshot is in it\n"
    )


def test_what_has_no_manifest_can_not_be_verified(shop):
    for kind in ("pdf", "png"):
        shop.take(f"s.{kind}")
        ran = shop.broadsheet("verify", f"s.{kind}")
        assert ran.returncode == 1
        assert ran.stderr == (
            f"broadsheet: s.{kind}: {kind} has no manifest of its parts\n"
            "hint: html and zip have one; of any file a signature is proof\n"
        )


def test_what_does_not_fit_is_left_out_and_named(shop):
    whole = shop.take("s.zip")
    less = shop.take("t.zip", "--max-size", str(len(whole) - 1000))
    with opened(less) as z:
        assert "page.pdf" not in z.namelist()
        assert len(z.read("log.txt").splitlines()) == 500
    room = len(less) - 1500
    least = shop.take("t.zip", "--max-size", str(room))
    assert len(least) <= room
    with opened(least) as z:
        page = z.read("index.html").decode()
        dropped = int(re.search(r"the oldest (\d+) log lines", page)[1])
        kept = z.read("log.txt").decode().splitlines() if dropped < 500 else []
    assert len(kept) == 500 - dropped
    assert shop.verify(least).returncode == 0
    ran = shop.broadsheet("snapshot", "-o", "x.zip", "--max-size", "3KB")
    assert ran.returncode == 1
    assert ran.stderr.startswith("broadsheet: a snapshot takes ")


def test_the_page_is_of_valid_html(shop):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(shop.take("s.html").decode())
    assert parser.errors == []
