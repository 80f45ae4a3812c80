"""A headless Chromium, driven by selenium, for looking at pages.

Each Browser is a process of its own with a profile of its own, and ends
when its block does. It notes every message of the console and every address
that was asked for.
"""

import contextlib
import json
import pathlib
import shutil
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


class Browser:
    """with Browser() as b: b.open(url); b.eval("return 1")"""

    def __init__(self, width=1440, height=900):
        self.width, self.height = width, height

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="browser-")
        options = Options()
        for flag in FLAGS:
            options.add_argument(flag)
        options.add_argument(f"--user-data-dir={self.profile}")
        options.set_capability(
            "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
        )
        try:
            self.driver = webdriver.Chrome(
                service=Service("/usr/bin/chromedriver"), options=options
            )
        except BaseException:
            shutil.rmtree(self.profile, ignore_errors=True)
            raise
        self.viewport(self.width, self.height)
        return self

    def __exit__(self, *exc):
        try:
            self.driver.quit()
        finally:
            shutil.rmtree(self.profile, ignore_errors=True)

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def viewport(self, width, height=900, touch=False):
        self.width, self.height = width, height
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=touch,
        )
        self.cdp("Emulation.setTouchEmulationEnabled", enabled=touch)

    def media(self, scheme="light", kind="", motion="no-preference"):
        """kind "print" shows the page as it would be printed."""
        self.cdp(
            "Emulation.setEmulatedMedia",
            media=kind,
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": motion},
            ],
        )

    @contextlib.contextmanager
    def clock(self, moment):
        """Pages that are opened in it believe that this is the time then."""
        script = self.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            source="{ const real = Date.now, then = real();"
            f" Date.now = () => {moment} * 1000 + real() - then; }}",
        )
        try:
            yield
        finally:
            self.cdp("Page.removeScriptToEvaluateOnNewDocument", **script)

    def javascript(self, on):
        self.cdp("Emulation.setScriptExecutionDisabled", value=not on)

    def open(self, url):
        self.driver.get(str(url))

    def eval(self, script, *args):
        return self.driver.execute_script(script, *args)

    def until(self, script, *args, seconds=60):
        """The first true value of the script; an error if there is none."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.eval(script, *args)
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}")

    def pointer(self, x, y, kind="mouseMoved", **more):
        self.cdp("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def tap(self, x, y):
        self.cdp(
            "Input.dispatchTouchEvent",
            type="touchStart",
            touchPoints=[{"x": x, "y": y}],
        )
        self.cdp("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def console(self):
        """Messages since the last call, as "LEVEL text"."""
        return [
            f"{m['level']} {m['message']}"
            for m in self.driver.get_log("browser")
        ]

    def requested(self):
        """Addresses asked for since the last call."""
        urls = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
        return urls

    def picture(self, path, whole=True):
        """A PNG of the window, or of the whole page."""
        if whole:
            high = self.eval("return document.documentElement.scrollHeight")
            width, height = self.width, self.height
            self.viewport(width, max(high, height))
            self.driver.save_screenshot(str(pathlib.Path(path)))
            self.viewport(width, height)
        else:
            self.driver.save_screenshot(str(pathlib.Path(path)))
