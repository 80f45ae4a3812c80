"""Reports: sent once, of the calendar's time that ended, whatever happens.

The clock is the test's (--now); a file is the host, whose number says which
day of the month it is.
"""

import collections
import datetime
import email.utils
import re
import zipfile
import zoneinfo

import pytest

from rig.smtp import smtp

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")

HEAD = """
title: Board
timezone: Europe/Berlin
store: db.sqlite
output: out
explore: no
mail: {smtp: "URL", from: dash@example.net}
sources:
  app1: {file: app1.txt, decode: keyvalue}
  other: {file: other.txt, decode: keyvalue}
pages:
  index:
    panels:
      - line: Day
        series: app1/day
      - text: "nothing"
  all:
    title: All
    panels:
      - status: Sources
"""


class Board:
    def __init__(self, path, broadsheet, write_config):
        self.path, self.broadsheet = path, broadsheet
        self.write = write_config
        self.text = ""

    def config(self, server, text, head=HEAD):
        self.text = head.replace("URL", server.url) + text
        self.write(self.text)
        return self

    def at(self, moment, day=None, verb="run", **kwargs):
        """A run at a local time; of it the number is the day of the month."""
        when = datetime.datetime.fromisoformat(moment).replace(
            tzinfo=BERLIN, **kwargs
        )
        (self.path / "app1.txt").write_text(f"day={day or when.day}\n")
        (self.path / "other.txt").write_text("x=1\n")
        if day == "gone":
            (self.path / "app1.txt").unlink()
        return self.broadsheet(verb, "--now", f"@{int(when.timestamp())}")

    def run(self, moment, **kwargs):
        ran = self.at(moment, **kwargs)
        assert (ran.returncode, ran.stderr) == (0, "")


@pytest.fixture
def board(tmp_path, broadsheet, write_config):
    return Board(tmp_path, broadsheet, write_config)


@pytest.fixture
def server(tmp_path):
    with smtp(tmp_path) as s:
        yield s


