"""The list of snapshots: from a disk and from a server, nothing missing."""

import subprocess

import pytest

from conftest import BUILD

NOW = 1793330040
CONFIG = """
title: Shop
store: store.db
output: {output}
sources:
  app1: {{file: app1.txt, decode: keyvalue}}
alerts:
  busy: {{series: app1/cpu, above: 73}}
pages:
  index:
    title: Operations, and all that belongs to them
    panels:
      - line: CPU
        series: app1/cpu
      - line: Memory
        series: app1/memory
      - stat: CPU now
        series: app1/cpu
  other:
    title: Sources
    panels:
      - status: Sources
"""
BROKEN = (
    "return [...document.images].filter(x => !x.complete || !x.naturalWidth)"
    ".map(x => x.outerHTML)"
)
WIDER = (
    "return [...document.querySelectorAll('body *')].filter(x =>"
    " !x.closest('.skip') && x.getBoundingClientRect().right > innerWidth + 1)"
    ".map(x => x.outerHTML)"
)


def call(folder, *args):
    subprocess.run([BUILD / "broadsheet", "-q", *args], cwd=folder, check=True)


@pytest.fixture
def archive(tmp_path, server):
    """The folder of the list, on a disk and on a server."""
    name = f"archive{next(server.numbers)}"
    (tmp_path / "broadsheet.yaml").write_text(
        CONFIG.format(output=server.www / name)
    )
    for i in range(5):
        (tmp_path / "app1.txt").write_text(f"cpu={70 + i}\nmemory=4\n")
        call(tmp_path, "run", "--now", f"@{NOW + 60 * i}")
    now = ["snapshot", "--now", f"@{NOW + 240}"]
    call(tmp_path, *now, "--note", "slow " * 9 + "w" * 90)
    call(tmp_path, *now, "--page", "other")
    call(tmp_path, *now, "--at", f"@{NOW + 60}")
    folder = server.www / name / "snapshots"
    marked = next(folder.glob("*-sources.html"))
    call(tmp_path, "snapshot", "--mark", marked)
    return folder, f"{server.url}/{name}/snapshots"


def look(browser, url):
    browser.requested()
    browser.open(url)
    browser.eval("[...document.images].forEach(x => x.loading = 'eager')")
    browser.until(
        "return [...document.images].every(x => x.complete)", seconds=60
    )
    assert browser.eval(BROKEN) == []
    assert browser.eval("return document.images.length") == 3
    assert browser.console() == []
    return browser.requested()


@pytest.mark.parametrize("scheme", ("light", "dark"))
@pytest.mark.parametrize("width", (1400, 390))
def test_nothing_is_missing(browser, archive, axe, width, scheme):
    folder, url = archive
    browser.viewport(width)
    browser.media(scheme)
    for place in (f"file://{folder}", url):
        asked = look(browser, f"{place}/index.html")
        assert sum(a.endswith(f".{scheme}.png") for a in asked) == 3
        assert all(a.startswith(place) for a in asked if "data:" not in a)
        assert browser.eval(WIDER) == []
    assert axe(browser) == []


def test_each_leads_to_its_snapshot(browser, archive):
    _, url = archive
    browser.open(f"{url}/index.html")
    links = browser.eval(
        "return [...document.querySelectorAll('.shot h3 a')].map(a => a.href)"
    )
    assert len(links) == 3
    for link in links:
        browser.open(link)
        assert "A snapshot of" in browser.eval("return document.body.innerText")


def test_the_empty_list(browser, archive, axe, tmp_path):
    folder, url = archive
    for path in folder.glob("*.html"):
        path.unlink()
    call(tmp_path, "run", "--now", f"@{NOW + 400}")
    browser.open(f"{url}/index.html")
    assert "No snapshots" in browser.eval("return document.body.innerText")
    assert axe(browser) == []
