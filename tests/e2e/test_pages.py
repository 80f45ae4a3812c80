"""Pages, what is new, budgets and keys, of services without a consent."""

import base64
import json
import sqlite3
import subprocess

import pytest

from conftest import HEAD
from rig.fake_oauth import fake_oauth

DAY = 86400
NOW = 1795000000  # 2026-11-18 11:06:40 UTC
T = 1794000000


def reply(value, status=200, **headers):
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return status, named, json.dumps(value).encode()


def items(first, n):
    return [{"id": first + i, "t": T + first + i} for i in range(n)]


@pytest.fixture
def service():
    with fake_oauth() as s:
        yield s


@pytest.fixture
def api(service, write_config, broadsheet):
    """api(answer, options) -> run(now) of a source with these options."""

    def make(answer, **options):
        service.answer = answer
        options = {
            "http": service.url + "/data",
            "decode": "json",
            "as": "records",
            "key": "id",
            "items": "$",
            **options,
        }
        lines = [f"    {k}: {v}" for k, v in options.items() if v is not None]
        config = write_config(
            HEAD
            + "timezone: UTC\nsources:\n  web:\n"
            + "\n".join(lines)
            + "\n"
        )

        def run(now=NOW):
            del service.asked[:]
            return broadsheet("-c", config, "collect", "--now", f"@{now}")

        def keys():
            out = broadsheet(
                "-c", config, "sql", "SELECT key FROM records", "--format", "csv"
            ).stdout
            return sorted(int(k) for k in out.split()[1:])

        run.keys = keys
        return run

    return make


def well(result):
    assert (result.returncode, result.stderr) == (0, "")


def asked(service):
    return [p for _, p, _ in service.asked]


# --- pages


def test_numbers_until_a_page_is_short(api, service):
    pages = [items(0, 3), items(3, 3), items(6, 1)]
    run = api(
        lambda p, h: reply(pages[int(p["page"]) - 1]),
        paging="{parameter: page, size: per_page, per_page: 3}",
    )
    well(run())
    assert asked(service) == [
        {"page": str(i), "per_page": "3"} for i in (1, 2, 3)
    ]
    assert run.keys() == list(range(7))


def test_numbers_until_a_page_is_empty(api, service):
    run = api(
        lambda p, h: reply(items(int(p["at"]), 2) if p["at"] != "20" else []),
        paging="{parameter: at, first: 0, step: 10}",
    )
    well(run())
    assert asked(service) == [{"at": "0"}, {"at": "10"}, {"at": "20"}]


@pytest.mark.parametrize("more", [(1, 0), (True, False), ("1", "0")])
@pytest.mark.parametrize("offset", [3, "3"])
def test_offset_and_a_flag(api, service, more, offset):
    def answer(p, h):
        rest = "offset" in p
        return reply(
            {
                "body": {
                    "list": items(3 if rest else 0, 3),
                    "more": more[rest],
                    "offset": offset if not rest else 0,
                }
            }
        )

    run = api(
        answer,
        method="POST",
        arguments="{action: get it}",
        items="$.body.list",
        paging="{parameter: offset, next: $.body.offset, more: $.body.more}",
    )
    well(run())
    assert asked(service) == [
        {"action": "get it"},
        {"action": "get it", "offset": "3"},
    ]
    assert run.keys() == list(range(6))


def test_cursor_longer_than_a_number(api, service):
    big = 123456789012345678901234567890

    def answer(p, h):
        end = "after" in p
        return reply({"list": items(end * 2, 2), "next": None if end else big})

    run = api(
        answer, items="$.list", paging="{parameter: after, next: $.next}"
    )
    run()
    assert len(asked(service)) == 2


