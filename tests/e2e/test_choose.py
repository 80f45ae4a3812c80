"""Pages for each of some words, and for each year and month."""

import re

import pytest

NOW = "@1795317240"  # 2026-11-22 03:14 UTC
HEAD = """\
title: Test
timezone: Europe/London
store: store.db
output: out
sources:
  gym:
    file: gym.csv
    decode: csv
    key: id
    time: when
    as: records
    every: 60s
pages:
  index:
"""
GYM = """\
id,when,exercise,weight
1,2024-12-30 08:00,squat,100
2,2025-06-01 08:00,squat,110
3,2026-10-01 08:00,dead lift,160
4,2026-11-20 08:00,squat,128
5,2026-11-21 08:00,"Robert'); DROP TABLE record;--",1
6,2026-11-21 09:00,../../../tmp/x,2
7,2026-11-21 10:00,<script>alert(1)</script>,3
8,2026-11-21 11:00,Dead Lift!,4
9,2026-11-21 12:00,漢字,5
"""
BROKEN = """\
    panels:
      - section: Training
        choose:
          name: exercise
          query: SELECT exercise FROM gym WHERE exercise <> :exercise
      - table: One
        query: SELECT weight FROM gym WHERE exercise = :exercize
      - table: Two
        query: |
          SELECT ':no', ":no", [:no], `:no`, a$b, key->>'$.x' -- :no 'x
          /* :no */ FROM gym WHERE ts < @to AND ts > ? AND '' = ':no'
      - table: Three
        query: SELECT weight FROM gym WHERE ts BETWEEN :from AND :to
"""
PANELS = """\
    panels:
      - section: Training
        choose:
          name: exercise
          query: SELECT exercise FROM gym GROUP BY 1 ORDER BY min(ts)
      - table: All
        query: SELECT count(*) AS n FROM gym
      - table: Heaviest
        query: >-
          SELECT max(weight) AS most FROM gym
          WHERE exercise = :exercise AND ts BETWEEN :from AND :to
"""


@pytest.fixture
def site(broadsheet, write_config, tmp_path):
    """site(periods, panels) -> the names of the pages that a run printed."""
    (tmp_path / "gym.csv").write_text(GYM)

    def make(periods="[all]", panels=PANELS):
        write_config(f"{HEAD}    periods: {periods}\n{panels}")
        result = broadsheet("-q", "run", "--now", NOW)
        assert (result.stderr, result.returncode) == ("", 0)
        out = tmp_path / "out"
        return {p.name: p.read_text() for p in out.glob("*.html")}

    return make


def most(html):
    """The figure of the table Heaviest."""
    part = html[html.index('id="heaviest"') :]
    return re.search(r'<td class="n">([^<]*)</td>', part)[1]


def links(html, of):
    part = re.search(rf'<{of}.*?</{of}>', html, re.S)[0]
    return re.findall(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)', part)


def choices(html):
    part = re.search(r'<ul class="choices".*?</ul>', html, re.S)[0]
    return re.findall(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)', part)


def test_a_page_for_each_choice(site, tmp_path):
    pages = site()
    assert set(pages) == {
        "explore.html",
        "index.html",
        "index-dead-lift.html",
        "index-dead-lift-2.html",
        "index-robert-drop-table-record.html",
        "index-tmp-x.html",
        "index-script-alert-1-script.html",
        "index-x.html",
    }
    assert most(pages["index.html"]) == "128"
    assert most(pages["index-dead-lift.html"]) == "160"
    assert most(pages["index-dead-lift-2.html"]) == "4"
    assert most(pages["index-robert-drop-table-record.html"]) == "1"
    assert most(pages["index-tmp-x.html"]) == "2"
    assert most(pages["index-script-alert-1-script.html"]) == "3"
    assert most(pages["index-x.html"]) == "5"
    for html in pages.values():
        assert "<script>alert" not in html
    assert choices(pages["index-dead-lift.html"])[:2] == [
        ("index.html#training", "", "squat"),
        ("index-dead-lift.html#training", ' aria-current="page"', "dead lift"),
    ]
    # nothing is there but what a run prints
    assert {p.name for p in tmp_path.iterdir()} <= {
        "broadsheet.yaml", "gym.csv", "out", "store.db", "store.db-wal",
        "store.db-shm", "store.db.lock",
    }  # fmt: skip


def test_what_asks_for_no_choice_is_drawn_once(site, broadsheet, tmp_path):
    pages = site()
    for html in pages.values():
        if 'id="all"' in html:
            assert 'href="data/index.all.csv"' in html
    assert not (tmp_path / "out/data/index-tmp-x.all.csv").exists()
    assert (tmp_path / "out/data/index-tmp-x.heaviest.csv").exists()


