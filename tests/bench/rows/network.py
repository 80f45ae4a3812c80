"""Many sources in one run, through the whole program: HTTP and SSH.

Only our side is counted: nginx and sshd are processes of their own. The hosts
of SSH are addresses of loopback on which one sshd listens; what it costs at
each, less what a run of none costs, is what 500 would cost at each.
"""

import pathlib
import sys
import tempfile
import time

from measure import BINARY, Row, cost, least

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "e2e"))
# pylint: disable=wrong-import-position
from rig.nginx import nginx  # noqa: E402
from rig.sshd import USER, keygen, sshd  # noqa: E402

RUNS = 3
SITES = 1000
HOSTS = 15  # sshd listens on 16 addresses at most
MANY = 500
HEAD = """\
title: Many
store: store.db
output: out
explore: no
pages: {index: {panels: [{status: Sources}]}}
sources:
  none: {exec: [echo, "1"], decode: number}
"""
NOTE = (
    "collecting, storing, and a page with the state of each source; nothing "
    f"that was measured for SSH is from more than {HOSTS} hosts"
)


def run(sources):
    """The least cost of a run that asks all of them, each well."""
    now = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "broadsheet.yaml").write_text(HEAD + sources)
        return least(
            cost(BINARY, "-q", "run", "--now", f"@{now + 60 * i}", cwd=folder)
            for i in range(RUNS)
        )


def over_http():
    with tempfile.TemporaryDirectory() as folder:
        with nginx(folder, files={"value": "42\n"}) as site:
            return run(
                "".join(
                    f"  site{i}: {{http: '{site.url}/value?{i}', "
                    "decode: number}\n"
                    for i in range(SITES)
                )
            )


def over_ssh():
    addresses = [f"127.0.0.{i + 2}" for i in range(HOSTS)]
    with tempfile.TemporaryDirectory() as folder:
        key = keygen(pathlib.Path(folder, "key"))
        listen = "".join(f"ListenAddress {a}\n" for a in addresses)
        with sshd(pathlib.Path(folder, "host"), listen, ("ed25519",)) as host:
            host.authorize(key)
            known = pathlib.Path(folder, "known_hosts")
            known.write_text(
                "".join(
                    host.known_hosts(name=f"[{a}]:{host.port}")
                    for a in addresses
                )
            )
            return run(
                "".join(
                    f"  host{i}: {{ssh: '{USER}@{a}:{host.port}', "
                    f"identity: {key}, known_hosts: {known}, "
                    "run: echo 42, decode: number}\n"
                    for i, a in enumerate(addresses)
                )
            )


def rows():
    nothing, http, ssh = run(""), over_http(), over_ssh()
    work = f"a run over {SITES} HTTP sources"
    yield Row(work, http.ms, "ms", aim=1000, note=NOTE)
    yield Row("  its peak memory", http.peak, "B")
    yield Row(f"a run over {HOSTS} SSH hosts", ssh.ms, "ms", note=NOTE)
    each = (ssh.ms - nothing.ms) / HOSTS
    work = f"  {MANY} of them, extrapolated"
    yield Row(work, nothing.ms + each * MANY, "ms", aim=1500, note=NOTE)
