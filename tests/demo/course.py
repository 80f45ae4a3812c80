"""How the demonstration goes: what everything is at a moment.

Plain functions of the time, the same ones for the months before as for the
minutes that are lived through. Only what is told by a seeded hash wavers, so
each demonstration is like the last.
"""

import hashlib
import math

MINUTE, HOUR, DAY = 60, 3600, 86400
CORES = 4

TOWNS = {
    "Glasgow": (55.86, -4.25), "Edinburgh": (55.95, -3.19),
    "Stirling": (56.12, -3.94), "Perth": (56.40, -3.44),
    "Carlisle": (54.89, -2.93), "Leeds": (53.80, -1.55),
    "Manchester": (53.48, -2.24), "Preston": (53.76, -2.70),
    "Sheffield": (53.38, -1.47), "Nottingham": (52.95, -1.15),
    "Birmingham": (52.48, -1.90), "Leicester": (52.63, -1.13),
    "Bristol": (51.45, -2.59), "Oxford": (51.75, -1.26),
    "Reading": (51.45, -0.97), "Cambridge": (52.21, 0.12),
    "Norwich": (52.63, 1.30), "Cardiff": (51.50, -3.20),
    "Exeter": (50.73, -3.53), "York": (53.96, -1.08),
}  # fmt: skip
NAMES = (
    "Ada Alan Amy Anna Ben Beth Carl Cora Dan Dora Ed Ella Eve Finn Flo Gil "
    "Hal Ida Ian Iris Jack Jane Joe Kay Ken Kit Lea Leo Liz Max May Meg Ned "
    "Nell Nora Otis Pam Pat Ray Rob Ros Ruth Sam Sue Tess Tom"
).split()