@pytest.mark.parametrize("where", ["header", "body"])
@pytest.mark.parametrize("relative", [False, True])
def test_address_of_the_next_page(api, service, where, relative):
    base = "/data" if relative else service.url + "/data"

    def answer(p, h):
        last = p.get("p") == "2"
        next_ = None if last else base + "?p=2"
        if where == "body":
            return reply({"list": items(2 * last, 2), "next": next_})
        link = f'<{base}?p=0>; rel="first"'
        if next_:
            link += f', <{next_}>; rel="next"; title="x"'
        return reply({"list": items(2 * last, 2)}, Link=link)

    paging = "{next: $.next}" if where == "body" else "{pages: 20}"
    run = api(answer, items="$.list", paging=paging, arguments="{p: 1}")
    well(run())
    assert [p["p"] for p in asked(service)] == ["1", "2"]
    assert run.keys() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "where, text",
    [
        (
            "http://evil.example/x?y",
            "the next page's address leads elsewhere: http://evil.example/x?…",
        ),
        (
            "file:///etc/passwd",
            "the next page's address leads elsewhere: file:///etc/passwd",
        ),
    ],
)
def test_next_page_elsewhere_is_not_asked(api, service, where, text):
    run = api(
        lambda p, h: reply({"list": items(0, 1), "next": where}),
        items="$.list",
        paging="{next: $.next}",
    )
    run()
    result = run(NOW + 60)
    assert len(service.asked) == 1
    assert result.stderr == ""  # what came with it is good
    assert run.keys() == [0]


def test_page_that_leads_to_itself(api, service):
    run = api(
        lambda p, h: reply({"list": items(0, 1), "next": "same"}),
        items="$.list",
        paging="{parameter: after, next: $.next}",
    )
    run()
    assert len(service.asked) == 2


def test_bounded_pages_and_the_next_run_goes_on(api, service):
    run = api(
        lambda p, h: reply(items(2 * int(p["page"]), 2 if p["page"] < "6" else 1)),
        paging="{parameter: page, per_page: 2, pages: 2}",
        since="{parameter: after, from: '$[*].t'}",
    )
    for i, pages in enumerate((["1", "2"], ["3", "4"], ["5", "6"])):
        well(run(NOW + 60 * i))
        assert [p["page"] for p in asked(service)] == pages
        assert all("after" not in p for p in asked(service))
    assert run.keys() == list(range(2, 13))
    run(NOW + 240)
    assert asked(service)[0] == {"page": "1", "after": str(T + 12)}


def test_page_that_fails_is_asked_again(api, service):
    broken = {"2"}

    def answer(p, h):
        if p["page"] in broken:
            return 500, {}, b"{}"
        return reply(items(3 * int(p["page"]), 3 if p["page"] == "1" else 1))

    run = api(answer, paging="{parameter: page, per_page: 3}")
    well(run())
    assert run.keys() == [3, 4, 5]
    result = run(NOW + 60)
    assert [p["page"] for p in asked(service)] == ["2"]
    assert result.stderr == (
        f"source web: 500 Internal Server Error from {service.url}/data?…: {{}}\n"
    )
    broken.clear()
    assert run(NOW + 120).returncode == 0
    assert run.keys() == [3, 4, 5, 6]


def test_pages_that_are_not_json(api, service):
    run = api(
        lambda p, h: (200, {}, b"<html>\x1b[2J</html>"),
        paging="{parameter: page}",
    )
    result = run()
    assert result.stderr == (
        f"source web: {service.url}/data?…: not JSON but '<html></html>'\n"
    )


def test_rows_of_pages_are_one_table(api, service, broadsheet):
    run = api(
        lambda p, h: reply(items(2 * int(p["page"]), 2 if p["page"] == "1" else 1)),
        paging="{parameter: page, per_page: 2}",
        key=None,
        **{"as": "table"},
    )
    well(run())
    tried = broadsheet("-c", "broadsheet.yaml", "test", "web").stdout
    assert tried.split() == [
        "table", "id", "t", *(str(v) for i in (2, 3, 4) for v in (i, T + i))
    ]  # fmt: skip


def test_other_request_begins_anew(api, service):
    answer = lambda p, h: reply(items(0, 1))
    since = "{parameter: after, from: '$[*].t'}"
    api(answer, since=since)()
    run = api(answer, since=since)
    run(NOW + 60)
    assert asked(service) == [{"after": str(T)}]
    run = api(answer, since=since, arguments="{kind: new}")
    run(NOW + 120)
    assert asked(service) == [{"kind": "new"}]


