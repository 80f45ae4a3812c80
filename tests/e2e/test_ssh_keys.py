"""Sources by SSH: whether the host is the one we know, and who we are."""

import subprocess

import pytest
from rig.sshbox import ask, fails, host, keys, works  # noqa: F401
from rig.sshd import KINDS, USER, agent, fingerprint, keygen, sshd


def keyscan(host, known, kind="ed25519", through=""):
    return (
        "compare that fingerprint with the one of the machine itself, then: "
        f"{through}ssh-keyscan -t {kind} -p {host.port} 127.0.0.1 >> {known}"
    )


def test_unknown_host(ask, host):
    ask.known.unlink()
    fails(
        ask(),
        "host key of 127.0.0.1 is not known (ssh-ed25519 "
        f"{fingerprint(host.key('ed25519'))})",
        keyscan(host, ask.known),
    )


def test_hint_for_an_unknown_host_is_a_remedy(ask, host):
    ask.known.write_text("")
    hint = ask().stderr.splitlines()[1]
    command = hint.split(", then: ")[1]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    works(ask())


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_only_one_type_is_known(ask, host, kind):
    ask.known.write_text(host.known_hosts(kind))
    works(ask())


def test_only_a_type_is_known_that_servers_no_longer_prove(ask, host):
    ask.known.write_text("\n" + host.known_hosts("rsa"))
    fails(
        ask(),
        "host key of 127.0.0.1 is not known (ssh-ed25519 "
        f"{fingerprint(host.key('ed25519'))}): {ask.known}:2 has only its "
        "ssh-rsa key",
        keyscan(host, ask.known),
    )


def test_hashed(ask, host):
    subprocess.run(
        ["ssh-keygen", "-H", "-f", ask.known], check=True, capture_output=True
    )
    assert "127.0.0.1" not in ask.known.read_text()
    works(ask())


def test_wildcards(ask, host):
    ask.known.write_text(host.known_hosts(name="[127.0.0.*]:*"))
    works(ask())
    name = f"[127.0.0.*]:*,![127.0.0.1]:{host.port}"
    ask.known.write_text(host.known_hosts(name=name))
    assert "is not known" in ask().stderr


def test_bad_lines_cost_only_themselves(ask, host):
    good = ask.known.read_text()
    ask.known.write_text(
        f"\xff\n[127.0.0.1]:{host.port} ssh-ed25519 AAAA\nx\n" + good
    )
    works(ask())


def test_changed(ask, host, tmp_path):
    other = keygen(tmp_path / "other")
    name = f"[127.0.0.1]:{host.port}"
    ask.known.write_text(
        f"# here\n{name} " + (tmp_path / "other.pub").read_text()
    )
    fails(
        ask(),
        f"host key of 127.0.0.1 has changed: {ask.known}:2 has ssh-ed25519 "
        f"{fingerprint(other)}, the host offers ssh-ed25519 "
        f"{fingerprint(host.key('ed25519'))}",
        "someone may be in between; if the machine was set up anew: "
        f"ssh-keygen -R '{name}' -f {ask.known} && ssh-keyscan -t ed25519 "
        f"-p {host.port} 127.0.0.1 >> {ask.known}",
    )
    command = ask().stderr.splitlines()[1].split("set up anew: ")[1]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    works(ask())


def test_revoked(ask, host):
    public = host.known_hosts("ed25519", name="*")
    ask.known.write_text(host.known_hosts() + "@revoked " + public)
    fails(
        ask(),
        f"host key of 127.0.0.1 is revoked by {ask.known}:4 (ssh-ed25519 "
        f"{fingerprint(host.key('ed25519'))})",
    )


def test_unknown_behind_a_jump_host(ask, host, tmp_path, keys):
    with sshd(tmp_path / "inner") as inner:
        inner.authorize(keys())
        fails(
            ask(ssh=f"{USER}@{inner.place}", jump=f"{USER}@{host.place}"),
            "host key of 127.0.0.1 is not known (ssh-ed25519 "
            f"{fingerprint(inner.key('ed25519'))})",
            keyscan(
                inner,
                ask.known,
                through=f"ssh -p {host.port} {USER}@127.0.0.1 ",
            ),
        )


