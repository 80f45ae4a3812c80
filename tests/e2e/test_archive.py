"""Snapshots in the output directory: their list, their limits, their kills."""

import html
import json
import os
import re
import shutil
import signal
import subprocess

import pytest

from conftest import BINARY
from rig.faults import read_trace

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
DAY = 86400
CONFIG = """
title: Shop
timezone: Europe/London
store: store.db
output: out
sources:
  app1: {file: app1.txt, decode: keyvalue}
alerts:
  busy: {series: app1/cpu, above: 75}
pages:
  index:
    title: Operations
    periods: [6h]
    panels:
      - line: CPU
        series: app1/cpu
      - line: Memory
        series: app1/memory
  other:
    title: "Été & <more>"
    panels:
      - status: Sources
"""
PARTS = {"html", "json", "light.png", "dark.png"}
SLOW = BINARY.parent.name == "san"  # every third fault there
FIRST = "2026-10-30T0316Z-operations"


class Shop:
    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        self.shelf = folder / "out/snapshots"
        for i in range(4):
            self.minute(i)

    def minute(self, i):
        (self.folder / "app1.txt").write_text(f"cpu={70 + 2 * i}\nmemory=4\n")
        self.broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")

    def render(self):
        """What a run does with the archive; the store stays as it is."""
        ran = self.broadsheet("-q", "render", "--now", f"@{NOW + 600}")
        assert (ran.returncode, ran.stderr) == (0, "")

    def take(self, *args, now=NOW + 180):
        ran = self.broadsheet("snapshot", "--now", f"@{now}", *args)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("out/snapshots/")
        return ran.stdout.strip().removeprefix("out/snapshots/")

    def names(self):
        """Of the snapshots, each of which has all its parts."""
        found = {}
        for path in self.shelf.iterdir():
            if path.name != "index.html":
                name, _, part = path.name.partition(".")
                found.setdefault(name, set()).add(part)
        assert all(PARTS <= parts for parts in found.values()), found
        return sorted(found)

    def listed(self):
        """What is on the list, in its order."""
        text = (self.shelf / "index.html").read_text()
        return re.findall(r'<li class="shot" id="s([^"]*)">', text)

    def entry(self, name):
        text = (self.shelf / "index.html").read_text()
        start = text.index(f'<li class="shot" id="s{name}">')
        end = text.find('<li class="shot"', start + 1)
        return text[start : end if end > 0 else None]


@pytest.fixture
def shop(tmp_path, broadsheet, write_config):
    write_config(CONFIG)
    return Shop(tmp_path, broadsheet)


def words(text):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_it_is_listed_with_what_it_is(shop):
    assert "snapshots/index.html" not in (
        shop.folder / "out/index.html"
    ).read_text()
    first = shop.take("--at", f"@{NOW + 120}", "--note", "slow <again>")
    assert first == FIRST + ".html"
    second = shop.take("--last", "1h")
    third = shop.take("--page", "other")
    assert second == "2026-10-30T0317Z-operations.html"
    assert third == "2026-10-30T0317Z-t-more.html"
    assert shop.names() == sorted(
        n.removesuffix(".html") for n in (first, second, third)
    )
    assert shop.listed() == [
        n.removesuffix(".html") for n in (third, second, first)
    ]
    # A moment in the past, and nothing fired then.
    entry = shop.entry(FIRST)
    assert "03:16 Operations" in words(entry)
    assert "● no alert fired by hand: slow <again>" in words(entry)
    assert "6 h 00 up to then, taken at 03:17 on 30 October 2026" in words(entry)
    assert f'src="{FIRST}.light.png" alt="CPU, Memory"' in entry
    assert re.search(r"html \d+\.\d KB", words(entry))
    # The same minute.
    entry = shop.entry("2026-10-30T0317Z-operations")
    assert "▲ 1 alert fired : busy: app1/cpu by hand" in words(entry)
    assert "1 h 00 up to then" in words(entry) and "taken" not in words(entry)
    assert 'alt="CPU (alert), Memory"' in entry
    assert "Été & <more>" in words(shop.entry("2026-10-30T0317Z-t-more"))
    text = (shop.shelf / "index.html").read_text()
    assert re.findall(r"<h2 id=.*>(.*)</h2>", text) == ["Friday 30 October 2026"]
    assert "3 of them, " in text
    assert "Kept for 90 d, at most 200, 1 GB in all; those that are" in text
    assert "<script" not in text
    # And the next page leads there.
    shop.minute(4)
    assert '<a href="snapshots/index.html">snapshots</a>' in (
        shop.folder / "out/index.html"
    ).read_text()


