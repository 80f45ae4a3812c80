"""The person who says yes to `broadsheet auth`, in place of a browser."""

import re
import subprocess
import threading
import urllib.error
import urllib.request

SECONDS = 120


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is looked at, not followed."""

    def redirect_request(self, *_):
        return None


def where_it_leads(address):
    """The address that the service sends the browser to."""
    try:
        urllib.request.build_opener(Stay).open(address, timeout=60)
    except urllib.error.HTTPError as e:
        with e:
            return e.headers["Location"]
    raise AssertionError(f"{address} does not redirect")


def consent(binary, config, source, now, answer=where_it_leads):
    """Runs auth, opens the address that it prints, pastes what came back.

    Returns its exit status, stdout and stderr.
    """
    process = subprocess.Popen(
        [str(binary), "-c", str(config), "--now", str(now), "auth", source],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(SECONDS, process.kill)
    timer.start()
    try:
        said = ""
        while (found := re.search(r"https?://\S+", said)) is None:
            line = process.stdout.readline()
            if line == "":
                break
            said += line
        pasted = answer(found.group(0)) + "\n" if found else None
        out, err = process.communicate(pasted)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
    return process.returncode, said + out, err
