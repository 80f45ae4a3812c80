"""sql: a real MariaDB, and what can be wrong with one."""

import json

import pytest

from conftest import HEAD, indent
from rig.asked import ask, password, words  # noqa: F401
from rig.certs import Authority
from rig.database import PASSWORD
from rig.hostile import flood, hostile, raw, silent
from rig.mariadb import Mariadb
from rig.said import assert_fails


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def server(authority):
    with Mariadb(authority.issue("db")) as s:
        s.sql("""
            CREATE TABLE session (region text, users int, seen double);
            INSERT INTO session VALUES ('north', 3, 1.25), ('south', 4, NULL);
            CREATE DATABASE closed; CREATE TABLE closed.secret (n int);
            GRANT INSERT ON fleet.* TO dash;
            GRANT INSERT ON closed.secret TO dash;
        """)
        yield s
        assert s.is_left()


def test_columns_of_every_type(ask, server):
    server.sql("""
        CREATE TABLE kinds (name enum('a', 'b'), a tinyint, b bigint unsigned,
            c decimal(20, 3), d float, e double, f year, g int,
            h datetime, l timestamp, ts datetime(6));
        SET time_zone = '+02:00';
        INSERT INTO kinds VALUES ('a', -1, 18446744073709551615, 12.34, 0.1,
            0.1, 2026, NULL, '2026-10-30 10:00:00', '2026-10-30 12:00:00',
            '2026-10-30 10:00:00.5');
    """)
    assert words(ask("query: SELECT * FROM kinds")) == [
        'a{name="a"} -1', 'b{name="a"} 1.84467440737e+19',
        'c{name="a"} 12.34', 'd{name="a"} 0.1', 'e{name="a"} 0.1',
        'f{name="a"} 2026', 'h{name="a"} 1793354400', 'l{name="a"} 1793354400',
    ]  # fmt: skip


def test_several_queries(ask):
    options = """\
queries:
  connected: SELECT count(*) FROM session
  region: SELECT region, users, seen FROM session
"""
    assert words(ask(options)) == [
        "connected 2",
        'region_users{region="north"} 3',
        'region_seen{region="north"} 1.25',
        'region_users{region="south"} 4',
    ]


def test_a_row_of_nulls_is_a_hole(ask):
    result = ask("query: SELECT NULL AS a, max(users) AS b FROM session"
                 " WHERE users > 9")  # fmt: skip
    assert (result.returncode, result.stdout) == (0, "")


def test_by_a_socket(sample, server, password):
    result = sample(
        f"sql: mariadb://dash@/fleet?socket={server.folder}/mysqld.sock\n"
        f"password_file: {password}\n"
        "query: SELECT sum(users) AS n FROM session"
    )
    assert words(result) == ["n 7"]


def test_its_own_password_file(write_config, server, own_home):
    config = write_config(
        HEAD
        + f"sources: {{web: {{sql: '{server.url()}', query: SELECT 1 AS n}}}}"
    )
    path = own_home.folder / ".my.cnf"
    path.write_text(f'[client]\npassword = "{PASSWORD}"\n')
    path.chmod(0o600)
    assert words(own_home("-c", config, "test", "web")) == ["n 1"]
    path.chmod(0o644)
    result = own_home("-c", config, "test", "web")
    assert result.returncode == 3
    assert "hint: chmod 600 " in result.stderr


