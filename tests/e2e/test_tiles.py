"""An overview of sources, in one run and the next."""

import csv
import re

import pytest

NOW = 1795317240  # 2026-11-22 03:14 UTC
HOSTS = ("app1", "app2", "app10", "db1")
HEAD = """\
title: Test
timezone: Europe/London
store: store.db
output: out
explore: no
alerts:
  busy: {series: "*/cpu", above: 75}
"""
PAGES = """\
pages:
  index:
    panels:
      - tiles: Servers
        sources: ["app*", db1]
        metrics: {CPU: cpu, memory: memory}
        group: {Applications: "app*"}
      - line: All
        series: "*/cpu"
      - line: First
        series: [app1/cpu, app1/memory]
      - section: app2
  more:
    panels:
      - line: Data
        series: db1/*
"""


@pytest.fixture
def page(broadsheet, write_config, tmp_path):
    """page(minute, cpu of each host) -> the index page's HTML after a run."""
    sources = "sources:\n" + "".join(
        f"  {host}: {{file: {host}.txt, decode: keyvalue}}\n" for host in HOSTS
    )
    write_config(HEAD + sources + PAGES)

    def make(minute, **cpu):
        for host in HOSTS:
            file = tmp_path / f"{host}.txt"
            file.unlink(missing_ok=True)
            if host in cpu:
                file.write_text(f"cpu: {cpu[host]} %\nmemory: 50 %\n")
        broadsheet("-q", "run", "--now", f"@{NOW + 60 * minute}")
        return (tmp_path / "out/index.html").read_text()

    return make


def tiles(html):
    """Name -> (state, address, mark and word, what is said of it)."""
    found = {}
    for part in re.split(r'(?=<li class="\w+"><p class="who">)', html)[1:]:
        head = re.match(
            r'<li class="(\w+)"><p class="who"><a(?: href="([^"]*)")?>([^<]*)'
            r'</a> <span class="is"><i aria-hidden="true">(.)</i> ([^<]*)<',
            part,
        )
        why = re.search(r'<p class="why">([^<]*)</p>', part.split("</ul>")[1])
        state, href, name, mark, word = head.groups()
        found[name] = (
            state,
            href or "",
            f"{mark} {word}",
            why[1] if why else "",
        )
    return found


def panel_state(html):
    return re.search(r'data-kind="tiles" data-state="(\w+)"', html)[1]


def test_states_and_links(page):
    html = page(0, app1=20, app2=30, app10=40)
    assert panel_state(html) == "failed"
    found = tiles(html)
    assert list(found) == ["app1", "app2", "app10", "db1"]
    assert found["app1"] == ("ok", "#first", "● ok", "")
    assert found["app2"] == ("ok", "#app2", "● ok", "")
    assert found["app10"] == ("ok", "", "● ok", "")
    state, href, word, why = found["db1"]
    assert (state, href, word) == ("failed", "more.html#data", "✕ failed")
    assert "db1.txt" in why
    assert "db1 (1 of 4)" in html
    for target in ("first", "app2"):
        assert f'id="{target}"' in html


def test_an_alert_is_red_while_it_fires(page):
    assert panel_state(page(0, app1=20, app2=30, app10=40, db1=1)) == "ok"
    html = page(1, app1=20, app2=91, app10=40, db1=1)
    assert panel_state(html) == "alert"
    assert "Servers: app2 (1 of 4)" in html
    state, _, word, why = tiles(html)["app2"]
    assert (state, word) == ("alert", "▲ warning")
    assert why.startswith("cpu 91 %, above 75 %, since ")
    assert html.count('<li class="hot ">') == 1
    html = page(2, app1=20, app2=30, app10=40, db1=1)
    assert panel_state(html) == "ok"
    assert tiles(html)["app2"][0] == "ok"


def test_numbers(page, tmp_path):
    page(0, app1=20, app2=30, app10=40)
    with open(tmp_path / "out/data/index.servers.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["source", "group", "state", "word", "CPU", "memory"],
        ["app1", "Applications", "ok", "ok", "20", "50"],
        ["app2", "Applications", "ok", "ok", "30", "50"],
        ["app10", "Applications", "ok", "ok", "40", "50"],
        ["db1", "others", "failed", "failed", "", ""],
    ]


def test_groups_and_bars(page):
    html = page(0, app1=20, app2=30, app10=40)
    assert "<h4>Applications <small>3 ok</small></h4>" in html
    assert "<h4>others <small>1 failed</small></h4>" in html
    assert html.count('<path d="M0 .5H20"/>') == 1
    assert html.count('<path d="M0 .5H50"/>') == 3
