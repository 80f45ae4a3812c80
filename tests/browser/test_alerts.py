"""Alerts in a real browser: what fires stands open, and is legible."""

import subprocess

import pytest

from conftest import BUILD
from test_page import CONTRAST

START = 1793330040
CONFIG = """
title: Alarms
timezone: UTC
store: db.sqlite
output: {out}
explore: no
sources:
  app1: {{file: app1.txt, decode: keyvalue, unit: percent}}
alerts:
  busy: {{series: app1/cpu, above: 75, severity: critical, message: Look}}
  slow: {{series: app1/cpu, above: 75, for: 1h}}
  full: {{series: app1/disk, above: 75}}
pages:
  index:
    panels:
      - alerts: Alerts
      - {{line: CPU, series: app1/cpu, width: half}}
      - {{line: Disk, series: app1/disk, width: half}}
"""


@pytest.fixture
def alarms(server, tmp_path):
    name = f"alarms{next(server.numbers)}"
    (tmp_path / "b.yaml").write_text(
        CONFIG.format(out=server.www / name)
    )

    def minute(i, cpu, disk):
        (tmp_path / "app1.txt").write_text(f"cpu={cpu}\ndisk={disk}\n")
        subprocess.run(
            [BUILD / "broadsheet", "-c", "b.yaml", "run"]
            + ["--now", str(START + 60 * i)],
            cwd=tmp_path,
            check=True,
        )

    minute.url = f"{server.url}/{name}/index.html"
    return minute



def title(browser):
    """The tab's, without what the script says of a page this old."""
    return browser.driver.title.removeprefix("STALE · ")


DETAILS = """return [...document.querySelectorAll('.alerts details')].map(
    d => [d.className, d.open, d.querySelector('dl').checkVisibility()])"""
INK = """return getComputedStyle(
    document.querySelector('#cpu h3 .name')).color"""


@pytest.mark.parametrize("script", (True, False))
def test_what_fires_stands_open(browser, alarms, script):
    browser.javascript(script)
    alarms(0, 50, 90)
    alarms(1, 50, 60)
    alarms(2, 90, 60)
    browser.open(alarms.url)
    assert browser.eval(DETAILS) == [
        ["firing", True, True],
        ["pending", False, False],
        ["ended", False, False],
    ]
    assert title(browser) == "▲ 1 Alarms"
    red = browser.eval(INK)
    alarms(3, 60, 60)
    browser.open(alarms.url)
    assert [d[:2] for d in browser.eval(DETAILS)] == [
        ["ended", False],
        ["ended", False],
    ]
    assert title(browser) == "Alarms"
    assert browser.eval(INK) != red


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_alerts_are_legible_at_every_width(browser, alarms, scheme):
    alarms(0, 50, 90)
    alarms(1, 90, 60)
    browser.media(scheme)
    for width in (360, 1440):
        browser.viewport(width)
        browser.open(alarms.url)
        assert browser.eval(CONTRAST) == []
        assert browser.eval(
            "return document.documentElement.scrollWidth <= innerWidth"
        )
