"""Two years of made-up weeks, and forecasts from them made another way."""

import datetime
import math
import random

INPUTS = ("distance", "time", "sessions", "load")
PANEL = """\
      - forecast: Weight next weeks
        training: >-
          SELECT ts AS week, distance, time, sessions, load, weight_change,
          fat_change, weight FROM weeks ORDER BY ts DESC
        inputs: [distance, time, sessions, load]
        targets: [weight_change, fat_change]
        levels: {weight_change: weight}
        units: {distance: km, time: seconds, load: kg, weight: kg, fat_change: percent}
"""
CONFIG = """\
title: My year
every: 3h
timezone: Europe/London
store: store.db
output: out
explore: no
sources:
  weeks:
    file: weeks.csv
    decode: csv
    key: week
    time: week
    as: records
pages:
  index:
    periods: [52w]
    panels:
"""
NOW = "@1795317240"  # Sunday, 2026-11-22 03:14 UTC


def weeks(n, seed=3):
    """n rows, the last of them of the week that goes on at NOW."""
    r = random.Random(seed)
    day = datetime.date(2026, 11, 16) - datetime.timedelta(7 * (n - 1))
    weight, rows = 82.0, []
    for i in range(n):
        sessions = r.randint(1, 5)
        distance = round(max(0, r.gauss(7 * sessions, 6)), 1)
        change = round(0.35 - 0.02 * distance + r.gauss(0, 0.25), 2)
        weight = round(weight + change, 2)
        rows.append(
            {
                "week": day + datetime.timedelta(7 * i),
                "distance": distance,
                "time": round(max(0, distance * 330 + r.gauss(0, 200))),
                "sessions": sessions,
                "load": round(r.gauss(80, 6), 1) if i % 11 else "",
                "weight_change": change,
                "fat_change": round(r.gauss(0, 0.3), 2) if i % 7 else "",
                "weight": weight,
            }
        )
    return rows


def as_csv(rows):
    lines = [",".join(rows[0])]
    lines += [",".join(str(v) for v in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


class Model:
    """k nearest neighbours, without any cleverness."""

    def __init__(self, rows, target):
        whole = [r for r in rows[:-1] if all(r[i] != "" for i in INPUTS)]
        self.scale = []
        for name in INPUTS:
            values = [r[name] for r in whole]
            mean = math.fsum(values) / len(values)
            sd = math.sqrt(
                math.fsum((v - mean) ** 2 for v in values) / len(values)
            )
            self.scale.append((name, mean, sd))
        used = [r for r in whole if r[target] != ""]
        self.x = [self.standard(r) for r in used]
        self.y = [r[target] for r in used]
        errors = [self.left_out(k) for k in range(1, min(20, len(used) - 1) + 1)]
        self.error = min(errors)
        self.k = errors.index(self.error) + 1
        self.naive = math.fsum(map(abs, self.y)) / len(self.y)

    def standard(self, row):
        return [(row[name] - mean) / sd for name, mean, sd in self.scale]

    def guess(self, z, k, without=None):
        near = sorted(
            (math.dist(z, self.x[i]), -i)
            for i in range(len(self.x))
            if i != without
        )[:k]
        pairs = [(1 / (far + 0.1), self.y[-i]) for far, i in near]
        return math.fsum(w * y for w, y in pairs) / math.fsum(w for w, _ in pairs)

    def left_out(self, k):
        return math.fsum(
            abs(self.y[i] - self.guess(self.x[i], k, i))
            for i in range(len(self.x))
        ) / len(self.x)

    def change(self, plan):
        return self.guess(self.standard(plan), self.k)