def plain(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


def subjects(server):
    return [letter["Subject"] for letter in server.letters()]


def snapshot(board, letter):
    (part,) = letter.iter_attachments()
    path = board.path / part.get_filename()
    path.write_bytes(part.get_content())
    return path


def test_a_week(board, server):
    board.config(server, "reports: {weekly: {mail: [a@e.net, B <b@e.net>]}}\n")
    board.run("2026-11-11 12:00")  # first seen: the week before is not its own
    for day in range(12, 23):
        board.run(f"2026-11-{day} 12:00")
    assert subjects(server) == ["Board: week of 9 Nov 2026"] * 2
    board.run("2026-11-23 06:59")
    assert len(server.letters()) == 2
    board.run("2026-11-23 07:00")
    board.run("2026-11-23 07:01")
    board.run("2026-11-29 23:59")
    assert subjects(server)[2:] == ["Board: week of 16 Nov 2026"] * 2
    letter = server.letters()[2]
    assert sorted(e["to"][0] for e in server.envelopes()) == ["a@e.net"] * 2 + ["b@e.net"] * 2
    text = plain(letter)
    assert "weekly report: week of 16 Nov 2026, from 16 Nov 00:00 to the end of 22 Nov\n" in text
    assert "Sunday 22 November 2026, 23:59 CET" in text
    assert "taken 07:00 on 23 November 2026" in text
    # of its seven days, one number each, and nothing of Monday's runs
    assert re.search(r"\n +day +22 +16 +22\n", text)
    assert letter["Date"].datetime.isoformat() == "2026-11-23T07:00:00+01:00"
    path = snapshot(board, letter)
    assert board.broadsheet("verify", path).returncode == 0
    assert zipfile.is_zipfile(path)


def test_who_gets_it(board, server):
    board.config(
        server,
        """notify:
  ops: {mail: [a@e.net, b@e.net], from: ops@example.net}
reports: {daily: {to: ops, mail: [B@x <b@e.net>, c@e.net], snapshot: no}}
""",
    )
    board.run("2026-11-11 12:00")
    board.run("2026-11-12 07:00")
    sent = {(e["from"], *e["to"]) for e in server.envelopes()}
    assert sent == {
        ("ops@example.net", "a@e.net"),
        ("ops@example.net", "b@e.net"),
        ("dash@example.net", "c@e.net"),
    }
    letters = server.letters()
    assert len({letter["Message-ID"] for letter in letters}) == 3
    assert not any(list(letter.iter_attachments()) for letter in letters)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23)]
)
def test_days_when_clocks_change(board, server, day, hours):
    """A sample every half hour, of the day, the day before and the next."""
    board.config(server, "reports: {daily: {mail: a@e.net, at: '02:30'}}\n")
    begin = datetime.datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    after = begin.date() + datetime.timedelta(days=1)
    end = datetime.datetime.combine(after, datetime.time(), BERLIN)
    start, stop = int(begin.timestamp()), int(end.timestamp())
    assert stop - start == hours * 3600
    board.broadsheet("run", "--now", f"@{start - 7200}")
    rows = [
        f"app1/day,{ts},{(ts - start) // 1800}"
        for ts in range(start - 3600, stop + 3600, 1800)
    ]
    (board.path / "in.csv").write_text("series,ts,value\n" + "\n".join(rows))
    ran = board.broadsheet("import", "in.csv", "--now", f"@{stop + 3600}")
    assert ran.returncode == 0, ran.stderr
    # on the day itself, after two hours and a half: a time that is skipped is
    # as much later, one that is repeated is the first of the two
    due = start + 9000
    for at in (due - 60, due, due + 3600, due + 3660):
        (board.path / "app1.txt").write_text("x=1\n")
        (board.path / "other.txt").write_text("x=1\n")
        board.broadsheet("run", "--now", f"@{at}")
        assert len(server.letters()) == (at >= due)
    assert board.broadsheet("run", "--now", f"@{stop + 9000}").returncode == 0
    letter = server.letters()[1]
    assert letter["Subject"] == f"Board: {begin:%a %-d %b %Y}"
    text = plain(letter)
    assert re.search(rf"\n +day +{hours * 2 - 1} +0 +{hours * 2 - 1}\n", text)
    assert numbers(snapshot(board, letter)) == [
        datetime.datetime.fromtimestamp(ts, datetime.UTC).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
        for ts in range(start, stop, 1800)
    ]


def numbers(path):
    """The times of the rows of the chart's CSV."""
    with zipfile.ZipFile(path) as z:
        (name,) = [n for n in z.namelist() if re.search(r"day.*\.csv$", n)]
        return [r.split(",")[0] for r in z.read(name).decode().splitlines()[1:]]


def test_months(board, server):
    board.config(
        server,
        "reports: {monthly: {mail: a@e.net, on: 31, at: '00:00', snapshot: no}}\n",
    )
    board.run("2027-12-15 12:00")
    lasts = ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]
    for last in lasts:
        board.run(f"{last[:8]}{int(last[8:]) - 1} 23:59")
        board.run(f"{last} 00:00")
    # on the last day of each: of the month that ended before
    months = ["November 2027", "December 2027", "January 2028", "February 2028",
              "March 2028"]  # fmt: skip
    assert subjects(server) == [f"Board: {m}" for m in months]
    sent = [letter["Date"].datetime.date().isoformat() for letter in server.letters()]
    assert sent == lasts
    assert "from 1 Feb 00:00 to the end of 29 Feb\n" in plain(server.letters()[3])


