"""Two years of somebody who doesn't exist: made up, always the same.

    life = Life(until)      # epoch seconds; nothing is later than that

What the services of rig/fake_*.py know of it: weights, runs, sets. A week's
running and training move the weight, so that a forecast has something to find.
"""

import datetime
import random
import zoneinfo

WEEKS = 104
DAY = 86400
ZONE = zoneinfo.ZoneInfo("Europe/London")
LIFTS = {  # first weight and gain a week, in kg
    "Squat": (60, 0.45),
    "Bench press": (45, 0.25),
    "Deadlift": (80, 0.55),
    "Row": (40, 0.22),
    "Overhead press": (28, 0.15),
}


def local(day, hour, minute=0):
    """The instant of a local time of a day."""
    when = datetime.datetime(day.year, day.month, day.day, hour, minute)
    return int(when.replace(tzinfo=ZONE).timestamp())


class Life:
    def __init__(self, until, seed=7):
        self.random = random.Random(seed)
        self.weights = []  # (ts, kg, fat ratio in %)
        self.runs = []  # dictionaries, see run()
        self.sets = []  # (day, lift, kg, repetitions)
        last = datetime.datetime.fromtimestamp(until, ZONE).date()
        monday = last - datetime.timedelta(last.weekday() + 7 * (WEEKS - 1))
        self.kg, self.fat = 86.0, 24.5
        for week in range(WEEKS):
            self.week(week, monday + datetime.timedelta(7 * week))
        for name in ("weights", "runs"):
            known = sorted(getattr(self, name), key=self.when)
            setattr(self, name, [x for x in known if self.when(x) < until])
        self.sets = [s for s in self.sets if local(s[0], 19) < until]

    @staticmethod
    def when(item):
        return item["ts"] if isinstance(item, dict) else item[0]

    def week(self, number, monday):
        lazy = number % 26 in (11, 12)  # holidays: no runs, no scale
        days = [monday + datetime.timedelta(i) for i in range(7)]
        km = 0 if lazy else self.run_days(number, days)
        sessions = 0 if lazy else self.train_days(number, days)
        change = 0.28 - 0.014 * km - 0.06 * sessions
        change += self.random.gauss(0, 0.08) + 0.02 * (self.kg < 76)
        for i, day in enumerate(days):
            self.kg += change / 7
            self.fat += 0.55 * change / 7
            if not lazy and self.random.random() < 0.82:
                self.weigh(day, i)

    def weigh(self, day, i):
        r = self.random
        ts = local(day, 6, 45) + r.randrange(3600)
        kg = round(self.kg + r.gauss(0, 0.35), 2)
        fat = round(self.fat + r.gauss(0, 0.3), 1)
        self.weights.append((ts, kg, fat))
        if i == 6 and r.random() < 0.2:  # once more in the evening
            self.weights.append((ts + 14 * 3600, round(kg + 0.6, 2), fat))

    def run_days(self, number, days):
        wanted = self.random.choice((1, 2, 2, 3, 3, 4))
        chosen = sorted(self.random.sample(range(7), wanted))
        return sum(self.run(number, days[i], n) for n, i in enumerate(chosen))

    def run(self, number, day, n):
        """Easy ones, and now and then a hard one: shorter and faster."""
        r = self.random
        hard = n == 1 and r.random() < 0.75
        km = r.uniform(5, 8) if hard else r.uniform(6, 14)
        climb = km * r.uniform(3, 9 if hard else 22)
        pace = (295 if hard else 365) - 0.25 * number + r.gauss(0, 8)
        pace += 1.6 * climb / km
        self.runs.append({
            "ts": local(day, 18 if hard else 7, 30) + r.randrange(1800),
            "metres": round(km * 1000, 1),
            "seconds": round(km * pace),
            "climb": round(climb, 1),
            "hard": hard,
            "heart": round((166 if hard else 141) + r.gauss(0, 3), 1),
        })  # fmt: skip
        return km

    def train_days(self, number, days):
        wanted = self.random.choice((0, 1, 2, 2, 3))
        for i in sorted(self.random.sample(range(7), wanted)):
            for lift in self.random.sample(sorted(LIFTS), 3):
                self.train(number, days[i], lift)
        return wanted

    def train(self, number, day, lift):
        base, gain = LIFTS[lift]
        for n in range(self.random.choice((3, 3, 4))):
            kg = base + gain * number + 5 * n + self.random.gauss(0, 2)
            reps = max(2, 10 - 2 * n + self.random.choice((-1, 0, 0, 1)))
            self.sets.append((day, lift, round(kg / 2.5) * 2.5, reps))
