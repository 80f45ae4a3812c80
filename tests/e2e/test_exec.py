"""exec through the command line: what a command's failure looks like."""

import pathlib
import time

import pytest

from rig.said import assert_fails, assert_yields


def test_vector(sample):
    result = sample("exec: [echo, 42]\ndecode: number")
    assert_yields(result, "42")


def test_shell(sample):
    result = sample("exec: []\nrun: echo $((6 * 7))\ndecode: number")
    assert_yields(result, "42")


def test_missing(sample):
    assert_fails(
        sample("exec: [frobnicate]\ndecode: number"),
        "exec frobnicate: No such file or directory",
        "is it installed? programs are looked for in PATH, which is short "
        "under cron: the full path works everywhere",
    )


@pytest.mark.parametrize(
    "script, sentence",
    [
        ("echo why >&2; exit 3", "exit status 3: why"),
        ("kill -SEGV $$", "killed by SIGSEGV (Segmentation fault)"),
        ("exec sleep 1000", "no end in 1 s: killed"),
        ("yes | head -c 50000000", "printed more than 1 MB: killed"),
        ("yes >&2", "no end in 1 s: killed"),
        (
            "printf '<script>\\033[1m\\001\\n' >&2; false",
            "exit status 1: <script>\ufffd",
        ),
    ],
)
def test_fails(sample, tmp_path, script, sentence):
    path = tmp_path / "script"
    path.write_text(script)
    result = sample(f"exec: [sh, {path}]\ndecode: number\ntimeout: 1s")
    assert_fails(result, "exec sh: " + sentence)


def test_background_children_end_with_it(sample, tmp_path):
    pid = tmp_path / "pid"
    script = tmp_path / "script"
    script.write_text(f"sleep 1000 & echo $! >{pid}; echo 42")
    result = sample(f"exec: [sh, {script}]\ndecode: number\ntimeout: 50s")
    assert_yields(result, "42")
    stat = pathlib.Path(f"/proc/{pid.read_text().strip()}/stat")
    while stat.exists() and ") Z " not in stat.read_text():
        time.sleep(0.02)