def test_a_machine_that_slept(board, server):
    board.config(
        server, "reports: {daily: {mail: a@e.net}, weekly: {mail: a@e.net}}\n"
    )
    board.run("2026-11-10 12:00")
    board.run("2026-11-19 09:00")
    board.run("2026-11-19 09:01")
    board.run("2026-11-19 09:02")
    by = {letter["Subject"]: plain(letter) for letter in server.letters()}
    assert set(by) == {"Board: Wed 18 Nov 2026", "Board: week of 9 Nov 2026"}
    assert len(server.letters()) == 2
    assert (
        "Not sent, as nothing ran when they were due: 3 before them, "
        "Fri 13 Nov 2026, Sat 14 Nov 2026, Sun 15 Nov 2026, Mon 16 Nov 2026, "
        "Tue 17 Nov 2026\n" in by["Board: Wed 18 Nov 2026"]
    )
    assert "Not sent" not in by["Board: week of 9 Nov 2026"]


def test_what_is_not_taken_is_sent_later_and_is_the_same(board, tmp_path):
    with smtp(tmp_path, mode="grey") as server:
        board.config(server, "reports: {daily: {mail: [a@e.net, b@e.net]}}\n")
        board.run("2026-11-11 12:00")
        ran = board.at("2026-11-12 07:00")
        assert ran.returncode == 0
        assert sorted(ran.stderr.splitlines()) == [
            f"report daily ({who}): 127.0.0.1:{server.port}: "
            "451 4.7.1 greylisted, come back later"
            for who in ("a@e.net", "b@e.net")
        ]
        assert server.letters() == []
        when = datetime.datetime(2026, 11, 12, 7, 0, 30, tzinfo=BERLIN)
        status = board.broadsheet("status", "--now", f"@{int(when.timestamp())}")
        assert re.search(
            r"report daily a@e\.net failing +never +next 2026-11-13 07:00  1 waits"
            r"  .*451 4\.7\.1",
            status.stdout,
        )
        page = (board.path / "out/all.html").read_text()
        assert "report daily (a@e.net)" in page
        ran = board.at("2026-11-12 07:01")
        assert sorted(ran.stderr.splitlines()) == [
            f"report daily ({who}): taken again, after 1 min"
            for who in ("a@e.net", "b@e.net")
        ]
        for i in range(2, 6):
            board.run(f"2026-11-12 07:0{i}")
        one, two = server.letters()
    assert one["Date"].datetime.isoformat() == "2026-11-12T07:00:00+01:00"
    assert plain(one) == plain(two)
    assert "taken 07:00 on 12 November 2026" in plain(one)
    assert snapshot(board, one).read_bytes() == snapshot(board, two).read_bytes()


def test_one_that_gets_it_is_no_burden_to_one_that_does_not(board, tmp_path):
    with smtp(tmp_path, mode="refuse") as server:
        board.config(server, "reports: {daily: {mail: [no@e.net, b@e.net]}}\n")
        board.run("2026-11-11 12:00")
        ran = board.at("2026-11-12 07:00")
        assert ran.stderr.startswith("report daily (no@e.net): given up: ")
        board.run("2026-11-12 07:05")
        assert [e["to"] for e in server.envelopes()] == [["b@e.net"]]


def test_an_empty_one_is_left_out(board, server):
    board.config(
        server,
        "reports: {daily: {mail: a@e.net, empty: skip},"
        " own: {every: day, page: all, mail: b@e.net, empty: skip}}\n",
    )
    board.run("2026-11-10 12:00")
    board.run("2026-11-11 07:00")
    board.at("2026-11-12 07:00", day="gone")
    board.at("2026-11-12 07:01", day="gone")
    board.at("2026-11-13 07:00", day="gone")
    board.at("2026-11-13 07:01", day="gone")
    sent = collections.Counter(
        (e["to"][0], letter["Subject"])
        for e, letter in zip(server.envelopes(), server.letters(), strict=True)
    )
    assert sent == collections.Counter(
        {
            ("a@e.net", "Board: Tue 10 Nov 2026"): 1,
            ("a@e.net", "Board: Wed 11 Nov 2026"): 1,
            # of the other page's sources one answers all the time
            ("b@e.net", "Board, All: Tue 10 Nov 2026"): 1,
            ("b@e.net", "Board, All: Wed 11 Nov 2026"): 1,
            ("b@e.net", "Board, All: Thu 12 Nov 2026"): 1,
        }
    )
    # days with nothing in them do not hide one before that was missed
    board.at("2026-11-14 12:00")
    board.run("2026-11-20 12:00")
    board.run("2026-11-20 12:01")
    assert subjects(server)[5:] == [
        "Board, All: Fri 13 Nov 2026",
        "Board: Sat 14 Nov 2026",
        "Board, All: Sat 14 Nov 2026",
    ]


