"""assets/examples/personal.yaml at work, on loopback, with nobody's data.

What is shipped is what is shown and tested: only addresses and places in it
are replaced.
"""

import contextlib
import pathlib

from .consent import consent
from .fake_google import FakeGoogle, training
from .fake_strava import FakeStrava
from .fake_withings import FakeWithings
from .life import Life

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "assets/examples/personal.yaml"
CLIENT = ("YOUR-CLIENT-ID", "secret")
SHEET = "THE-ID-IN-ITS-ADDRESS"


class Personal:
    """config is the file, life what the services know."""

    def __init__(self, folder, output, now, services):
        self.scale, self.runs, self.gym = services
        self.now = now
        self.config = folder / "broadsheet.yaml"
        (folder / "secrets").mkdir(parents=True, exist_ok=True)
        for name in ("withings", "strava"):
            self.secret(folder / "secrets" / name, CLIENT[1])
        self.secret(
            folder / "secrets/google.json", self.gym.key_file().read_text()
        )
        text = EXAMPLE.read_text()
        for old, new in (
            ("use: withings", self.at(self.scale, "", "")),
            ("use: strava", self.at(self.runs, "/api/v3", "/oauth")),
            ("use: google-sheet", f"base: {self.gym.url}"),
        ):
            assert text.count(old) == 1
            text = text.replace(old, f"{old}\n    {new}")
        assert text.count("output: out\n") == 1
        text = text.replace("output: out\n", f"output: {output}\n")
        self.config.write_text(text)

    @staticmethod
    def secret(path, text):
        path.touch(mode=0o600)
        path.write_text(text)

    @staticmethod
    def at(service, api, accounts):
        return (
            f"api: {service.url}{api}\n    accounts: {service.url}{accounts}"
        )

    def consent(self, binary):
        for source in ("scale", "runs"):
            status, out, err = consent(binary, self.config, source, self.now)
            if status != 0:
                raise RuntimeError(out + err)


@contextlib.contextmanager
def personal(folder, output, now):
    life = Life(now)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        FakeWithings(now, life.weights, CLIENT) as scale,
        FakeStrava(now, life.runs, CLIENT) as runs,
        FakeGoogle(now, folder) as gym,
    ):
        gym.sheets[SHEET] = training(life.sets)
        site = Personal(folder, output, now, (scale, runs, gym))
        site.life = life
        yield site
