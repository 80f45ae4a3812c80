"""An SMTP server on loopback, by aiosmtpd, in a process of its own.

    with smtp(folder) as post:
        post.port, post.url        # smtp://127.0.0.1:PORT
        post.letters()             # EmailMessage of each, in order of arrival
        post.envelopes()           # [{"from":, "to":, "user":, "tls":}]

mode is one of:

    well      takes everything
    grey      451 to the first RCPT of each recipient, then takes it
    refuse    550 to recipients that begin with "no"
    drop      closes the connection at DATA
    hang      takes the connection and says nothing
    babble    says more than anybody wants to hear in its greeting
    small     552 to letters of more than 10 KB
    full      552 to every letter, in words with control characters

tls is (certificate, key): STARTTLS is offered, and wanted before AUTH.
login is (user, password): nothing is taken without it.
"""

import contextlib
import email
import email.policy
import json
import pathlib
import signal
import subprocess
import sys
import types

from .ports import free_port, wait_listening


@contextlib.contextmanager
def smtp(folder, mode="well", tls=None, login=None, implicit=False):
    port = free_port()
    box = pathlib.Path(folder) / f"smtp-{port}"
    box.mkdir(parents=True)
    how = {
        "port": port,
        "box": str(box),
        "mode": mode,
        "tls": [str(p) for p in tls] if tls else None,
        "login": login,
        "implicit": implicit,
    }
    with open(box / "log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, __file__.replace("smtp.py", "smtpd.py"), json.dumps(how)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        wait_listening(port, lambda: process.poll() is None, seconds=60)
        yield types.SimpleNamespace(
            port=port,
            url=f"smtp{'s' if implicit else ''}://127.0.0.1:{port}",
            raw=lambda: [p.read_bytes() for p in sorted(box.glob("*.eml"))],
            letters=lambda: [
                email.message_from_bytes(p.read_bytes(), policy=email.policy.default)
                for p in sorted(box.glob("*.eml"))
            ],
            envelopes=lambda: [
                json.loads(p.read_text()) for p in sorted(box.glob("*.json"))
            ],
        )
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
