"""What the tests of the ssh source share: a host, a key, and asking it."""

import types

import pytest

from .sshd import USER, keygen, sshd

HEAD = """
title: Test
store: db.sqlite
output: out
pages: {index: {title: Test, panels: [{text: Test}]}}
"""


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """keys("rsa", "-m", "PEM") -> a private key; each is made once."""
    folder = tmp_path_factory.mktemp("keys")
    made = {}

    def key(kind="ed25519", *more, passphrase="", name="key"):
        which = (kind, *more, passphrase, name)
        if which not in made:
            path = folder / f"{name}{len(made)}"
            made[which] = keygen(path, kind, passphrase, *more)
        return made[which]

    return key


@pytest.fixture(scope="module")
def host(tmp_path_factory, keys):
    """One sshd for all the tests of a file; keys() may log in."""
    with sshd(tmp_path_factory.mktemp("hosts") / "app1") as h:
        h.authorize(keys())
        yield h


@pytest.fixture
def ask(broadsheet, write_config, tmp_path, host, keys):
    """ask(run="echo 42", …) -> CompletedProcess of `broadsheet test box`.

    Options of the source are keyword arguments; None leaves one out. By
    default it asks `host` with keys(), and knows all keys of that host.
    """
    known = tmp_path / "known_hosts"
    known.write_text(host.known_hosts())

    def run(env=None, **options):
        source = {
            "ssh": f"{USER}@{host.place}",
            "identity": keys(),
            "known_hosts": known,
            "run": "echo 42",
            "decode": "number",
            "timeout": "10s",
            "limit": "1MB",
            **options,
        }
        text = HEAD + "sources:\n  box:\n"
        for key, value in source.items():
            if value is not None:
                quoted = str(value).replace("'", "''")
                text += f"    {key}: '{quoted}'\n"
        return broadsheet("-c", write_config(text), "test", "box", env=env)

    run.known = known
    return run


def fails(done, sentence, hint=None):
    """It failed with exactly these words."""
    said = f"source box: {sentence}\n" + (f"hint: {hint}\n" if hint else "")
    assert done.stderr == said
    assert done.returncode == 3


def works(done, value="42"):
    """It printed a number."""
    assert done.returncode == 0, done.stderr
    assert value in done.stdout.split()


def place_of(server):
    """Where a hostile() server is, and lines of known_hosts for it."""
    return types.SimpleNamespace(
        ssh=f"{USER}@127.0.0.1:{server.port}",
        place=f"127.0.0.1:{server.port}",
        name=f"[127.0.0.1]:{server.port}",
    )
