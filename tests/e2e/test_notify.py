"""Who is told of alerts, how often, and what becomes of what is not taken.

The clock is the test's (--now), a minute a run; a file is the host.
"""

import json
import os
import re

import pytest

from rig.hook import Hook
from rig.smtp import smtp

START = 1793330040  # 2026-10-30 03:14:00 UTC

HEAD = """
title: Alarms
timezone: UTC
store: db.sqlite
output: out
explore: no
sources:
  app1: {file: app1.txt, decode: keyvalue, unit: percent}
alerts:
  busy: {series: app1/cpu, above: 75, severity: critical, message: "Move\\r\\nwork"}
  full: {series: app1/disk, above: 90}
pages:
  index:
    panels:
      - alerts: Alerts
      - status: Sources
"""


class Board:
    def __init__(self, path, broadsheet, write_config):
        self.path, self.broadsheet = path, broadsheet
        self.write_config = write_config

    def config(self, text):
        self.write_config(HEAD + text)
        return self

    def secret(self, name, text):
        (self.path / name).write_text(text + "\n")
        (self.path / name).chmod(0o600)

    def minute(self, i, cpu=50, disk=10, verb="run"):
        """The run of a minute; a cpu of None is a host that is gone."""
        file = self.path / "app1.txt"
        if cpu is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(f"cpu={cpu}\ndisk={disk}\n")
        return self.broadsheet(verb, "--now", START + 60 * i)

    def run(self, i, cpu=50, disk=10):
        ran = self.minute(i, cpu, disk)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran

    def ack(self, i, *args):
        return self.broadsheet("ack", "--now", START + 60 * i, *args)


@pytest.fixture
def board(tmp_path, broadsheet, write_config):
    return Board(tmp_path, broadsheet, write_config)


@pytest.fixture
def hook():
    with Hook() as h:
        yield h


def events(hook):
    """Of each call the alerts and what is told of them."""
    return [
        " ".join(f"{e['alert']}:{e['event']}" for e in c.json["events"])
        for c in hook.calls
    ]


def test_an_alert_begins_lasts_and_ends(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/in, repeat: 10m}}\n")
    for i in range(25):
        board.run(i, 90 if 2 <= i < 24 else 50)
    assert events(hook) == [
        "busy:begins", "busy:lasts", "busy:lasts", "busy:ended",
    ]  # fmt: skip
    begun, again, _, ended = (c.json for c in hook.calls)
    assert begun["title"] == "Alarms"
    assert begun["time"] == "2026-10-30T03:16:00Z"
    assert begun["subject"] == (
        "▲ Alarms: app1 busy: cpu 90 %, above 75 %, since 03:16"
    )
    (event,) = begun["events"]
    assert event["severity"] == "critical" and event["value"] == 90
    assert ended["subject"] == (
        "■ Alarms: app1 busy: ended 03:38 after 22 min (cpu above 75 %), "
        "at worst 90 %"
    )
    assert again["events"][0]["key"] == event["key"]
    assert ended["events"][0]["key"] == event["key"]
    assert len({c.json["id"] for c in hook.calls}) == 4
    assert hook.calls[0].headers["Content-Type"] == "application/json"


