"""sql: what queries of a database become, and files of SQLite."""

import sqlite3

import pytest

from conftest import HEAD, indent

START = 1793330040


@pytest.fixture
def db(tmp_path):
    """A file of SQLite; `db.executescript()` fills it."""
    connection = sqlite3.connect(tmp_path / "fleet.db", isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture
def ask(sample):
    """ask(options) -> CompletedProcess of a try of fleet.db."""
    return lambda options: sample("sql: sqlite:fleet.db\n" + options)


@pytest.fixture
def collect(broadsheet, write_config):
    """collect(options, minute) stores what the source yields then."""

    def run(options, minute):
        config = write_config(
            HEAD
            + "timezone: UTC\nsources:\n  web:\n"
            + indent("sql: sqlite:fleet.db\n" + options.strip(), 4)
            + "\n"
        )
        return broadsheet(
            "-q", "-c", config, "collect", "--now", f"@{START + 60 * minute}"
        )

    return run


def words(result):
    """What was printed, without the blanks that line it up."""
    return [" ".join(line.split()) for line in result.stdout.splitlines()]


def test_numbers_are_metrics_and_texts_are_labels(ask, db):
    db.executescript("""
        CREATE TABLE t (region TEXT, zone INT, n INT, load REAL);
        INSERT INTO t VALUES ('north', 1, 3, 1.25), ('s"üd', 2, 4, NULL);
    """)
    assert words(ask("query: SELECT * FROM t;")) == [
        'zone{region="north"} 1',
        'n{region="north"} 3',
        'load{region="north"} 1.25',
        'zone{region="s\\"üd"} 2',
        'n{region="s\\"üd"} 4',
    ]
    assert words(ask("query: SELECT * FROM t\nlabels: [zone]")) == [
        'n{zone="1"} 3',
        'load{zone="1"} 1.25',
        'n{zone="2"} 4',
    ]


def test_several_queries_are_named(ask, db):
    db.executescript("CREATE TABLE t (n INT); INSERT INTO t VALUES (3), (4);")
    options = """\
queries:
  connected: SELECT count(*) FROM t
  load: SELECT sum(n) AS total, max(n) AS most FROM t
"""
    assert words(ask(options)) == ["connected 2", "load_total 7", "load_most 4"]
    tables = words(ask(options + "as: table"))
    assert tables[0].startswith("table connected")
    assert any(line.startswith("table load") for line in tables)


def test_nothing_but_nulls_is_a_hole_and_no_failure(ask, db):
    db.executescript("CREATE TABLE t (name TEXT, n INT)")
    db.executescript("INSERT INTO t VALUES (NULL, NULL)")
    result = ask("query: SELECT name, n, sum(n) AS s, 9e999 AS inf FROM t")
    assert (result.returncode, result.stdout) == (0, "")
    assert "source web: ok" in result.stderr


def test_what_is_no_number_anywhere_is_a_failure(ask, db):
    db.executescript("CREATE TABLE t (name TEXT)")
    db.executescript("INSERT INTO t VALUES ('x')")
    assert "not one number in: name" in ask(
        "query: SELECT name FROM t"
    ).stderr


def test_records_have_keys_and_times(collect, broadsheet, db):
    db.executescript("""
        CREATE TABLE t (id INT, at TEXT, lat REAL, state TEXT);
        INSERT INTO t VALUES (7, '2026-10-30 10:00:00', 51.5, 'moving'),
            (8, '2026-10-30T12:00:00+02:00', NULL, '<b>x</b>');
    """)
    result = collect(
        "query: SELECT id AS key, at AS ts, lat, state FROM t\nas: records", 0
    )
    assert (result.returncode, result.stderr) == (0, "")
    result = broadsheet("sql", "SELECT key, ts, fields FROM records")
    assert words(result)[1:] == [
        '7 1793354400 {"lat":51.5,"state":"moving"}',
        '8 1793354400 {"state":"<b>x</b>"}',
    ]


def test_since_takes_each_row_once(collect, broadsheet, db):
    options = """\
query: SELECT id, at AS ts, msg AS text FROM log -- the newest
since: id
as: lines
rows: 2
"""
    db.executescript("CREATE TABLE log (id INTEGER, at INT, msg TEXT)")

    def write(*rows):
        for i in rows:
            db.execute(
                "INSERT INTO log VALUES (?, ?, ?)", (i, START + i, f"line {i}")
            )

    def lines():
        result = broadsheet("sql", "SELECT text FROM lines ORDER BY ts, text")
        return words(result)[1:]

    assert collect(options, 0).returncode == 0
    assert lines() == []
    write(1, 2, 3, 4, 5)
    for minute, n in enumerate((2, 4, 5, 5), 1):
        assert collect(options, minute).returncode == 0
        assert lines() == [f"line {i}" for i in range(1, n + 1)]
    write(6)
    assert collect(options, 5).returncode == 0
    assert lines() == [f"line {i}" for i in range(1, 7)]


def test_rows_of_one_moment_are_not_parted(collect, broadsheet, db):
    options = """\
query: SELECT at, at AS ts, msg AS text FROM log
since: at
as: lines
rows: 2
"""
    db.executescript(f"""
        CREATE TABLE log (at INT, msg TEXT);
        INSERT INTO log VALUES ({START}, 'a'), ({START} + 1, 'b'),
            ({START} + 1, 'c'), ({START} + 2, 'd');
    """)
    seen = []
    for minute in range(4):
        assert collect(options, minute).returncode == 0
        result = broadsheet("sql", "SELECT text FROM lines ORDER BY text")
        seen.append("".join(words(result)[1:]))
    assert seen == ["a", "abc", "abcd", "abcd"]
    db.executescript("INSERT INTO log VALUES (9e9, 'x'), (9e9, 'y')")
    db.executescript("INSERT INTO log VALUES (9e9, 'z')")
    result = collect(options, 5)
    assert "since: too many rows share one at" in result.stderr


def test_bounds(ask, db):
    db.executescript("CREATE TABLE t (n INT); INSERT INTO t VALUES (1), (2)")
    result = ask("query: SELECT n FROM t\nrows: 1")
    assert "more than 1 rows" in result.stderr
    assert "hint: add a LIMIT to the query, or raise rows:" in result.stderr
    result = ask("query: SELECT hex(zeroblob(600000)) AS text\nas: lines")
    assert "the rows are more than 1 MB" in result.stderr


ENDLESS = (
    "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
    "SELECT count(*) FROM c"
)


@pytest.mark.parametrize(
    "query, said",
    [
        ("SELECT nope FROM t", "fleet.db: no such column: nope"),
        ("SELECT * FROM gone", "fleet.db: no such table: gone"),
        ("SELECT x'00ff' AS b", "column 'b' holds bytes (a blob)"),
        ("SELECT 1 AS a, 2 AS a", "two columns are called 'a'"),
        ("SELECT 1; SELECT 2", "fleet.db: not exactly one SQL"),
        ("DELETE FROM t", "fleet.db: not authorized"),
        ("PRAGMA user_version", "fleet.db: not authorized"),
        ("ATTACH 'x.db' AS x", "fleet.db: not authorized"),
        (ENDLESS, "no end in 1 s: stopped"),
    ],
)
def test_what_a_query_gets_wrong(ask, db, query, said):
    db.executescript("CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    result = ask(f"timeout: 1s\nquery: \"{query}\"")
    assert result.returncode == 3
    assert said in result.stderr.replace(str(db), ""), result.stderr
    assert db.execute("SELECT count(*) FROM t").fetchone() == (1,)


def test_a_file_that_is_none(sample, tmp_path):
    result = sample("sql: sqlite:gone.db\nquery: SELECT 1")
    assert "gone.db: no such file or directory" in result.stderr
    assert not (tmp_path / "gone.db").exists()
    (tmp_path / "text.db").write_text("not a database\n" * 100)
    result = sample("sql: sqlite:text.db\nquery: SELECT * FROM t")
    assert "text.db: file is not a database" in result.stderr


def test_a_locked_file_costs_the_timeout_only(ask, db):
    db.executescript("CREATE TABLE t (n INT); BEGIN EXCLUSIVE")
    result = ask("timeout: 1s\nquery: SELECT n FROM t")
    assert "fleet.db: database is locked" in result.stderr
    assert "hint: another program keeps it locked" in result.stderr


@pytest.mark.parametrize(
    "options, said",
    [
        ("sql: oracle://x\nquery: SELECT 1", "sql: a URL begins with"),
        ("sql: sqlite:x", "either 'query' or 'queries' is wanted"),
        ("sql: \"sqlite:\"\nquery: SELECT 1", "sqlite: is followed by a path"),
        (
            "sql: sqlite:x\nquery: SELECT 1\nca: x.pem",
            "ca: sqlite has no use for it",
        ),
        (
            "sql: sqlite:x\nqueries: {a: SELECT 1}\nas: records",
            "queries: records are those of one 'query'",
        ),
        (
            "sql: sqlite:x\nqueries: {a: SELECT 1}\nsince: id",
            "since: goes only with 'query'",
        ),
        (
            "sql: sqlite:x\nquery: SELECT 1\ndecode: json",
            "decode: leave it out; rows of sql need no decoder",
        ),
        ("file: x\ndecode: sql", "decode: sql goes only with 'sql'"),
    ],
)
def test_faults_of_the_configuration(sample, options, said):
    result = sample(options)
    assert result.returncode == 2
    assert said in result.stderr


def test_labels_must_be_columns(ask, db):
    db.executescript("CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    result = ask("query: SELECT n FROM t\nlabels: [region]")
    assert "labels: there is no column 'region'" in result.stderr
