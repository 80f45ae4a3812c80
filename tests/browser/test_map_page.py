"""The map in a real browser, printed by the program itself."""

import json
import subprocess

import pytest

from conftest import BUILD
from test_page import CONTRAST, assert_clean

CONFIG = """
title: Field
every: 60s
store: x.db
sources:
  field:
    exec: [cat, places.json]
    decode: json
    as: records
    key: id
pages:
  index:
    panels:
      - map: In the field
        source: field
        colour: state
        colours: {moving: green, stopped: orange}
        trail: 1h
        width: third
      - map: Everywhere
        source: field
        width: half
        bounds: [-60, -180, 80, 180]
"""


def places(minute):
    van = {"lon": -0.1, "state": "moving"}
    return [
        {**van, "id": f"van-{i}", "lat": 51 + i / 9 + minute / 30}
        for i in range(12)
    ] + [{"id": "depot", "lat": "none", "lon": 1, "state": "stopped"}]


@pytest.fixture(scope="module")
def url(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    (folder / "broadsheet.yaml").write_text(CONFIG)
    for minute in range(3):
        (folder / "places.json").write_text(json.dumps(places(minute)))
        subprocess.run(
            [BUILD / "broadsheet", "-q", "-o", server.www / "map", "run"],
            check=True,
            cwd=folder,
            timeout=60,
        )
    return f"{server.url}/map/index.html"


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("width", (360, 768, 1440))
def test_it_fits_and_is_legible(browser, url, width, scheme):
    browser.viewport(width)
    browser.media(scheme)
    browser.open(url)
    assert browser.eval("return document.documentElement.scrollWidth") == width
    smallest = browser.eval(
        "return Math.min(...[...document.querySelectorAll('.pic text')]"
        ".filter(e => e.getClientRects().length)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)"
        " * e.getScreenCTM().a))"
    )
    assert smallest >= 9
    # the land stays within the frame
    assert browser.eval(
        "return [...document.querySelectorAll('.pic svg')]"
        ".filter(e => e.getClientRects().length).every(s => {"
        " const f = s.getBoundingClientRect();"
        " return [...s.querySelectorAll('.area')].every(a => {"
        "  const r = a.getBoundingClientRect();"
        "  return r.left > f.left - 3 && r.right < f.right + 3 &&"
        "   r.top > f.top - 3 && r.bottom < f.bottom; }); })"
    )
    assert_clean(browser, url.rsplit("/", 1)[0])


def test_its_points_are_told(browser, url):
    browser.open(url)
    assert browser.eval(
        "return document.querySelectorAll("
        "'#in-the-field .wide circle > title').length"
    ) == 12
    assert browser.eval(
        "const s = document.querySelector('#in-the-field .wide svg');"
        "return [s.getAttribute('role'), s.getAttribute('aria-label')]"
    ) == ["img", "In the field, map of 12 points: 12 moving"]
    rows = "return document.querySelector('#in-the-field details')"
    assert browser.eval(f"{rows}.checkVisibility()")
    assert browser.eval(f"{rows}.querySelector('summary').textContent") == (
        "13 points"
    )
    browser.eval("document.querySelector('#in-the-field summary').click()")
    assert browser.eval(f"{rows}.querySelectorAll('tbody tr').length") == 13
    assert browser.eval(CONTRAST) == []
    assert browser.eval(
        "return document.querySelector('#in-the-field .message').textContent"
    ) == "1 not drawn: depot (lat 'none' is not a number)"