def test_none_takes_the_place_of_another(shop):
    names = [shop.take() for _ in range(3)]
    assert names == [
        "2026-10-30T0317Z-operations.html",
        "2026-10-30T0317Z-operations-2.html",
        "2026-10-30T0317Z-operations-3.html",
    ]
    assert sorted(shop.listed()) == shop.names()


def test_each_is_whole_and_may_be_read_as_the_page(shop):
    name = shop.take()
    path = f"out/snapshots/{name}"
    assert shop.broadsheet("-q", "verify", path).returncode == 0
    mode = (shop.folder / "out/index.html").stat().st_mode
    for file in shop.shelf.iterdir():
        assert file.stat().st_mode == mode, file
    assert shop.shelf.stat().st_mode == (shop.folder / "out").stat().st_mode
    light = (shop.shelf / name).with_suffix(".light.png").read_bytes()
    dark = (shop.shelf / name).with_suffix(".dark.png").read_bytes()
    for png in (light, dark):
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(png[16:20]) == 960
        assert int.from_bytes(png[20:24]) == 600
    assert light != dark


@pytest.mark.parametrize("format", ["pdf", "zip", "png"])
def test_any_format(shop, format):
    name = shop.take("--format", format)
    assert name == f"2026-10-30T0317Z-operations.{format}"
    name = name.removesuffix(f".{format}")
    assert shop.listed() == [name]
    entry = shop.entry(name)
    assert f'<h3><a href="{name}.{format}">' in entry
    assert f"{format} " in words(entry)
    # Of the same moment in two formats, as by hand, there is one entry.
    other = shop.take().removesuffix(".html")
    for path in shop.shelf.glob(f"{other}.*"):
        if path.name == f"{other}.html":
            path.rename(shop.shelf / f"{name}.html")
        else:
            path.unlink()
    shop.render()
    assert shop.listed() == [name]
    assert f'href="{name}.html"' in shop.entry(name)
    assert f'href="{name}.{format}"' in shop.entry(name)
    shop.broadsheet("-q", "run", "--now", f"@{NOW + 100 * DAY}")
    assert {p.name for p in shop.shelf.iterdir()} == {"index.html"}


def test_the_list_is_what_the_files_are(shop):
    shop.take("--at", f"@{NOW + 120}")
    second = shop.take()
    # One is removed by hand: what was its own goes, too.
    (shop.shelf / second).unlink()
    before = (shop.shelf / "index.html").read_bytes()
    shop.minute(5)
    assert shop.listed() == shop.names() == [FIRST]
    # It comes back alone, and its name is all that is known.
    copy = shop.shelf / "2026-10-29T1805Z-old-days.html"
    shutil.copy(shop.shelf / f"{FIRST}.html", copy)
    shop.minute(6)
    assert shop.listed() == [FIRST, "2026-10-29T1805Z-old-days"]
    entry = words(shop.entry("2026-10-29T1805Z-old-days"))
    assert "no picture 18:05 old-days" in entry and "alert" not in entry
    assert "Thursday 29 October 2026" in (shop.shelf / "index.html").read_text()
    # Without a list there is one again, and the same files make the same.
    copy.unlink()
    (shop.shelf / "index.html").unlink()
    shop.minute(7)
    made = (shop.shelf / "index.html").read_bytes()
    assert made != before
    stamp = (shop.shelf / "index.html").stat().st_mtime_ns
    shop.minute(8)
    assert (shop.shelf / "index.html").read_bytes() == made
    assert (shop.shelf / "index.html").stat().st_mtime_ns == stamp


