"""What tests of any database server ask it with: fixtures over `server`."""

import pytest

from rig.database import PASSWORD


@pytest.fixture
def password(tmp_path):
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def ask(sample, server, password):
    """ask(options, more="") tries the server; more is behind its URL."""

    def run(options, more="", **kwargs):
        return sample(
            f"sql: {server.url(more=more)}\npassword_file: {password}\n"
            + options,
            **kwargs,
        )

    return run


def words(result):
    assert result.returncode == 0, result.stderr
    return [" ".join(line.split()) for line in result.stdout.splitlines()]
