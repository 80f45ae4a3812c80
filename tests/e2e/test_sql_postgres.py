"""sql: a real PostgreSQL, and what can be wrong with one."""

import json

import pytest

from conftest import HEAD, indent
from rig.asked import ask, password, words  # noqa: F401
from rig.certs import Authority
from rig.database import PASSWORD
from rig.hostile import flood, hostile, raw, silent
from rig.postgres import Postgres
from rig.said import assert_fails


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def server(authority):
    with Postgres(authority.issue("db")) as s:
        s.sql("""
            CREATE TABLE session (region text, users int, load float8);
            INSERT INTO session VALUES ('north', 3, 1.25), ('south', 4, NULL);
            CREATE TABLE secret (n int); REVOKE SELECT ON secret FROM dash;
        """)
        yield s
        assert s.is_left()


def test_columns_of_every_type(ask):
    query = """
        SELECT 'a' AS name, 1::int2 AS a, 2::int8 AS b, 12.340::numeric AS c,
            1.5::float4 AS d, 0.1::float8 AS e, true AS f, false AS g,
            NULL::int AS h, 'NaN'::float8 AS i, '-Infinity'::numeric AS j,
            'infinity'::timestamptz AS k,
            '2026-10-30 12:00:00+02'::timestamptz AS l,
            '2026-10-30 10:00:00.5'::timestamp AS m,
            '2026-10-30 12:00:00+02'::timestamptz AS ts"""
    assert words(ask(f"query: {' '.join(query.split())}")) == [
        'a{name="a"} 1', 'b{name="a"} 2', 'c{name="a"} 12.34',
        'd{name="a"} 1.5', 'e{name="a"} 0.1', 'f{name="a"} 1',
        'g{name="a"} 0', 'l{name="a"} 1793354400', 'm{name="a"} 1793354400',
    ]  # fmt: skip


def test_several_queries(ask):
    options = """\
queries:
  connected: SELECT count(*) FROM session
  region: SELECT region, users, load FROM session
"""
    assert words(ask(options)) == [
        "connected 2",
        'region_users{region="north"} 3',
        'region_load{region="north"} 1.25',
        'region_users{region="south"} 4',
    ]


def test_a_row_of_nulls_is_a_hole(ask):
    result = ask("query: SELECT NULL AS a, NULL::int AS b, sum(1) FILTER"
                 " (WHERE false) AS c")  # fmt: skip
    assert (result.returncode, result.stdout) == (0, "")


def test_by_a_socket(sample, server, password):
    for url in (
        f"postgres://dash@:{server.port}/prod?socket={server.folder}",
        f"postgresql://dash@{str(server.folder).replace('/', '%2F')}"
        f":{server.port}/prod",
    ):
        result = sample(
            f"sql: {url}\npassword_file: {password}\n"
            "query: SELECT sum(users) AS n FROM session"
        )
        assert words(result) == ["n 7"]


def test_names_are_decoded(sample, server, password):
    server.sql(f"""CREATE ROLE "d@/:sh %" LOGIN PASSWORD '{PASSWORD}'""")
    server.sql('CREATE DATABASE "o/d d"')
    url = server.url(user="d%40%2F%3Ash%20%25", database="o%2Fd%20d")
    result = sample(
        f'sql: "{url}"\npassword_file: {password}\n'
        "query: SELECT user AS who, current_database() AS at, 1 AS n"
    )
    assert words(result) == ['n{at="o/d d",who="d@/:sh %"} 1']


HINT = (
    "name a file with the password by password_file:, or write a line into "
    "~/.pgpass"
)


def test_its_own_password_file(write_config, server, own_home):
    config = write_config(
        HEAD + f"sources: {{web: {{sql: '{server.url()}', query: SELECT 1}}}}"
    )
    place = f"127.0.0.1:{server.port}"

    def ask_at_home():
        return own_home("-c", config, "test", "web")

    assert_fails(
        ask_at_home(), f"{place}: fe_sendauth: no password supplied", HINT
    )
    path = own_home.folder / ".pgpass"
    path.write_text(f"*:*:*:dash:{PASSWORD}\n")
    path.chmod(0o600)
    assert words(ask_at_home()) == ["?column? 1"]
    path.chmod(0o644)
    result = ask_at_home()
    assert result.returncode == 3
    assert "hint: chmod 600 " in result.stderr


