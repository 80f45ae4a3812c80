#!/usr/bin/python3
"""The README's pictures: the demonstration's first page, in light and dark.

usage: picture.py BINARY PICTURE-LIGHT.png PICTURE-DARK.png
"""

import base64
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e"),
                str(HERE.parent / "browser")]  # fmt: skip

from browser import Browser  # noqa: E402
from course import MINUTE, Course  # noqa: E402
from demo import feed, furnish, must, remember  # noqa: E402
from rig.operations import Operations  # noqa: E402

WIDTH, HEIGHT = 1280, 1640


def take(page, pictures):
    with Browser(WIDTH, HEIGHT) as b:
        for path, scheme in zip(pictures, ("light", "dark")):
            b.media(scheme, motion="reduce")
            b.open(page.as_uri())
            png = b.cdp(
                "Page.captureScreenshot", format="png",
                clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT,
                      "scale": 1},
            )  # fmt: skip
            path.write_bytes(base64.b64decode(png["data"]))


def main():
    binary, *pictures = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder:
        with Operations(folder, binary) as rig:
            furnish(rig)
            course = Course(int(time.time()) // MINUTE * MINUTE)
            last = remember(rig, course)
            now = int(time.time()) // MINUTE * MINUTE
            feed(rig, course, now, now - last)
            must(rig.run(now))
            take(rig.output / "index.html", pictures)


if __name__ == "__main__":
    main()