def test_what_is_known_may_be_nonsense(shop):
    name = FIRST
    shop.take("--at", f"@{NOW + 120}")
    for facts in (
        b"", b"[]", b"{", b"\xff\xfe", b'{"n_alerts": -1, "alerts": 3}',
        b'{"page": 3, "moment": "soon", "taken": "1h", "reason": ["x"]}',
        b'{"n_alerts": 1e300, "page": "<b>x</b>\\u0000"}', b"[" * 70000,
    ):  # fmt: skip
        (shop.shelf / f"{name}.json").write_bytes(facts)
        shop.minute(5)
        entry = shop.entry(name)
        assert "03:16" in words(entry) and "<b>x" not in entry
    facts = {"n_alerts": 12, "alerts": ["<i>a</i>"] * 20}
    (shop.shelf / f"{name}.json").write_text(json.dumps(facts))
    shop.minute(6)
    entry = shop.entry(name)
    assert "12 alerts fired" in entry and "and 4 more" in entry
    assert "<i>" not in entry and entry.count("&lt;i&gt;") == 8


def limit(shop, text):
    (shop.folder / "broadsheet.yaml").write_text(
        CONFIG.replace("output: out", f"output: out\nsnapshots: {text}")
    )


def test_the_oldest_go_but_for_those_that_are_marked(shop):
    limit(shop, "{count: 3}")
    names = []
    for i in range(3):
        names.append(shop.take(now=NOW + 180 + 60 * i).removesuffix(".html"))
    ran = shop.broadsheet("snapshot", "--mark", f"out/snapshots/{names[0]}.html")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert "★ marked" in shop.entry(names[0])
    assert (shop.shelf / f"{names[0]}.mark").read_bytes() == b""
    names.append(shop.take(now=NOW + 400).removesuffix(".html"))
    assert sorted(shop.listed()) == shop.names() == sorted(
        [names[0], *names[2:]]
    )
    # By a copy of the folder the mark comes along.
    shutil.copytree(shop.shelf, shop.folder / "copy")
    shutil.rmtree(shop.shelf)
    (shop.folder / "copy").rename(shop.shelf)
    limit(shop, "{keep: 1h}")
    shop.broadsheet("-q", "run", "--now", f"@{NOW + 100 * DAY}")
    assert shop.listed() == shop.names() == [names[0]]
    assert "★ marked" in shop.entry(names[0])
    (shop.shelf / f"{names[0]}.mark").unlink()
    shop.broadsheet("-q", "run", "--now", f"@{NOW + 100 * DAY + 60}")
    assert shop.listed() == []
    assert "No snapshots" in (shop.shelf / "index.html").read_text()


def test_those_of_one_second_go_by_their_moments(shop):
    names = [
        shop.take("--at", f"@{NOW + 60 * i}").removesuffix(".html")
        for i in range(1, 4)
    ]
    limit(shop, "{count: 2}")
    shop.render()
    assert shop.listed() == [names[2], names[1]]
    limit(shop, "{max_size: 1}")
    shop.render()
    assert shop.listed() == [names[2]]


def test_age_is_from_when_it_was_taken(shop):
    limit(shop, "{keep: 30d}")
    old = shop.take("--at", f"@{NOW + 120}", now=NOW + 29 * DAY)
    new = shop.take(now=NOW + 180)
    assert sorted(shop.listed()) == sorted(
        n.removesuffix(".html") for n in (old, new)
    )
    ran = shop.broadsheet("snapshot", "--mark", new, "--now", f"@{NOW + 180}")
    assert ran.returncode == 0
    shop.broadsheet("-q", "run", "--now", f"@{NOW + 31 * DAY}")
    assert len(shop.listed()) == 2
    ran = shop.broadsheet(
        "snapshot", "--unmark", new, "--now", f"@{NOW + 31 * DAY}"
    )
    assert shop.listed() == [old.removesuffix(".html")]
    shop.broadsheet("-q", "run", "--now", f"@{NOW + 60 * DAY}")
    assert shop.listed() == []


