"""The explorer in a real browser, on what the program stored and printed.

Three hosts have 60 days of history: samples of each ten minutes, and of each
minute since two days ago; app2 was silent for an hour. A fourth source has
names that want to be more than names.
"""

import csv
import math
import random
import re
import statistics
import subprocess
import time
import urllib.parse

import pytest

from conftest import BUILD
from test_page import CONTRAST, assert_clean, messages

HOUR, DAY = 3600, 86400
EVIL = '"</script><img src=x onerror=alert(1)>,=1+1&amp;#s=\\'
CONFIG = """
title: Field operations
timezone: Europe/London
store: store.db
output: {output}
sources:
  "{{each}}":
    each: [app1, app2, app3]
    file: "{{each}}.csv"
    decode: csv
    as: samples
    time: time
    units: {{cpu: percent, received: bytes/s, requests: count}}
  evil:
    file: evil.csv
    decode: csv
    as: samples
    time: time
    key: key
pages:
  index:
    title: Operations
    panels:
      - line: CPU
        series: "*/cpu"
"""


class History:
    """What was stored: rows[source][time] = (cpu, received, requests)."""

    def __init__(self, folder, output):
        self.folder, self.output = folder, output
        self.now = int(time.time())
        self.minute = self.now - self.now % 60
        self.rows = {}
        dice = random.Random(1)
        for host in ("app1", "app2", "app3"):
            self.rows[host] = dict(self.walk(host, dice))
            with (folder / f"{host}.csv").open("w") as f:
                f.write("time,cpu,received,requests\n")
                for t, row in self.rows[host].items():
                    f.write(",".join(map(str, (t, *row))) + "\n")
        with (folder / "evil.csv").open("w", newline="") as f:
            w = csv.writer(f)
            w.writerow(["time", "key", "v"])
            for t in range(self.minute - HOUR, self.minute + 1, 60):
                for key in (EVIL, "__proto__"):
                    w.writerow([t, key, 5])
        (folder / "broadsheet.yaml").write_text(CONFIG.format(output=output))
        self.run()

    def walk(self, host, dice):
        cpu, t = 30.0, self.minute - 60 * DAY
        while t <= self.minute:
            cpu = min(97.0, max(3.0, cpu + dice.gauss(0, 2)))
            silent = self.minute - 9 * HOUR < t < self.minute - 8 * HOUR
            if host != "app2" or not silent:
                row = (round(cpu, 3), round(cpu * 3e4, 1), int(cpu * 3))
                yield t, row
            t += 60 if t >= self.minute - 2 * DAY else 600

    def run(self):
        subprocess.run(
            [BUILD / "broadsheet", "-c", self.folder / "broadsheet.yaml"]
            + ["run", "--now", f"@{self.now}"],
            check=True,
            timeout=60,
        )

    def between(self, host, column, begin, end):
        return {
            t: row[column]
            for t, row in self.rows[host].items()
            if begin <= t <= end
        }


