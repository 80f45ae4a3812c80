"""Each recipe at work against its fake service, all spoken to alike.

    with Scale.open(broadsheet, folder, life) as site:
        site.consent(); site.run()
        assert site.stored() == site.known()

A site has a configuration with one source, its service, and what its runs
stored. What the service knows is added to, edited, refused and withdrawn
by verbs that all of them have.
"""

import contextlib
import datetime
import json
import os
import signal
import sqlite3
import subprocess

from conftest import BINARY, HEAD

from .consent import consent, where_it_leads
from .fake_google import EPOCH, FakeGoogle, training
from .fake_strava import FakeStrava
from .fake_withings import FakeWithings
from .life import local

HOUR = 3600
SHEET = "1AbC-d_E"
NOW = 1795340670  # 2026-11-22, late in a quarter of an hour: all may ask


class Site:
    name = None  # of the source
    data = None  # where its service has the data
    person = True  # somebody has to give access
    fields = ()

    def __init__(self, broadsheet, folder, service):
        self.broadsheet, self.folder, self.service = broadsheet, folder, service
        self.config = folder / "broadsheet.yaml"
        secret = folder / "secret"
        secret.write_text("secret\n")
        secret.chmod(0o600)
        self.configure(self.name, self.options())

    @classmethod
    @contextlib.contextmanager
    def open(cls, broadsheet, folder, life):
        with cls.serve(folder, life) as service:
            yield cls(broadsheet, folder, service)

    def configure(self, name, options):
        self.name = name
        text = HEAD.replace("title:", "timezone: Europe/London\ntitle:")
        text += f"sources:\n  {name}:\n"
        text += "".join(f"    {k}: {v}\n" for k, v in options.items())
        self.config.write_text(text)

    def consent(self, after=0):
        """Access is given, `after` s later than the service gave its code."""
        if not self.person:
            return ""

        def answer(address):
            back = where_it_leads(address)
            self.service.now += after
            return back

        status, out, err = consent(
            BINARY, self.config, self.name, self.service.now, answer
        )
        assert status == (0 if after == 0 else 12), out + err
        return out + err

    def run(self, after=0, code=0, off=0):
        """One run; the service's clock goes on first, ours is off.

        code is the exit status, None for any.
        """
        self.service.now += after
        self.service.asked.clear()
        result = self.broadsheet(
            "-c", self.config, "--now", str(self.service.now + off), "run"
        )
        assert code in (None, result.returncode), result.stdout + result.stderr
        return result

    def run_killed(self, after, number, answered):
        """A run that is killed at one of its requests; what it had asked.

        answered: the service has done its part, but says nothing.
        """
        self.service.now += after
        self.service.asked.clear()
        hold = self.service.hold(number, answered)
        process = self.start()
        try:
            assert hold.reached.wait(60), "there was no such request"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            hold.released.set()
        return self.service.paths()

    def start(self, binary=BINARY, **env):
        return subprocess.Popen(
            [binary, "-q", "-c", self.config, "--now", str(self.service.now),
             "run"],
            cwd=self.folder, env=os.environ | env, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, sql, *values):
        with contextlib.closing(sqlite3.connect(self.folder / "db.sqlite")) as db:
            return db.execute(sql, values).fetchall()

    def records(self, *names):
        wanted = "".join(f", fields ->> '{n}'" for n in names)
        return self.ask(
            f"SELECT key, ts{wanted} FROM record WHERE gone IS NULL"
            " ORDER BY ts, key"
        )

    def stored(self):
        """Of each record its time and what was asked for of it."""
        return sorted(
            (ts, *self.rounded(values))
            for _, ts, *values in self.records(*self.fields)
        )

    @staticmethod
    def rounded(values):
        return [round(v, 3) if isinstance(v, float) else v for v in values]

    def outcome(self):
        said = self.broadsheet(
            "-c", self.config, "--now", str(self.service.now), "status",
            "--json",
        )  # fmt: skip
        return json.loads(said.stdout)["sources"][self.name]