@pytest.mark.parametrize(
    "query, sentence, hint",
    [
        ("SELECT * FROM gone", "Table 'fleet.gone' doesn't exist", None),
        (
            "SELECT * FROM closed.secret",
            "SELECT command denied to user 'dash'@'127.0.0.1' for table "
            "`closed`.`secret`",
            "GRANT SELECT ON the table TO the user",
        ),
        (
            "INSERT INTO session VALUES ('x', 1, 1)",
            "Cannot execute statement in a READ ONLY transaction",
            "a source only reads",
        ),
        (
            "INSERT INTO session VALUES ('x', 1, 1) RETURNING users",
            "Cannot execute statement in a READ ONLY transaction",
            "a source only reads",
        ),
        (
            "SET @x = 1",
            "the statement yields no rows: a SELECT is wanted",
            None,
        ),
        (
            "SELECT x'00ff' AS b",
            "column 'b' holds bytes (binary), not text",
            "leave it out, or make text of it in the query",
        ),
        (
            "SELECT 1 AS a, 2 AS a",
            "two columns are called 'a'",
            "name each by AS: SELECT a.id AS a_id",
        ),
        (
            "SELECT seq AS n FROM seq_1_to_20000",
            "more than 10000 rows",
            "add a LIMIT to the query, or raise rows:",
        ),
        (
            "SELECT repeat('x', 1000) AS t FROM seq_1_to_2000",
            "the rows are more than 1 MB",
            None,
        ),
    ],
)
def test_what_a_query_gets_wrong(ask, query, sentence, hint):
    assert_fails(ask(f'timeout: 20s\nquery: "{query}"'), sentence, hint)


def test_one_statement_only(ask):
    result = ask("query: SELECT 1; SELECT 2")
    assert result.returncode == 3
    assert "You have an error in your SQL syntax" in result.stderr


def test_a_slow_query_ends_on_the_server_too(ask, server):
    result = ask('timeout: 4s\nquery: "SELECT sleep(600) AS n, users'
                 ' FROM session"')  # fmt: skip
    assert result.returncode == 3
    assert "no end in 4 s: Query execution was interrupted" in result.stderr
    assert server.is_left()


def test_a_wrong_password(sample, server, tmp_path):
    path = tmp_path / "wrong"
    path.write_text("wr0ng")
    path.chmod(0o600)
    assert_fails(
        sample(
            f"sql: {server.url()}\nquery: SELECT 1\npassword_file: {path}"
        ),
        f"127.0.0.1:{server.port}: Access denied for user "
        "'dash'@'127.0.0.1' (using password: YES)",
    )


def test_out_of_connections(ask, server):
    holders = []
    try:
        # Another session may just have ended: its place is taken, too.
        while (result := ask("query: SELECT 1")).returncode == 0:
            while (holder := server.hold()) is not None:
                holders.append(holder)
        assert_fails(
            result,
            f"127.0.0.1:{server.port}: Too many connections",
            "raise max_connections, or find who keeps them: SHOW PROCESSLIST",
        )
    finally:
        for holder in holders:
            holder.kill()
            holder.wait()
        server.stop()
        server.start()


def test_stopped_and_started_again(ask, server):
    server.stop()
    try:
        result = ask("query: SELECT 1 AS n")
        assert result.returncode == 3
        assert result.stderr.startswith(
            f"source web: 127.0.0.1:{server.port}: Can't connect to server"
        )
    finally:
        server.start()
    assert words(ask("query: SELECT 1 AS n")) == ["n 1"]


def test_no_such_host(sample):
    result = sample("sql: mysql://db.invalid/x\nquery: SELECT 1")
    assert result.returncode == 3
    assert "db.invalid:3306: Unknown server host 'db.invalid'" in result.stderr


@pytest.mark.parametrize(
    "behaviour, sentence",
    [
        (silent(), "no answer in 1 s"),
        (raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), ""),
        (raw(b""), ""),
        (flood(b"\xff" * 65536), ""),
    ],
)
def test_what_is_no_database(sample, password, behaviour, sentence):
    with hostile(behaviour) as other:
        result = sample(
            f"sql: mysql://dash@127.0.0.1:{other.port}/x\ntimeout: 1s\n"
            f"password_file: {password}\nquery: SELECT 1"
        )
    assert result.returncode == 3
    assert sentence in result.stderr
    assert PASSWORD not in result.stderr