@pytest.fixture(scope="module")
def history(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("explore")
    history = History(folder, server.www / "explore")
    history.url = f"{server.url}/explore/explore.html"
    return history


SHOWN = "return document.getElementById('choice').dataset.state === 'shown'"


def explore(browser, url, *names, **more):
    query = urllib.parse.urlencode([("s", n) for n in names] + [*more.items()])
    browser.open("about:blank")
    browser.open(f"{url}#{query}")
    browser.until(SHOWN)


def texts(browser, selector):
    return browser.eval(
        "return [...document.querySelectorAll(arguments[0])]"
        ".map(e => e.textContent)",
        selector,
    )


def key(browser, name, code=0, text=None):
    for kind in ("keyDown", "keyUp"):
        more = {"text": text} if text and kind == "keyDown" else {}
        browser.cdp(
            "Input.dispatchKeyEvent",
            type=kind,
            key=name,
            windowsVirtualKeyCode=code,
            **more,
        )


def type_text(browser, text):
    browser.cdp("Input.insertText", text=text)


def place(browser, fx, selector="#charts svg"):
    """A point of the plot in the window, fx of the way through its time."""
    return browser.eval(
        "const s = document.querySelector(arguments[0]);"
        "s.scrollIntoView({block: 'center'});"
        "const lines = [...s.querySelectorAll('path.rule')][0].getBoundingClientRect();"
        "const r = s.getBoundingClientRect();"
        "return [lines.left + lines.width * arguments[1], r.top + r.height / 2];",
        selector,
        fx,
    )


def tip(browser):
    return browser.until(
        "const t = document.querySelector('.tip');"
        "return t && [...t.children].map(p => p.textContent);"
    )


def saved(browser, folder):
    """The rows of the CSV that the page's button makes."""
    folder.mkdir(exist_ok=True)
    browser.cdp(
        "Browser.setDownloadBehavior",
        behavior="allow",
        downloadPath=str(folder),
    )
    browser.eval("document.getElementById('save').click()")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        files = list(folder.glob("explore-*.csv"))
        if files:
            with files[0].open(newline="") as f:
                return list(csv.reader(f))
        time.sleep(0.05)
    raise AssertionError("nothing was saved")


def epoch(iso):
    return int(
        time.mktime(time.strptime(iso, "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
    )


def as_columns(rows):
    """{name: {time: number}} of a CSV, holes left out."""
    head, *body = rows
    return {
        name: {epoch(r[0]): float(r[i]) for r in body if r[i]}
        for i, name in enumerate(head)
        if i
    }


def near(one, other, digits=6):
    assert one.keys() == other.keys()
    for t in one:
        assert math.isclose(one[t], other[t], rel_tol=10**-digits), t


def test_every_page_leads_there(browser, history):
    browser.open(history.url.replace("explore.html", "index.html"))
    browser.eval(
        "[...document.querySelectorAll('nav a')]"
        ".find(a => a.textContent === 'Explore').click()"
    )
    browser.until(SHOWN)
    assert texts(browser, "nav [aria-current]") == ["Explore"]
    assert texts(browser, "nav a") == ["Operations", "Explore"]
    assert texts(browser, "#say") == [
        "11 series are stored. Choose up to 8; drag over a chart to see a "
        "part of it closer."
    ]
    assert_clean(browser, history.url.rsplit("/", 1)[0])


def test_series_are_found_as_one_types(browser, history):
    explore(browser, history.url)
    browser.eval("document.getElementById('find').focus()")
    type_text(browser, "CPU app")
    assert texts(browser, "#found [role=option] span") == ["cpu"] * 3
    assert texts(browser, "#found .source") == ["app1", "app2", "app3"]
    key(browser, "ArrowDown", 40)
    key(browser, "ArrowDown", 40)
    key(browser, "Enter", 13)
    browser.until("return document.querySelectorAll('#charts .line').length")
    key(browser, "ArrowDown", 40)
    key(browser, "Enter", 13)
    browser.until(
        "return document.querySelectorAll('#charts .line').length === 2"
    )
    assert texts(browser, "#chosen .name") == ["app2/cpu", "app3/cpu"]
    assert browser.eval("return location.hash") == (
        "#s=app2%2Fcpu&s=app3%2Fcpu&last=24h"
    )
    key(browser, "Escape", 27)
    assert browser.eval("return document.getElementById('found').hidden")
    browser.eval("document.querySelector('#chosen button').click()")
    browser.until(
        "return document.querySelectorAll('#charts .line').length === 1"
    )
    assert texts(browser, "#chosen .name") == ["app3/cpu"]
    assert_clean(browser, history.url.rsplit("/", 1)[0])


def test_no_more_than_eight(browser, history):
    names = [
        f"app{n}/{m}" for n in (1, 2, 3) for m in ("cpu", "received", "requests")
    ]
    explore(browser, history.url, *names)
    assert texts(browser, "#chosen .name") == names[:8]
    assert len(texts(browser, "#charts .line")) == 8
    assert len(texts(browser, "#charts svg")) == 3  # one for each unit
    browser.eval(
        "const f = document.getElementById('find'); f.focus(); f.click();"
        "[...document.querySelectorAll('#found [role=option]')]"
        ".find(o => o.getAttribute('aria-label') === 'app3/requests').click()"
    )
    assert texts(browser, "#say") == [
        "No more than 8 series fit into one picture: remove one first."
    ]


def test_minutes_are_those_of_the_store(browser, history, tmp_path):
    explore(browser, history.url, "app1/cpu", "app2/cpu", last="24h")
    columns = as_columns(saved(browser, tmp_path / "saved"))
    for host in ("app1", "app2"):
        got = columns[f"{host}/cpu"]
        assert list(got)[-1] == history.minute
        assert len(got) >= (23 * 60 if host == "app1" else 22 * 60)
        begin = list(got)[0]
        near(got, history.between(host, 0, begin, history.minute))
    assert_clean(browser, history.url.rsplit("/", 1)[0])


def test_hours_are_the_mean_and_range_of_the_store(browser, history, tmp_path):
    explore(browser, history.url, "app3/cpu", last="30d")
    assert texts(browser, "#charts small") == [
        "mean of each 1 h, shaded from least to greatest"
    ]
    columns = as_columns(saved(browser, tmp_path / "saved"))
    means, lows, highs = columns.values()
    assert list(columns) == ["app3/cpu", "app3/cpu min", "app3/cpu max"]
    assert len(means) >= 719
    for t in list(means)[1:]:
        values = [*history.between("app3", 0, t, t + HOUR - 1).values()]
        assert math.isclose(means[t], statistics.fmean(values), rel_tol=1e-5)
        assert lows[t] == min(values) and highs[t] == max(values)


def test_everything_is_shown(browser, history):
    explore(browser, history.url, "app3/cpu", last="all")
    first = browser.eval("return document.getElementById('since').value")
    assert abs(epoch(first + ":00Z") - (history.minute - 60 * DAY)) <= DAY
    low, high = texts(browser, "#legend td")[1:3]
    values = [row[0] for row in history.rows["app3"].values()]
    assert float(low.split()[0]) == pytest.approx(min(values), rel=0.01)
    assert float(high.split()[0]) == pytest.approx(max(values), rel=0.01)


def test_dates_are_in_the_zone_of_the_page(browser, history, tmp_path):
    """London's clock was an hour ahead until October: so are the inputs."""
    explore(browser, history.url, "app1/cpu")
    for name, wall in (("until", "2026-10-20T06:00"), ("since", "2026-10-20T00:00")):
        browser.eval(
            "const e = document.getElementById(arguments[0]);"
            "e.value = arguments[1]; e.dispatchEvent(new Event('change'))",
            name,
            wall,
        )
    query = browser.eval("return location.hash")
    begin = browser.eval("return Date.UTC(2026, 9, 19, 23) / 1000")
    assert f"from={begin}&to={begin + 6 * HOUR}" in query


def test_values_under_the_pointer(browser, history):
    begin, end = history.minute - 3 * HOUR, history.minute - 2 * HOUR
    explore(browser, history.url, "app1/cpu", "app1/received", **{"from": begin, "to": end})
    x, y = place(browser, 0.5)
    browser.pointer(x, y)
    lines = tip(browser)
    row = history.rows["app1"]
    values = [row[t] for t in (begin + 29 * 60, begin + 30 * 60, begin + 31 * 60)]
    shown = float(re.fullmatch(r"cpu([\d.]+) %", lines[1])[1])
    assert any(math.isclose(shown, v[0], rel_tol=0.005) for v in values)
    assert lines[2].startswith("received") and lines[2].endswith("B/s")
    assert len(texts(browser, ".hair")) == 2
    browser.pointer(5, 5)
    browser.until("return !document.querySelector('.tip')")


def test_a_gap_stays_open(browser, history):
    explore(browser, history.url, "app2/cpu", "app1/cpu", last="24h")
    breaks = browser.eval(
        "return [...document.querySelectorAll('#charts .line')]"
        ".map(l => l.getAttribute('d').split('M').length - 1)"
    )
    assert breaks == [2, 1]
    left = (browser.eval("return Date.now() / 1000") - history.minute + 8.5 * HOUR) / DAY
    x, y = place(browser, 1 - left)
    browser.pointer(x, y)
    assert tip(browser)[1] == "app2–"


def test_dragging_shows_a_part_closer(browser, history):
    begin, end = history.minute - 10 * HOUR, history.minute
    explore(browser, history.url, "app1/cpu", **{"from": begin, "to": end})
    before = browser.eval("return location.hash")
    x, y = place(browser, 0.25)
    x2, _ = place(browser, 0.75)
    browser.pointer(x, y)
    browser.pointer(x, y, "mousePressed", button="left", buttons=1, clickCount=1)
    browser.pointer((x + x2) / 2, y, button="left", buttons=1)
    browser.pointer(x2, y, button="left", buttons=1)
    browser.pointer(x2, y, "mouseReleased", button="left", clickCount=1)
    browser.until("return location.hash !== arguments[0]", before)
    query = urllib.parse.parse_qs(browser.eval("return location.hash.slice(1)"))
    assert abs(int(query["from"][0]) - (begin + 2.5 * HOUR)) < 120
    assert abs(int(query["to"][0]) - (begin + 7.5 * HOUR)) < 120
    browser.eval("history.back()")
    browser.until("return location.hash === arguments[0]", before)
    browser.until(
        "const i = document.getElementById('since'); return i.value === arguments[0]",
        time.strftime("%Y-%m-%dT%H:%M", time.gmtime(begin)),
    )


def test_keys_move_the_crosshair(browser, history):
    explore(browser, history.url, "app1/cpu", last="6h")
    browser.eval("document.querySelector('#charts svg').focus()")
    key(browser, "ArrowRight", 39)
    first = tip(browser)[0]
    key(browser, "ArrowLeft", 37)
    key(browser, "ArrowLeft", 37)
    assert tip(browser)[0] != first
    said = browser.eval("return document.getElementById('aloud').textContent")
    assert "cpu" in said and "%" in said
    key(browser, "-", 189, "-")
    browser.until("return location.hash.includes('from=')")


def test_a_bookmark_shows_the_same(browser, history):
    begin, end = history.minute - 5 * HOUR, history.minute - 4 * HOUR
    explore(browser, history.url, "app3/cpu", "app1/requests", **{"from": begin, "to": end})
    address = browser.eval("return location.href")
    lines = "return [...document.querySelectorAll('#charts .line')].map(l => l.getAttribute('d'))"
    once = browser.eval(lines)
    browser.open("about:blank")
    browser.open(address)
    browser.until(SHOWN)
    assert browser.eval(lines) == once and len(once) == 2
    assert texts(browser, "#chosen .name") == ["app3/cpu", "app1/requests"]


def test_a_broken_address_is_harmless(browser, history):
    explore(browser, history.url, "app1/cpu", "no/such", "constructor", last="toString")
    assert texts(browser, "#say") == ["There is no series no/such, constructor."]
    assert len(texts(browser, "#charts .line")) == 1
    explore(browser, history.url, "app1/cpu", **{"from": "1e300", "to": "NaN"})
    assert len(texts(browser, "#charts .line")) == 1
    assert messages(browser) == []


def test_hostile_names_are_only_names(browser, history, tmp_path):
    explore(browser, history.url)
    browser.eval("const f = document.getElementById('find'); f.focus(); f.click()")
    names = browser.eval(
        "return [...document.querySelectorAll('#found [role=option]')]"
        ".map(o => o.getAttribute('aria-label')).filter(n => n.startsWith('evil'))"
    )
    assert len(names) == 2
    assert any("<img src=x onerror=alert(1)>" in n for n in names)
    explore(browser, history.url, *names, last="6h")
    assert texts(browser, "#chosen .name") == names
    assert len(texts(browser, "#charts .line")) == 2
    assert browser.eval("return document.querySelectorAll('#choice img').length") == 0
    rows = saved(browser, tmp_path / "saved")
    assert rows[0] == ["time", *names]
    assert {r[1] for r in rows[1:]} == {"5"}
    x, y = place(browser, 0.99)
    browser.pointer(x, y)
    assert len(tip(browser)) == 3
    assert_clean(browser, history.url.rsplit("/", 1)[0])


def test_new_values_appear_by_themselves(browser, history, tmp_path):
    """On a page of its own, whose runs are a second apart."""
    own = tmp_path / "own"
    own.mkdir()
    live = History(own, history.output.parent / "live")
    path = live.output / "explore.html"
    assert 'data-every="60"' in path.read_text()
    explore(browser, history.url.replace("/explore/", "/live/"), "app1/cpu", last="6h")
    before = texts(browser, "#legend td")[0]
    t = live.minute + 60
    with (own / "app1.csv").open("a") as f:
        f.write(f"{t},99.5,1,1\n")
    live.now = t + 60  # due at any second of the first minute
    live.run()
    # The page asks again in the next minute: here, at once.
    browser.eval(
        "const real = Date.now; Date.now = () => real() + 120000;"
        "document.querySelector('#quick [data-last=\"6h\"]').click()"
    )
    browser.until("return document.querySelector('#legend td').textContent !== arguments[0]", before)
    assert texts(browser, "#legend td")[0] == "99.5 %"


def test_opens_from_a_disk(browser, history):
    explore(browser, (history.output / "explore.html").as_uri(), "app1/cpu", last="24h")
    assert len(texts(browser, "#charts .line")) == 1
    assert_clean(browser, history.output.as_uri())


def test_says_what_to_do_without_data(browser, history, tmp_path):
    (tmp_path / "explore.html").write_bytes(
        (history.output / "explore.html").read_bytes()
    )
    browser.open((tmp_path / "explore.html").as_uri())
    browser.until("return document.getElementById('say').textContent")
    assert "python3 -m http.server" in texts(browser, "#say")[0]


def test_lists_the_files_without_javascript(browser, history):
    browser.javascript(False)
    browser.open(history.url)
    browser.javascript(True)
    assert browser.eval("return document.getElementById('choice').hidden")
    links = browser.eval(
        "return [...document.querySelectorAll('noscript a')].map(a => a.getAttribute('href'))"
    )
    assert len(links) == 2 * 11
    for link in links:
        assert (history.output / link).is_file(), link
    csv_of = [l for l in links if l.endswith(".csv")][0]
    with (history.output / csv_of).open(newline="") as f:
        assert next(csv.reader(f)) == ["time", "mean", "min", "max"]


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("width", (360, 768, 1440, 2560))
def test_fits_every_width(browser, history, width, scheme):
    browser.viewport(width)
    browser.media(scheme)
    explore(browser, history.url, "app1/cpu", "app2/cpu", "app1/received", last="7d")
    for ask in ("", "const f = document.getElementById('find'); f.focus(); f.click();"):
        browser.eval(ask)
        assert browser.eval("return document.documentElement.scrollWidth") == width
        wide = browser.eval(
            "return [...document.querySelectorAll('body *')]"
            ".filter(e => !e.closest('.scroll, .vh, svg, script') &&"
            " e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert wide == []
        assert browser.eval(CONTRAST) == []
    assert_clean(browser, history.url.rsplit("/", 1)[0])
