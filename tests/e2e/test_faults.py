"""Whatever fails, and whenever the run is killed: nothing stored is lost or
doubled, each page is whole, one sentence says why, and the next run is well.

One run's calls that change a file or the store are counted first. Then the
same run meets a fault at some of them; with FAULTS=all at each, but of those
that do the same (a page of the store written, say) only the first and the last.
"""

import collections
import concurrent.futures
import contextlib
import functools
import itertools
import json
import os
import queue
import re
import shutil
import sqlite3
import subprocess

import pytest

from conftest import BINARY
from rig.faults import DAY, HOUR, KEPT, MIDNIGHT, NOW, Site, read_trace

SENTENCE = re.compile(r"broadsheet: (?P<why>\S.*)\n(hint: \S.*\n)?\Z")
NO_REASON = re.compile(r"success|not an error|\(null\)|no more rows", re.I)
SLOW = BINARY.parent.name == "san"  # every third there
WORKERS = 2  # most of a run is waiting


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Two days of runs, and what there is before the next; for each worker."""
    if not BINARY.with_name("broadsheet-faults").exists():
        pytest.skip("broadsheet-faults has not been built")
    free = queue.Queue()
    for i in range(WORKERS):
        site = Site(tmp_path_factory.mktemp("faults") / str(i), BINARY).make()
        site.happen(NOW)
        free.put(site.save())
    return free


@pytest.fixture
def site(sites):
    """One of them."""
    mine = sites.get()
    yield mine
    mine.restore()
    sites.put(mine)


@pytest.fixture(scope="module")
def calls(sites, tmp_path_factory):
    """Every call of a run that goes well, in order."""
    trace = tmp_path_factory.mktemp("trace") / "trace"
    site = sites.get()
    done = site.run(NOW, trace=trace)
    site.restore()
    sites.put(site)
    assert (done.returncode, done.stderr) == (0, "")
    return read_trace(trace)


def places(calls, stride=1):
    """Which calls meet a fault: numbers from 1."""
    own = [c for c in calls if c.who == "parent"]
    same = collections.defaultdict(list)
    for number, call in enumerate(own, 1):
        same[call.name, call.what].append(number)
    chosen = {n for numbers in same.values() for n in (numbers[0], numbers[-1])}
    if os.environ.get("FAULTS") == "all":
        return sorted(chosen)
    return sorted(chosen)[:: stride * 3 if SLOW else stride]


def whole(page):
    return page.startswith("<!doctype html>") and page.endswith("</html>\n")


def assert_pages(site):
    """Each page is whole, the old one or the new one."""
    for name in ("index.html", "index-24h.html", "more.html"):
        assert whole((site.folder / "out" / name).read_text()), name
    return json.loads((site.folder / "out/status.json").read_text())


def samples(site):
    """Times and values, as they are exported."""
    rows = site.ask("export", "answer/value", "--format", "csv").splitlines()
    assert rows[0] == "series,ts,value"
    return [(int(r.split(",")[1]), float(r.split(",")[2])) for r in rows[1:]]


def lines(site):
    rows = json.loads(
        site.ask("sql", "--format", "json", "SELECT text FROM lines ORDER BY ts")
    )
    return [row["text"] for row in rows]


def assert_store(site, now, may_lack):
    """All that was there is there, once, and in its place."""
    runs = [*range(NOW - 2 * DAY, NOW, 4 * HOUR), NOW]
    kept = [t for t in sorted({*runs, now}) if t > now - KEPT]
    there = samples(site)
    assert all(
        value == (NOW if ts == NOW + 30 else ts) - MIDNIGHT
        for ts, value in there
    )
    times = [ts for ts, _ in there]
    assert len(times) == len(set(times))
    assert set(kept) - set(may_lack) <= set(times) <= {*runs, NOW + 30, now}
    text = lines(site)
    assert len(text) == len(set(text))
    assert {f"it is {t}" for t in kept} <= set(text)
    with contextlib.closing(sqlite3.connect(site.folder / "store.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def left_over(site):
    return [str(path) for path in site.folder.rglob("*.new")]


def assert_well_after(site, may_lack=()):
    """The next run is as ever, and makes good what this one left."""
    now = NOW + 60
    site.happen(now)
    done = site.run(now)
    assert done.returncode == 0, done.stderr
    assert all(l.startswith("source ") for l in done.stderr.splitlines())
    status = assert_pages(site)
    assert {s["outcome"] for s in status["sources"].values()} == {"ok"}
    assert status["started"] == "2026-10-30T00:06:00Z"
    assert str(now) in (site.folder / "out/index.html").read_text()
    assert "not being printed" not in (
        site.folder / "out/index.html"
    ).read_text()
    assert_store(site, now, may_lack)
    left = left_over(site)
    assert all("/explore/" in path for path in left)
    if left:  # whose folder is looked through once an hour
        assert site.run(NOW + HOUR).returncode == 0
        assert left_over(site) == []


def assert_told(site, done, only_one):
    """What a run says that met a fault which may have been harmless."""
    if done.returncode == 0:
        assert done.stderr == ""
        assert_store(site, NOW, [])
        return
    if done.returncode == 3:
        assert done.stderr.startswith("source "), done.stderr
        return
    assert done.returncode == 1
    said = SENTENCE.match(done.stderr)
    assert said, done.stderr
    assert not NO_REASON.search(said["why"]), done.stderr
    if only_one:
        page = (site.folder / "out/index.html").read_text()
        assert f"not being printed any more: {said['why']}" in page


def meet(sites, fault):
    """A run meets one fault; the words of what is wrong then, or None."""
    site = sites.get()
    try:
        done = site.run(NOW, fault=fault)
        assert_pages(site)
        if fault.startswith("parent kill"):
            assert done.returncode in (-9, 0)
        else:
            assert_told(site, done, not fault.endswith("+"))
        assert_well_after(site, [NOW])
    except Exception as e:
        return f"{fault}: {e!r}"
    finally:
        site.restore()
        sites.put(site)
    return None


def meet_all(sites, faults):
    """Each fault on its own."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        done = list(pool.map(functools.partial(meet, sites), faults))
    failed = [d for d in done if d is not None]
    assert failed == [], f"{len(failed)} of {len(done)}"


