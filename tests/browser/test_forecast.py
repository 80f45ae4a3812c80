"""The forecast's sliders: the page says what the command line says."""

import random
import subprocess

import pytest

from conftest import BUILD
from rig.training import CONFIG, NOW, PANEL, as_csv, weeks
from test_page import CONTRAST, assert_clean

SET = """
const input = document.querySelectorAll('.forecast input')[arguments[0]];
input.value = arguments[1];
input.dispatchEvent(new Event('input', {bubbles: true}));
return input.value;
"""
ANSWERS = (
    "return [...document.querySelectorAll('.forecast .answers p')]"
    ".map(p => p.textContent);"
)


def program(folder, *args):
    return subprocess.run(
        [BUILD / "broadsheet", *args, "--now", NOW],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


@pytest.fixture
def weekly(server, browser):
    """The page of a forecast, opened; its folder and address."""
    folder = server.www / f"forecast{next(server.numbers)}"
    folder.mkdir()
    (folder / "weeks.csv").write_text(as_csv(weeks(98)))
    (folder / "broadsheet.yaml").write_text(CONFIG + PANEL)
    program(folder, "-q", "run")
    browser.open(f"{server.url}/{folder.name}/out/index.html")
    return folder, f"{server.url}/{folder.name}/out/"


def said(folder, plan, ahead):
    words = [f"{name}={value}" for name, value in plan.items()]
    lines = program(
        folder, "forecast", "index/weight-next-weeks", "--plan", *words,
        "--horizon", f"{ahead}w",
    ).splitlines()  # fmt: skip
    return lines[0], lines[1:3], [l for l in lines if "outside" in l]


def test_the_same_as_the_command_line(browser, weekly):
    folder, base = weekly
    before = browser.eval(ANSWERS)
    assert said(folder, {}, 8)[1] == before
    r = random.Random(4)
    names = ("distance", "time", "sessions", "load")
    for _ in range(25):
        plan = {}
        for i, name in enumerate(names):
            lo, hi = browser.eval(
                "const i = document.querySelectorAll('.forecast input')"
                "[arguments[0]]; return [+i.min, +i.max];",
                i,
            )
            plan[name] = browser.eval(SET, i, r.uniform(lo, hi))
        ahead = int(browser.eval(SET, 4, r.randint(1, 52)))
        each, answers, outside = said(folder, plan, ahead)
        assert browser.eval(ANSWERS) == answers
        shown = browser.eval(
            "return [...document.querySelectorAll('.forecast label')]"
            ".map(l => l.querySelector('span').textContent"
            " + l.querySelector('output').textContent);"
        )
        assert "each week: " + ", ".join(shown[:4]) == each
        assert shown[4] == f"looked ahead {ahead} week{'s' if ahead > 1 else ''}"
        note = browser.eval(
            "return document.querySelector('.plan > p').textContent"
        )
        assert [note] == (outside or [""])
        label = browser.eval(
            "return document.querySelector('.forecast .wide svg')"
            ".getAttribute('aria-label')"
        )
        assert label.startswith(answers[0] + "; no change ")
    assert_clean(browser, base)


def test_a_plan_outside_of_what_was_seen(browser, weekly):
    """It can be set back to; what is said of it is said once."""
    folder, base = weekly
    (folder / "broadsheet.yaml").write_text(
        CONFIG + PANEL + "        plan: {distance: 90}\n"
    )
    program(folder, "-q", "run")
    browser.open(base + "index.html")
    first = browser.eval(ANSWERS)
    words = "return document.querySelector('.forecast').innerText;"
    outside = said(folder, {}, 8)[2][0]
    assert browser.eval(words).count(outside) == 1
    assert browser.eval(SET, 0, 20) == "20"
    assert outside not in browser.eval(words)
    assert browser.eval(SET, 0, 90) == "90"
    assert browser.eval(words).count(outside) == 1
    assert browser.eval(ANSWERS) == first


def test_by_keyboard(browser, weekly):
    """A slider has a name and its value in words, and takes arrow keys."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    slider = browser.driver.find_elements(By.CSS_SELECTOR, ".forecast input")[2]
    assert slider.accessible_name == "sessions"
    before = browser.eval(ANSWERS)
    for _ in range(5):
        slider.send_keys(Keys.ARROW_LEFT)
    assert slider.get_attribute("aria-valuetext") == "1"
    assert slider.get_attribute("value") == "1"
    assert browser.eval(ANSWERS) != before


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("width", (360, 768, 1440, 2560))
def test_fits(browser, weekly, width, scheme):
    browser.viewport(width)
    browser.media(scheme)
    browser.eval(SET, 0, 55)
    browser.eval(SET, 4, 52)
    assert browser.eval("return document.documentElement.scrollWidth") <= width
    assert browser.eval(CONTRAST) == []
    outside = browser.eval(
        "const out = [];"
        "for (const s of document.querySelectorAll('.forecast svg')) {"
        " const box = s.getBoundingClientRect();"
        " for (const t of s.querySelectorAll('text')) {"
        "  const r = t.getBoundingClientRect();"
        "  if (box.width && (r.right > box.right + 4 || r.left < box.left - 4))"
        "   out.push(t.textContent); } }"
        "return out;"
    )
    assert outside == []


def test_values_under_the_pointer(browser, weekly):
    browser.eval(SET, 4, 20)
    x, y = browser.eval(
        "const s = document.querySelector('.forecast .wide svg');"
        "s.scrollIntoView({block: 'center'});"
        "const r = s.getBoundingClientRect();"
        "return [r.left + r.width * .7, r.top + r.height / 2];"
    )
    browser.pointer(x, y)
    tip = browser.eval(
        "return [...document.querySelectorAll('.tip .name')]"
        ".map(p => p.textContent);"
    )
    assert sorted(tip) == ["no change", "plan"]


def test_without_javascript(browser, weekly):
    """Typical plans in a table, the chart, and no empty place for sliders."""
    folder, base = weekly
    browser.javascript(False)
    browser.open(base + "index.html")
    browser.javascript(True)
    assert browser.eval(ANSWERS) == said(folder, {}, 8)[1]
    assert browser.eval(
        "return [...document.querySelectorAll('.p[data-kind=forecast]"
        " tbody th')].map(t => t.textContent);"
    ) == ["easy weeks", "as lately", "hard weeks"]
    assert browser.eval(
        "return document.querySelectorAll('input').length"
        " + document.querySelector('.plan').getClientRects().length;"
    ) == 0  # fmt: skip
