"""A second, public output has nothing of what is private."""

import pytest

NOW = "@1795317240"  # 2026-11-22 03:14 UTC
CONFIG = """\
title: Test
timezone: Europe/London
store: store.db
output: out
public: public
sources:
  open:
    file: open.txt
    decode: number
    metric: openvalue
  planted-source:
    file: secret.txt
    decode: number
    metric: planted-metric
    private: true
  planted-broken:
    file: nowhere-planted.txt
    decode: number
    private: true
  planted-runs:
    file: runs.csv
    decode: csv
    key: id
    time: when
    as: records
    every: 60s
    private: true
  planted-log:
    file: secret.log
    decode: lines
    private: true
alerts:
  planted-rule:
    series: planted-source/planted-metric
    above: 1
pages:
  index:
    panels:
      - line: Everything
        series: "*/*"
        embed: [svg]
      - line: planted-panel
        series: planted-source/planted-metric
        embed: [svg, png, pdf]
      - line: planted-by-hand
        series: open/openvalue
        private: true
      - table: planted-query
        query: SELECT name FROM "planted-runs"
      - bar: Asked
        query: SELECT 'open' AS what, 3 AS n
        private: no
      - log: All lines
        sources: ["*"]
      - alerts: Alerts
      - status: Sources
      - section: planted-section
      - map: planted-map
        source: planted-runs
  planted-page:
    title: planted-page
    private: true
    panels:
      - stat: Open
        series: open/openvalue
"""


@pytest.fixture
def run(broadsheet, write_config, tmp_path):
    (tmp_path / "open.txt").write_text("42\n")
    (tmp_path / "secret.txt").write_text("987654321\n")
    (tmp_path / "secret.log").write_text("planted-line\n")
    (tmp_path / "runs.csv").write_text(
        "id,when,name,lat,lon\n1,2026-11-20,planted-run,48.137,11.575\n"
    )
    write_config(CONFIG)

    def go(now=NOW):
        return broadsheet("-q", "run", "--now", now)

    return go


def test_nothing_private_is_public(run, tmp_path):
    for i in range(3):
        with open(tmp_path / "secret.log", "a", encoding="ascii") as f:
            f.write("planted-line\n")
        assert run(f"@{1795317240 + 60 * i}").returncode == 3
    own = (tmp_path / "out/index.html").read_text()
    assert "planted-panel" in own and "planted-line" in own
    assert "planted-rule" in own and "planted-run" in own
    assert (tmp_path / "out/planted-page.html").exists()

    files = [p for p in (tmp_path / "public").rglob("*") if p.is_file()]
    assert tmp_path / "public/index.html" in files
    assert tmp_path / "public/explore.html" in files
    assert tmp_path / "public/data/explore/index.js" in files
    for path in files:
        data = path.read_bytes()
        for word in (b"planted", b"987654321", b"9.88e8", b"secret"):
            assert word not in data, path
        assert "planted" not in str(path.relative_to(tmp_path))


def test_what_is_not_private_is_public(run, tmp_path):
    run()
    html = (tmp_path / "public/index.html").read_text()
    for id in ("everything", "asked", "all-lines", "alerts", "sources"):
        assert f'id="{id}"' in html
    assert "all 1 sources answered" in html or "1 source answered" in html
    assert "openvalue" in (
        tmp_path / "public/data/index.everything.csv"
    ).read_text()
    assert (tmp_path / "public/charts/index.everything.svg").exists()


def test_a_public_place_that_holds_all(broadsheet, write_config):
    write_config(CONFIG.replace("public: public", "public: ."))
    result = broadsheet("check-config")
    assert result.returncode == 2
    assert "public: output: " in result.stderr
    assert "is in it, so that everybody could see it" in result.stderr
    write_config(
        CONFIG.replace("public: public", "public: p").replace(
            "store: store.db", "store: p/store.db"
        )
    )
    result = broadsheet("check-config")
    assert "public: store: " in result.stderr
