"""What `broadsheet test web` must have said."""

import re


def assert_yields(result, value):
    """One number, and one line on stderr that it went well."""
    assert re.fullmatch(
        r"source web: ok: \d+ bytes in \d+ ms\n", result.stderr
    )
    assert result.stdout.split()[1:2] == [value]
    assert result.returncode == 0


def assert_fails(result, sentence, hint=None):
    """Exactly this on stderr, and nothing on stdout."""
    wanted = f"source web: {sentence}\n" + (f"hint: {hint}\n" if hint else "")
    assert result.stderr == wanted
    assert result.stdout == ""
    assert result.returncode == 3