def test_limits_that_can_not_be_kept_are_told(shop):
    limit(shop, "{max_size: 10KB}")
    said = "snapshots: max_size: 10 KB allows, because the newest and those"
    for i in range(2):
        ran = shop.broadsheet("snapshot", "--now", f"@{NOW + 180 + 60 * i}")
        assert ran.returncode == 0
        assert said in ran.stderr
    assert shop.listed() == ["2026-10-30T0318Z-operations"]
    assert said in (shop.shelf / "index.html").read_text()
    shop.broadsheet("snapshot", "--mark", shop.listed()[0])
    limit(shop, "{count: 1}")
    ran = shop.broadsheet("snapshot", "--now", f"@{NOW + 400}")
    assert ran.stderr == (
        "broadsheet: 2 snapshots are kept, more than snapshots: count: 1 "
        "allows, because those that are marked stay\n"
    )
    assert len(shop.listed()) == 2


def test_nothing_but_our_own_is_touched(shop):
    shop.take()
    secret = shop.folder / "secret"
    secret.write_text("mine")
    keep = {}
    for name in (
        "notes.txt", "index.htm", "2026-10-30T0317Z-.html", "x.html.new",
        "2026-10-30T0317Z-Operations.html", "2026-10-30T0317Z-operations.txt",
        "2026-10-30-operations.html", "2026-10-30T0317Z-a b.html", ".hidden",
    ):  # fmt: skip
        (shop.shelf / name).write_text("mine")
        os.utime(shop.shelf / name, (0, 0))
        keep[name] = True
    link = shop.shelf / "2026-10-30T0001Z-link.html"
    link.symlink_to(secret)
    folder = shop.shelf / "2026-10-30T0002Z-folder.html"
    folder.mkdir()
    limit(shop, "{keep: 1h, count: 1, max_size: 1}")
    shop.broadsheet("-q", "run", "--now", f"@{NOW + 100 * DAY}")
    assert shop.listed() == []
    assert secret.read_text() == "mine" and link.is_symlink()
    assert folder.is_dir()
    left = {p.name for p in shop.shelf.iterdir()}
    assert left == {*keep, link.name, folder.name, "index.html"}


