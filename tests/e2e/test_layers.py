"""The script that checks the cut of the house finds what it is there for."""

import shutil
import subprocess

import pytest

from conftest import HERE

ROOT = HERE.parents[1]


@pytest.fixture
def house(tmp_path):
    for folder in ("lib", "cmd"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "tests/tools").mkdir(parents=True)
    shutil.copy(ROOT / "tests/tools/layers", tmp_path / "tests/tools")
    return tmp_path


def check(house):
    return subprocess.run(
        [house / "tests/tools/layers"], capture_output=True, text=True
    )


def test_house_is_in_order(house):
    result = check(house)
    assert (result.stderr, result.returncode) == ("", 0)


@pytest.mark.parametrize(
    "file, line, fault",
    [
        (
            "lib/model/outcome.c",
            '#include "store/store.h"\n',
            "lib/model/outcome.c: lib/model may not include store/\n",
        ),
        (
            "lib/panel/text.c",
            "#include <sqlite3.h>\n",
            "lib/panel/text.c: <sqlite3.h> has its home in lib/base/db\n",
        ),
        (
            "lib/model/outcome.h",
            "struct unknown_thing here;\n",
            "lib/model/outcome.h: does not stand alone\n",
        ),
    ],
)
def test_fault_is_found(house, file, line, fault):
    path = house / file
    path.write_text(line + path.read_text())
    result = check(house)
    assert fault in result.stderr
    assert result.returncode == 1


def test_banned_function_is_found(house):
    path = house / "lib/model/outcome.c"
    path.write_text(path.read_text() + '\nvoid f(void)\n{\n\tprintf("x");\n}\n')
    result = check(house)
    assert 'printf("x");' in result.stderr
    assert result.returncode == 1