@pytest.mark.parametrize(
    "query, sentence, hint",
    [
        (
            "SELECT * FROM gone",
            'relation "gone" does not exist',
            None,
        ),
        (
            "SELECT * FROM secret",
            "permission denied for table secret",
            "GRANT SELECT ON the table TO the user",
        ),
        (
            "SELECT 1; SELECT 2",
            "cannot insert multiple commands into a prepared statement",
            None,
        ),
        (
            "INSERT INTO session VALUES ('x') RETURNING 1 AS n",
            "cannot execute INSERT in a read-only transaction",
            "a source only reads",
        ),
        (
            "CREATE TABLE x (n int)",
            "cannot execute CREATE TABLE in a read-only transaction",
            "a source only reads",
        ),
        (
            "COPY session TO STDOUT",
            "the statement yields no rows: a SELECT is wanted",
            None,
        ),
        (
            "SET x.y = 1",
            "the statement yields no rows: a SELECT is wanted",
            None,
        ),
        (
            "SELECT 'x'::bytea AS b",
            "column 'b' holds bytes (bytea), not text",
            "leave it out, or make text of it in the query",
        ),
        (
            "SELECT 1 AS a, 2 AS a",
            "two columns are called 'a'",
            "name each by AS: SELECT a.id AS a_id",
        ),
        (
            "SELECT 1 / (users - 4) AS n FROM session",
            "division by zero",
            None,
        ),
        (
            "SELECT * FROM generate_series(1, 20000) AS n",
            "more than 10000 rows",
            "add a LIMIT to the query, or raise rows:",
        ),
        (
            "SELECT repeat('x', 1000) AS t FROM generate_series(1, 2000)",
            "the rows are more than 1 MB",
            None,
        ),
        (
            "SELECT repeat('x', 20000000) AS t",
            "the server sends too much",
            None,
        ),
    ],
)
def test_what_a_query_gets_wrong(ask, query, sentence, hint):
    assert_fails(ask(f'timeout: 20s\nquery: "{query}"'), sentence, hint)


def test_a_slow_query_ends_on_the_server_too(ask, server):
    result = ask('timeout: 4s\nquery: "SELECT pg_sleep(600)"')
    assert_fails(
        result,
        "no end in 4 s: canceling statement due to statement timeout",
    )
    assert server.is_left()


def test_a_wrong_password(sample, server, tmp_path):
    path = tmp_path / "wrong"
    path.write_text("wr0ng")
    path.chmod(0o600)
    options = f"sql: {server.url()}\nquery: SELECT 1\npassword_file: {path}"
    assert_fails(
        sample(options),
        f"127.0.0.1:{server.port}: password authentication failed for user "
        '"dash"',
    )
    path.chmod(0o644)
    result = sample(options)
    assert f"hint: chmod 600 {path}" in result.stderr
    assert "wr0ng" not in result.stderr


def test_no_such_database(sample, server, password):
    result = sample(
        f"sql: {server.url(database='gone')}\npassword_file: {password}\n"
        "query: SELECT 1"
    )
    assert_fails(
        result,
        f'127.0.0.1:{server.port}: database "gone" does not exist',
    )


def test_out_of_connections(ask, server):
    server.sql("ALTER ROLE dash CONNECTION LIMIT 0")
    try:
        assert_fails(
            ask("query: SELECT 1"),
            f"127.0.0.1:{server.port}: too many connections for role "
            '"dash"',
            "raise max_connections, or find who keeps them: pg_stat_activity",
        )
    finally:
        server.sql("ALTER ROLE dash CONNECTION LIMIT -1")


def test_stopped_and_started_again(ask, server):
    server.stop()
    try:
        assert_fails(
            ask("query: SELECT 1 AS n"),
            f"127.0.0.1:{server.port}: Connection refused",
        )
    finally:
        server.start()
    assert words(ask("query: SELECT 1 AS n")) == ["n 1"]


def test_no_such_host(sample):
    result = sample("sql: postgres://db.invalid/x\nquery: SELECT 1")
    assert result.returncode == 3
    assert 'db.invalid:5432: could not translate host name "db.invalid"' in (
        result.stderr
    )


@pytest.mark.parametrize(
    "behaviour, sentence",
    [
        (silent(), "no answer while connecting in 1 s"),
        (raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "expected authentication"),
        (raw(b""), "server closed the connection unexpectedly"),
        (flood(b"R\x00\x00\x00\x08\x00\x00\x00\x00"), ""),
        (flood(b"\xff" * 65536), "expected authentication"),
    ],
)
def test_what_is_no_database(sample, password, behaviour, sentence):
    with hostile(behaviour) as other:
        result = sample(
            f"sql: postgres://dash@127.0.0.1:{other.port}/x\ntimeout: 1s\n"
            f"password_file: {password}\nquery: SELECT 1"
        )
    assert result.returncode == 3
    assert sentence in result.stderr
    assert PASSWORD not in result.stderr


def test_tls(ask, authority, server, tmp_path):
    query = "query: SELECT ssl, 1 AS n FROM pg_stat_ssl WHERE pid ="
    query += " pg_backend_pid()"
    on, off = ["ssl 1", "n 1"], ["ssl 0", "n 1"]
    assert words(ask(query)) == off
    assert words(ask(query, "?sslmode=require")) == on
    assert words(ask(f"{query}\nca: {authority.path}")) == on
    other = Authority(tmp_path / "other")
    for mode in ("", "?sslmode=verify-ca"):
        assert_fails(
            ask(f"{query}\nca: {other.path}", mode),
            f"127.0.0.1:{server.port}: SSL error: certificate verify failed",
            "name the file of its authority by ca:",
        )
    assert_fails(
        ask(query, "?sslmode=verify-full"),
        f"127.0.0.1:{server.port}: SSL error: certificate verify failed",
        "name the file of its authority by ca:",
    )