@pytest.mark.parametrize(
    "args,said",
    [
        (["--mark", "nothing"], "there is no snapshot 'nothing' in out/snapshots"),
        (["--mark", f"out/{FIRST}.html"],
         f"there is no snapshot 'out/{FIRST}.html' in out/snapshots"),
        (["--mark", "a", "--unmark", "b"], "snapshot: --mark and --unmark are"),
        (["-o", "x.html", "--note", "y"], "snapshot: --note is for the archive"),
        (["--page", "othr"], "there is no page 'othr'"),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_told(shop, args, said):
    ran = shop.broadsheet("snapshot", *args)
    assert ran.returncode != 0
    assert ran.stderr.startswith(f"broadsheet: {said}")
    assert not shop.shelf.exists()
    shop.take("--at", f"@{NOW + 120}")
    ran = shop.broadsheet("snapshot", *args)
    assert ran.stderr.startswith(f"broadsheet: {said}")
    assert shop.names() == [FIRST]


@pytest.mark.parametrize(
    "text,said",
    [
        ("[90d]", "snapshots: a mapping is wanted here"),
        ("{keep: soon}", "keep: 'soon' is neither 'forever' nor a length"),
        ("{cout: 3}", "unknown key 'cout'; did you mean 'count'?"),
        ("{count: -1}", "count: "),
    ],
)
def test_limits_are_checked(shop, text, said):
    limit(shop, text)
    ran = shop.broadsheet("check-config")
    assert ran.returncode == 2
    assert said in ran.stderr
    limit(shop, "{keep: forever, count: 0, max_size: 0}")
    shop.take()
    assert "Kept for ever; those that are marked stay" in (
        shop.shelf / "index.html"
    ).read_text()


@pytest.fixture
def faulty(shop):
    """faulty(fault, *args): with a fault, or with None a list of its calls."""
    binary = BINARY.with_name("broadsheet-faults")
    if not binary.exists():
        pytest.skip("broadsheet-faults has not been built")

    def run(fault, *args):
        trace = shop.folder / "trace"
        key = "BROADSHEET_FAULT" + ("" if fault else "_TRACE")
        ran = subprocess.run(
            [binary, "-q", *args], cwd=shop.folder, check=False,
            env={**os.environ, key: fault or str(trace)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        return ran if fault else read_trace(trace)

    return run


def own(calls):
    """The numbers of those that change the archive."""
    calls = [c for c in calls if c.who == "parent"]
    found = [i for i, c in enumerate(calls, 1) if "out/snapshots" in c.what]
    assert len(found) >= 8
    return found[:: 3 if SLOW else 1]


def assert_consistent(shop):
    """At once what is listed is there; after a run all is as ever."""
    for name in shop.listed():
        assert (shop.shelf / f"{name}.html").exists()
    shop.render()
    assert not list(shop.shelf.glob("*.new"))
    assert sorted(shop.listed()) == shop.names()
    for name in shop.names():
        path = f"out/snapshots/{name}.html"
        assert shop.broadsheet("-q", "verify", path).returncode == 0


@pytest.mark.parametrize("how", ["kill", "ENOSPC"])
def test_a_fault_leaves_all_or_nothing(shop, faulty, how):
    take = ["snapshot", "--now", f"@{NOW + 180}"]
    shop.take("--at", f"@{NOW + 120}")
    saved = shop.folder / "saved"
    shutil.copytree(shop.shelf, saved)
    places = own(faulty(None, *take))
    for i in places:
        shutil.rmtree(shop.shelf)
        shutil.copytree(saved, shop.shelf)
        ran = faulty(f"parent {how} {i}", *take)
        if how == "kill":
            assert ran.returncode == -signal.SIGKILL
        elif ran.returncode != 0:
            assert "No space left on device" in ran.stderr
        assert_consistent(shop)
        assert FIRST in shop.names()


def test_a_kill_while_the_oldest_go(shop, faulty):
    for i in range(3):
        shop.take(now=NOW + 180 + 60 * i)
    limit(shop, "{count: 1}")
    newest = "2026-10-30T0319Z-operations"
    saved = shop.folder / "saved"
    shutil.copytree(shop.shelf, saved)
    # Of what keeps the limits this writes the least.
    mark = ["snapshot", "--mark", newest, "--now", f"@{NOW + 600}"]
    for i in own(faulty(None, *mark)):
        shutil.rmtree(shop.shelf)
        shutil.copytree(saved, shop.shelf)
        assert faulty(f"parent kill {i}", *mark).returncode == -signal.SIGKILL
        shop.render()
        assert shop.listed() == shop.names() == [newest]


def test_the_public_output_has_none(shop):
    config = CONFIG.replace("output: out", "output: out\npublic: public")
    config = config.replace(
        "series: app1/memory", "series: app1/memory\n        private: true"
    )
    (shop.folder / "broadsheet.yaml").write_text(config)
    name = shop.take()
    shop.minute(5)
    assert "Memory" in (shop.shelf / name).read_text()
    assert (shop.folder / "public/index.html").exists()
    for path in (shop.folder / "public").rglob("*"):
        assert "snapshot" not in path.name
        if path.is_file():
            assert b"snapshots/" not in path.read_bytes(), path


def test_the_list_has_a_template_of_its_own(shop):
    mine = shop.folder / "mine"
    mine.mkdir()
    shipped = BINARY.parents[2] / "templates"
    text = (shipped / "archive.tpl").read_text()
    (mine / "archive.tpl").write_text(text.replace("Back to", "My back to"))
    with open(shop.folder / "broadsheet.yaml", "a") as out:
        out.write("templates: mine\n")
    shop.take()
    assert "My back to" in (shop.shelf / "index.html").read_text()
    # Once it is changed the list is printed anew.
    (mine / "archive.tpl").write_text(text.replace("Back to", "Our own way to"))
    shop.minute(5)
    assert "Our own way to" in (shop.shelf / "index.html").read_text()
    (mine / "archive.tpl").write_text("{{NOTHING}}")
    shop.minute(6)
    text = (shop.shelf / "index.html").read_text()
    assert "<b>Warning:</b> mine/archive.tpl" in text and "Back to" in text
