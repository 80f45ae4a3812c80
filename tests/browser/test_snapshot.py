"""A snapshot from a disk, without a network: nothing missing, nothing asked."""

import subprocess

import pytest

from conftest import BUILD

NOW = 1793330040
CONFIG = """
title: Shop
store: store.db
output: out
sources:
  app1: {file: app1.txt, decode: keyvalue}
pages:
  index:
    panels:
      - line: CPU
        series: app1/cpu
      - status: Sources
"""
WIDER = (
    "return [...document.querySelectorAll('body *')].filter(x =>"
    " !x.closest('.scroll, svg, .vh, .skip') &&"
    " x.getBoundingClientRect().right > innerWidth + 1).map(x => x.outerHTML)"
)


@pytest.fixture
def snapshot(tmp_path):
    (tmp_path / "broadsheet.yaml").write_text(CONFIG)
    for i in range(5):
        (tmp_path / "app1.txt").write_text(f"cpu={70 + i}\n")
        call(tmp_path, "-q", "run", "--now", f"@{NOW + 60 * i}")
    call(tmp_path, "snapshot", "-o", "s.html", "--now", f"@{NOW + 240}")
    return f"file://{tmp_path}/s.html"


def call(folder, *args):
    subprocess.run([BUILD / "broadsheet", *args], cwd=folder, check=True)


@pytest.fixture
def offline(browser):
    def network(off):
        browser.cdp("Network.enable")
        browser.cdp(
            "Network.emulateNetworkConditions",
            offline=off, latency=0, downloadThroughput=-1, uploadThroughput=-1,
        )  # fmt: skip

    network(True)
    yield browser
    network(False)


@pytest.mark.parametrize("width", (1400, 390))
def test_it_is_complete_in_itself(offline, snapshot, width):
    offline.viewport(width)
    offline.requested()
    offline.open(snapshot)
    offline.eval(
        "document.querySelectorAll('details').forEach(d => d.open = true)"
    )
    assert offline.eval(WIDER) == []
    assert set(offline.requested()) == {snapshot}
    assert offline.console() == []
    drawn = offline.eval(
        "return [...document.querySelectorAll('svg.chart')].filter("
        "s => s.getBoundingClientRect().width > 0).length"
    )
    assert drawn == 1
    assert "time,cpu\n" in offline.eval("return document.body.innerText")
