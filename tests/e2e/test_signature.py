"""Snapshots signed by an SSH key, and who signed them."""

import os
import shutil
import signal
import subprocess

import pytest

CONFIG = """
title: Test
sources:
  app1: {exec: [echo, cpu=1], decode: keyvalue}
pages:
  index:
    panels:
      - stat: CPU
        series: app1/cpu
"""
ANN, BEN = "ann@example.net", "ben@example.net"

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="no ssh-keygen"
)


class Desk:
    """A folder with keys, a list of signers and a snapshot."""

    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        for name in ("ann", "ben", "eve"):
            self.key(name, "")
        listed = "".join(
            f"{who} {(folder / who[:3]).with_suffix('.pub').read_text()}"
            for who in (ANN, BEN)
        )
        (folder / "signers").write_text(listed)
        broadsheet("run")

    def key(self, name, passphrase):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", name],
            cwd=self.folder, check=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def take(self, *args, file="s.html", env=None):
        return self.broadsheet("snapshot", "-o", file, *args, env=env)

    def verify(self, *args, file="s.html"):
        return self.broadsheet("verify", *args, file)

    def told(self, *args):
        ran = self.verify("--signers", "signers", *args)
        assert ran.returncode == 1 and ran.stdout == ""
        return ran.stderr.removeprefix("broadsheet: ").removesuffix("\n")


@pytest.fixture
def desk(tmp_path, broadsheet, write_config):
    write_config(CONFIG)
    return Desk(tmp_path, broadsheet)


def well(ran):
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


@pytest.mark.parametrize("file", ["s.html", "s.pdf", "-s.png"])
def test_a_signature_says_who(desk, file):
    out = f"--output={file}"
    assert well(desk.broadsheet("snapshot", out, "--sign", "ann")) == ""
    ran = desk.broadsheet("verify", "--signers", "signers", "--", file)
    lines = well(ran).splitlines()
    assert lines[-1].startswith(f"{file}: signed by {ANN} with ED25519 key SHA256:")
    assert len(lines) == (2 if file.endswith("html") else 1)
    with open(desk.folder / file, "rb") as data:
        subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", ANN,
             "-n", "broadsheet", "-s", f"./{file}.sig"],
            cwd=desk.folder, check=True, stdin=data, capture_output=True,
        )  # fmt: skip


def test_who_it_has_to_be(desk):
    well(desk.take("--sign", "ben"))
    args = ["--signers", "signers", "--identity"]
    assert f"signed by {BEN} with" in well(desk.verify(*args, BEN))
    assert desk.told("--identity", ANN) == f"s.html.sig is by {BEN}, not by {ANN}"
    ran = desk.verify("--identity", BEN)
    assert ran.returncode == 2
    assert ran.stderr == "broadsheet: verify: --identity goes with --signers\n"


def test_what_proves_nothing_is_told(desk):
    well(desk.take())
    assert desk.told() == "there is no signature s.html.sig"
    assert "sig" not in well(desk.verify())
    well(desk.take("--sign", "eve"))
    assert well(desk.verify()).splitlines()[1] == (
        "s.html.sig: not checked: --signers names a file of those who may sign"
    )
    assert desk.told() == "s.html.sig is by nobody in signers"
    ran = desk.verify("--signers", "nowhere")
    assert ran.stderr == "broadsheet: there is no file nowhere of signers\n"


def test_a_signature_of_another_file(desk):
    well(desk.take("--sign", "ann"))
    path = desk.folder / "s.html"
    whole = path.read_bytes()
    changed = "s.html.sig is not of this file: one of them was changed"
    for at in (0, len(whole) // 2, len(whole) - 1):
        bad = bytearray(whole)
        bad[at] ^= 1
        path.write_bytes(bad)
        assert desk.told() == changed
    path.write_bytes(whole + b"\n")
    assert desk.told() == changed
    path.write_bytes(whole)
    (desk.folder / "s.html.sig").write_text("nothing\n")
    assert desk.told() == (
        "s.html.sig: ssh-keygen: Couldn't parse signature: missing header"
    )


def test_the_newest_signature_stays(desk):
    well(desk.take("--sign", "ann"))
    well(desk.take("--sign", "ben"))
    assert f"signed by {BEN}" in well(desk.verify("--signers", "signers"))


def test_a_key_that_can_not_sign(desk):
    well(desk.take("--sign", "ann"))
    ran = desk.take("--sign", "nokey")
    assert ran.returncode == 1
    assert ran.stderr == "broadsheet: s.html was not signed: there is no key nokey\n"
    assert not (desk.folder / "s.html.sig").exists()
    (desk.folder / "nokey").write_text("nothing\n")
    ran = desk.take("--sign", "nokey")
    assert ran.returncode == 1
    assert ran.stderr.startswith("broadsheet: s.html was not signed with nokey: ")
    assert not (desk.folder / "s.html.sig").exists()
    for args in (["-o", "-"], ["--mail", ANN]):
        ran = desk.broadsheet("snapshot", *args, "--sign", "ann")
        assert ran.returncode == 2
        assert ran.stderr == "broadsheet: snapshot: --sign signs a file: -o FILE\n"


def test_nobody_is_asked_for_a_passphrase(desk):
    desk.key("locked", "secret")
    ran = desk.take("--sign", "locked", env={"SSH_AUTH_SOCK": ""})
    assert ran.returncode == 1
    assert ran.stderr.startswith("broadsheet: s.html was not signed with locked: ")
    assert ran.stderr.endswith(
        "hint: a key that has a passphrase must be in an agent: ssh-add locked\n"
    )


@pytest.fixture
def agent(desk):
    """The environment of an agent that holds the locked key."""
    desk.key("locked", "secret")
    (desk.folder / "say").write_text("#!/bin/sh\necho secret\n")
    (desk.folder / "say").chmod(0o700)
    sock = str(desk.folder / "agent")
    with subprocess.Popen(
        ["ssh-agent", "-D", "-a", sock], stdout=subprocess.PIPE, text=True
    ) as running:
        running.stdout.readline()  # it listens
        env = {"SSH_AUTH_SOCK": sock}
        try:
            subprocess.run(
                ["ssh-add", "-q", "locked"], cwd=desk.folder, check=True,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **env, "SSH_ASKPASS": "./say",
                     "SSH_ASKPASS_REQUIRE": "force"},
            )  # fmt: skip
            yield env
        finally:
            os.kill(running.pid, signal.SIGTERM)
            running.wait(timeout=60)


def test_an_agent_signs(desk, agent):
    public = (desk.folder / "locked.pub").read_text()
    (desk.folder / "signers").write_text(f"{ANN} {public}")
    for key in ("locked", "locked.pub"):
        well(desk.take("--sign", key, env=agent))
        assert f"signed by {ANN}" in well(desk.verify("--signers", "signers"))


def test_a_machine_without_ssh_keygen(desk, tmp_path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("env", "sh"):
        (bare / name).symlink_to(shutil.which(name))
    ran = desk.take("--sign", "ann", env={"PATH": str(bare)})
    assert ran.returncode == 1
    assert ran.stderr == (
        "broadsheet: ssh-keygen is not there\n"
        "hint: it is part of OpenSSH's client\n"
    )


def test_one_in_the_archive_is_signed(desk):
    path = well(desk.broadsheet("snapshot", "--sign", "ann")).strip()
    assert f"signed by {ANN}" in well(desk.verify("--signers", "signers", file=path))
    well(desk.broadsheet("render"))
    assert (desk.folder / f"{path}.sig").exists()
