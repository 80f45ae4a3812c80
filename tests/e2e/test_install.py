"""make install: what is put where, and that it works from there."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The build that is tested, as make names it.
BINARY = pathlib.Path(
    os.environ.get("BROADSHEET", ROOT / ".build/release/broadsheet")
)


def make(*arguments):
    result = subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), *arguments],
        env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The directory that stands for / and what make was told."""
    if not BINARY.exists():
        pytest.skip(f"{BINARY} has not been built")
    root = tmp_path_factory.mktemp("root")
    mode = ["SAN=1"] if BINARY.parent.name == "san" else []
    told = [f"DESTDIR={root}", "PREFIX=/usr", *mode]
    make("install", *told)
    return root, told


def run(root, cwd, *arguments):
    return subprocess.run(
        [str(root / "usr/bin/broadsheet"), *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_files(installed):
    root, _ = installed
    usr = root / "usr"
    share = usr / "share/broadsheet"
    for path in (ROOT / "templates").glob("*.tpl"):
        assert (share / "templates" / path.name).read_text() == path.read_text()
    for name in (
        "assets/broadsheet.css",
        "assets/broadsheet.js",
        "assets/forecast.js",
        "assets/outline/world-110m.outline",
        "assets/outline/world-50m.outline",
        "assets/examples/starter.yaml",
        "assets/recipes/strava-export.yaml",
        "cron/crontab",
        "cron/broadsheet.service",
        "cron/broadsheet.timer",
        "cron/nginx.conf",
    ):
        assert (share / name).stat().st_mode & 0o777 == 0o644
    assert (usr / "bin/broadsheet").stat().st_mode & 0o777 == 0o755
    assert (usr / "share/man/man1/broadsheet.1").exists()
    manual = (usr / "share/man/man5/broadsheet.yaml.5").read_text()
    assert ".It Cm timezone" in manual  # from the option tables


def test_nothing_outside_the_prefix(installed):
    root, _ = installed
    assert [p.name for p in root.iterdir()] == ["usr"]


def test_program_from_there(installed, tmp_path):
    root, _ = installed
    version = run(root, tmp_path, "--version")
    assert version.returncode == 0
    assert version.stdout.startswith("broadsheet ")
    assert run(root, tmp_path, "init").returncode == 0
    assert (tmp_path / "broadsheet.yaml").read_text() == (
        root / "usr/share/broadsheet/assets/examples/starter.yaml"
    ).read_text()
    well = run(root, tmp_path, "check-config")
    assert (well.returncode, well.stderr) == (0, "")
    result = run(root, tmp_path, "run")
    assert (result.returncode, result.stderr) == (0, "")
    assert "</html>" in (tmp_path / "out/index.html").read_text()


def test_templates_are_those_of_the_share(installed, tmp_path):
    """Without them there is no page: it was not the source tree's."""
    root, _ = installed
    copy = tmp_path / "root"
    shutil.copytree(root, copy)
    shutil.rmtree(copy / "usr/share/broadsheet/templates")
    config = tmp_path / "broadsheet.yaml"
    config.write_text(
        "title: T\nsources: {}\npages: {index: {panels: []}}\n"
    )
    result = run(copy, tmp_path, "run")
    assert result.returncode == 1
    assert "share/broadsheet/templates" in result.stderr


def test_uninstall(installed):
    """Last: it takes away what the other tests need."""
    root, told = installed
    make("uninstall", *told)
    assert [str(p) for p in root.rglob("*") if not p.is_dir()] == []
