"""The operations page in a real browser: as it is shown, judged by axe-core,
and when everything that it is fed means harm.
"""

import re
import subprocess
import sys
import time

import pytest

from conftest import BUILD, HERE, OPEN
from rig.machine import Process
from rig.operations import EXAMPLE, PACKAGES, Operations
from test_page import messages

sys.path.insert(0, str(HERE.parent / "demo"))

from course import MINUTE, Course  # noqa: E402
from demo import feed, furnish  # noqa: E402


@pytest.fixture(scope="module")
def rig(tmp_path_factory, server):
    folder = tmp_path_factory.mktemp("operations")
    with Operations(folder, BUILD / "broadsheet",
                    server.www / "operations") as o:  # fmt: skip
        furnish(o)
        yield o


@pytest.fixture(scope="module")
def url(rig, server):
    """Pages of now, after some minutes in which app2 ran hot, and app3 went
    down.
    """
    now = int(time.time()) // MINUTE * MINUTE
    course = Course(now)
    course.falls = now - 2 * MINUTE
    for t in range(now - 4 * MINUTE, now + 1, MINUTE):
        feed(rig, course, t, MINUTE)
        assert rig.run(t).returncode in (0, 3)
    return f"{server.url}/operations"


def test_axe_finds_faults(browser, axe):
    """Or its silence would mean nothing."""
    browser.open("data:text/html,<html><img src=x><input>")
    assert {v.split(":")[0] for v in axe(browser)} >= {
        "image-alt", "label", "html-has-lang", "document-title"
    }  # fmt: skip


@pytest.fixture(scope="module")
def starter(server, tmp_path_factory):
    """The page that `broadsheet init` leads to."""
    folder = tmp_path_factory.mktemp("starter")
    for words in (["init"], ["run"], ["run"]):
        subprocess.run(
            [BUILD / "broadsheet", "-q", "-o", server.www / "starter", *words]
            if words == ["run"] else [BUILD / "broadsheet", "-q", *words],
            cwd=folder, check=True,
        )  # fmt: skip
    return f"{server.url}/starter/index.html"


@pytest.mark.parametrize(
    "name, width, scheme",
    [
        ("index", 1440, "light"),
        ("index", 1440, "dark"),
        ("index", 390, "light"),
        ("index", 390, "dark"),
        ("hosts", 1440, "dark"),
        ("hosts", 390, "light"),
        ("explore", 1440, "light"),
        ("explore", 390, "dark"),
        ("starter", 1440, "dark"),
        ("starter", 390, "light"),
    ],
)
def test_accessible(browser, axe, url, starter, name, width, scheme):
    browser.viewport(width)
    browser.media(scheme)
    browser.open(starter if name == "starter" else f"{url}/{name}.html")
    if name == "explore":
        browser.until("return document.querySelector('input')")
    browser.eval(OPEN)
    assert axe(browser) == []


@pytest.mark.parametrize("script", (True, False))
def test_the_page(browser, url, script):
    """Alerts stand open, the map and the newest lines are there."""
    browser.javascript(script)
    browser.open(f"{url}/index.html")
    assert messages(browser) == []
    firing = browser.eval(
        "return [...document.querySelectorAll('details.firing')].map("
        "d => [d.open, d.querySelector('summary').textContent])"
    )
    assert all(opened for opened, _ in firing)
    assert {re.sub(r"\s+", " ", text).strip(" ▲").split(":")[0]
            for _, text in firing} == {
        "app2 busy", "app3 not answering"
    }  # fmt: skip
    states = browser.eval(
        "return Object.fromEntries([...document.querySelectorAll("
        "'[data-kind=line]')].map(p => [p.id, p.dataset.state]))"
    )
    assert states["cpu"] == "alert" and states["users-connected"] == "ok"
    assert browser.eval(
        "return document.querySelectorAll('#users-by-state circle').length"
    )
    assert browser.eval("return document.querySelectorAll('.log li').length")
    found = browser.eval("return document.querySelectorAll('.seek').length")
    assert found == (1 if script else 0)
    assert browser.eval(
        "return document.documentElement.scrollWidth <= innerWidth"
    )


def test_drop_downs_search_and_numbers(browser, url):
    browser.media(motion="reduce")  # all lines at once
    browser.open(f"{url}/index.html")
    numbers = browser.driver.find_element(
        "css selector", "#cpu > details > summary"
    )
    numbers.click()
    assert "app2" in browser.driver.find_element("id", "cpu").text
    browser.driver.refresh()
    assert browser.eval("return document.querySelector('#cpu details').open")
    find = browser.driver.find_element("css selector", ".seek input")
    find.send_keys("order")
    shown = browser.eval(
        "return [...document.querySelectorAll('.log li:not([hidden])')]"
        ".map(l => l.textContent)"
    )
    assert shown and all("order" in text for text in shown)
    find.clear()


@pytest.mark.usefixtures("url")
def test_replay(browser, rig):
    """Lines of the last minute come when they came, a minute later."""
    now = int(time.time())
    feed(rig, Course(now - 3600), now, MINUTE)
    rig.run(now)
    lines = "return document.querySelectorAll('.log li:not([hidden])').length"
    with browser.clock(now + MINUTE / 2):
        browser.open(f"file://{rig.output}/index.html")
    assert browser.eval("return document.querySelector('.log li[hidden]')")
    browser.until(f"{lines} > arguments[0]", browser.eval(lines))


