"""A real nginx on a free port of loopback, with a folder of its own."""

import contextlib
import os
import pathlib
import subprocess
import types

from .ports import free_port, wait_listening

CONFIG = """
daemon off;
master_process on;
worker_processes 1;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log;
{user}
events {{ worker_connections 512; }}
http {{
    access_log {prefix}/access.log;
    client_body_temp_path {prefix}/tmp;
    proxy_temp_path {prefix}/tmp;
    fastcgi_temp_path {prefix}/tmp;
    uwsgi_temp_path {prefix}/tmp;
    scgi_temp_path {prefix}/tmp;
    default_type text/plain;
    {servers}
}}
"""
SERVER = """
    server {{
        listen 127.0.0.1:{port}{listen};
        root {prefix}/www;
        {tls}
        {server}
    }}
"""


@contextlib.contextmanager
def nginx(folder, server="", files=None, tls=None, servers=None):
    """Yields port, url (no slash at its end), www (the root), log().

    server is put into nginx's server block; files are {name: content} of
    its root; tls is (certificate, key) as Authority.issue() gives them.
    servers is the text of whole server blocks instead, for a port that it is
    called with.
    """
    port = free_port()
    prefix = pathlib.Path(folder) / f"nginx-{port}"
    www = prefix / "www"
    www.mkdir(parents=True)
    (prefix / "tmp").mkdir()
    for name, content in (files or {}).items():
        data = content if isinstance(content, bytes) else content.encode()
        (www / name).write_bytes(data)
    one = SERVER.format(
        prefix=prefix,
        port=port,
        server=server,
        listen=" ssl http2" if tls else "",
        tls=f"ssl_certificate {tls[0]}; ssl_certificate_key {tls[1]};"
        if tls
        else "",
    )
    (prefix / "nginx.conf").write_text(
        CONFIG.format(
            prefix=prefix,
            user="user root;" if os.geteuid() == 0 else "",
            servers=servers(port) if servers else one,
        )
    )
    process = subprocess.Popen(
        ["nginx", "-p", prefix, "-c", prefix / "nginx.conf"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(prefix / "stderr").open("w"),
    )
    try:
        wait_listening(port, alive=lambda: process.poll() is None)
        yield types.SimpleNamespace(
            port=port,
            url=f"http{'s' if tls else ''}://127.0.0.1:{port}",
            www=www,
            log=lambda: (prefix / "access.log").read_text(),
        )
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
