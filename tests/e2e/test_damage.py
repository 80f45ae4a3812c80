"""A store that is damaged: what is lost is told once, the rest goes on."""

import contextlib
import random
import sqlite3

import pytest

CONFIG = """\
title: Test
timezone: UTC
store: store.db
output: out
sources:
  answer:
    exec: [echo, "42"]
    decode: number
pages:
  index:
    panels:
      - line: Answer
        series: answer/value
"""

NOW = 1793330040
HINT = (
    "hint: move store.db aside and a new one is made; sqlite3 FILE .recover"
    " gets out of the old one what can still be read\n"
)


@pytest.fixture
def run(broadsheet, write_config):
    """run(i) -> CompletedProcess of the run of minute i."""
    write_config(CONFIG)
    return lambda i: broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")


def said(result, status=0):
    assert result.stdout == ""
    assert result.returncode == status
    return result.stderr


def test_a_flipped_bit_is_told_once(run, broadsheet, tmp_path):
    for i in range(5):
        assert said(run(i)) == ""
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as db:
        (data,) = db.execute(
            "SELECT data FROM hot WHERE at = ?", (NOW + 120,)
        ).fetchone()
        flipped = bytes([data[0] ^ 4]) + data[1:]
        db.execute(
            "UPDATE hot SET data = ? WHERE at = ?", (flipped, NOW + 120)
        )
        db.commit()
    text = (
        "1 part of the store is damaged and left out: samples of answer"
        " from 2026-10-30 03:16 to 2026-10-30 03:16"
    )
    assert said(run(5)) == (
        f"broadsheet: store.db: {text}\n"
        "hint: the rest is whole; check the disk, or put back a copy of"
        " store.db from before\n"
    )
    assert said(run(6)) == ""
    assert text in (tmp_path / "out/index.html").read_text()
    assert text in broadsheet("status").stdout
    rows = broadsheet("export", "*").stdout.splitlines()
    times = [int(row.split(",")[1]) for row in rows[1:]]
    assert times == [NOW + 60 * i for i in (0, 1, 3, 4, 5, 6)]


def test_a_store_that_is_cut(run, tmp_path):
    assert said(run(0)) == ""
    page = (tmp_path / "out/index.html").read_text()
    store = tmp_path / "store.db"
    store.write_bytes(store.read_bytes()[: 4096 * 5 + 100])
    assert said(run(1), 1) == (
        f"broadsheet: store.db: database disk image is malformed\n{HINT}"
    )
    noted = (tmp_path / "out/index.html").read_text()
    assert "store.db: database disk image is malformed" in noted
    assert len(noted) > len(page)
    assert said(run(2), 1) == ""
    store.rename(tmp_path / "aside.db")
    assert said(run(3)) == ""
    assert "malformed" not in (tmp_path / "out/index.html").read_text()


def test_a_header_that_is_damaged(run, tmp_path):
    assert said(run(0)) == ""
    store = tmp_path / "store.db"
    whole = store.read_bytes()
    store.write_bytes(b"Z" + whole[1:])
    assert said(run(1), 1) == (
        f"broadsheet: store.db: file is not a database\n{HINT}"
    )
    store.write_bytes(whole)
    assert said(run(2)) == ""


def test_bits_that_flip_anywhere(run, tmp_path):
    """Each run ends in words or well, never in a crash; so does the next."""
    for i in range(4):
        assert said(run(i)) == ""
    store = tmp_path / "store.db"
    whole = store.read_bytes()
    dice = random.Random(3)
    for _ in range(40):
        flipped = bytearray(whole)
        for _ in range(dice.choice((1, 8))):
            bit = dice.randrange(8 * len(whole))
            flipped[bit // 8] ^= 1 << bit % 8
        for name in ("store.db-wal", "store.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        store.write_bytes(flipped)
        for i in (4, 5):
            assert run(i).returncode in (0, 1, 3)
        page = (tmp_path / "out/index.html").read_text()
        assert page.endswith("</html>\n")
    store.write_bytes(whole)
    assert said(run(6)) == ""


def test_a_log_that_is_damaged(run, tmp_path):
    """What was not yet written back from the WAL: whole up to the damage."""
    for i in range(3):
        assert said(run(i)) == ""
    with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as db:
        # A reader that stays keeps the log from being written back.
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM hot").fetchone()
        assert said(run(3)) == ""
        log = (tmp_path / "store.db-wal").read_bytes()
        copy = (tmp_path / "store.db").read_bytes()
    dice = random.Random(4)
    assert len(log) > 4096
    for _ in range(10):
        bit = dice.randrange(8 * len(log))
        flipped = bytearray(log)
        flipped[bit // 8] ^= 1 << bit % 8
        (tmp_path / "store.db").write_bytes(copy)
        (tmp_path / "store.db-shm").unlink(missing_ok=True)
        (tmp_path / "store.db-wal").write_bytes(flipped)
        assert said(run(4)) == ""
        with contextlib.closing(sqlite3.connect(tmp_path / "store.db")) as db:
            (state,) = db.execute("PRAGMA integrity_check").fetchone()
            assert state == "ok"
            (n,) = db.execute("SELECT count(*) FROM hot").fetchone()
            assert n in (4, 5)
