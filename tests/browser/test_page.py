"""The page in a real browser."""

import re
import subprocess
import time

import pytest

from conftest import BUILD, TYPES, print_page
from rig.nginx import nginx

WIDTHS = (360, 640, 768, 1024, 1440, 1920, 2560)
CONTRAST = """
const paper = e => {
    for (; e; e = e.parentElement) {
        const c = getComputedStyle(e).backgroundColor.match(/[\\d.]+/g).map(Number);
        if (c.length === 3 || c[3] === 1) return c;
    }
};
const light = c => {
    const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
};
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), poor = [];
for (let n; n = walk.nextNode();) {
    const e = n.parentElement, s = getComputedStyle(e);
    if (!n.data.trim() || e.closest("svg, script, noscript") || !e.getClientRects().length) continue;
    const [a, b] = [light(s.color.match(/[\\d.]+/g).map(Number)), light(paper(e))].sort((x, y) => y - x);
    const size = parseFloat(s.fontSize), large = size >= 24 || size >= 18.66 && s.fontWeight >= 700;
    if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) poor.push(n.data.trim() + " " + s.color);
}
return poor;
"""


def messages(browser):
    time.sleep(0.2)  # the console's messages come by another way
    return browser.console()


def assert_clean(browser, base):
    """No message, and nothing asked for but below base."""
    assert messages(browser) == []
    strange = [
        u
        for u in browser.requested()
        if not u.startswith((base, "data:", "about:"))
    ]
    assert strange == []


def center(browser, selector, fx=0.5, fy=0.5):
    """A point of an element in the window, after scrolling there."""
    return browser.eval(
        "const e = document.querySelector(arguments[0]);"
        "e.scrollIntoView({block: 'center'});"
        "const r = e.getBoundingClientRect();"
        "return [r.left + r.width * arguments[1],"
        " r.top + r.height * arguments[2]];",
        selector,
        fx,
        fy,
    )