EVILS = (
    "<script>window.harm=1</script>",
    "<img src=x onerror=window.harm=1>",
    "\"><svg onload=window.harm=1>",
    "' onmouseover='window.harm=1",
    "</style></title></script><script>window.harm=1</script>",
    "<!--<script>window.harm=1",
    "javascript:window.harm=1",
    "{{>TITLE}}{{#PANELS}}",
    "'; DROP TABLE lines; DROP TABLE session; --",
    "\\u003cscript\\u003e &lt;script&gt; &#60;script&#62; ]]>",
    "\x1b]0;harm\x07\u202etxt.exe",
)
FOREIGN = """
const known = new Set(arguments[0]), bad = [];
for (const e of document.querySelectorAll('*')) {
    if (!known.has(e.localName)) bad.push(e.outerHTML.slice(0, 120));
    for (const a of e.attributes)
        if (/^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value))
            bad.push(a.name + '=' + a.value.slice(0, 120));
}
return bad;
"""
KINDS = """
return [...new Set([...document.querySelectorAll('*')].map(e => e.localName))]
"""
GAP = {"defs", "pattern", "path", "rect"}  # what it is drawn with
SCRIPTS = "return document.scripts.length"


def quoted(text):
    """As YAML takes it, single-quoted."""
    return "'" + text.replace("'", "''") + "'"


def poison(rig):
    """Every text that comes from outside does harm, and some of those that
    the user wrote.
    """
    evil = " ".join(e for e in EVILS if "\x1b" not in e)
    for i, (name, host) in enumerate(rig.hosts.items()):
        box = host.machine
        box.name = f"{name}{EVILS[i]}"
        box.kernel = EVILS[i + 3]
        box.passwd[1000] = EVILS[0].replace(":", "")
        box.users = [EVILS[1].replace(" ", "_")]
        for n, text in enumerate(EVILS):
            box.run(Process(2000 + n, text[:15], [text, text], 1000, cpu=300 - n,
                            memory=9 << 30))  # fmt: skip
        box.disks[f"/mnt/{EVILS[0].replace(' ', '')}"] = 99
        rig.install(host, {name: f"1.2{EVILS[0]}" for name in PACKAGES},
                    {f"Evil{n}": text for n, text in enumerate(EVILS)})  # fmt: skip
    rows = ",".join("('" + e.replace("'", "''") + "')" for e in EVILS[:10])
    rig.postgres.sql(f"TRUNCATE session; INSERT INTO session VALUES {rows}")
    rig.places([
        (f"id-{n} {text}"[:80], text, 50 + n / 2, -3 + n / 3, text)
        for n, text in enumerate(EVILS)
    ])  # fmt: skip
    rig.service.metrics = {f'queue_depth{{q="{n} {label(text)}"}}': 10**6
                           for n, text in enumerate(EVILS[:10])}  # fmt: skip
    for name in ("app1", "app2"):
        rig.log(name, *(f"ERROR overflow {text}" for text in EVILS))
    rig.configure(EXAMPLE.read_text(), more=[
        ("title: Field operations", f"title: {quoted('Evil ' + evil)}"),
        ("message: A buffer is too small for what is sent",
         f"message: {quoted(evil)}"),
        ("keep: [messages_processed_total, queue_depth]",
         'keep: ["queue_depth*"]'),
        ("series: queue/queue_depth\n", 'series: "queue/queue_depth*"\n'),
        ("series: queue/messages_processed_total",
         'series: "queue/*"'),
        ("every: 10m", "every: 60s"),
        ("- section: Throughput", f"- section: {quoted(evil)}"),
    ])  # fmt: skip


def label(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_nothing_from_outside_is_executed(browser, rig, url):
    browser.open(f"{url}/index.html")
    known = set(browser.eval(KINDS))
    scripts = browser.eval(SCRIPTS)
    browser.open(f"{url}/explore.html")
    known_there = set(browser.eval(KINDS))
    browser.open(f"{url}/hosts.html")
    known |= set(browser.eval(KINDS)) | GAP
    assert not known & {"img", "iframe", "object", "embed", "base"}
    messages(browser)

    for host in rig.hosts.values():
        if host.sshd.process is None:
            host.sshd.start()
    # A while on, so that it is a time after all others; every rule fires.
    now = int(time.time()) + 10 * MINUTE
    for t in (now, now + MINUTE):
        rig.advance(MINUTE)
        poison(rig)
        done = rig.run(t)
        assert done.returncode == 0, done.stderr

    for script in (True, False):
        browser.javascript(script)
        for name in ("index", "hosts", "index-7d"):
            browser.open(f"{url}/{name}.html")
            if script:
                browser.eval("for (const d of document.querySelectorAll("
                             "'details')) d.open = true")  # fmt: skip
                time.sleep(0.3)
            assert messages(browser) == []
            assert browser.eval("return window.harm") is None
            assert browser.eval(FOREIGN, sorted(known)) == []
            assert browser.eval(SCRIPTS) == scripts
    browser.javascript(True)
    browser.open(f"{url}/index.html")
    text = browser.eval("return document.body.textContent")
    for evil in EVILS[:9]:
        assert text.count(evil) >= 4, evil
    browser.open(f"{url}/explore.html")
    browser.until("return document.querySelector('input')")
    time.sleep(0.5)
    assert messages(browser) == []
    assert browser.eval("return window.harm") is None
    assert browser.eval(FOREIGN, sorted(known_there | known)) == []
    assert rig.postgres.sql("SELECT count(*) FROM session") == "10"
    stored = rig.command("sql", "SELECT count(*) FROM lines WHERE text LIKE"
                         " 'ERROR overflow %'")  # fmt: skip
    assert stored.stdout.split()[1] == str(2 * 2 * len(EVILS))
