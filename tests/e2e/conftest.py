"""Fixtures of every end-to-end test.

The tests drive the program as a user does, by its command line. The binary
is the one named by the environment variable BROADSHEET, or the release
build.
"""

import os
import pathlib
import pwd
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
BINARY = pathlib.Path(
    os.environ.get("BROADSHEET", HERE.parents[1] / ".build/release/broadsheet")
)
HEAD = """\
title: Test
store: db.sqlite
output: out
pages:
  index:
    panels:
      - status: Sources
"""
SECONDS = 60  # no test's command takes this long unless it hangs


@pytest.fixture
def write_config(tmp_path):
    """write_config(yaml_text) -> path of tmp_path/broadsheet.yaml."""

    def write(text):
        path = tmp_path / "broadsheet.yaml"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def broadsheet(tmp_path):
    """broadsheet(*args, env={}, timeout=s) -> CompletedProcess, text mode.

    The program runs in tmp_path; env is added to this process's own.
    """
    if not BINARY.exists():
        pytest.skip(f"{BINARY} has not been built")

    def run(*args, env=None, timeout=SECONDS):
        return subprocess.run(
            [str(BINARY), *map(str, args)],
            cwd=tmp_path,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )

    return run


def indent(text, by):
    """Shifts a block of YAML to the right."""
    return "".join(" " * by + line for line in text.strip().splitlines(True))


@pytest.fixture
def sample(broadsheet, write_config):
    """sample(options) -> CompletedProcess of `broadsheet test web`.

    options is the YAML of the one source, which is called web. It is
    tried with a timeout of 20 s and a limit of 1 MB unless it says others.
    """

    def run(options, **kwargs):
        lines = options.strip()
        for key, value in (("timeout", "20s"), ("limit", "1MB")):
            if not any(l.startswith(key + ":") for l in lines.splitlines()):
                lines += f"\n{key}: {value}"
        config = write_config(
            HEAD + "sources:\n  web:\n" + indent(lines, 4) + "\n"
        )
        return broadsheet("-c", config, "test", "web", **kwargs)

    return run


@pytest.fixture
def own_home(tmp_path):
    """own_home(*args) -> broadsheet, run where the user's home is .folder.

    The home is that of the user database, so the folder is mounted over it,
    for the program only.
    """
    home = pwd.getpwuid(os.geteuid()).pw_dir
    mount = ["unshare", "-m", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 &&'
             ' exec "$@"', "sh"]  # fmt: skip

    def run(*args):
        return subprocess.run(
            [*mount, str(run.folder), home, str(BINARY), *map(str, args)],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    run.folder = tmp_path / "home"
    run.folder.mkdir()
    try:
        subprocess.run(
            [*mount, run.folder, home, "true"], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can mount")
    return run
