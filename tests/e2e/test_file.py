"""file through the command line: what is not a file, or not a good one."""

import os

from rig.said import assert_fails, assert_yields


def test_whole(sample, tmp_path):
    (tmp_path / "x").write_text("42\n")
    result = sample("file: x\ndecode: number")
    assert_yields(result, "42")


def test_missing(sample, tmp_path):
    assert_fails(
        sample("file: x\ndecode: number"),
        f"{tmp_path}/x: No such file or directory",
    )


def test_directory(sample):
    assert_fails(
        sample("file: /tmp\ndecode: number"),
        "/tmp: this is a directory, not a file",
    )


def test_pipe_without_a_writer(sample, tmp_path):
    os.mkfifo(tmp_path / "x")
    assert_fails(
        sample("file: x\ndecode: number"),
        f"{tmp_path}/x: this is a pipe, not a file",
    )


def test_too_large(sample, tmp_path):
    with (tmp_path / "x").open("wb") as f:
        f.truncate(50_000_000)
    assert_fails(
        sample("file: x\ndecode: number"), f"{tmp_path}/x: larger than 1 MB"
    )


def test_too_old(sample, tmp_path):
    path = tmp_path / "x"
    path.write_text("42\n")
    os.utime(path, (0, 1_000_000_000))
    result = sample("file: x\ndecode: number\nmax_age: 1h")
    assert result.returncode == 3
    assert result.stderr.startswith(f"source web: {path}: not written for ")