def test_a_run_that_is_counted(calls):
    """What the others rest on: the calls are seen, SQLite's too."""
    names = collections.Counter(c.name for c in calls if c.who == "parent")
    for name in ("open", "write", "pwrite", "fdatasync", "rename", "step"):
        assert names[name] > 5 or name == "fdatasync" and names[name] > 0
    done = [c.what for c in calls if c.name == "step"]
    for table in ("chunk_raw", "hot", "line", "snapshot"):
        assert any(re.match(rf"DELETE FROM {table}\b", sql) for sql in done)
    assert sum(c.who == "child" and c.name == "write" for c in calls) >= 3


def test_a_call_fails(sites, calls):
    how = itertools.cycle(["EIO", "ENOSPC", "EIO", "EINTR"])
    meet_all(
        sites, [f"parent {next(how)} {n}" for n in places(calls, 4)]
    )


def test_everything_fails_from_then_on(sites, calls):
    how = itertools.cycle(["EIO", "ENOSPC"])
    meet_all(
        sites,
        [f"parent {next(how)} {n} +" for n in places(calls, 9)],
    )


def test_half_is_written(sites, calls):
    own = [c for c in calls if c.who == "parent"]
    chosen = [n for n in places(calls, 3) if "write" in own[n - 1].name]
    meet_all(sites, [f"parent short {n}" for n in chosen])
    meet_all(sites, ["parent short 1 +"])


def test_killed_at_each_call(sites, calls):
    meet_all(
        sites, [f"parent kill {n}" for n in places(calls, 5)]
    )


def test_a_child_meets_a_fault(sites, calls):
    faults = [
        f"child {how} 1{rest}"
        for how in ("EIO", "EINTR", "short", "kill")
        for rest in ("", " +")
        if (how, rest) != ("EINTR", " +")
    ]
    meet_all(sites, faults)


@contextlib.contextmanager
def read_only(path):
    """A folder or a file that nobody can write, not even root."""
    if os.geteuid() != 0:
        mode = path.stat().st_mode
        path.chmod(mode & ~0o222)
        yield "ermission denied"
        path.chmod(mode)
        return
    done = subprocess.run(["mount", "--bind", path, path], check=False)
    if done.returncode != 0:
        pytest.skip("a read-only mount needs the right to mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", path], check=True)
        yield "ead-only file system"
    finally:
        subprocess.run(["umount", path], check=True)


@pytest.mark.parametrize("name", [".", "store.db", "out"])
def test_what_cannot_be_written(site, name):
    page = (site.folder / "out/index.html").read_text()
    with read_only(site.folder / name) as why:
        done = site.run(NOW)
        again = site.run(NOW + 30)
        assert done.returncode == again.returncode == 1
        said = SENTENCE.match(done.stderr)
        assert said["why"].endswith(why)
        assert said["why"].startswith("out/" if name == "out" else "store.db")
        assert "\nhint: " in done.stderr
        now = (site.folder / "out/index.html").read_text()
        if name == "store.db":
            assert f"not being printed any more: {said['why']}" in now
            assert again.stderr == ""  # the page has said it
        else:
            assert now == page
    assert_pages(site)
    assert_well_after(site, [NOW])


def test_a_store_whose_folder_is_gone(site):
    """It is made anew, as it was the first time."""
    config = site.folder / "broadsheet.yaml"
    config.write_text(
        config.read_text().replace("store: store.db", "store: sub/x/store.db")
    )
    assert site.run(NOW).returncode == 0
    shutil.rmtree(site.folder / "sub")
    assert site.run(NOW + 60).returncode == 0
    assert [ts for ts, _ in samples(site)] == [NOW + 60]
    assert_pages(site)


def under(folder, path):
    return os.path.relpath(os.path.normpath(os.path.join(folder, path)), folder)


def test_what_is_renamed_has_been_synced(site, tmp_path):
    """A power cut at any instant: never a name without what it names."""
    trace = tmp_path / "trace"
    assert site.run(NOW, trace=trace).returncode == 0
    unsynced, fresh_names, renamed = set(), set(), 0
    for call in read_trace(trace):
        if call.who == "child" or call.name in ("step", "exec"):
            continue
        if call.name == "rename":
            old, new = (under(site.folder, p) for p in call.what.split(" "))
            assert old not in unsynced, old
            # A page comes after the names of all that it refers to.
            if os.path.dirname(new) == "out":
                assert not fresh_names - {"out"}, new
            fresh_names.add(os.path.dirname(new))
            renamed += 1
            continue
        path = under(site.folder, call.what)
        if call.name in ("write", "pwrite", "ftruncate"):
            unsynced.add(path)
        elif call.name in ("fsync", "fdatasync"):
            unsynced.discard(path)
            fresh_names.discard(path)
        elif call.name == "syncfs":
            unsynced.clear()
            fresh_names.clear()
    assert renamed > 10
    assert fresh_names == set()
