"""The personal page in a real browser, as its example is printed."""

import subprocess
import time

import pytest

from conftest import BUILD, OPEN
from rig.personal import personal
from test_page import messages


@pytest.fixture(scope="module")
def url(server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("personal")
    now = int(time.time())
    with personal(folder, server.www / "personal", now) as site:
        site.consent(BUILD / "broadsheet")
        subprocess.run(
            [BUILD / "broadsheet", "-c", site.config, "--now", str(now), "run"],
            check=True, timeout=120,
        )  # fmt: skip
    return f"{server.url}/personal"


@pytest.mark.parametrize(
    "name, width, scheme",
    [
        ("index", 1440, "light"),
        ("index", 1440, "dark"),
        ("index", 390, "light"),
        ("index-30d", 390, "dark"),
        ("index-squat", 1440, "light"),
    ],
)
def test_accessible(browser, axe, url, name, width, scheme):
    browser.viewport(width)
    browser.media(scheme)
    browser.open(f"{url}/{name}.html")
    browser.eval(OPEN)
    assert axe(browser) == []


@pytest.mark.parametrize("script", (True, False))
def test_the_page(browser, url, script):
    """All there with and without JavaScript; no wider than a phone."""
    browser.javascript(script)
    browser.viewport(360)
    browser.open(f"{url}/index.html")
    assert messages(browser) == []
    states = browser.eval(
        "return [...document.querySelectorAll('[data-kind]')].map("
        "p => [p.dataset.kind, p.dataset.state])"
    )
    kinds = {kind for kind, _ in states}
    assert kinds >= {"stat", "line", "bar", "scatter", "table", "forecast"}
    assert {state for _, state in states} == {"ok"}
    assert browser.eval("return document.documentElement.scrollWidth") <= 360


def test_choices_lead_to_pages(browser, url):
    """Each exercise, year and period is a link, without JavaScript."""
    browser.javascript(False)
    browser.open(f"{url}/index.html")
    browser.eval(
        "[...document.querySelectorAll('a')]"
        ".find(a => a.textContent === 'Squat').click()"
    )
    browser.until("return location.pathname.endsWith('squat.html')")
    browser.eval(
        "[...document.querySelectorAll('a')]"
        ".find(a => a.textContent === '2025').click()"
    )
    browser.until("return location.pathname.endsWith('2025-squat.html')")