def test_tls(ask, authority, tmp_path):
    query = (
        "query: SELECT 1 AS n, length(variable_value) > 0 AS tls FROM"
        " information_schema.session_status"
        " WHERE variable_name = 'Ssl_cipher'"
    )
    on, off = ["n 1", "tls 1"], ["n 1", "tls 0"]
    assert words(ask(query)) == off
    assert words(ask(query, "?sslmode=require")) == on
    assert words(ask(f"{query}\nca: {authority.path}")) == on
    ca = f"{query}\nca: {authority.path}"
    assert words(ask(ca, "?sslmode=verify-ca")) == on
    other = Authority(tmp_path / "other")
    for options, mode in (
        (f"{query}\nca: {other.path}", ""),
        (f"{query}\nca: {other.path}", "?sslmode=verify-ca"),
        (query, "?sslmode=verify-full"),
    ):
        result = ask(options, mode)
        assert result.returncode == 3
        assert "certificate" in result.stderr
        assert "hint: name the file of its authority by ca:" in result.stderr


def test_text_that_is_not_utf8(ask, server):
    server.sql("CREATE TABLE latin (city varchar(9) CHARACTER SET latin1,"
               " n int)")  # fmt: skip
    server.sql("INSERT INTO latin VALUES (x'4dfc', 1)")
    assert words(ask("query: SELECT * FROM latin")) == ['n{city="Mü"} 1']


@pytest.fixture
def collect(broadsheet, write_config, server, password):
    """collect(sources, minute) runs once; sources: name -> options."""

    def run(sources, minute=0):
        text = HEAD + "timezone: UTC\nsources:\n"
        for name, options in sources.items():
            text += f"  {name}:\n" + indent(
                f"sql: {server.url()}\npassword_file: {password}\n"
                + options.strip(),
                4,
            )
            text += "\n"
        return broadsheet(
            "-q", "-c", write_config(text), "collect", "--now",
            f"@{1793330040 + 60 * minute}",
        )  # fmt: skip

    return run


def test_sources_share_a_connection_and_not_their_faults(
    collect, broadsheet, server
):
    number = "query: SELECT connection_id() AS id"
    collect({
        "a": number,
        "b": "query: SELECT * FROM gone",
        "c": number,
        "d": "timeout: 2s\nquery: SELECT sleep(600), users FROM session",
        "e": number,
        "f": "query: SELECT seq FROM seq_1_to_200000",
        "g": number,
    })  # fmt: skip
    result = broadsheet("sql", "SELECT series, value FROM samples")
    ids = dict(line.split() for line in words(result)[1:])
    assert len(ids) == 4
    assert ids["a/id"] == ids["c/id"] == ids["e/id"] != ids["g/id"]
    status = json.loads(broadsheet("status", "--json").stdout)["sources"]
    assert {name: s["outcome"] for name, s in status.items()} == {
        "a": "ok", "b": "failed", "c": "ok", "d": "timeout", "e": "ok",
        "f": "too large", "g": "ok",
    }  # fmt: skip
    assert server.is_left()


def test_since_takes_each_row_once(collect, broadsheet, server):
    server.sql("""
        CREATE TABLE log (id bigint, at datetime(6), msg text);
        INSERT INTO log SELECT seq, '2026-10-29 10:00' + INTERVAL seq * 1.000001
            SECOND, concat('line ', seq) FROM seq_1_to_5
    """)
    for column in ("id", "at"):
        source = {column: f"""
query: SELECT id, at, at AS ts, msg AS text FROM log;
since: {column}
as: lines
rows: 2
"""}  # fmt: skip
        for minute, n in enumerate((2, 4, 5, 5)):
            result = collect(source, minute)
            assert (result.returncode, result.stderr) == (0, "")
            result = broadsheet(
                "sql",
                f"SELECT text FROM lines WHERE source = '{column}'"
                " ORDER BY text",
            )
            assert words(result)[1:] == [
                f"line {i}" for i in range(1, n + 1)
            ]
