"""Logins that last: consent, refresh, rotation, and kills in between."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request

import pytest

from conftest import BINARY, HEAD
from rig.fake_oauth import fake_oauth, wait_until
from rig.ports import free_port

DAY = 86400
NOW = 1795000000


@pytest.fixture
def service():
    with fake_oauth() as s:
        yield s


def source(service, name="web", port=8339, **more):
    options = {
        "http": service.url + "/data",
        "auth": "oauth2",
        "token_url": service.url + "/token",
        "authorize_url": service.url + "/authorize?x=1",
        "redirect_url": f"http://localhost:{port}/back",
        "client_id": "id",
        "client_secret_file": "secret",
        "timeout": "10s",
        "decode": "json",
        "as": "records",
        "key": "id",
        "time": "t",
        "time_format": "epoch",
        "items": "$",
        **more,
    }
    lines = [f"    {k}: {v}" for k, v in options.items() if v is not None]
    return f"  {name}:\n" + "\n".join(lines) + "\n"


@pytest.fixture
def configure(write_config, tmp_path, service):
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    secret.chmod(0o600)

    def write(*sources, **more):
        text = "".join(sources) or source(service, **more)
        return write_config(HEAD + "sources:\n" + text)

    return write


@pytest.fixture
def vault(tmp_path):
    """vault() -> what is kept; vault({...}) keeps that instead."""

    def access(value=None):
        with sqlite3.connect(tmp_path / "db.sqlite") as db:
            if value is not None:
                db.execute("UPDATE vault SET data = ?", [json.dumps(value).encode()])
            rows = db.execute("SELECT data FROM vault").fetchall()
        db.close()
        return json.loads(rows[0][0]) if rows else None

    return access


@pytest.fixture
def login(broadsheet, service):
    """Gives access by pasting the code."""

    def give(config, name="web", code="the-code", now=NOW):
        return subprocess.run(
            [BINARY, "-c", config, "auth", name, "--now", f"@{now}"],
            input=code + "\n",
            cwd=os.path.dirname(config),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return give


def run(broadsheet, config, now=NOW, **kwargs):
    return broadsheet("-c", config, "run", "--now", f"@{now}", **kwargs)


def records(broadsheet, config):
    result = broadsheet(
        "-c", config, "sql", "SELECT count(*) AS n FROM records", "--format", "json"
    )
    return json.loads(result.stdout)


# --- consent


def test_nobody_has_given_access(broadsheet, configure):
    result = run(broadsheet, configure())
    assert result.stderr.splitlines() == [
        "source web: nobody has given access yet",
        "hint: broadsheet auth web",
    ]
    assert result.returncode == 12


def test_code_is_pasted(broadsheet, configure, login, service, vault):
    config = configure(scope='"a b"')
    service.granted = "a b"
    result = login(config)
    assert result.returncode == 0, result.stderr
    assert "source web: access is given and kept\n" in result.stdout
    asked = service.of("/token")[0]
    assert asked["code"] == "the-code"
    assert asked["redirect_uri"] == "http://localhost:8339/back"
    assert asked["grant_type"] == "authorization_code"
    assert vault()["refresh"] == "r1"
    assert run(broadsheet, config).returncode == 0
    assert service.paths() == ["/token", "/data"]  # no refresh in between


def test_address_that_is_shown(configure, login):
    config = configure(scope="read", authorize_parameters="{prompt: consent}")
    result = login(config)
    address = re.search(r"^http://127\S+$", result.stdout, re.M).group()
    assert "/authorize?x=1&response_type=code&client_id=id" in address
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A8339%2Fback" in address
    assert re.search(r"&scope=read&state=[0-9a-f]{32}&prompt=consent$", address)


def test_whole_address_is_pasted_and_its_state_compared(configure, login):
    result = login(configure(), code="http://localhost/back?code=the-code&state=x")
    assert result.returncode == 12
    assert result.stderr == (
        "broadsheet: this answers another question: its state is not the one "
        "that was sent\n"
    )


def test_refusal_of_the_person(configure, login):
    result = login(configure(), code="http://x/?error=access_denied")
    assert "broadsheet: the service says: access_denied\n" == result.stderr


def test_scopes_that_were_unticked(configure, login, service):
    service.granted = "read"
    result = login(configure(scope="read,activity:read_all"))
    assert result.returncode == 0
    assert (
        "source web: this was asked for and not given: activity:read_all"
        in result.stderr
    )


@pytest.fixture
def waiting(configure, tmp_path):
    """`auth` that waits for the browser: (process, its own state, port)."""
    port = free_port()
    config = configure(port=port)
    process = subprocess.Popen(
        [BINARY, "-c", config, "auth", "web"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    text = ""
    while "this waits" not in text:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        text += line
    state = re.search(r"state=([0-9a-f]+)", text).group(1)
    yield process, state, port
    process.kill()
    process.communicate()


def browse(port, query, path="/back"):
    try:
        with urllib.request.urlopen(
            f"http://localhost:{port}{path}?{query}", timeout=60
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


def test_browser_comes_back(waiting, vault):
    process, state, port = waiting
    assert browse(port, "x=1", "/favicon.ico")[0] == 404
    status, page = browse(port, f"code=the-code&state={state}")
    assert status == 200
    assert "Access is given. This window can be closed." in page
    assert process.wait(60) == 0
    assert vault()["access"] == "a1"


def test_browser_comes_back_with_another_state(waiting, tmp_path):
    process, _, port = waiting
    status, page = browse(port, "code=the-code&state=bad")
    assert (status, "the terminal says why" in page) == (400, True)
    assert process.wait(60) == 12
    assert not (tmp_path / "db.sqlite").exists()


def test_access_is_forgotten(broadsheet, configure, login, vault):
    config = configure()
    login(config)
    assert broadsheet("-c", config, "auth", "web", "--forget").returncode == 0
    assert vault() is None
    assert run(broadsheet, config).returncode == 12


def test_source_without_consent(broadsheet, configure, service):
    config = configure(
        auth="none", token_url=None, authorize_url=None, redirect_url=None,
        client_id=None, client_secret_file=None,
    )  # fmt: skip
    result = broadsheet("-c", config, "auth", "web")
    assert result.returncode == 2
    assert result.stderr == "broadsheet: source web: it needs nobody's consent\n"


# --- refresh


def test_access_token_is_used_until_shortly_before_its_end(
    broadsheet, configure, login, service
):
    config = configure()
    login(config)
    run(broadsheet, config, NOW + 10000)
    assert service.paths() == ["/token", "/data"]
    run(broadsheet, config, NOW + 10800 - 100)
    assert service.paths() == ["/token", "/data", "/token", "/data"]
    assert service.of("/token")[1]["refresh_token"] == "r1"


def test_refresh_token_that_stays(broadsheet, configure, login, service, vault):
    config = configure()
    login(config)
    service.rotates = False
    run(broadsheet, config, NOW + DAY)
    assert (vault()["access"], vault()["refresh"]) == ("a2", "r1")


def test_reply_in_a_shape_of_its_own(broadsheet, configure, login, service, vault):
    service.shape = lambda r: {"status": 0, "body": {**r, "userid": 363}}
    config = configure(
        token_path="$.body",
        token_parameters="{action: requesttoken}",
        errors="{status: $.status, unauthorised: [401], message: $.error}",
    )
    assert login(config).returncode == 0
    assert service.of("/token")[0]["action"] == "requesttoken"
    assert (vault()["access"], vault()["user"]) == ("a1", "363")


BROKEN = {
    "an error inside of a good answer": (
        (200, {}, b'{"status": 503, "error": "odd"}'),
        "http://127.0.0.1:PORT/token: no token, but status 200: "
        '{"status": 503, "error": "odd"}',
    ),
    "not JSON": (
        (200, {}, b"<html>Oops"),
        "http://127.0.0.1:PORT/token: not JSON but '<html>Oops'",
    ),
    "empty": ((200, {}, b""), "http://127.0.0.1:PORT/token: not JSON: it is empty"),
    "without a token": (
        (200, {}, b"{}"),
        "http://127.0.0.1:PORT/token: no token, but status 200: {}",
    ),
    "token of two lines": (
        (200, {}, b'{"access_token": "a\\nb"}'),
        "http://127.0.0.1:PORT/token: no token (its words hold a secret)",
    ),
    "service is broken": (
        (500, {}, b"{}"),
        "500 Internal Server Error from http://127.0.0.1:PORT/token: {}",
    ),
    "redirect": (
        (302, {"Location": "http://evil.example/"}, b""),
        "http://127.0.0.1:PORT/token redirects, and tokens are not asked for "
        "elsewhere",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_failed_refresh_leaves_the_old_pair(
    broadsheet, configure, login, service, vault, name
):
    config = configure()
    login(config)
    before = vault()
    service.token_reply, text = BROKEN[name]
    result = run(broadsheet, config, NOW + DAY)
    port = service.url.rsplit(":", 1)[1]
    assert result.stderr.splitlines()[0] == "source web: " + text.replace("PORT", port)
    assert vault() == before
    assert result.returncode == 3
    service.token_reply = None
    assert run(broadsheet, config, NOW + 2 * DAY).returncode == 0


def test_wrong_client_secret(broadsheet, configure, login, service, tmp_path):
    config = configure()
    login(config)
    (tmp_path / "secret").write_text("another\n")
    result = run(broadsheet, config, NOW + DAY)
    assert result.stderr.splitlines() == [
        f"source web: {service.url}/token: client_id or the client secret is "
        'not accepted: {"error": "invalid_client"}',
        f"hint: is what {tmp_path}/secret holds still right, and client_id?",
    ]
    assert result.returncode == 3


def test_access_that_was_withdrawn(broadsheet, configure, login, service):
    config = configure()
    login(config)
    service.revoke()
    result = run(broadsheet, config)
    assert service.paths() == ["/token", "/data", "/token"]
    assert result.stderr.splitlines() == [
        f"source web: {service.url}/token: the access was withdrawn or has "
        'ended: {"error": "invalid_grant"}',
        "hint: broadsheet auth web",
    ]
    assert result.returncode == 12
    service.codes.add("again")
    login(config, code="again")
    assert run(broadsheet, config, NOW + DAY).returncode == 0


def test_clock_that_is_behind(broadsheet, configure, login, service):
    """The token ends before we think so: it is renewed once, at a 401."""
    config = configure()
    login(config)
    service.access.clear()
    result = run(broadsheet, config, NOW - 3600)
    assert result.returncode == 0, result.stderr
    assert service.paths() == ["/token", "/data", "/token", "/data"]


def test_token_that_is_never_accepted(broadsheet, configure, login, service):
    config = configure()
    login(config)
    service.data_replies = [(401, {}, b'{"message": "no"}')] * 4
    result = run(broadsheet, config)
    assert service.paths() == ["/token", "/data", "/token", "/data"]
    assert result.returncode == 12
    assert "hint: broadsheet auth web" in result.stderr


def test_refusal_of_a_token_inside_of_a_good_answer(
    broadsheet, configure, login, service
):
    config = configure(
        errors="{status: $.status, unauthorised: [401], limited: [601], "
        "message: $.error}"
    )
    login(config)
    service.data_replies = [(200, {}, b'{"status": 401, "error": "no"}')]
    assert run(broadsheet, config).returncode == 0
    assert service.paths() == ["/token", "/data", "/token", "/data"]
    service.data_replies = [(200, {}, b'{"status": 293, "error": "odd"}')]
    result = run(broadsheet, config, NOW + 60)
    assert (
        f"source web: {service.url}/data: the answer says status 293: odd\n"
        == result.stderr
    )


def test_service_that_is_down_for_a_week(broadsheet, configure, login, service):
    config = configure(since="{parameter: after, from: '$[*].t'}")
    login(config)
    assert run(broadsheet, config).returncode == 0
    service.token_reply = (503, {}, b"")
    for day in range(1, 8):
        assert run(broadsheet, config, NOW + day * DAY).returncode == 3
    service.token_reply = None
    service.items.append({"id": 9, "t": NOW + 5 * DAY})
    assert run(broadsheet, config, NOW + 8 * DAY).returncode == 0
    assert service.of("/data")[-1] == {"after": "1792000004"}
    assert records(broadsheet, config)[0]["n"] == "6"


def test_its_end_is_told_ahead(broadsheet, configure, login, service):
    service.rotates = False
    config = configure(refresh_lasts="7d")
    login(config)
    run(broadsheet, config, NOW + DAY)
    status = broadsheet("-c", config, "status", "--now", f"@{NOW + DAY}")
    assert "its access ends" not in status.stdout
    assert run(broadsheet, config, NOW + 6 * DAY).returncode == 0
    status = broadsheet("-c", config, "status", "--now", f"@{NOW + 6 * DAY}")
    assert (
        "its access ends in 1 d; to give it again: broadsheet auth web"
        in status.stdout
    )


def test_sources_of_one_login_share_it(broadsheet, configure, login, service):
    config = configure(
        source(service, "one"), source(service, "two"), source(service, "three")
    )
    result = login(config, "two")
    assert "source one: shares it\nsource three: shares it\n" in result.stdout
    assert run(broadsheet, config, NOW + DAY).returncode == 0
    assert service.paths().count("/token") == 2  # consent, and one refresh
    assert service.paths().count("/data") == 3


def test_logins_that_are_told_apart(broadsheet, configure, login, service):
    config = configure(source(service, "one"), source(service, "two", login="her"))
    login(config, "two")
    result = run(broadsheet, config)
    assert "source one: nobody has given access yet" in result.stderr
    assert "source two" not in result.stderr


def test_tokens_refused_for_being_asked_for_too_often(
    broadsheet, configure, login, service
):
    config = configure(
        errors="{status: $.status, limited: [601], message: $.error}"
    )
    login(config)
    service.token_reply = (200, {}, b'{"status": 601, "error": "slow"}')
    result = run(broadsheet, config, NOW + DAY)
    assert (
        f"source web: {service.url}/token: the answer says status 601: slow; "
        "it is left alone until " in result.stderr
    )
    service.token_reply = None
    run(broadsheet, config, NOW + DAY + 60)
    assert service.paths() == ["/token", "/token"]
    assert run(broadsheet, config, NOW + DAY + 300).returncode == 0


# --- secrets


def test_tokens_are_nowhere_to_be_seen(
    broadsheet, configure, login, service, tmp_path
):
    service.new_pair = lambda old: {
        "access_token": "QQACCESSQQ",
        "refresh_token": "QQREFRESHQQ",
        "expires_in": 10800,
    }
    service.access = {"QQACCESSQQ"}
    config = configure()
    said = [login(config), run(broadsheet, config)]
    said.append(broadsheet("-c", config, "status", "--json"))
    said.append(broadsheet("-c", config, "export", "*"))
    said.append(broadsheet("-c", config, "sql", "SELECT * FROM vault"))
    said.append(broadsheet("-c", config, "sql", "SELECT * FROM main.vault"))
    assert "access to vault.name is prohibited" in said[-1].stderr
    for result in said:
        assert "QQ" not in result.stdout + result.stderr
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or b"QQ" not in path.read_bytes(), path
    assert b"QQREFRESHQQ" in (tmp_path / "db.sqlite").read_bytes() + b"".join(
        p.read_bytes() for p in tmp_path.glob("db.sqlite-wal")
    )
    assert (tmp_path / "db.sqlite").stat().st_mode & 0o077 == 0


# --- kills


def start(config, now, verb="run"):
    return subprocess.Popen(
        [BINARY, "-c", config, *verb.split(), "--now", f"@{now}"],
        cwd=os.path.dirname(config),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(
    "path, after",
    [("/token", False), ("/token", True), ("/data", False), ("/data", True)],
)
def test_killed_between_two_steps(
    broadsheet, configure, login, service, path, after
):
    """Before the service changes the pair, after it, before and after use."""
    config = configure()
    login(config)
    assert run(broadsheet, config).returncode == 0
    hold = service.stall(path, after)
    process = start(config, NOW + DAY)
    assert hold.reached.wait(60)
    kill(process)
    hold.released.set()
    result = run(broadsheet, config, NOW + DAY + 60)
    assert (result.returncode, result.stderr) == (0, "")


def test_killed_while_the_new_pair_is_committed(
    broadsheet, configure, login, service, tmp_path
):
    """Another holds the database: the pair has come and is not durable."""
    config = configure()
    login(config)
    run(broadsheet, config)
    hold = service.stall("/token", after=True)
    process = start(config, NOW + DAY)
    assert hold.reached.wait(60)
    db = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    hold.released.set()
    wait_until(lambda: service.serial == 2)
    assert process.poll() is None
    assert "a2" not in str(service.of("/data"))
    kill(process)
    db.execute("ROLLBACK")
    db.close()
    assert service.paths().count("/data") == 1  # never used
    result = run(broadsheet, config, NOW + DAY + 60)
    assert (result.returncode, result.stderr) == (0, "")


def test_pair_that_cannot_be_stored_is_not_used(
    broadsheet, configure, login, service, tmp_path, vault
):
    config = configure(timeout="30s")
    login(config)
    run(broadsheet, config)
    with sqlite3.connect(tmp_path / "db.sqlite") as db:
        db.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON vault BEGIN"
            " SELECT raise(ABORT, 'full'); END"
        )
    db.close()
    result = run(broadsheet, config, NOW + DAY)
    assert result.stderr == "source web: what must be kept could not be stored\n"
    assert service.paths().count("/data") == 1
    assert vault()["refresh"] == "r1"
    with sqlite3.connect(tmp_path / "db.sqlite") as db:
        db.execute("DROP TRIGGER full")
    db.close()
    assert run(broadsheet, config, NOW + 2 * DAY).returncode == 0


def test_two_runs_at_once_renew_once(broadsheet, configure, login, service):
    config = configure()
    login(config)
    hold = service.stall("/token", after=True)
    first = start(config, NOW + DAY)
    assert hold.reached.wait(60)
    assert run(broadsheet, config, NOW + DAY).returncode == 11
    hold.released.set()
    assert first.wait(60) == 0
    assert service.paths().count("/token") == 2


def test_trial_waits_for_the_run(broadsheet, configure, login, service):
    config = configure()
    login(config)
    hold = service.stall("/token", after=True)
    first = start(config, NOW + DAY)
    assert hold.reached.wait(60)
    trial = start(config, NOW + DAY, "test web")
    hold.released.set()
    assert (first.wait(60), trial.wait(60)) == (0, 0)
    assert service.paths().count("/token") == 2


def test_access_given_during_a_run_outlasts_it(
    configure, login, service, vault
):
    """The run renews the old tokens meanwhile; the person's are the last."""
    config = configure()
    login(config)
    hold = service.stall("/token", after=True)
    process = start(config, NOW + DAY)
    assert hold.reached.wait(60)
    service.codes.add("again")
    giving = subprocess.Popen(
        [BINARY, "-c", config, "auth", "web"],
        cwd=os.path.dirname(config),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    giving.stdin.write(b"again\n")
    giving.stdin.close()
    wait_until(lambda: service.serial == 3)
    hold.released.set()
    assert (process.wait(60), giving.wait(60)) == (0, 0)
    assert vault()["refresh"] == "r3"
