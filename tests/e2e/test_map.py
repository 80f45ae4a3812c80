"""Records that move between runs, on a map: store, page, data and file."""

import csv
import io
import json
import re

import pytest

NOW = 1793330040
CONFIG = """
title: Field
every: 60s
store: x.db
output: out
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
        label: name
        colour: state
        colours: {moving: green, stopped: orange}
        trail: 1h
        embed: [svg, png, pdf]
"""

VAN = {"id": "van-1", "name": "Van <1>", "lat": 51.5, "lon": -0.1}
DEPOT = {"id": "van-2", "name": "Van 2", "lat": 53.5, "lon": -2.2}


@pytest.fixture
def field(tmp_path, broadsheet, write_config):
    """A function that prints a page of these places at this minute."""
    write_config(CONFIG)

    def run(minute, *places):
        (tmp_path / "places.json").write_text(json.dumps(places))
        done = broadsheet("run", "--now", str(NOW + 60 * minute))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return (tmp_path / "out/index.html").read_text()

    run.out = tmp_path / "out"
    return run


def wide(page):
    return re.search(r'<div class="pic wide">(<svg.*?</svg>)', page, re.S)[1]


def place_of(page, start):
    """Where the mark with such a title is drawn."""
    found = re.search(
        r'<circle[^>]* cx="([\d.]+)" cy="([\d.]+)"[^>]*><title>' + start,
        wide(page),
    )
    return float(found[1]), float(found[2])


def test_a_van_that_moves(field):
    moving = {**VAN, "state": "moving"}
    stopped = {**DEPOT, "state": "stopped"}
    first = field(0, moving, stopped)
    x0, y0 = place_of(first, "Van &lt;1&gt;: moving, now")
    field(1, {**moving, "lat": 52.0}, stopped)
    third = field(2, {**moving, "lat": 52.5, "lon": 0.2}, stopped)
    x2, y2 = place_of(third, "Van &lt;1&gt;: moving, now")
    assert (x0, y0) != (x2, y2)
    assert 'stroke-width="14"' in wide(third)
    assert 'stroke-width="14"' not in wide(first)
    assert "moving 1" in third and "stopped 1" in third
    assert 'aria-label="In the field, map of 2 points: 1 moving' in third
    assert "<summary>2 points</summary>" in third
    assert "<script>alert" not in third and "Van <1>" not in third


def test_one_that_is_no_longer_listed(field):
    field(0, {**VAN, "state": "moving"}, {**DEPOT, "state": "moving"})
    page = field(5, {**VAN, "state": "moving"})
    assert "Van 2: moving, 5 min ago, not listed since" in page
    assert "no longer listed 1" in page
    page = field(70, {**VAN, "state": "moving"})
    assert "Van 2" not in page


def test_a_source_that_fails(field, tmp_path, broadsheet):
    field(0, {**VAN, "state": "moving"})
    (tmp_path / "places.json").unlink()
    done = broadsheet("run", "--now", str(NOW + 60))
    assert done.returncode == 3
    page = (field.out / "index.html").read_text()
    assert 'data-kind="map" data-state="failed"' in page
    # what is known is shown all the same, with its age
    assert "Van &lt;1&gt;: moving, 1 min ago" in page
    assert "not listed since" not in page


def test_the_past(field, tmp_path, broadsheet):
    field(0, {**VAN, "state": "moving"})
    field(1, {**VAN, "state": "stopped"})
    done = broadsheet("render", "--at", str(NOW + 30), "-o", "past")
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "past/index.html").read_text()
    assert "Van &lt;1&gt;: moving, 30 s ago" in page
    assert "moving 1" in page and "stopped 0" in page


def test_an_outline_of_the_users_own(field, tmp_path, broadsheet, write_config):
    write_config(
        CONFIG.replace("trail: 1h", "trail: 1h\n        outline: sites.geojson")
    )
    sites = tmp_path / "sites.geojson"
    sites.write_text(
        json.dumps(
            {
                "type": "Feature",
                "properties": {"name": "Depot <2>"},
                "geometry": {"type": "Point", "coordinates": [-0.1, 51.6]},
            }
        )
    )
    page = field(0, {**VAN, "state": "moving"})
    assert "<title>Depot &lt;2&gt;</title>" in page
    sites.write_text("{")
    page = field(1, {**VAN, "state": "moving"})
    assert "sites.geojson: not JSON: line 1, column 1" in page
    sites.unlink()
    page = field(2, {**VAN, "state": "moving"})
    assert "sites.geojson: No such file or directory" in page


def test_bad_places_are_listed(field):
    page = field(
        0,
        {**VAN, "state": "moving"},
        {"id": "a", "lat": 95, "lon": 1, "state": "moving"},
        {"id": "b", "lat": "north", "lon": 1},
        {"id": "c", "lat": 1, "lon": None},
    )
    assert "3 not drawn: a (lat 95 is out of range, -90 to 90)" in page
    rows = list(
        csv.DictReader(
            io.StringIO((field.out / "data/index.in-the-field.csv").read_text())
        )
    )
    assert [r["remark"] for r in rows] == [
        "not drawn: lat 95 is out of range, -90 to 90",
        "not drawn: lat 'north' is not a number",
        "not drawn: lon is missing",
        "",
    ]
    assert rows[3]["lat"] == "51.5" and rows[3]["key"] == "van-1"


def test_pictures(field):
    field(0, {**VAN, "state": "moving"}, {**DEPOT, "state": "stopped"})
    charts = field.out / "charts"
    svg = (charts / "index.in-the-field.svg").read_text()
    assert len(svg) < 40000
    assert "<script" not in svg and "http" not in svg.replace(
        "http://www.w3.org/2000/svg", ""
    )
    png = (charts / "index.in-the-field.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert (charts / "index.in-the-field.pdf").read_bytes().startswith(b"%PDF")
