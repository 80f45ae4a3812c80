"""Panels made from SQL, and the views that they share."""

import csv
import re

import pytest

HEAD = """\
title: Test
timezone: Europe/London
store: store.db
output: out
explore: no
sources:
  runs:
    file: runs.csv
    decode: csv
    key: id
    time: when
    as: records
    every: 60s
"""
INDEX = """
pages:
  index:
    periods: [52w]
    panels:
"""
NOW = "@1795317240"  # 2026-11-22 03:14 UTC
RUNS = """\
id,when,distance,"<b>what</b>"
1,2026-10-24 08:00,5,<script>alert(1)</script>
2,2026-10-25 08:00,7.5,"a ""b"" & c"
3,2026-10-26 00:30,10,x
"""


@pytest.fixture
def page(broadsheet, write_config, tmp_path):
    """page(panels, views) -> the index page's HTML after a run."""
    (tmp_path / "runs.csv").write_text(RUNS)

    def make(panels, views=""):
        write_config(HEAD + views + INDEX + panels)
        result = broadsheet("-q", "run", "--now", NOW)
        assert (result.stderr, result.returncode) == ("", 0)
        return (tmp_path / "out/index.html").read_text()

    return make


def state(html, kind):
    return re.search(rf'data-kind="{kind}"[^>]*data-state="(\w+)"', html)[1]


def numbers(tmp_path, name):
    with open(tmp_path / f"out/data/{name}.csv", newline="") as f:
        return list(csv.reader(f))


VIEWS = """\
views:
  weekly: SELECT local_week(ts) AS ts, sum(distance) AS distance FROM runs GROUP BY 1
  best: SELECT max(distance) AS best FROM weekly
"""


def test_panels_of_a_query(page, tmp_path):
    html = page(
        """\
      - stat: Best
        query: SELECT * FROM best
        unit: km
      - line: Weekly
        query: SELECT * FROM weekly WHERE ts >= local_day(:from)
        unit: km
      - table: All
        query: SELECT ts, distance, "<b>what</b>" FROM runs ORDER BY ts DESC
""",
        VIEWS,
    )
    assert state(html, "stat") == "ok"
    assert state(html, "line") == "ok"
    assert state(html, "table") == "ok"
    assert "12.5" in html
    # the week that summer time ends in has two runs, the next one the third
    assert numbers(tmp_path, "index.weekly") == [
        ["time", "distance"],
        ["2026-10-18T23:00:00Z", "12.5"],
        ["2026-10-26T00:00:00Z", "10"],
    ]
    assert "2026-10-26 00:30" in html
    assert "&lt;b&gt;what&lt;/b&gt;" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert "<b>what" not in html


def test_before_there_are_records(broadsheet, write_config, tmp_path, page):
    """A field that nobody knows yet is no fault; there are just no rows."""
    (tmp_path / "runs.csv").write_text('id,when,distance\n')
    html = page(
        """\
      - line: Weekly
        query: SELECT * FROM weekly
""",
        VIEWS,
    )
    assert state(html, "line") == "empty"
    assert "the query gives no rows" in html


def test_a_query_that_fails_costs_its_panel(page):
    html = page(
        """\
      - table: Wrong
        query: SELECT nonesuch FROM runs
      - table: Long
        query: >-
          WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)
          SELECT count(*) FROM n
      - stat: Well
        query: SELECT count(*) AS runs FROM runs
"""
    )
    assert "page index, panel Wrong: query: no such column: nonesuch" in html
    assert (
        "page index, panel Long: query: interrupted after 50 million steps"
        in html
    )
    assert state(html, "stat") == "ok"


