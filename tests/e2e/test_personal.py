"""The personal example, whole: from three services to the page."""

import collections
import datetime
import json

import pytest

from conftest import BINARY

from rig.life import ZONE
from rig.personal import personal

NOW = 1795340670
WEEK = datetime.timedelta(7)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    if not BINARY.exists():
        pytest.skip(f"{BINARY} has not been built")
    folder = tmp_path_factory.mktemp("personal")
    with personal(folder / "work", folder / "out", NOW) as site:
        site.out = folder / "out"
        site.consent(BINARY)
        yield site


@pytest.fixture
def printed(home, broadsheet):
    """The site after a run; what a second one does is nothing."""
    result = broadsheet("-c", home.config, "--now", str(NOW), "run")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return home


def monday(day):
    return day - datetime.timedelta(day.weekday())


def week_of(ts):
    return monday(datetime.datetime.fromtimestamp(ts, ZONE).date())


def mean(values):
    return sum(values) / len(values)


def weekly(life):
    """The view, from what the services were given."""
    weights, metres, days, carried = (
        collections.defaultdict(list) for _ in range(4)
    )
    for ts, kg, fat in life.weights:
        weights[week_of(ts)].append((kg, fat))
    for run in life.runs:
        metres[week_of(run["ts"])].append(run["metres"])
    for day, _, kg, reps in life.sets:
        days[monday(day)].append(day)
        carried[monday(day)].append((kg, reps))
    for week, all_of_it in sorted(weights.items()):
        sets = carried[week]
        now = [mean(column) for column in zip(*all_of_it)]
        before = [mean(c) for c in zip(*weights.get(week - WEEK, []))]
        yield [
            str(week),
            *now,
            sum(metres[week]) / 1000,
            len(set(days[week])),
            sum(kg * n for kg, n in sets) / sum(n for _, n in sets)
            if sets
            else 0,
            *(a - b if before else None for a, b in zip(now, before or now)),
        ]


def test_the_weeks(printed, broadsheet):
    asked = broadsheet(
        "-c", printed.config, "--now", str(NOW), "sql",
        "SELECT json_array(week, weight, fat, distance, sessions, load,"
        " weight_change, fat_change) FROM weekly ORDER BY week",
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    rows = [json.loads(line) for line in asked.stdout.splitlines()[1:]]
    wanted = list(weekly(printed.life))
    assert len(rows) == len(wanted) > 90
    for row, expected in zip(rows, wanted):
        assert row[0] == expected[0]
        assert row[1:] == pytest.approx(expected[1:])


def test_the_page(printed):
    page = (printed.out / "index.html").read_text()
    kg = printed.life.weights[-1][1]
    assert f"{kg:.1f}" in page
    assert 'data-state="failed"' not in page
    assert 'data-state="empty"' not in page


def test_nothing_is_asked_twice(printed, broadsheet):
    for service in (printed.scale, printed.runs, printed.gym):
        service.asked.clear()
    broadsheet("-c", printed.config, "--now", str(NOW + 600), "run")
    assert [
        service.paths()
        for service in (printed.scale, printed.runs, printed.gym)
    ] == [[], [], []]


def test_no_secret_is_printed(printed, broadsheet):
    tokens = [
        *printed.scale.access, *printed.scale.refresh, printed.runs.access,
        printed.runs.refresh, *printed.gym.access, "BEGIN PRIVATE KEY",
    ]  # fmt: skip
    said = broadsheet("-c", printed.config, "export", "*").stdout
    for path in printed.out.rglob("*"):
        if path.is_file():
            said += path.read_bytes().decode(errors="replace")
    assert [t for t in tokens if t in said] == []