def tip(browser):
    """Lines of the tooltip, or None."""
    return browser.eval(
        "const t = document.querySelector('.tip');"
        "return t && [...t.children].map(p => p.textContent);"
    )


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("width", WIDTHS)
def test_fits_every_width(browser, page, width, scheme):
    browser.viewport(width)
    browser.media(scheme)
    p = page()
    browser.open(p.url)
    assert browser.eval("return document.documentElement.scrollWidth") == width
    wide = browser.eval(
        "return [...document.querySelectorAll('body *')]"
        ".filter(e => !e.closest('.scroll, .vh, svg, script') &&"
        " e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert wide == []
    assert_clean(browser, p.url.rsplit("/", 1)[0])


def test_light_and_dark_differ_and_are_legible(browser, page):
    p = page(started=int(time.time()) - 600)  # the STALE banner as well
    paper = {}
    for scheme in ("light", "dark"):
        browser.media(scheme)
        browser.open(p.url)
        browser.until("return !document.getElementById('stale').hidden")
        browser.eval("document.querySelector('details.numbers').open = true")
        assert browser.eval(CONTRAST) == []
        paper[scheme] = browser.eval(
            "return getComputedStyle(document.documentElement).backgroundColor"
        )
    assert paper == {"light": "rgb(251, 250, 246)", "dark": "rgb(21, 22, 26)"}


def test_charts_suit_their_place(browser, page):
    shown = (
        "return [...document.querySelectorAll('#cpu .pic, #traffic .pic')]"
        ".filter(e => e.getClientRects().length)"
        ".map(e => e.className)"
    )
    p = page()
    browser.open(p.url)
    assert browser.eval(shown) == ["pic wide", "pic wide"]
    browser.viewport(360)
    assert browser.eval(shown) == ["pic narrow", "pic narrow"]


def test_words_in_charts_stay_legible(browser, page):
    browser.open(page().url)
    for width in WIDTHS:
        browser.viewport(width)
        smallest = browser.eval(
            "return Math.min(...[...document.querySelectorAll('.pic text')]"
            ".filter(e => e.getClientRects().length)"
            ".map(e => parseFloat(getComputedStyle(e).fontSize)"
            " * e.getScreenCTM().a))"
        )
        assert smallest >= 9, width


def test_cells_never_touch(browser, page):
    browser.viewport(360)
    browser.open(page().url)
    gap = browser.eval(
        "const gaps = [];"
        "for (const tr of document.querySelectorAll('tr')) {"
        " let end = -Infinity;"
        " for (const cell of tr.children) {"
        "  const r = document.createRange(); r.selectNodeContents(cell);"
        "  const b = r.getBoundingClientRect();"
        "  if (!b.width) continue;"
        "  gaps.push(b.left - end); end = b.right;"
        " }"
        "}"
        "return Math.min(...gaps.filter(isFinite));"
    )
    assert gap >= 8


def test_opens_from_a_disk(browser, tmp_path):
    path = print_page(tmp_path)
    browser.open(path.as_uri())
    assert browser.eval("return document.querySelectorAll('.pause').length")
    assert_clean(browser, tmp_path.as_uri())


@pytest.mark.parametrize("place", ("server", "disk"))
def test_charts_beyond_the_limit_are_pictures(browser, page, place):
    p = page(inline_max=0)
    browser.open(p.url if place == "server" else p.path.as_uri())
    browser.eval("scrollTo(0, document.body.scrollHeight / 3)")
    browser.until(
        "const i = document.querySelector('#cpu .wide img');"
        "return i.complete && i.naturalWidth > 0"
    )
    assert messages(browser) == []


def test_works_without_javascript(browser, page):
    browser.javascript(False)
    p = page(every=1)
    browser.open(p.url)
    browser.javascript(True)  # for asking, not for what was loaded
    assert browser.eval("return document.querySelector('.pause')") is None
    assert browser.eval(
        "return document.querySelector('#cpu .wide svg').clientWidth > 300"
    )
    assert browser.eval("return document.getElementById('stale').hidden")
    browser.javascript(False)
    browser.open(p.url)
    browser.requested()
    asked, end = [], time.monotonic() + 60
    while len(asked) < 2 and time.monotonic() < end:
        asked += [u for u in browser.requested() if u == p.url]
        time.sleep(0.2)
    assert len(asked) >= 2  # the meta element refreshes the page


def test_says_when_it_is_stale(browser, page):
    now = int(time.time())
    browser.open(page(started=now - 100).url)
    browser.until("return document.querySelector('.pause')")
    assert browser.eval("return document.getElementById('stale').hidden")
    browser.open(page(started=now - 720).url)
    browser.until("return !document.getElementById('stale').hidden")
    text = browser.eval("return document.getElementById('stale').textContent")
    assert re.fullmatch(
        r"STALE: printed 12 min ago, at \w{3},? \d+ \w{3},? \d\d:\d\d; "
        r"a new page is due every 60 s",
        text,
    )
    title = browser.eval("return document.title")
    assert title == "STALE · ▲ 1 Field operations: Operations"


def test_becomes_stale_while_one_looks(browser, page):
    browser.open(page(started=int(time.time()), every=1).url)
    browser.until(
        "return !document.getElementById('stale').hidden"
    )


def test_refreshes_when_there_is_a_new_page(browser, page, server):
    old = int(time.time()) - 1000
    p = page(started=old, every=1)
    browser.open(p.url)
    browser.eval("window.marker = 1")

    def heads():
        return server.log().count(f'"HEAD {p.url[len(server.url):]} ')

    end = time.monotonic() + 60
    while heads() < 3 and time.monotonic() < end:
        time.sleep(0.1)
    assert heads() >= 3
    assert browser.eval("return window.marker") == 1  # nothing new, no reload
    p.again(started=old + 60, every=1)
    browser.until("return window.marker === undefined")
    assert browser.eval(
        "return document.documentElement.dataset.started"
    ) == str(old + 60)


def test_pauses(browser, page):
    old = int(time.time()) - 1000
    p = page(started=old, every=1)
    browser.open(p.url)
    browser.eval("window.marker = 1; document.querySelector('.pause button').click()")
    words = "return document.querySelector('.pause button').textContent"
    assert browser.eval(words) == "paused: go on"
    time.sleep(1.1)
    p.again(started=old + 60, every=1)
    time.sleep(3)
    assert browser.eval("return window.marker") == 1
    browser.eval("document.querySelector('.pause button').click()")
    browser.until("return window.marker === undefined")


def test_stays_when_the_server_is_gone(browser, tmp_path):
    with nginx(tmp_path, server=TYPES) as s:
        print_page(s.www, started=int(time.time()) - 1000, every=1)
        browser.open(f"{s.url}/index.html")
        browser.until("return document.querySelector('.pause')")
    gone, end = [], time.monotonic() + 60
    while not gone and time.monotonic() < end:
        gone = [m for m in browser.console() if "ERR_CONNECTION_REFUSED" in m]
        time.sleep(0.1)
    assert gone
    assert browser.eval("return document.querySelector('#cpu h3') !== null")


def test_scroll_and_drop_downs_are_kept(browser, page):
    browser.open(page().url)
    browser.eval(
        "document.querySelector('#memory summary').click();"
        "document.querySelector('#faults summary').click();"
        "scrollTo(0, 333)"
    )
    browser.until("return document.querySelector('#memory-numbers').open")
    for _ in range(2):
        browser.driver.refresh()
        browser.until("return Math.abs(scrollY - 333) < 2")
        assert browser.eval(
            "return [...document.querySelectorAll('details[open]')]"
            ".map(d => d.id)"
        ) == ["memory-numbers"]


@pytest.mark.parametrize("zone", ("Pacific/Auckland", "America/New_York"))
def test_values_under_the_pointer(browser, page, zone):
    browser.cdp("Emulation.setTimezoneOverride", timezoneId=zone)
    try:
        browser.open(page().url)
    finally:
        browser.cdp("Emulation.setTimezoneOverride", timezoneId="")
    x, y = center(browser, "#cpu .wide svg")
    at = (
        "const s = document.querySelector('#cpu .wide svg'), d = s.dataset,"
        " m = s.getScreenCTM();"
        "return m.e + m.a * (+d.x0 + arguments[0] * (d.x1 - d.x0))"
    )
    browser.pointer(browser.eval(at, 0.999), y)
    lines = browser.until(
        "const t = document.querySelector('.tip');"
        "return t && [...t.children].map(p => p.textContent);"
    )
    assert lines[0] == "03:13"  # in the zone of the page
    names = [re.fullmatch(r"(app\d/cpu)([\d.]+) %", t) for t in lines[1:]]
    assert all(names)
    assert [m[1] for m in names] == ["app2/cpu", "app1/cpu", "app3/cpu"]
    legend = browser.eval(
        "return [...document.querySelectorAll('#cpu tbody tr')]"
        ".map(r => [r.children[0].textContent.trim(),"
        " parseFloat(r.children[1].textContent)])"
    )
    last = dict(legend)
    for m in names:
        assert abs(float(m[2]) - last[m[1]]) < 1.5
    browser.pointer(5, 5)
    browser.until("return !document.querySelector('.tip')")


def test_a_gap_has_no_value(browser, page):
    browser.open(page().url)
    gap = "#disk .wide svg rect[fill^='url']"
    x, y = center(browser, gap)
    browser.pointer(x, y)
    lines = browser.until(
        "const t = document.querySelector('.tip');"
        "return t && [...t.children].map(p => p.textContent);"
    )
    assert [re.sub(r"[\d.]+ %$", "", t) for t in lines[1:]] == [
        "app3/disk",
        "app1/disk",
    ]


def test_values_under_a_finger(browser, page):
    browser.viewport(360, 740, touch=True)
    try:
        browser.open(page().url)
        x, y = center(browser, "#traffic .narrow svg", 0.3)
        browser.tap(x, y)
        browser.until("return document.querySelector('.tip')")
        assert re.search(r"app1/received[\d.]+ MB/s", "|".join(tip(browser)))
        inside = browser.eval(
            "const r = document.querySelector('.tip').getBoundingClientRect();"
            "return r.left >= 0 && r.right <= innerWidth"
        )
        assert inside
        x, y = center(browser, "#on-call h3")
        browser.tap(x, y)
        browser.until("return !document.querySelector('.tip')")
    finally:
        browser.viewport(1440)


def test_structure_is_sound(browser, page):
    browser.open(page().url)
    levels = browser.eval(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]"
        ".map(h => +h.tagName[1])"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:]))
    ids = browser.eval(
        "return [...document.querySelectorAll('[id]')].map(e => e.id)"
    )
    assert len(ids) == len(set(ids)) and "" not in ids
    assert browser.eval(
        "return ['header', 'nav', 'main', 'footer']"
        ".map(t => document.querySelectorAll(t).length)"
    ) == [1, 1, 1, 1]
    assert browser.eval(
        "return document.querySelectorAll('th:not([scope])').length"
    ) == 0
    assert browser.eval(
        "return [...document.querySelectorAll('.pic svg')]"
        ".every(s => s.getAttribute('role') === 'img' &&"
        " s.getAttribute('aria-label'))"
    )