def test_choices_and_periods(site):
    pages = site("[30d, years]")
    assert "index-2025-dead-lift.html" in pages
    assert most(pages["index.html"]) == "128"
    assert most(pages["index-2025.html"]) == "110"
    assert most(pages["index-2024.html"]) == "100"
    assert most(pages["index-2026-dead-lift.html"]) == "160"
    assert "index-2023.html" not in pages
    # the period leads to the same choice, the choice to the same period
    html = pages["index-2026-dead-lift.html"]
    assert links(html, "nav")[:4] == [
        ("index-dead-lift.html", "", "30 days"),
        ("index-2026-dead-lift.html", ' aria-current="page"', "2026"),
        ("index-2025-dead-lift.html", "", "2025"),
        ("index-2024-dead-lift.html", "", "2024"),
    ]
    assert choices(html)[0] == ("index-2026.html#training", "", "squat")


def test_a_year_that_is_over(site):
    """Nothing of it is late, and no bar of it is not whole yet."""
    pages = site(
        "[30d, years]",
        """\
    panels:
      - stat: Heaviest
        query: SELECT ts, weight FROM gym
      - bar: By month
        query: SELECT ts, weight FROM gym
        by: month
""",
    )
    assert "31 Dec" not in pages["index-2024.html"]
    assert "<small>30 Dec 2024</small>" in pages["index-2024.html"]
    assert "so far" not in pages["index-2024.html"]
    assert "so far" in pages["index-2026.html"]
    for html in pages.values():
        assert 'data-state="late"' not in html


def test_months(site):
    panels = PANELS.replace(
        "query: SELECT exercise FROM gym GROUP BY 1 ORDER BY min(ts)",
        "values: [squat, rest]",
    )
    pages = site("[months]", panels)
    assert links(pages["index.html"], "nav")[0][2] == "November 2026"
    assert most(pages["index-2025-06.html"]) == "110"
    assert "index-2025-06-rest.html" in pages
    assert "index-2024-12.html" in pages
    assert "index-2024-11.html" not in pages


def test_no_choice_yet(site, tmp_path):
    (tmp_path / "gym.csv").write_text("id,when,exercise,weight\n")
    pages = site()
    assert set(pages) == {"index.html", "explore.html"}
    assert "nothing to choose from yet" in pages["index.html"]


def test_many_choices(site, tmp_path):
    rows = "".join(f"{i},2026-11-20,e{i},1\n" for i in range(60))
    (tmp_path / "gym.csv").write_text("id,when,exercise,weight\n" + rows)
    pages = site()
    assert len(pages) == 51
    assert "and 10 more" in pages["index.html"]


@pytest.mark.parametrize(
    "choose, fault",
    [
        ("[a, b]", "choose: a mapping of name and query, or of name and "
         "values, is wanted here"),
        ("{name: x}", "choose: either a query or values is wanted here"),
        ("{name: x, values: a, query: SELECT 1}",
         "choose: either a query or values is wanted here"),
        ("{name: to, values: [a]}",
         "choose: 'to' is no name for queries: up to 40 letters, digits and "
         "underscores, not from or to"),
        ("{name: x, query: SELECT nonesuch}",
         "query: no such column: nonesuch"),
        ("{values: [a]}", "'name' is missing"),
    ],
)  # fmt: skip
def test_faults(broadsheet, write_config, tmp_path, choose, fault):
    (tmp_path / "gym.csv").write_text(GYM)
    write_config(
        f"{HEAD}    panels:\n      - section: A\n        choose: {choose}\n"
    )
    result = broadsheet("check-config")
    assert result.returncode == 2
    assert fault in result.stderr


def test_one_choice_a_page(broadsheet, write_config):
    section = "      - section: A\n        choose: {name: a, values: [b]}\n"
    write_config(f"{HEAD}    panels:\n{section}{section}")
    result = broadsheet("check-config")
    assert "choose: a page has one choice, and this one has another" in (
        result.stderr
    )


def test_parameters_that_nobody_gives(broadsheet, write_config):
    """Each would be NULL, and the panel empty without a reason."""
    write_config(f"{HEAD}    periods: [all]\n{BROKEN}")
    result = broadsheet("check-config")
    assert result.returncode == 2
    assert result.stderr.splitlines()[:-1] == [
        "broadsheet.yaml:20:18: query: no parameter ':exercise'; there are: :from, :to",
        "broadsheet.yaml:22:16: query: no parameter ':exercize'; there are: :from, :to,"
        " :exercise; did you mean ':exercise'?",
        "broadsheet.yaml:24:16: query: no parameter '?'; there are: :from, :to,"
        " :exercise",
        "broadsheet.yaml:24:16: query: no parameter '@to'; there are: :from, :to,"
        " :exercise; did you mean ':to'?",
    ]
