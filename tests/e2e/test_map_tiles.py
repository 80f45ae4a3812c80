"""Map tiles: fetched politely, kept, checked, and never needed."""

import json
import re
import time

import pytest

from rig.tileserver import TileServer, png

NOW = 1793330040
DAY = 86400
CONFIG = """
title: Field
every: 60s
store: x.db
output: out
inline: 8MB
explore: no
sources:
  field:
    file: places.json
    decode: json
    as: records
    key: id
pages:
  index:
    panels:
      - map: In the field
        source: field
        tiles: "%s"
        attribution: © The makers of the map
        bounds: %s
        embed: [svg, png, pdf]
      - status: Status
"""
BOUNDS = "[51, -1, 52, 1]"
PLACES = [{"id": "van-1", "lat": 51.5, "lon": -0.1}]


@pytest.fixture
def server():
    with TileServer() as tiles:
        yield tiles


@pytest.fixture
def page(server, broadsheet, write_config, tmp_path):
    """page(when) -> the page after a run, and how often a tile was asked for."""
    (tmp_path / "places.json").write_text(json.dumps(PLACES))
    write_config(CONFIG % (server.url, BOUNDS))

    def make(when=0, verb="run"):
        before = len(server.asked)
        ran = broadsheet(verb, "--now", f"@{NOW + when}")
        assert ran.returncode == 0, ran.stderr
        assert ran.stderr == ""
        html = (tmp_path / "out/index.html").read_text()
        return html, len(server.asked) - before

    return make


def drawn(html):
    return html.count('href="data:image/png;base64,')


def status(tmp_path):
    return json.loads((tmp_path / "out/status.json").read_text())["sources"]


def test_tiles_are_below_the_points(page, server, tmp_path):
    html, asked = page()
    assert 8 < asked <= 48
    assert drawn(html) == asked
    assert "© The makers of the map" in html
    assert status(tmp_path)["map tiles"]["outcome"] == "ok"
    assert server.most <= 2
    for path, headers in server.asked:
        assert re.fullmatch(r"/\d+/\d+/\d+\.png", path)
        assert headers["User-Agent"].startswith("broadsheet/")
        assert "/127" not in headers["User-Agent"]
    assert len({path for path, _ in server.asked}) == asked
    assert (tmp_path / "out/charts/index.in-the-field.png").stat().st_size > 999
    assert "http://127" not in html


def test_they_are_kept_for_a_week(page, server):
    first, asked = page()
    html, again = page(60)
    assert again == 0
    assert drawn(html) == drawn(first)
    assert page(6 * DAY)[1] == 0
    html, again = page(8 * DAY)
    assert again == asked
    assert all("If-None-Match" in h for _, h in server.asked[asked:])
    assert drawn(html) == asked
    assert page(9 * DAY)[1] == 0  # what has not changed is good once more


def test_the_server_says_for_how_long(page, server):
    def answer(path, headers):
        kept = {"Cache-Control": "public, max-age=7200"}
        return 200, kept, png()

    server.answer = answer
    asked = page()[1]
    assert page(3600)[1] == 0
    assert page(7260)[1] == asked


def test_a_past_page_fetches_nothing(page, server):
    page()
    assert page(60, "render")[1] == 0


@pytest.mark.parametrize(
    "answer, message",
    [
        (lambda *_: (404, {}, b"no"), "404"),
        (lambda *_: (200, {}, b"<html>garbage"), "not a PNG"),
        (lambda *_: (200, {}, png()[:300]), "PNG"),
        (lambda *_: (200, {}, png(64)), "64 x 64 pixels, not 256 or 512"),
        (lambda *_: (200, {}, png() + b"x" * 300000), "larger than 256 KB"),
    ],
)
def test_a_server_that_fails_costs_only_its_tiles(
    page, server, tmp_path, answer, message
):
    server.answer = answer
    html, asked = page()
    assert drawn(html) == 0
    assert "The makers" not in html
    assert 'data-kind="map" data-state="ok"' in html
    told = status(tmp_path)["map tiles"]
    assert told["outcome"] != "ok"
    assert f"{asked} of {asked} failed, the first: " in told["message"]
    assert message in told["message"]
    assert page(60)[1] == 0  # not at once again
    assert page(660)[1] == asked


def test_what_was_there_stays_when_the_server_fails(page, server):
    asked = page()[1]
    server.answer = lambda *_: (500, {}, b"")
    html, again = page(8 * DAY)
    assert again == asked
    assert drawn(html) == asked


def test_one_missing_tile_shows_the_outline(page, server):
    first = []

    def answer(path, headers):
        first.append(path)
        if path == first[0]:
            return 404, {}, b""
        return 200, {}, png(512)

    server.answer = answer
    html, asked = page()
    assert drawn(html) == asked - 1


def test_a_slow_server_is_not_waited_for(page, server, tmp_path):
    def answer(path, headers):
        time.sleep(20)
        return 200, {}, png()

    (tmp_path / "broadsheet.yaml").write_text(
        (tmp_path / "broadsheet.yaml").read_text() + "deadline: 2s\n"
    )
    server.answer = answer
    html, asked = page()
    assert drawn(html) == 0
    assert asked <= 4  # two at once, twice
    assert status(tmp_path)["map tiles"]["outcome"] == "timeout"
    server.answer = lambda *_: (200, {}, png())


@pytest.mark.parametrize(
    "lines, fault",
    [
        (
            "tiles: https://tile.example.net/1.png\n"
            "        attribution: x",
            "tiles: a URL with {z}, {x} and {y} is wanted here, such as "
            "https://tile.example.net/{z}/{x}/{y}.png",
        ),
        (
            "tiles: https://tile.example.net/{z}/{x}/{y}.png",
            "tiles: 'attribution' is missing, the words of their owner that "
            "are printed on the map",
        ),
        (
            "tiles: https://tile.example.net/{z}/{x}/{y}.png\n"
            "        attribution: x\n"
            "        projection: equirectangular",
            "projection: tiles are in Mercator's",
        ),
    ],
)
def test_faults(broadsheet, write_config, lines, fault):
    text = re.sub(r"tiles: .*\n.*attribution.*", "%s", CONFIG)
    write_config(text.replace("%s", lines, 1) % BOUNDS)
    ran = broadsheet("check-config")
    assert ran.returncode == 2
    assert fault in ran.stderr