# --- what is new


@pytest.mark.parametrize(
    "written, first, then",
    [
        ("epoch", str(NOW - 2 * DAY), str(T + 4 - 3600)),
        ("iso", "2026-11-16T11:06:40Z", "2026-11-06T20:20:04Z"),
        ("date", "2026-11-16", "2026-11-06"),
    ],
)
def test_only_what_is_new(api, service, written, first, then):
    run = api(
        lambda p, h: reply(items(0, 5)),
        since="{parameter: since, format: %s, from: '$[*].t', first: 2d, "
        "overlap: 1h}" % written,
    )
    well(run())
    assert asked(service) == [{"since": first}]
    well(run(NOW + 60))
    assert asked(service) == [{"since": then}]


def test_time_that_the_service_names(api, service):
    run = api(
        lambda p, h: reply({"list": items(0, 1), "updatetime": 1794555555}),
        items="$.list",
        since="{parameter: lastupdate, from: $.updatetime, first: 0}",
    )
    run()
    assert asked(service) == [{"lastupdate": "0"}]
    run(NOW + 60)
    assert asked(service) == [{"lastupdate": "1794555555"}]


def test_time_that_the_service_names_on_the_first_page(api, service):
    """What changes while the others are read is new the next time."""

    def answer(p, h):
        page = int(p.get("offset", 0))
        return reply(
            {"list": items(page, 1), "now": T + page, "offset": page + 1,
             "more": page < 2}
        )  # fmt: skip

    run = api(
        answer,
        items="$.list",
        paging="{parameter: offset, next: $.offset, more: $.more, pages: 2}",
        since="{parameter: after, from: $.now}",
    )
    run()
    run(NOW + 60)
    assert asked(service) == [{"offset": "2"}]
    run(NOW + 120)
    assert asked(service)[0] == {"after": str(T)}


def test_time_of_the_run(api, service):
    run = api(lambda p, h: reply(items(0, 1)), since="{parameter: after}")
    run()
    run(NOW + 60)
    assert asked(service) == [{"after": str(NOW)}]


@pytest.mark.parametrize(
    "times, expected",
    [
        (["2026-11-06T12:00:00Z", "2026-11-07T12:00:00.25Z"], "1794052800"),
        ([T, T + 9 * 366 * DAY], str(T)),  # the future would hide the rest
        ([T, None, "soon", {}, [], 1e300, -5], str(T)),
        ([], None),
    ],
)
def test_newest_of_all_times(api, service, times, expected):
    run = api(
        lambda p, h: reply([{"id": i, "t": t} for i, t in enumerate(times)]),
        since="{parameter: after, from: '$[*].t'}",
    )
    run()
    run(NOW + 60)
    assert asked(service) == ([{"after": expected}] if expected else [{}])


# --- budgets


def usage(limit, used, prefix="X-RateLimit"):
    return {f"{prefix}-Limit": limit, f"{prefix}-Usage": used}


@pytest.mark.parametrize(
    "headers, minutes",
    [
        (usage("200,2000", "12,34"), 0),
        (usage("200, 2000", "200, 34"), 15 - 7),
        (usage("100,1000", "96,34", "x-readratelimit"), 15 - 7),
        (usage("200,2000", "12,1990"), 12 * 60 + 53),
        (usage("200,2000", "x,y"), 0),
        (usage("200,2000", "-1,-1"), 0),
        (usage("200", "200,2000"), 15 - 7),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "600"}, 10),
        ({"RateLimit-Remaining": "0" + ", 9" * 99,
          "RateLimit-Reset": "600" + ", 9" * 99}, 10),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 600)}, 10),
        ({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": str(NOW + 600)}, 0),
    ],
)
def test_budget_that_is_used_up(api, service, headers, minutes):
    run = api(
        lambda p, h: (200, headers, b"[]"),
        rate_windows="[15m, 1d]",
    )
    well(run())
    if minutes:
        result = run(NOW + max(60, (minutes - 2) * 60))
        assert service.asked == []
        assert "source web: the service is to be left alone until 2026-11-1" in (
            result.stderr
        )
    run(NOW + (minutes + 3) * 60)
    assert len(service.asked) == 1


