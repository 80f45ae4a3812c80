"""A snapshot on paper: as PDF and as one picture, without a browser."""

import re
import struct
import subprocess

import pytest

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
LONG = "W" * 300
CONFIG = f"""
title: Shop
timezone: UTC
store: store.db
output: out
sources:
  app1: {{file: app1.txt, decode: keyvalue}}
  gone: {{file: gone.txt, decode: number}}
  app-log: {{file: app.log, decode: lines}}
  parts: {{file: parts.csv, decode: csv, as: table}}
alerts:
  busy: {{series: app1/cpu, above: 75, message: "Move <work> & look"}}
pages:
  index:
    title: Servers of the shop
    periods: [6h]
    panels:
      - section: Load
      - tiles: At a glance
        sources: [app1, gone]
      - line: CPU & more
        series: app1/cpu
        width: half
      - line: Memory {LONG}
        series: app1/memory
        width: half
      - stat: Now
        series: app1/memory
      - alerts: Alerts
      - section: Things
      - table: Parts
        source: parts
        limit: 200
      - log: Log
        sources: app-log
        limit: 100
      - text: A word or two.
"""
PARTS = 120


class Shop:
    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        rows = [f"part-{i},{i},{LONG if i == 7 else 'ok'}" for i in range(PARTS)]
        (folder / "parts.csv").write_text("name,count,note\n" + "\n".join(rows))
        for i in range(6):
            (folder / "app1.txt").write_text(f"cpu={70 + 5 * i}\nmemory={i}\n")
            with open(folder / "app.log", "a") as log:
                log.writelines(
                    f"ERROR line {i}.{k} of <it> {LONG * (k == 3)}\n"
                    for k in range(50)
                )
            broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")

    def take(self, name, *args):
        ran = self.broadsheet(
            "snapshot", "-o", name, "--now", f"@{NOW + 300}", *args
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        return (self.folder / name).read_bytes()

    def read(self, name, *args):
        done = subprocess.run(
            ["pdftotext", "-layout", *args, name, "-"],
            cwd=self.folder, capture_output=True, check=True, text=True,
        )  # fmt: skip
        assert done.stderr == ""
        return done.stdout

    def info(self, name, *args):
        done = subprocess.run(
            ["pdfinfo", *args, name],
            cwd=self.folder, capture_output=True, check=True, text=True,
        )  # fmt: skip
        return dict(
            line.split(":", 1) for line in done.stdout.splitlines() if ":" in line
        )


@pytest.fixture
def shop(tmp_path, broadsheet, write_config):
    write_config(CONFIG)
    return Shop(tmp_path, broadsheet)


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def test_a_pdf_has_all_that_can_be_read(shop):
    shop.take("s.pdf")
    text = shop.read("s.pdf")
    words = " ".join(text.split())
    for said in (
        "Servers of the shop",
        "Friday 30 October 2026, 03:19:00 UTC",
        "from 21:19:00 on 29 October 2026 to then",
        "▲ 1 alert fires",
        "Move <work> & look",
        "CPU & more",
        "part-119",
        "✕ failed",
        "gone.txt: No such file",
        "ERROR line 5.49 of <it>",
        "250 lines",
        "A word or two.",
        "broadsheet 0.1.0 · configuration",
    ):
        assert said in words, said
    assert words.index("Move <work>") < words.index("CPU & more")
    pages = text.split("\f")[:-1]
    info = shop.info("s.pdf")
    assert int(info["Pages"]) == len(pages) > 3
    for i, page in enumerate(pages):
        assert f"page {i + 1} of {len(pages)}" in page
        assert i == 0 or "Shop: Servers of the shop" in page.splitlines()[0]
    # A table that goes on has its header again.
    parts = [p for p in pages if re.search(r"^ *part-\d", p, re.M)]
    assert len(parts) > 1
    assert all(re.search(r"^ *name +count +note", p, re.M) for p in parts)
    assert "A4" in info["Page size"]
    assert "Shop: Servers of the shop" in info["Title"]


def test_no_headline_is_left_alone_at_the_end_of_a_page(shop):
    shop.take("s.pdf")
    heads = ("Load", "Parts", "Log", "Things", "What happened", "Log lines")
    for page in shop.read("s.pdf").split("\f")[:-1]:
        lines = [x.strip() for x in page.splitlines() if x.strip()]
        assert lines[-2] not in heads


def test_a_pdf_of_a_moment_is_the_same_whenever_it_is_printed(shop):
    assert shop.take("a.pdf") == shop.take("b.pdf")
    assert "03:19:00" in shop.info("a.pdf")["CreationDate"]


def test_its_pages_are_of_the_paper_that_is_wished_for(shop):
    shop.take("s.pdf", "--paper", "letter")
    assert "letter" in shop.info("s.pdf")["Page size"]
    ran = shop.broadsheet("snapshot", "-o", "x.pdf", "--paper", "a3")
    assert ran.returncode == 2
    assert ran.stderr.startswith("broadsheet: --paper: there is no 'a3'\n")


def test_it_is_painted(shop):
    shop.take("s.pdf")
    n = int(shop.info("s.pdf")["Pages"])
    done = subprocess.run(
        ["pdftoppm", "-r", "20", "-gray", "s.pdf", "page"],
        cwd=shop.folder, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stderr == b""
    pages = sorted(shop.folder.glob("page*.pgm"))
    assert len(pages) == n
    for page in pages:
        assert len(set(page.read_bytes()[20:])) > 5, page


def test_what_does_not_fit_into_a_pdf_is_left_out_and_named(shop):
    n = len(shop.take("s.pdf"))
    small = shop.take("t.pdf", "--max-size", str(n - 2000))
    assert len(small) <= n - 2000
    text = " ".join(shop.read("t.pdf").split())
    dropped = int(re.search(r"the oldest (\d+) log lines", text)[1])
    assert 0 < dropped < 250 and f"{250 - dropped} lines; " in text
    shop.take("t.pdf", "--max-size", "40KB")
    text = " ".join(shop.read("t.pdf").split())
    assert "the oldest 250 log lines; the panels" in text
    assert "part-7" not in text
    ran = shop.broadsheet("snapshot", "-o", "x.pdf", "--max-size", "5KB")
    assert ran.returncode == 1
    assert re.fullmatch(
        r"broadsheet: a snapshot takes \d+ bytes at least, "
        r"which is more than 5120\n",
        ran.stderr,
    )
    assert not (shop.folder / "x.pdf").exists()


def test_a_picture_of_the_page(shop):
    png = shop.take("s.png")
    w, h = size_of(png)
    assert w == 2400 and h > 2000
    assert png == shop.take("t.png")
    less = shop.take("u.png", "--panels", "CPU*")
    assert size_of(less)[1] < h
    assert len(shop.take("v.png", "--max-size", str(len(png) - 5000))) < len(png)