def test_it_begins_anew_after_it_was_taken_out(board, server):
    text = "reports: {daily: {mail: a@e.net, snapshot: no}}\n"
    board.config(server, text)
    board.run("2026-11-10 12:00")
    board.config(server, "")
    board.run("2026-11-11 12:00")
    board.config(server, text)
    board.run("2026-11-12 12:00")
    assert server.letters() == []
    board.run("2026-11-13 07:00")
    board.config(server, text.replace("snapshot", "at: '08:00', snapshot"))
    board.run("2026-11-13 08:30")
    assert subjects(server) == ["Board: Thu 12 Nov 2026"]


def test_a_try(board, server):
    board.config(server, "reports: {weekly: {mail: a@e.net}}\n")
    board.run("2026-11-20 12:00")
    ran = board.broadsheet(
        "test", "--report", "weekly", "--now", "2026-11-23 05:00"
    )
    assert (ran.returncode, ran.stdout) == (0, "report weekly (a@e.net): taken\n")
    (letter,) = server.letters()
    assert "This is only a test.\n" in plain(letter)
    assert letter["Subject"] == "Board: week of 9 Nov 2026"
    ran = board.broadsheet(
        *("test", "--report", "weekly", "--now", "2026-11-24", "-o", "r.html")
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    html = (board.path / "r.html").read_text()
    assert 'src="data:image/png;base64,iVBOR' in html and "cid:" not in html
    assert "week of 16 Nov 2026" in html
    ran = board.broadsheet("test", "--report", "weekli")
    assert ran.returncode == 2
    assert "there is no report 'weekli'\nhint: did you mean 'weekly'?" in ran.stderr
    board.run("2026-11-23 07:00")  # a try was none
    assert len(server.letters()) == 2
    assert email.utils.parseaddr(letter["To"])[1] == "a@e.net"


FAULTS = [
    ("weekly: {mail: a@e.net, page: indx}", "page: there is no page 'indx'; did you mean 'index'?"),
    ("weekly: {to: opps}", "to: there is no channel 'opps'; did you mean 'ops'?"),
    ("weekly: {to: chat}", "to: channel 'chat' is one of exec: a report is a letter"),
    ("weekly: {to: ops, at: '7:00'}", "at: '7:00' is no time of day, such as 07:00"),
    ("weekly: {to: ops, at: '24:00'}", "at: '24:00' is no time of day, such as 07:00"),
    ("weekly: {to: ops, on: someday}", "on: 'someday' is no day of the week, such as monday"),
    ("monthly: {to: ops, on: 32}", "on: '32' is no day of the month, 1 to 31"),
    ("daily: {to: ops, on: monday}", "on: a report of every day has no day of its own"),
    ("news: {to: ops}", "report news: 'every' is missing: day, week or month"),
    ("weekly: {}", "report weekly: nobody gets it: to: or mail: is missing"),
    ("weekly: {mail: nobody}", "mail: 'nobody' is no mail address"),
    ("weekly: {to: ops, emtpy: skip}", "did you mean 'empty'?"),
    ("weekly: a@e.net", "report weekly: a mapping (page: …, to: …) is wanted here"),
]  # fmt: skip


@pytest.mark.parametrize(("report", "fault"), FAULTS)
def test_faults(board, server, report, fault):
    board.config(
        server,
        "notify: {ops: {mail: a@e.net}, chat: {exec: [cat]}}\n"
        f"reports:\n  {report}\n",
    )
    ran = board.broadsheet("check-config")
    assert ran.returncode == 2
    assert fault in ran.stderr