def chance(*words):
    """A number in [0, 1) that these words always give."""
    digest = hashlib.blake2b(repr(words).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def waver(key, t, step=5 * MINUTE):
    """Between -1 and 1, changing smoothly every few minutes."""
    a, b = t // step, t % step / step
    ends = [2 * chance(key, a + i) - 1 for i in (0, 1)]
    smooth = b * b * (3 - 2 * b)
    jitter = 0.3 * (2 * chance(key, "jitter", t // MINUTE) - 1)
    return ends[0] * (1 - smooth) + ends[1] * smooth + jitter


def day(t):
    """How busy a day is, from 0 at four in the morning to 1 at four."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * (t - 4 * HOUR) / DAY)


class Course:
    """start: when the last hour is told from; pages(): when they begin."""

    HEATS = 28 * MINUTE  # so long before the start app2 begins to run hot

    def __init__(self, start):
        self.start = start
        self.cools = self.falls = math.inf

    def pages(self, first, length):
        """app2 cools down on the way, and later app3 goes down."""
        self.cools = first + 0.4 * length
        self.falls = first + 0.5 * length

    def hot(self, t):
        """How far app2 is on its way to 96 percent."""
        into = t - (self.start - self.HEATS)
        if into < 0 or t > self.cools:
            return 0.0
        return min(1.0, into / (9 * MINUTE))

    def down(self, name, t):
        """Is the host off the network?"""
        if name == "app1":
            return 48 <= (self.start - t) / MINUTE < 70
        if name == "app3":
            return t > self.falls
        return False

    def burst(self, t):
        """Some minutes in which buffers overflow."""
        return 38 <= (self.start - t) / MINUTE < 42

    def cpu(self, name, t):
        base = {"app1": 24, "app2": 38, "app3": 20}[name]
        calm = base + 14 * day(t) + 6 * waver(name, t)
        hot = self.hot(t) if name == "app2" else 0.0
        return calm + (95 + 1.2 * waver("hot", t) - calm) * hot

    def memory(self, name, t):
        base = {"app1": 52, "app2": 58, "app3": 36}[name]
        return (base + 4 * day(t) + 1.5 * waver(name + "m", t, 20 * MINUTE)
                + 6 * (self.hot(t) if name == "app2" else 0))  # fmt: skip

    def disk(self, name, t):
        base = {"app1": 39, "app2": 50, "app3": 61}[name]
        week = t % (7 * DAY) / (7 * DAY)  # cleared on Thursdays
        return base + 7 * week + 0.3 * waver(name + "d", t, HOUR)

    def connected(self, t):
        return round(140 + 230 * day(t) + 14 * waver("users", t))

    def regions(self, t):
        """Who is connected, by region."""
        n = self.connected(t)
        north = round(n * (0.38 + 0.03 * waver("north", t)))
        return {"north": north, "south": n - north}

    def messages(self, t):
        rate = 380 + 900 * day(t) + 70 * waver("messages", t)
        return rate * (1.0 if not self.burst(t) else 1.6)

    def depth(self, t):
        calm = 30 + 20 * day(t) + 12 * waver("depth", t)
        return round(max(0, calm + (600 if self.burst(t) else 0)))

    def load(self, name, t):
        cpu = self.cpu(name, t)
        return {
            "cpu": cpu,
            "iowait": 1.2 + 0.6 * waver(name + "w", t),
            "memory": self.memory(name, t),
            "swap": 3 + waver(name + "s", t, HOUR),
            "load": CORES * cpu / 100 * 1.1,
            "in": 2.4e6 * (0.4 + day(t)) * (1 + 0.1 * waver(name + "i", t)),
            "out": 5.1e6 * (0.4 + day(t)) * (1 + 0.1 * waver(name + "o", t)),
            "read": 3e5 * (1 + 0.3 * waver(name + "r", t)),
            "written": 9e5 * (1 + 0.3 * waver(name + "x", t)),
        }

    def places(self, t):
        """id, name, lat, lon, state of everybody in the field."""
        return [place(i, name, t) for i, name in enumerate(NAMES)]

    def lines(self, name, t, seconds=MINUTE):
        """What the log of a host gains in the seconds that end at t."""
        hot = name == "app2" and self.hot(t) > 0.6
        count = 14 + round(26 * day(t)) + (20 if hot else 0)
        count = count * seconds // MINUTE
        moments = sorted(
            seconds * chance(name, t, i, "at") for i in range(count)
        )
        for i, at in enumerate(moments):
            yield t - seconds + at, line(name, chance(name, t, i), hot, (t, i))
        if self.burst(t) and name == "app1":
            for i in range(8):
                yield t - 8 + i, "WARN buffer overflow, 1 message dropped"


def place(i, name, t):
    """On the way from one town to the next, a leg and a rest at a time."""
    leg = 50 * MINUTE + 60 * int(40 * chance(name, "leg"))
    t += int(leg * chance(name, "phase"))
    number, into = t // leg, t % leg / leg
    a = home(i, number)
    b = home(i, number + 1)
    rest = 0.25 + 0.3 * chance(name, number, "rest")
    go = max(0.0, (into - rest) / (1 - rest))
    state = "moving" if go > 0 else "stopped"
    if chance(name, number, "off") < 0.04:
        state = "offline"
    lat, lon = (x + (y - x) * go for x, y in zip(a, b))
    return (f"unit-{i + 1:02}", name, round(lat, 5), round(lon, 5), state)


def home(i, number):
    """Where a leg begins: a town near the first one, a little beside it."""
    first = sorted(TOWNS)[i % len(TOWNS)]
    near = sorted(TOWNS, key=lambda town: math.dist(TOWNS[town], TOWNS[first]))
    town = near[int(4 * chance(i, number, "town"))]
    aside = [0.12 * (chance(i, number, axis) - 0.5) for axis in (0, 1)]
    return [c + d for c, d in zip(TOWNS[town], aside)]


def line(name, c, hot, key):
    """One line of a log."""
    n = int(c * 9000)
    if hot and c > 0.93:
        return f"ERROR timeout talking to ledger, retry {1 + n % 3} of 3"
    if hot and c > 0.86:
        return f'INFO "POST /api/order" 503 {200 + n % 90} ms'
    if c > 0.97:
        return f"WARN slow query, {300 + n % 500} ms"
    kinds = (
        f'INFO "GET /api/position" 200 {n % 40 + 2} ms',
        f"INFO order {88000 + n} accepted in {n % 40 + 3} ms",
        f"INFO queue depth {n % 60}",
        f"INFO session opened for user {n}",
    )
    return kinds[int(4 * chance(name, key, "kind"))]
