"""Whatever comes from outside reaches the page only as text."""

import json
import re

import pytest

CONFIG = """\
title: "<script>alert('title')</script>"
timezone: UTC
store: store.db
output: out
sources:
  app-log:
    file: app.log
    decode: lines
  shop:
    exec: [cat, shop.json]
    decode: json
    extract: SELECT key AS metric, value FROM json_each(:body)
  jobs:
    exec: [cat, jobs.csv]
    decode: csv
pages:
  index:
    panels:
      - log: Log
        sources: [app-log]
      - line: Shop
        series: "shop/*"
        embed: [svg]
      - stat: Shop
        series: "shop/*"
      - table: Jobs
        source: jobs
      - status: Sources
"""

SCRIPT = "<script>alert(1)</script>"
BREAK_OUT = "\"'></title></svg></style>" + SCRIPT + "<img src=x onerror=alert(2)>"

HOSTILE_LINES = [
    SCRIPT.encode(),
    BREAK_OUT.encode(),
    b"\x1b[31mred\x1b[0m \x1b]0;title\x07 and \x9b31m",
    b"nul \x00 byte",
    b"not \xff\xfe utf-8 \xc0\xaf",
    b"x" * 1_000_000,
    "right-to-left \u202e override".encode(),
    b"{{TITLE}} {{%AUTOESCAPE}} {{#X}}",
]


@pytest.fixture
def page(broadsheet, write_config, tmp_path):
    write_config(CONFIG)
    (tmp_path / "app.log").write_bytes(b"before\n")
    (tmp_path / "shop.json").write_text(json.dumps({BREAK_OUT: 1, "plain": 2}))
    (tmp_path / "jobs.csv").write_text(
        'name,state\n"=cmd|calc","' + BREAK_OUT.replace('"', '""') + '"\n'
    )
    assert broadsheet("-q", "run", "--now", "@1793330040").returncode == 0
    with (tmp_path / "app.log").open("ab") as log:
        log.write(b"\n".join(HOSTILE_LINES) + b"\n")
    result = broadsheet("-q", "run", "--now", "@1793330100")
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
    return (tmp_path / "out/index.html").read_bytes()


def test_page_is_clean_text(page):
    text = page.decode("utf-8")  # strict
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


def test_no_markup_from_outside(page):
    text = page.decode()
    assert SCRIPT not in text
    assert text.count("<script") == 1  # our own
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&lt;script&gt;alert('title')" in text or (
        "&lt;script&gt;alert(&#39;title&#39;)" in text
    )


def test_templates_in_the_data_stay_data(page):
    assert b"{{TITLE}} {{%AUTOESCAPE}} {{#X}}" in page


def test_long_line_is_cut(page):
    assert b"x" * 1000 in page
    assert b"x" * 20_000 not in page


def test_files_beside_the_page(page, tmp_path):
    svg = (tmp_path / "out/charts/index.shop.svg").read_text()
    assert "<script" not in svg
    assert "<img" not in svg
    csv = (tmp_path / "out/data/index.jobs.csv").read_text()
    assert "\n'=cmd|calc," in csv
    for f in (tmp_path / "out/data").glob("*.json"):
        json.loads(f.read_text())
    json.loads((tmp_path / "out/status.json").read_text())


def test_terminal_is_safe(broadsheet, write_config, tmp_path):
    """What `test` prints of hostile output can't drive a terminal."""
    config = write_config(
        CONFIG.replace("[cat, jobs.csv]", r'[sh, -c, "printf \"a\\n\\033]0;x\\007b\\n\""]')
    )
    result = broadsheet("-c", config, "test", "jobs")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout + result.stderr
    assert "\x07" not in result.stdout + result.stderr