FAULTS = [
    ("views: [a]", "", "14:8: views: a mapping of names to SELECTs is wanted here"),
    ("views: {9a: SELECT 1}", "", "14:9: '9a' is no name for a view: up to 64"
     " letters, digits and underscores, not a digit first"),
    ("views: {Samples: SELECT 1}", "", "14:9: view Samples: that is what"
     " broadsheet calls its own"),
    ("views: {runs: SELECT 1}", "", "14:9: view runs: a source has that name,"
     " and its records are called so"),
    ("views: {a: SELECT 1, A: SELECT 2}", "", "14:22: view A is here twice"),
    ("views: {a: [SELECT 1]}", "", "14:12: view a: a SELECT is wanted here"),
    ("views: {a: SELECT 1 FRM x}", "", '14:12: view a: near "x": syntax error'),
    ("views: {a: SELECT 1; DROP x}", "", "14:12: view a: not exactly one SQL"
     " statement"),
    ("views: {a: DELETE FROM x}", "", '14:12: view a: near "DELETE": syntax'
     " error"),
    ("views: {a: SELECT x FROM lines}", "", "14:12: view a: no such column: x"),
    ("views: {a: SELECT * FROM nobody}", "", "14:12: view a: no such table:"
     " nobody"),
    ("views: {a: SELECT * FROM a}", "", "14:12: view a is made from itself:"
     " a names a"),
    ("", "query: SELECT FROM runs", '21:16: query: near "FROM": syntax error'),
    ("", "query: DELETE FROM runs", "21:16: query: cannot modify runs because"
     " it is a view"),
    ("", "query: PRAGMA user_version", "21:16: query: not authorized"),
    ("", "query: SELECT * FROM memory", "21:16: query: access to memory.source"
     " is prohibited"),
    ("", "query: SELECT nosuch(1)", "21:16: query: no such function: nosuch"),
    ("", "{query: SELECT 1, series: x}", "20:26: query: there is 'series' too;"
     " a panel has one of them"),
]  # fmt: skip


@pytest.mark.parametrize("views, panel, words", FAULTS)
def test_faults_without_a_store(broadsheet, write_config, views, panel, words):
    panel = panel or "series: x"
    lines = f"      - line: X\n        {panel}\n"
    if panel.startswith("{"):
        lines = "      - {line: X, " + panel[1:] + "\n"
    write_config(HEAD + (views + INDEX if views else "\n" + INDEX)[:-1] + "\n" + lines)
    result = broadsheet("check-config")
    assert result.stderr.splitlines()[0] == f"broadsheet.yaml:{words}"
    assert result.returncode == 2


def test_views_in_a_circle(broadsheet, write_config):
    write_config(
        HEAD
        + """\
views:
  a: SELECT * FROM b
  b: SELECT * FROM c
  c: SELECT * FROM a
  d: SELECT * FROM a
"""
        + INDEX
        + "      - text: hello\n"
    )
    assert broadsheet("check-config").stderr.splitlines()[:3] == [
        "broadsheet.yaml:15:6: view a is made from itself: a names b, b names c,"
        " c names a",
        "broadsheet.yaml:16:6: view b is made from itself: b names c, c names a,"
        " a names b",
        "broadsheet.yaml:17:6: view c is made from itself: c names a, a names b,"
        " b names c",
    ]


def test_query_where_there_is_none(broadsheet, write_config):
    write_config(HEAD + INDEX + "      - log: X\n        query: SELECT 1\n")
    assert "query: panel log takes none" in broadsheet("check-config").stderr


def test_people_see_the_same(page, broadsheet):
    page("      - text: hello\n", VIEWS)
    result = broadsheet("sql", "SELECT * FROM best", "--format", "csv")
    assert (result.stdout, result.stderr) == ("best\n12.5\n", "")
    result = broadsheet("sql", "SELECT count(*) AS n FROM runs")
    assert result.stdout.split() == ["n", "3"]


@pytest.mark.parametrize(
    "decode", ("decode: csv\n    key: id", "decode: json\n    items: $\n    key: id")
)
def test_records_without_saying_so(broadsheet, write_config, decode):
    """key, time and items mean records: there is a view before the first."""
    write_config(
        f"title: T\nstore: s.db\noutput: out\nsources:\n  gym:\n"
        f"    file: gym\n    {decode}\npages:\n  index:\n    panels:\n"
        "      - stat: Heaviest\n        query: SELECT max(weight) FROM gym\n"
    )
    result = broadsheet("check-config")
    assert (result.returncode, result.stderr) == (0, "")
