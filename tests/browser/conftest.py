"""Fixtures of the browser's tests: one browser, one nginx, pages on demand.

The pages are those of tests/tools/sample_page.c, which has a panel of every
kind, printed by the same code as the program's own.
"""

import itertools
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent / "e2e"))
sys.path.insert(0, str(HERE))

from browser import Browser  # noqa: E402
from rig.nginx import nginx  # noqa: E402

BUILD = pathlib.Path(
    os.environ.get("BROADSHEET", ROOT / ".build/release/broadsheet")
).parent
TYPES = """types {
    text/html html; image/svg+xml svg; application/json json; text/csv csv;
    application/javascript js;
}"""


# All drop-downs, but of the long lists of numbers only the shortest.
OPEN = """
const all = [...document.querySelectorAll('details')];
const cells = d => d.querySelectorAll('td').length;
const least = Math.min(...all.map(cells).filter(n => n > 0));
for (const d of all) d.open = cells(d) <= Math.max(40, least);
"""


@pytest.fixture(scope="session")
def chromium():
    with Browser() as b:
        yield b


@pytest.fixture
def browser(chromium):
    """The browser at a desk, in light, with JavaScript."""
    chromium.open("about:blank")
    chromium.viewport(1440)
    chromium.media()
    chromium.javascript(True)
    chromium.console()
    chromium.requested()
    return chromium


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with nginx(tmp_path_factory.mktemp("server"), server=TYPES) as s:
        s.numbers = itertools.count()
        yield s


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    """axe(browser) -> what it finds wrong, a line each."""
    path = subprocess.run(
        [ROOT / "tests/tools/axe"], check=True, capture_output=True, text=True
    ).stdout.strip()
    source = pathlib.Path(path).read_text()

    def judge(browser):
        browser.eval(source)
        found = browser.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run({preload: false, resultTypes: ['violations']}).then(r => done(r.violations),"
            " e => done([{id: String(e), nodes: []}]))"
        )
        return [
            f"{v['id']}: {node['html'][:160]} {node.get('failureSummary')}"
            for v in found
            for node in v["nodes"] or [{"html": ""}]
        ]

    return judge


def print_page(folder, started=0, every=60, inline_max=1 << 20):
    subprocess.run(
        [BUILD / "tools/sample_page", ROOT, folder]
        + [str(started), str(every), str(inline_max)],
        check=True,
        timeout=60,
    )
    return folder / "index.html"


@pytest.fixture
def page(server):
    """page(started=…, every=…, inline_max=…) -> url, path and again().

    Each has a folder of its own on the server, so nothing is kept from
    another test. again() prints the page anew, with other arguments.
    """

    class Page:
        def __init__(self, **arguments):
            name = f"page{next(server.numbers)}"
            self.folder = server.www / name
            self.url = f"{server.url}/{name}/index.html"
            self.again(**arguments)

        def again(self, **arguments):
            self.path = print_page(self.folder, **arguments)

    return Page