class Scale(Site):
    name, data, fields = "scale", "/measure", ("weight", "fat_ratio")
    limit = (200, {}, '{"status": 601, "error": "Too Many Requests"}')

    @staticmethod
    def serve(_, life):
        return FakeWithings(NOW, life.weights)

    def options(self):
        return {
            "use": "withings",
            "api": self.service.url,
            "accounts": self.service.url,
            "client_id": "id",
            "client_secret_file": "secret",
        }

    def known(self):
        value = {
            (m["type"], g["date"]): m["value"] * 10.0 ** m["unit"]
            for g in self.service.groups
            for m in g["measures"]
        }
        return sorted(
            (ts, round(kg, 3), round(value[6, ts], 3))
            for (kind, ts), kg in value.items()
            if kind == 1
        )

    def add(self):
        now = self.service.now
        self.service.weigh(now - 600, 75.55, 19.1, modified=now)

    def edit(self):
        self.service.edit(self.service.groups[-1], 81.25, 22.0)

    def move(self):
        """The newest was measured an hour earlier than was said."""
        group = self.service.groups[-1]
        group["date"] -= HOUR
        group["modified"] = self.service.now

    def revoke(self):
        self.service.revoke()


class Runs(Site):
    name, data = "runs", "/api/v3/athlete/activities"
    fields = ("name", "distance", "duration")
    limit = None  # its headers say when

    @staticmethod
    def serve(_, life):
        return FakeStrava(NOW, life.runs)

    def options(self):
        return {
            "use": "strava",
            "api": self.service.url + "/api/v3",
            "accounts": self.service.url + "/oauth",
            "client_id": "17",
            "client_secret_file": "secret",
        }

    @staticmethod
    def when(activity):
        started = datetime.datetime.fromisoformat(
            activity["start_date"].replace("Z", "+00:00")
        )
        return int(started.timestamp())

    def known(self):
        return sorted(
            (self.when(a), a["name"], round(a["distance"] / 1000, 3),
             a["moving_time"])
            for a in self.service.activities
        )  # fmt: skip

    def add(self):
        self.service.run(self.service.now - 600, 7000.0, 2400)

    def edit(self):
        self.service.activities[-1] |= {"name": "Renamed", "distance": 7100.0}

    def move(self):
        newest = self.service.activities[-1]
        self.service.begin(newest, self.when(newest) - HOUR)

    def revoke(self):
        self.service.refresh = self.service.access = "withdrawn"


class Gym(Site):
    name, person = "gym", False
    data = f"/v4/spreadsheets/{SHEET}/values/%27My%20log%27%21A%3AE"
    fields = ("Exercise", "Weight", "Reps")
    limit = (429, {"Content-Type": "application/json"},
             '{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}')  # fmt: skip

    @staticmethod
    @contextlib.contextmanager
    def serve(folder, life):
        with FakeGoogle(NOW, folder) as service:
            service.sheets[SHEET] = training(life.sets)
            yield service

    def options(self):
        return {
            "use": "google-sheet",
            "base": self.service.url,
            "sheet": SHEET,
            "range": "\"'My log'!A:E\"",
            "key_file": self.service.key_file().name,
            "time": "Date",
            "fill": "[Date, Exercise]",
            "required": "[Weight, Reps]",
            "units": "{Weight: kg, Reps: count}",
        }

    def known(self):
        known = []
        for day, lift, kg, reps, *_ in self.service.sheets[SHEET][1:]:
            date = day if day != "" else date
            exercise = lift or exercise
            when = local(EPOCH + datetime.timedelta(date), 0)
            known.append((when, exercise, round(kg, 3), reps))
        return sorted(known)

    @property
    def rows(self):
        return self.service.sheets[SHEET]

    def add(self):
        self.rows.append(["", "Squat", 102.5, 5])

    def edit(self):
        self.rows[-1][2] += 2.5

    def move(self):
        """Its last row belongs to the day before."""
        days = [r[0] for r in self.rows[1:] if r[0] != ""]
        self.rows[-1][:2] = [days[-1] - 1, self.known()[-1][1]]

    def revoke(self):
        self.service.shared = False

    def give_again(self):
        self.service.shared = True


class GymByLink(Gym):
    data = f"/spreadsheets/d/{SHEET}/export"
    limit = (429, {}, "<html>Too many requests</html>")

    def options(self):
        return {
            "use": "google-sheet-csv",
            "base": self.service.url,
            "sheet": SHEET,
            "time": "Date",
            "time_format": '"%d/%m/%Y"',
            "fill": "[Date, Exercise]",
            "units": "{Weight: kg, Reps: count}",
        }


RECIPES = {
    "withings": Scale,
    "strava": Runs,
    "google-sheet": Gym,
    "google-sheet-csv": GymByLink,
}