def test_budget_stops_pages_too(api, service):
    run = api(
        lambda p, h: reply(items(0, 2), **{"X-RateLimit-Limit": "10",
                                           "X-RateLimit-Usage": "10"}),
        paging="{parameter: page}",
        rate_windows="[15m]",
    )  # fmt: skip
    well(run())
    assert len(service.asked) == 1
    run(NOW + 3600)
    assert asked(service) == [{"page": "2"}]


def test_too_many_requests_with_a_time(api, service):
    run = api(
        lambda p, h: reply({}, 429, Retry_After="1800"),
        paging="{parameter: page}",
    )
    result = run()
    assert result.stderr.startswith(
        f"source web: 429 Too Many Requests from {service.url}/data?…; to be "
        "asked again in 30 min: {}; it is left alone until 2026-11-18 11:36\n"
    )
    run(NOW + 1700)
    assert service.asked == []
    run(NOW + 1900)
    assert len(service.asked) == 1


def test_too_many_requests_without_a_time(api, service, tmp_path):
    """Twice as long each time, and never at the full minute."""
    run = api(lambda p, h: reply({}, 429), paging="{parameter: page}")
    now, waits = NOW, []
    for _ in range(11):
        run(now)
        assert len(service.asked) == 1
        with sqlite3.connect(tmp_path / "db.sqlite") as db:
            rows = db.execute("SELECT data FROM vault").fetchall()
        db.close()
        until = json.loads(rows[0][0])["until"]
        waits.append(until - now)
        run(until - 1)
        assert service.asked == []
        now = until + 3 * 3600  # past the back-off of all that fails
    late = waits[0] - 60
    assert 20 <= late < 110
    assert [w - late for w in waits] == [
        60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600
    ]  # fmt: skip


def test_refusal_inside_of_a_good_answer_is_one(api, service):
    run = api(
        lambda p, h: reply({"status": 601, "error": "Too Many Requests"}),
        errors="{status: $.status, limited: [601], message: $.error}",
    )
    result = run()
    assert (
        "the answer says status 601: Too Many Requests; it is left alone until "
        "2026-11-18 11:0" in result.stderr
    )
    run(NOW + 60)
    assert service.asked == []


def test_absurd_time_is_bounded(api, service):
    run = api(
        lambda p, h: reply({}, 429, Retry_After="99999999"),
        paging="{parameter: page}",
    )
    result = run()
    assert "left alone until 2026-11-20 11:06\n" in result.stderr


# --- keys and service accounts


@pytest.mark.parametrize("way", ["key_parameter", "key_header"])
def test_key(api, service, tmp_path, way):
    path = tmp_path / "key"
    path.write_text("K&=1\n")
    path.chmod(0o600)
    run = api(lambda p, h: reply([]), auth="key", key_file=path, **{way: "X-Key"})
    well(run())
    _, parameters, headers = service.asked[0]
    assert (parameters.get("X-Key"), headers.get("X-Key")) == (
        ("K&=1", None) if way == "key_parameter" else (None, "K&=1")
    )
    path.chmod(0o644)
    result = run(NOW + 60)
    assert f"{path}" in result.stderr and "K&=1" not in result.stderr
    assert service.asked == []


@pytest.fixture
def account(tmp_path, service):
    """(path of the JSON key, path of its public key)."""
    pem, public = tmp_path / "pem", tmp_path / "public"
    subprocess.run(
        ["openssl", "genrsa", "-out", pem, "2048"], check=True, capture_output=True
    )
    subprocess.run(
        ["openssl", "rsa", "-in", pem, "-pubout", "-out", public],
        check=True,
        capture_output=True,
    )
    path = tmp_path / "account.json"
    path.write_text(
        json.dumps(
            {
                "client_email": "me@project.example",
                "private_key": pem.read_text(),
                "token_uri": service.url + "/token",
            }
        )
    )
    path.chmod(0o600)
    return path, public


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verify(jwt, public, tmp_path):
    """The claims, after openssl has verified the signature."""
    head, claims, signature = jwt.split(".")
    (tmp_path / "signature").write_bytes(decoded(signature))
    (tmp_path / "text").write_text(f"{head}.{claims}")
    subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", public,
         "-signature", tmp_path / "signature", tmp_path / "text"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    assert json.loads(decoded(head)) == {"alg": "RS256", "typ": "JWT"}
    return json.loads(decoded(claims))