def test_keyboard_finds_its_way(browser, page):
    browser.open(page().url)
    browser.cdp(
        "Input.dispatchKeyEvent",
        type="keyDown",
        key="Tab",
        code="Tab",
        windowsVirtualKeyCode=9,
    )
    browser.until(
        "const e = document.activeElement;"
        "return e.className === 'skip' && e.getBoundingClientRect().top >= 0"
    )


def test_prints_on_paper(browser, page):
    browser.viewport(1000)
    browser.media("light", "print")
    browser.open(page().url)
    hidden = browser.eval(
        "return ['nav', '.pause', '.skip', '#memory-numbers']"
        ".map(q => document.querySelector(q).getClientRects().length)"
    )
    assert hidden == [0, 0, 0, 0]
    assert browser.eval(
        "return getComputedStyle(document.querySelector('.log')).maxHeight"
    ) == "none"


@pytest.mark.parametrize("width", (360, 1440))
def test_this_machines_page(browser, server, tmp_path, width):
    """What `make run` shows, from the program itself."""
    config = tmp_path / "broadsheet.yaml"
    for arguments in (
        ["-q", "init", config],
        ["-q", "-c", config, "-o", server.www / f"machine{width}"]
        + ["run", "--times", "2", "--interval", "1s"],
    ):
        subprocess.run(
            [BUILD / "broadsheet", *arguments],
            check=True,
            cwd=tmp_path,
            timeout=60,
        )
    browser.viewport(width)
    url = f"{server.url}/machine{width}/"
    browser.open(url + "index.html")
    assert browser.eval("return document.documentElement.scrollWidth") == width
    states = browser.eval(
        "return [...document.querySelectorAll('.p')]"
        ".map(p => p.dataset.state)"
    )
    assert len(states) >= 8 and "failed" not in states
    assert_clean(browser, url)