def test_one_message_of_a_run(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    board.run(0, 90, 95)
    board.run(1, 50, 95)
    assert events(hook) == ["busy:begins full:begins", "busy:ended"]
    assert hook.calls[0].json["subject"] == (
        "▲ Alarms: 2 alerts begin: app1 busy"
    )
    assert hook.calls[0].json["text"].splitlines() == [
        "▲ critical: app1 busy: cpu 90 %, above 75 %, since 03:14",
        "  Move\ufffd work",
        "▲ warning: app1 full: disk 95 %, above 90 %, since 03:14",
    ]


def test_who_is_told_of_what(board, hook):
    board.config(
        f"""notify:
  all: {{http: "{hook.url}/all"}}
  worst: {{http: "{hook.url}/worst", severities: [critical]}}
  other: {{http: "{hook.url}/other"}}
"""
    )
    text = (board.path / "broadsheet.yaml").read_text()
    text = text.replace("above: 90}", "above: 90, notify: [all, worst]}")
    text = text.replace("severity: critical,", "severity: critical, notify: [],")
    text = text.replace(
        "pages:",
        "  hot: {series: app1/cpu, above: 80, severity: critical}\npages:", 1,
    )
    (board.path / "broadsheet.yaml").write_text(text)
    board.run(0, 90, 95)
    told = {c.path: e for c, e in zip(hook.calls, events(hook), strict=True)}
    assert told == {
        "/all": "hot:begins full:begins",
        "/other": "hot:begins",
        "/worst": "hot:begins",
    }


def test_collect_and_render_send_nothing_and_lose_nothing(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    assert board.minute(0, 90, verb="collect").returncode == 0
    assert board.minute(1, 90, verb="render").returncode == 0
    assert hook.calls == []
    board.run(2, 50)
    assert events(hook) == ["busy:begins", "busy:ended"]


def test_an_alert_that_flaps_is_no_storm(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/, min_interval: 10m}}\n")
    for i in range(30):
        board.run(i, 90 if i % 2 == 0 else 50)
    assert events(hook) == ["busy:begins", "busy:ended"] * 3


def test_what_is_muted_is_told_when_it_is_not(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    text = (board.path / "broadsheet.yaml").read_text()
    (board.path / "broadsheet.yaml").write_text(
        text.replace("above: 75,", "above: 75, silence: 03:00-03:20,")
    )
    for i in range(5, 9):
        board.run(i, 90)
        assert events(hook) == (["busy:begins"] if i >= 6 else [])


def test_ack_stops_repeats(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/, repeat: 5m}}\n")
    board.run(0, 90)
    ran = board.ack(1, "busy", "app1/cpu", "--for", "20m", "--note", "I'm on\nit")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "busy app1/cpu: acknowledged until 2026-10-30 03:35\n"
    for i in range(1, 21):
        board.run(i, 90)
        assert events(hook) == ["busy:begins"]
    page = (board.path / "out/index.html").read_text()
    assert "I&#39;m on it" in page
    assert "acknowledged" in page
    board.run(21, 90)
    assert events(hook) == ["busy:begins", "busy:lasts"]
    assert board.ack(22, "busy").stdout == (
        "busy app1/cpu: acknowledged until it ends\n"
    )
    for i in range(22, 30):
        board.run(i, 90)
    assert board.ack(30, "busy", "--undo").stdout == "busy app1/cpu: taken back\n"
    board.run(30, 90)
    board.run(31, 50)
    assert events(hook)[2:] == ["busy:lasts", "busy:ended"]
    # what begins anew is nobody's yet
    for i in range(40, 47):
        board.run(i, 90)
    assert events(hook)[4:] == ["busy:begins", "busy:lasts"]


def test_ack_of_what_does_not_fire(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    ran = board.ack(0, "busy")
    assert ran.returncode == 1 and "db.sqlite" in ran.stderr
    board.run(0, 50)
    ran = board.ack(0, "busy")
    assert ran.returncode == 2
    assert ran.stderr == (
        "broadsheet: no alert 'busy' fires\nhint: no alert fires at all\n"
    )
    board.run(1, 90, 95)
    ran = board.ack(1, "buzy")
    assert ran.stderr == (
        "broadsheet: no alert 'buzy' fires\n"
        "hint: did you mean 'busy'? these fire:\n"
        "  broadsheet ack busy app1/cpu\n"
        "  broadsheet ack full app1/disk\n"
    )
    ran = board.ack(1, "busy", "app2/cpu")
    assert ran.stderr.startswith(
        "broadsheet: no alert 'busy' fires on 'app2/cpu'\n"
    )


def test_what_is_not_taken_is_tried_again(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    hook.instead = (500, {}, "no")
    ran = board.minute(0, 90)
    assert ran.returncode == 0
    assert ran.stderr == (
        f"notify ops: 500 Internal Server Error from {hook.url}/\n"
    )
    for i in range(1, 15):
        board.run(i, 90)
    tried = [c.json["id"] for c in hook.calls]
    assert len(tried) == 5 and len(set(tried)) == 1  # at 0, 1, 3, 7 and 14
    page = (board.path / "out/index.html").read_text()
    assert "500 Internal Server Error" in page
    status = board.broadsheet("status", "--now", START + 900)
    assert re.search(r"notify ops +failing +.*1 waits.*500 Internal", status.stdout)
    hook.instead = None
    for i in range(15, 28):
        board.run(i, 90)
    ran = board.minute(28, 90)
    assert ran.stderr == "notify ops: taken again, after 28 min\n"
    assert [c.json["id"] for c in hook.calls] == tried[:1] * 6
    for i in range(29, 32):
        board.run(i, 90)
    assert len(hook.calls) == 6
    status = board.broadsheet("status", "--now", START + 1920)
    assert re.search(r"notify ops +ok", status.stdout)


def test_a_wish_to_wait_is_heard(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    hook.instead = (429, {"Retry-After": "1200"}, "slow down")
    ran = board.minute(0, 90)
    assert ran.stderr == (
        f"notify ops: 429 Too Many Requests from {hook.url}/"
        "; to be asked again in 20 min\n"
    )
    hook.instead = None
    for i in range(1, 20):
        board.run(i, 90)
    assert len(hook.calls) == 1
    for i in range(20, 24):
        board.minute(i, 90)
    assert len(hook.calls) == 2


def test_a_refusal_is_final(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/}}\n")
    hook.instead = (400, {"Content-Type": "text/plain"}, "no such\r\n\x1b[31mfield")
    ran = board.minute(0, 90)
    assert ran.stderr == (
        f"notify ops: given up: 400 Bad Request from {hook.url}/: "
        "no such field\n"
    )
    for i in range(1, 5):
        board.run(i, 90)
    assert len(hook.calls) == 1


def test_it_is_given_up_at_last(board, hook):
    board.config(f"notify:\n  ops: {{http: {hook.url}/, give_up: 30m}}\n")
    hook.instead = (503, {}, "")
    said = [board.minute(i, 90).stderr for i in range(60)]
    assert [i for i, s in enumerate(said) if s] == [0, 55]
    assert said[55].startswith("notify ops: given up: 503 Service Unavailable")
    calls = len(hook.calls)
    hook.instead = None
    board.minute(61, 50)
    assert len(hook.calls) == calls + 1
    assert events(hook)[-1] == "busy:ended"


def test_a_service_that_hangs_costs_nobody_else(board, hook):
    with Hook() as slow:
        slow.hang = True
        board.config(
            f"""notify:
  ops: {{http: "{hook.url}/"}}
  slow: {{http: "{slow.url}/", timeout: 1s}}
"""
        )
        ran = board.minute(0, 90)
        assert ran.stderr == f"notify slow: {slow.url}/: no answer in 1 s\n"
        assert len(hook.calls) == 1
        slow.wait(1)


def test_redirects_are_not_followed(board, hook):
    with Hook() as other:
        board.secret("token", "t0k3n-of-ours")
        board.config(
            f"""notify:
  ops:
    http: "{hook.url}/"
    token_file: token
    headers: {{Authorization: "Bearer {{token}}"}}
"""
        )
        for status in (301, 302, 303, 307, 308):
            hook.instead = (status, {"Location": other.url + "/"}, "")
        ran = board.minute(0, 90)
        assert ran.stderr.startswith("notify ops: 308 Permanent Redirect from")
        assert hook.calls[0].headers["Authorization"] == "Bearer t0k3n-of-ours"
        assert other.calls == []


def everything(path):
    """All that was stored or printed."""
    return b"".join(
        p.read_bytes() for p in path.rglob("*")
        if p.is_file() and p.name not in ("url", "token")
    )  # fmt: skip


def test_a_secret_url_is_shown_nowhere(board, hook):
    path = "/services/T00000000/B00000000/XXXXsecretXXXX"
    board.secret("url", hook.url + path + "?key=alsoSecret")
    board.config("notify:\n  chat: {use: slack, url_file: url}\n")
    hook.instead = (
        404, {"Content-Type": "text/plain"}, f"nothing at {path} here",
    )  # fmt: skip
    ran = board.minute(0, 90)
    assert ran.stderr == f"notify chat: 404 Not Found from {hook.url}\n"
    assert hook.calls[0].path == path + "?key=alsoSecret"
    board.run(1, 90)
    kept = everything(board.path)
    assert b"404 Not Found from" in kept
    assert b"XXXXsecretXXXX" not in kept and b"alsoSecret" not in kept
    hook.server.shutdown()
    (board.path / "url").chmod(0o644)
    said = board.broadsheet("test", "--notify", "chat").stderr
    assert "XXXX" not in said and "others can read it" in said or "chmod" in said


NASTY = 'x", "evil": "1\\ <!channel> &\r\n\r\nBcc: all@example.net'


def test_recipes(board, hook):
    board.secret("url", hook.url + "/services/T/B/X")
    board.secret("token", "k3y")
    board.config(
        f"""notify:
  slack: {{use: slack, url_file: url}}
  room: {{use: matrix, server: "{hook.url}", room: "!a/b:example.net", token_file: token}}
  pager: {{use: pagerduty, api: "{hook.url}", token_file: token, severities: critical}}
  phone: {{use: ntfy, server: "{hook.url}", topic: ops}}
"""
    )
    text = (board.path / "broadsheet.yaml").read_text()
    text = text.replace("title: Alarms", f"title: {json.dumps(NASTY)}")
    text = text.replace('"Move\\r\\nwork"', json.dumps(NASTY))
    (board.path / "broadsheet.yaml").write_text(text)
    board.run(0, 90, 95)
    board.run(1, 50, 95)
    by = {}
    for c in hook.calls:
        by.setdefault(c.path.split("/")[1] or "ntfy", []).append(c)
    slack = by["services"]
    assert len(slack) == 2 and set(slack[0].json) == {"text", "unfurl_links"}
    assert "<" not in slack[0].json["text"]
    assert "&lt;!channel&gt; &amp;" in slack[0].json["text"]
    room = by["_matrix"]
    assert [c.method for c in room] == ["PUT", "PUT"]
    assert re.fullmatch(
        r"/_matrix/client/v3/rooms/%21a%2Fb%3Aexample.net/send/"
        r"m.room.message/[0-9a-f]{32}", room[0].path,
    )  # fmt: skip
    assert room[0].path != room[1].path
    assert room[0].headers["Authorization"] == "Bearer k3y"
    assert set(room[0].json) == {"msgtype", "body"}
    pager = by["v2"]
    assert [c.json["event_action"] for c in pager] == ["trigger", "resolve"]
    assert pager[0].json["dedup_key"] == pager[1].json["dedup_key"]
    assert pager[0].json["routing_key"] == "k3y"
    assert pager[0].json["payload"]["severity"] == "critical"
    assert set(pager[0].json) == {
        "routing_key", "event_action", "dedup_key", "client", "payload",
    }  # fmt: skip
    phone = by["ntfy"]
    assert [c.json["priority"] for c in phone] == [5, 5]
    assert "\n" not in phone[0].json["title"]


def test_a_command(board):
    board.config(
        """notify:
  script: {exec: [sh, -c, 'cat >> told; echo >> told; test ! -e broken || { echo "it is broken" >&2; exit 3; }']}
"""
    )
    (board.path / "broken").touch()
    ran = board.minute(0, 90)
    assert ran.stderr == "notify script: exec sh: exit status 3: it is broken\n"
    (board.path / "broken").unlink()
    assert "taken again" in board.minute(1, 90).stderr
    first, second = map(json.loads, (board.path / "told").read_text().splitlines())
    assert first == second
    assert [e["event"] for e in first["events"]] == ["begins"]


def test_a_test_notice(board, hook):
    board.config(
        f"""notify:
  ops: {{http: "{hook.url}/"}}
  pager: {{http: "{hook.url}/", grouped: no}}
ping: "{hook.url}/ping"
"""
    )
    ran = board.broadsheet("test", "--notify", "ops")
    assert (ran.returncode, ran.stdout) == (0, "notify ops: taken\n")
    assert events(hook) == ["test:begins"]
    assert "This is only a test: nothing is wrong." in hook.calls[0].json["text"]
    board.broadsheet("test", "--notify", "pager")
    assert events(hook)[1:] == ["test:begins", "test:ended"]
    ran = board.broadsheet("test", "--notify", "ping")
    assert ran.stdout == "notify ping: taken\n"
    assert (hook.calls[-1].method, hook.calls[-1].path) == ("GET", "/ping")
    hook.instead = (401, {}, "")
    ran = board.broadsheet("test", "--notify", "ops")
    assert ran.returncode == 3
    assert ran.stderr == f"notify ops: 401 Unauthorized from {hook.url}/\n"
    ran = board.broadsheet("test", "--notify", "opps")
    assert ran.returncode == 2
    assert "there is no channel 'opps'\nhint: did you mean 'ops'?" in ran.stderr
    assert not (board.path / "db.sqlite").exists()


def test_the_ping(board, hook):
    board.secret("url", hook.url + "/ping/0123456789")
    board.config("ping: {url_file: url}\n")
    board.run(0)
    board.run(1, 90)
    assert board.minute(2, None).returncode == 3  # a source fails: all the same
    assert [(c.method, c.path) for c in hook.calls] == [
        ("GET", "/ping/0123456789")
    ] * 3
    hook.instead = (500, {}, "")
    assert board.minute(3).stderr == (
        "source app1: answers again, after 2 min\n"
        f"notify ping: 500 Internal Server Error from {hook.url}\n"
    )
    for i in range(4, 7):
        board.run(i)
    hook.instead = None
    assert board.minute(7).stderr == "notify ping: taken again, after 4 min\n"
    board.run(8)
    assert len(hook.calls) == 9
    board.minute(9, verb="collect")
    assert len(hook.calls) == 9
    assert b"0123456789" not in everything(board.path)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a file nobody can replace")
def test_a_run_that_cannot_print_does_not_ping_but_tells(board, hook):
    board.config(
        f'ping: "{hook.url}/ping"\nnotify:\n  ops: {{http: "{hook.url}/told"}}\n'
    )
    board.run(0)
    for path in (board.path / "out").iterdir():
        if path.is_file():
            path.unlink()
    (board.path / "out/index.html").mkdir()
    ran = board.minute(1, 90)
    assert ran.returncode == 1
    assert [c.path for c in hook.calls] == ["/ping", "/told"]


def post_config(board, post, more=""):
    board.config(
        f"""mail: {{smtp: "{post.url}", from: "Dash <dash@example.net>"{more}}}
notify:
  ops: {{mail: [ops@example.net, no-one@example.net, duty@example.net]}}
"""
    )
    text = (board.path / "broadsheet.yaml").read_text()
    title = json.dumps("Fürs Büro\r\nBcc: all@example.net")
    (board.path / "broadsheet.yaml").write_text(
        text.replace("title: Alarms", f"title: {title}")
    )


def test_mail_to_each(board, tmp_path):
    with smtp(tmp_path, mode="refuse") as post:
        post_config(board, post)
        ran = board.minute(0, 90)
        assert ran.stderr.startswith("notify ops (no-one@example.net): given up: ")
        assert "550" in ran.stderr and ran.stderr.count("\n") == 1
        board.minute(1, 50)
        letters = post.letters()
    to = sorted((str(l["To"]), str(l["Subject"])[0]) for l in letters)
    assert to == [
        ("duty@example.net", "■"), ("duty@example.net", "▲"),
        ("ops@example.net", "■"), ("ops@example.net", "▲"),
    ]  # fmt: skip
    for letter in letters:
        assert not letter.defects and letter["Bcc"] is None
        assert "Fürs Büro" in str(letter["Subject"])
        assert letter["References"] is not None
        text = letter.get_body(("plain",)).get_content()
        assert "app1 busy" in text
        assert "app1 busy" in letter.get_body(("html",)).get_content()
    assert len({str(l["Message-ID"]) for l in letters}) == 4


def test_mail_to_a_grey_server_comes_a_run_later(board, tmp_path):
    with smtp(tmp_path, mode="grey") as post:
        post_config(board, post)
        ran = board.minute(0, 90)
        assert ran.stderr.count("notify ops (") == 3 and "451" in ran.stderr
        assert post.letters() == []
        ran = board.minute(1, 90)
        assert ran.stderr.count("taken again, after 60 s") == 3 or (
            ran.stderr.count("taken again, after 1 min") == 3
        )
        assert len(post.letters()) == 3
        board.run(2, 90)
        assert len(post.letters()) == 3


def test_mail_that_broke_off_is_the_same_letter_again(board, tmp_path):
    with smtp(tmp_path, mode="drop") as post:
        post_config(board, post)
        assert board.minute(0, 90).stderr.count("notify ops (") == 3
    with smtp(tmp_path) as post:
        post_config(board, post)
        assert board.minute(1, 90).stderr.count("taken again") == 3
        letters = post.letters()
    assert len(letters) == 3
    assert {str(l["Date"]) for l in letters} == {"Fri, 30 Oct 2026 03:14:00 +0000"}


def test_mail_with_a_wrong_password(board, tmp_path):
    board.secret("password", "wr0ngW0rd")
    with smtp(tmp_path, login=("dash", "right")) as post:
        post_config(
            board, post, ", user: dash, password_file: password, tls: none"
        )
        ran = board.minute(0, 90)
        assert ran.stderr.count("notify ops (") == 3 and "535" in ran.stderr
        assert "given up" not in ran.stderr and post.letters() == []
        board.secret("password", "right")
        assert board.minute(1, 90).stderr.count("taken again") == 3
        assert len(post.letters()) == 3


FAULTS = [
    ("ops: {htp: http://a/}", "no channel 'htp'; did you mean 'http'?"),
    ("ops: {repeat: 1h}", "no channel: one of mail, http or exec is wanted"),
    ("ops: {http: http://a/, exec: [b]}", "both 'http' and 'exec': a channel is of one kind"),
    ("ops: {http: ftp://a/}", "http: a URL begins with http:// or https://, not ftp://"),
    ("ops: {http: http://u:p@a/}", "http: a URL holds no user and password"),
    ("ops: {http: http://a/, body: '{\"a\": \"{subjet}\"}'}", "body: nothing is known as {subjet}; did you mean {subject}?"),
    ("ops: {http: http://a/, body: '{\"a\": {subject}}'}", "body: this is not JSON once it is filled in"),
    ("ops: {http: http://a/, headers: {X: '{token}'}}", "'token_file' is missing: what {token} stands for"),
    ("ops: {http: http://a/, token_file: t}", "token_file: nothing holds {token}"),
    ("ops: {http: http://a/, headers: {\"A B\": c}}", "headers: 'A B' is not the name of a header"),
    ("ops: {http: http://a/, severities: [severe]}", "severities: 'severe' is neither warning nor critical"),
    ("ops: {http: http://a/, events: {begin: x}}", "events: nothing is called 'begin'"),
    ("ops: {use: slak, url_file: u}", "use: there is no recipe 'slak'; did you mean 'slack'?"),
    ("ops: {use: matrix, token_file: t}", "'server' is missing"),
    ("ops: {mail: a@example.net}", "there is no server: mail: at the top level has smtp:"),
    ("ops: {exec: []}", "exec: the list is empty"),
    ("ping: {exec: [a]}", "'ping' is no name for a channel"),
]  # fmt: skip


@pytest.mark.parametrize(("channel", "fault"), FAULTS)
def test_faults(board, channel, fault):
    board.config(f"notify:\n  {channel}\n")
    ran = board.broadsheet("check-config")
    assert ran.returncode == 2
    assert fault in ran.stderr


def test_a_rule_that_names_no_channel(board):
    board.config("notify:\n  ops: {exec: [true]}\n")
    text = (board.path / "broadsheet.yaml").read_text()
    (board.path / "broadsheet.yaml").write_text(
        text.replace("above: 90}", "above: 90, notify: opps}")
    )
    ran = board.broadsheet("check-config")
    assert "notify: there is no channel 'opps'; did you mean 'ops'?" in ran.stderr
