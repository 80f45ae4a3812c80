"""export and sql: what is stored comes out again as it was."""

import csv
import io
import json

import pytest

CONFIG = """\
title: Test
timezone: UTC
store: store.db
output: out
explore: no
sources:
  "{each}":
    each: [app1, app2]
    exec: [cat, "{each}"]
    decode: json
    values: {cpu: $.cpu, "odd, \\"name\\"": $.odd}
pages:
  index:
    panels:
      - line: CPU
        series: "*/cpu"
"""

START = 1793330040
VALUES = [0.1, 12.5, 1e-7, -3, 123456789.123456789]


@pytest.fixture
def store(broadsheet, write_config, tmp_path):
    write_config(CONFIG)
    for i, value in enumerate(VALUES):
        for n, host in enumerate(("app1", "app2")):
            (tmp_path / host).write_text(
                json.dumps({"cpu": value + n, "odd": i})
            )
        result = broadsheet("-q", "collect", "--now", f"@{START + 60 * i}")
        assert (result.stderr, result.returncode) == ("", 0)
    return broadsheet


def rows(result):
    assert (result.stderr, result.returncode) == ("", 0)
    return list(csv.reader(io.StringIO(result.stdout)))


def test_export_csv(store):
    got = rows(store("export", "app1/cpu", "--now", f"@{START + 600}"))
    assert got[0] == ["series", "ts", "value"]
    assert [(r[0], int(r[1]), float(r[2])) for r in got[1:]] == [
        ("app1/cpu", START + 60 * i, v) for i, v in enumerate(VALUES)
    ]


def test_export_json(store):
    result = store("export", "*/cpu", "--format", "json", "--now", f"@{START + 600}")
    assert result.returncode == 0
    got = json.loads(result.stdout)
    assert [s["series"] for s in got] == ["app1/cpu", "app2/cpu"]
    assert got[0]["points"] == [
        [START + 60 * i, v] for i, v in enumerate(VALUES)
    ]


def test_export_nothing(store):
    assert rows(store("export", "nobody/*")) == [["series", "ts", "value"]]
    assert json.loads(store("export", "nobody/*", "--format", "json").stdout) == []


def test_export_range(store):
    got = rows(
        store(
            "export", "app1/cpu", "--from", f"@{START + 60}",
            "--to", f"@{START + 120}", "--now", f"@{START + 600}",
        )  # fmt: skip
    )
    assert [int(r[1]) for r in got[1:]] == [START + 60, START + 120]
    bad = store("export", "x", "--from", "2026-01-02", "--to", "2026-01-01")
    assert bad.stderr == "broadsheet: --from is later than --to\n"
    assert bad.returncode == 2


def test_export_quotes_names(store):
    got = rows(store("export", "app1/odd*", "--now", f"@{START + 600}"))
    assert got[1][0] == 'app1/odd, "name"'


def test_sql(store):
    result = store(
        "sql",
        "SELECT series, count(*) AS n, max(value) AS most FROM samples"
        " WHERE series GLOB '*/cpu' GROUP BY series",
    )
    assert (result.stderr, result.returncode) == ("", 0)
    lines = [l.split() for l in result.stdout.splitlines()]
    assert lines[0] == ["series", "n", "most"]
    assert lines[1][:2] == ["app1/cpu", str(len(VALUES))]
    assert float(lines[1][2]) == pytest.approx(VALUES[-1])


def test_sql_forms(store):
    ask = "SELECT series, ts FROM samples WHERE series = 'app2/cpu' LIMIT 1"
    assert rows(store("sql", ask, "--format", "csv")) == [
        ["series", "ts"],
        ["app2/cpu", str(START)],
    ]
    as_json = json.loads(store("sql", ask, "--format", "json").stdout)
    assert as_json == [{"series": "app2/cpu", "ts": str(START)}]


@pytest.mark.parametrize(
    "ask",
    [
        "DELETE FROM samples",
        "ATTACH 'other.db' AS other",
        "PRAGMA user_version = 9",
        "SELECT 1; DROP TABLE source",
        "SELECT load_extension('x')",
        "nonsense",
    ],
)
def test_sql_only_reads(store, ask):
    result = store("sql", ask)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("broadsheet: store.db: ")


def test_format_that_is_none(store):
    result = store("export", "x", "--format", "xml")
    assert result.stderr == "broadsheet: --format: 'xml' does not fit\n"
    assert result.returncode == 2
