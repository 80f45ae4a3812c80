"""Logs in a real browser: in view at their end, searched, played back."""

import re
import time

import pytest
from selenium.webdriver.common.keys import Keys

SHOWN = (
    "return [...document.querySelectorAll('.log li:not([hidden]) span')]"
    ".map(s => s.textContent);"
)
ENDS = (
    "const l = document.querySelector('.log'),"
    " r = [...l.querySelectorAll('li:not([hidden])')].pop()"
    ".getBoundingClientRect(), box = l.getBoundingClientRect();"
    "return l.scrollHeight > l.clientHeight && r.bottom <= box.bottom + 1"
    " && r.top >= box.top;"
)
FOUND = "return document.querySelector('.seek [role=status]').textContent"


def find(browser):
    return browser.driver.find_element("css selector", ".seek input")


@pytest.mark.parametrize("javascript", (True, False))
def test_the_newest_line_is_in_view(browser, page, javascript):
    p = page()
    browser.javascript(javascript)
    browser.open(p.url)
    browser.javascript(True)
    assert browser.eval(ENDS)
    seek = browser.eval("return document.querySelectorAll('.seek').length")
    assert seek == (1 if javascript else 0)
    assert len(browser.eval(SHOWN)) == 40


FIRST = (
    "const l = document.querySelector('.log'),"
    " top = l.getBoundingClientRect().top;"
    "return [...l.querySelectorAll('li')].find("
    "r => r.getBoundingClientRect().bottom > top).textContent"
)


def test_where_one_was_is_kept(browser, page):
    browser.open(page().url)
    browser.eval("document.querySelector('.log').scrollTop = -200")
    line = browser.eval(FIRST)
    browser.driver.refresh()
    browser.until(FIRST + " === arguments[0]", line)
    assert not browser.eval(ENDS)


def test_search(browser, page):
    browser.open(page().url)
    find(browser).send_keys("LEDGER")
    assert browser.eval(SHOWN) == [
        "ERROR timeout talking to ledger, retry 1 of 3"
    ] * 5
    assert browser.eval(FOUND) == "5 of 40 lines"
    browser.driver.refresh()
    assert len(browser.eval(SHOWN)) == 5
    find(browser).send_keys(Keys.ESCAPE)
    assert len(browser.eval(SHOWN)) == 40
    assert browser.eval(FOUND) == ""
    find(browser).send_keys("no such thing")
    assert browser.eval(SHOWN) == []
    assert browser.eval(FOUND) == "0 of 40 lines"
    find(browser).clear()


def test_by_keys_alone(browser, page):
    """The keyboard reaches the search, the source, the level and the log."""
    browser.open(page().url)
    body = browser.driver.find_element("css selector", "body")
    body.send_keys("/")
    focused = "const e = document.activeElement; return e.ariaLabel || e.id"
    assert browser.eval(focused) == "Find in app1 and app2"
    active = browser.driver.switch_to.active_element
    active.send_keys("pool")
    assert browser.eval(FOUND) == "5 of 40 lines"
    active.send_keys(Keys.TAB)
    assert browser.eval(focused) == "Source in app1 and app2"
    browser.driver.switch_to.active_element.send_keys("app1")
    assert browser.eval(FOUND) == "2 of 40 lines"
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.eval(focused) == "Level in app1 and app2"
    browser.driver.switch_to.active_element.send_keys("errors")
    assert browser.eval(FOUND) == "0 of 40 lines"
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.eval("return document.activeElement.className") == (
        "log medium"
    )


@pytest.mark.parametrize(
    "typed, count, marks",
    (("errors", 5, {"\u2715 error"}),
     ("warnings", 10, {"\u2715 error", "! warn"})),
)
def test_levels(browser, page, typed, count, marks):
    browser.open(page().url)
    browser.driver.find_elements("css selector", ".seek select")[1].send_keys(
        typed
    )
    browser.until(f"{FOUND} === '{count} of 40 lines'")
    shown = browser.eval(
        "return [...document.querySelectorAll('.log li:not([hidden]) em')]"
        ".map(e => e.textContent);"
    )
    assert len(shown) == count and set(shown) == marks


def test_a_slash_is_a_slash_where_one_types(browser, page):
    browser.open(page().url)
    find(browser).send_keys("/api")
    assert browser.eval("return arguments[0].value", find(browser)) == "/api"
    assert browser.eval(FOUND) == "10 of 40 lines"


def shown(browser):
    return len(browser.eval(SHOWN))


def test_replay(browser, page):
    """Lines of the last minute come one after the other, a minute late."""
    browser.open(page(started=int(time.time()) - 45).url)
    n = shown(browser)
    assert 0 < n < 40
    browser.until("return document.querySelectorAll("
                  "'.log li:not([hidden])').length > arguments[0]", n)
    assert browser.eval(ENDS)
    order = browser.eval(
        "return [...document.querySelectorAll('.log li')].map(r => r.hidden)"
    )
    assert order == sorted(order)


def test_replay_of_lines_without_times(browser, page):
    """They come spread over the minute, not at once at its end."""
    started = int(time.time()) - 20
    p = page(started=started)
    text = p.path.read_text()
    p.path.write_text(re.sub(r'data-t="\d+"', f'data-t="{started}"', text))
    browser.open(p.url)
    assert 0 < shown(browser) < 40


def test_pause(browser, page):
    browser.open(page(started=int(time.time()) - 20).url)
    button = browser.driver.find_element("css selector", ".seek button")
    assert button.text == "pause"
    button.click()
    n = shown(browser)
    time.sleep(2.5)
    assert shown(browser) == n
    assert button.text == f"go on: {40 - n} to come"
    button.click()
    browser.until("return document.querySelectorAll("
                  "'.log li:not([hidden])').length > arguments[0]", n)


@pytest.mark.parametrize("how", ("scrolled", "marked"))
def test_a_reader_is_left_alone(browser, page, how):
    browser.open(page(started=int(time.time()) - 40).url)
    browser.eval(
        "document.querySelector('.log').scrollTop = -100"
        if how == "scrolled" else
        "getSelection().selectAllChildren("
        "document.querySelector('.log li:not([hidden])'))"
    )
    time.sleep(0.3)
    n = shown(browser)
    time.sleep(2.5)
    assert shown(browser) == n < 40
    browser.eval(
        "document.querySelector('.log').scrollTop = 0;"
        "getSelection().removeAllRanges()"
    )
    browser.until("return document.querySelectorAll("
                  "'.log li:not([hidden])').length > arguments[0]", n)


def test_motion_that_is_not_wanted(browser, page):
    browser.media(motion="reduce")
    browser.open(page(started=int(time.time())).url)
    assert shown(browser) == 40
    assert browser.eval(
        "return document.querySelector('.seek button').hidden"
    )


def test_an_old_page_is_not_replayed(browser, page):
    browser.open(page(started=int(time.time()) - 70).url)
    assert shown(browser) == 40