@pytest.mark.parametrize(
    "kind, more",
    [
        ("ecdsa", ()),
        ("ecdsa", ("-m", "PEM")),
        ("rsa", ()),
        ("rsa", ("-m", "PEM")),
        ("rsa", ("-m", "PKCS8")),
    ],
)
def test_keys_of_every_kind(ask, host, keys, kind, more):
    key = keys(kind, *more)
    host.authorize(key)
    works(ask(identity=key))


def copy_id(key, host):
    return f"ssh-copy-id -i {key} -p {host.port} {USER}@127.0.0.1"


@pytest.mark.parametrize(
    "kind, words",
    [
        ("ed25519", "ssh-ed25519"),
        ("ecdsa", "ecdsa-sha2-nistp256"),
        ("rsa", "ssh-rsa by rsa-sha2-512"),
    ],
)
def test_wrong_key(ask, host, keys, kind, words):
    key = keys(kind, name="stranger")
    fails(
        ask(identity=key),
        f"user {USER}: none of these keys was accepted: {key} ({words})",
        copy_id(key, host),
    )


def test_wrong_user(ask, host, keys):
    fails(
        ask(ssh=f"nobody-here@{host.place}"),
        "user nobody-here: none of these keys was accepted: "
        f"{keys()} (ssh-ed25519)",
        copy_id(keys(), host).replace(f"{USER}@", "nobody-here@"),
    )


ENCRYPTED = [("ed25519", ()), ("rsa", ()), ("rsa", ("-m", "PEM"))]


@pytest.mark.parametrize("kind, more", ENCRYPTED)
def test_passphrase_without_agent(ask, keys, kind, more):
    key = keys(kind, *more, passphrase="secret")
    fails(
        ask(identity=key, env={"SSH_AUTH_SOCK": ""}),
        f"key {key} has a passphrase, and no agent holds it",
        f"start an agent and run: ssh-add {key} (or make a key of its own "
        "without a passphrase for this)",
    )


@pytest.mark.parametrize("kind, more", ENCRYPTED)
def test_passphrase_with_agent(ask, host, keys, tmp_path, kind, more):
    key = keys(kind, *more, passphrase="secret")
    host.authorize(key)
    with agent(tmp_path) as a:
        a.add(key, "secret")
        works(ask(identity=key, env=a.env))


@pytest.mark.parametrize("kind", KINDS)
def test_agent_alone(ask, host, keys, tmp_path, kind):
    host.authorize(keys(kind))
    with agent(tmp_path) as a:
        a.add(keys(kind))
        works(ask(identity=None, env=a.env))


def test_agent_that_holds_another_key(ask, keys, tmp_path):
    key = keys(passphrase="secret")
    with agent(tmp_path) as a:
        a.add(keys(name="stranger"))
        done = ask(identity=key, env=a.env)
        assert done.stderr.startswith(
            f"source box: key {key} has a passphrase, and no agent holds it\n"
        )


def test_agent_not_wanted(ask, host, keys, tmp_path):
    key = keys(passphrase="secret")
    host.authorize(key)
    with agent(tmp_path) as a:
        a.add(key, "secret")
        done = ask(identity=key, agent="no", env=a.env)
        assert "has a passphrase" in done.stderr


def test_key_that_others_can_read(ask, tmp_path):
    key = keygen(tmp_path / "key")
    key.chmod(0o640)
    fails(
        ask(identity=key),
        f"{key}: others can read this secret (mode 0640)",
        f"chmod 600 {key}",
    )


def test_no_such_key(ask, tmp_path):
    fails(
        ask(identity=tmp_path / "none"),
        f"{tmp_path}/none: No such file or directory",
    )


def test_not_a_key(ask, tmp_path):
    key = tmp_path / "key"
    key.write_text("hello\n")
    key.chmod(0o600)
    fails(ask(identity=key), f"key {key}: not a private key")
    key.write_text((keygen(tmp_path / "k").parent / "k.pub").read_text())
    fails(ask(identity=key), f"key {key}: that is the public half of a key")