def test_text_that_is_not_utf8(sample, server, password):
    server.sql(
        "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0"
        " LOCALE 'C'"
    )
    result = sample(
        f"sql: {server.url(database='bytes')}\npassword_file: {password}\n"
        "query: \"SELECT E'M\\\\xfcnchen' AS city, 1 AS n\""
    )
    assert words(result) == ['n{city="M\ufffdnchen"} 1']
    server.sql("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0"
               " LOCALE 'C'")  # fmt: skip
    server.sql("CREATE TABLE t AS SELECT chr(252) AS city, 1 AS n", "latin")
    server.sql("GRANT SELECT ON t TO dash", "latin")
    result = sample(
        f"sql: {server.url(database='latin')}\npassword_file: {password}\n"
        "query: SELECT * FROM t"
    )
    assert words(result) == ['n{city="ü"} 1']


@pytest.fixture
def collect(broadsheet, write_config, server, password):
    """collect(sources, minute) runs once; sources: name -> options."""

    def run(sources, minute=0, verb="collect", panels=""):
        text = HEAD + panels + "timezone: UTC\nsources:\n"
        for name, options in sources.items():
            text += f"  {name}:\n" + indent(
                f"sql: {server.url()}\npassword_file: {password}\n"
                + options.strip(),
                4,
            )
            text += "\n"
        return broadsheet(
            "-q", "-c", write_config(text), verb, "--now",
            f"@{1793330040 + 60 * minute}",
        )  # fmt: skip

    return run


def test_sources_share_a_connection_and_not_their_faults(
    collect, broadsheet, server
):
    pid = "query: SELECT pg_backend_pid() AS pid"
    collect({
        "a": pid,
        "b": "query: SELECT * FROM gone",
        "c": pid,
        "d": "timeout: 1s\nquery: SELECT pg_sleep(600)",
        "e": pid,
        "f": "query: SELECT * FROM generate_series(1, 20000) AS n",
        "g": pid,
    })  # fmt: skip
    result = broadsheet("sql", "SELECT series, value FROM samples")
    pids = dict(line.split() for line in words(result)[1:])
    assert len(pids) == 4
    assert pids["a/pid"] == pids["c/pid"] == pids["e/pid"] != pids["g/pid"]
    status = json.loads(broadsheet("status", "--json").stdout)["sources"]
    assert {name: s["outcome"] for name, s in status.items()} == {
        "a": "ok", "b": "failed", "c": "ok", "d": "timeout", "e": "ok",
        "f": "too large", "g": "ok",
    }  # fmt: skip
    assert server.is_left()


def test_since_takes_each_row_once(collect, broadsheet, server):
    server.sql("""
        CREATE TABLE log ("Id" bigserial, at timestamptz, msg text);
        INSERT INTO log (at, msg) SELECT '2026-10-29 10:00Z'::timestamptz +
            n * interval '1.000001 s', 'line ' || n
            FROM generate_series(1, 5) AS n
    """)
    for column in ("Id", "at"):
        source = {column.lower(): f"""
query: SELECT "Id", at, at AS ts, msg AS text FROM log;
since: {column}
as: lines
rows: 2
"""}  # fmt: skip
        for minute, n in enumerate((2, 4, 5, 5)):
            result = collect(source, minute)
            assert (result.returncode, result.stderr) == (0, "")
            result = broadsheet(
                "sql",
                "SELECT text FROM lines WHERE source ="
                f" '{column.lower()}' ORDER BY text",
            )
            assert words(result)[1:] == [
                f"line {i}" for i in range(1, n + 1)
            ]


def test_text_from_outside_is_escaped_on_the_page(collect, tmp_path, server):
    server.sql("""
        CREATE TABLE evil AS SELECT '<script>alert(1)</script>' AS name,
            '"><img src=x onerror=alert(2)>' AS "<b>x</b>", 7 AS n
    """)
    panels = """\
      - table: Rows
        source: rows
      - line: Samples
        series: "samples/*"
"""
    result = collect(
        {
            "rows": "as: table\nquery: SELECT * FROM evil",
            "samples": "query: SELECT * FROM evil",
            "wrong": "query: SELECT '<script>alert(3)</script>'::int AS n",
        },
        verb="run",
        panels=panels,
    )
    assert result.returncode == 3
    page = (tmp_path / "out/index.html").read_text()
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;script&gt;alert(3)" in page
    for bad in ("<script>alert", "<img src=x", "<b>x</b>"):
        assert bad not in page