def test_service_account(api, service, account, tmp_path):
    path, public = account
    service.grant = lambda p: reply({"access_token": "tok", "expires_in": 3599})
    run = api(
        lambda p, h: reply([]),
        auth="service-account",
        key_file=path,
        scope="https://example.net/readonly",
    )
    well(run())
    (_, grant, _), (_, _, headers) = service.asked
    assert headers["Authorization"] == "Bearer tok"
    assert grant["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert verify(grant["assertion"], public, tmp_path) == {
        "iss": "me@project.example",
        "scope": "https://example.net/readonly",
        "aud": service.url + "/token",
        "iat": NOW,
        "exp": NOW + 3600,
    }
    well(run(NOW + 3000))
    assert len(service.asked) == 1  # the token lasts
    well(run(NOW + 3600))
    assert len(service.asked) == 2


def test_service_account_that_is_refused(api, service, account):
    path, _ = account
    service.grant = lambda p: reply({"error": "invalid_grant"}, 400)
    run = api(lambda p, h: reply([]), auth="service-account", key_file=path)
    result = run()
    assert result.returncode == 3  # no person can give it again
    assert (
        "hint: is the key of key_file still there, and this machine's clock "
        "right?\n" in result.stderr
    )


@pytest.mark.parametrize(
    "text, said",
    [
        ("{}", "client_email or private_key is missing"),
        ("nothing", "this is not JSON"),
        (
            '{"client_email": "a", "private_key": "b", "token_uri": "http://x"}',
            "private_key: not a private key",
        ),
    ],
)
def test_key_file_that_is_none(api, service, tmp_path, text, said):
    path = tmp_path / "account.json"
    path.write_text(text)
    path.chmod(0o600)
    run = api(lambda p, h: reply([]), auth="service-account", key_file=path)
    result = run()
    assert f"source web: key_file: {path}: {said}\n" in result.stderr
    assert service.asked == []


# --- faults of the configuration


@pytest.mark.parametrize(
    "options, fault",
    [
        ("auth: oauth2", "auth: oauth2 needs token_url:"),
        ("auth: oauth2", "auth: oauth2 needs client_id:"),
        ("client_id: x", "client_id: goes only with auth: oauth2"),
        ("auth: key", "auth: key needs key_file:"),
        ("auth: key", "auth: key needs either key_parameter: or key_header:"),
        ("auth: service-account", "auth: service-account needs key_file:"),
        ("key_file: x", "key_file: goes only with auth: key or service-account"),
        ("paging: 3", "a mapping is wanted here"),
        ("paging: {parameters: x}", "did you mean 'parameter'?"),
        ("paging: {size: n}", "paging: size: needs per_page:"),
        (
            "paging: {next: body.next}",
            "paging: next: 'body.next' is not a path such as $.body.offset",
        ),
        ("since: {from: $.x}", "'parameter' is missing"),
        (
            "since: {parameter: x, from: '$[*].a[*].b'}",
            "since: from: '$[*].a[*].b' is not a path such as $.list[*].date",
        ),
        ("since: {parameter: x, first: soon}", "since: first: 'soon' is not a time"),
        ("errors: {ok: [0]}", "'status' is missing"),
        (
            "rate_windows: [often]",
            "rate_windows: 'often' is not a length of time such as 15m",
        ),
        ("token_url: ftp://x", "token_url: a URL begins with https:// (or http://)"),
    ],
)
def test_fault(broadsheet, write_config, options, fault):
    config = write_config(
        HEAD
        + "sources:\n  web:\n    http: http://x/\n    decode: number\n    "
        + options
        + "\n"
    )
    result = broadsheet("-c", config, "check-config")
    assert result.returncode == 2
    assert fault in result.stderr
