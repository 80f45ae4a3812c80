"""The server of smtp.py: one argument, JSON of how it is to behave."""

import asyncio
import json
import os
import pathlib
import signal
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

HOW = json.loads(sys.argv[1])
BOX = pathlib.Path(HOW["box"])
SMALL = 10_000
FULL = "552 5.2.2 mailbox \x1b[31mfull\x1b[0m\tnow"


def store(envelope, session):
    n = len(list(BOX.glob("*.eml")))
    facts = {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "user": session.auth_data.decode() if session.auth_data else None,
        "tls": session.ssl is not None or HOW["implicit"],
    }
    (BOX / f"{n:04}.json").write_text(json.dumps(facts))
    part = BOX / "part"
    part.write_bytes(envelope.original_content)
    part.rename(BOX / f"{n:04}.eml")


class Handler:
    def __init__(self):
        self.seen = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if HOW["mode"] == "grey" and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 greylisted, come back later"
        if HOW["mode"] == "refuse" and address.startswith("no"):
            return "550-5.1.1 there is no\r\n550 5.1.1 such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if HOW["mode"] == "full":
            return FULL
        if HOW["mode"] == "small" and len(envelope.original_content) > SMALL:
            return "552 5.3.4 message too big"
        store(envelope, session)
        return "250 OK"


class Server(SMTP):
    async def smtp_DATA(self, arg):
        if HOW["mode"] == "drop":
            self.transport.close()
            return
        await super().smtp_DATA(arg)


def check(server, session, envelope, mechanism, data):
    user, password = HOW["login"]
    good = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good, handled=False, auth_data=data.login)


def context():
    if not HOW["tls"]:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*HOW["tls"])
    return made


async def hang(reader, writer):
    await reader.read()
    writer.close()


async def babble(reader, writer):
    try:
        while True:
            writer.write(b"220-" + b"x" * 500 + b"\r\n")
            await writer.drain()
    except OSError:
        writer.close()


async def listen(loop):
    mode, tls = HOW["mode"], context()
    if mode in ("hang", "babble"):
        answer = hang if mode == "hang" else babble
        return await asyncio.start_server(answer, "127.0.0.1", HOW["port"])
    handler = Handler()

    def session():
        return Server(
            handler,
            hostname="smtp.test",
            tls_context=None if HOW["implicit"] else tls,
            auth_required=bool(HOW["login"]),
            auth_require_tls=tls is not None and not HOW["implicit"],
            authenticator=check if HOW["login"] else None,
        )

    return await loop.create_server(
        session, "127.0.0.1", HOW["port"], ssl=tls if HOW["implicit"] else None
    )


async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await listen(loop)
    await stop.wait()
    server.close()
    os._exit(0)  # what hangs goes with it


asyncio.run(main())
