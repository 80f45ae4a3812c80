#!/usr/bin/python3
"""The personal page, printed once from made-up services on loopback.

    personal.py PROGRAM OUTPUT WORK

WORK is a folder for its configuration, its secrets and its store; it begins
anew each time.
"""

import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from rig.personal import personal  # noqa: E402


def main():
    program, output, work = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
    now = int(time.time())
    shutil.rmtree(work, ignore_errors=True)
    with personal(work, output, now) as site:
        site.consent(program)
        subprocess.run(
            [program, "-c", site.config, "--now", str(now), "run"], check=True
        )
    print(f"printed {sys.argv[2]}/index.html")


if __name__ == "__main__":
    main()
