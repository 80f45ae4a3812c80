"""Forecasts: the panel without JavaScript, and the command line."""

import json
import random
import re

import pytest

from rig.training import CONFIG, INPUTS, NOW, PANEL, Model, as_csv, weeks

NAME = "index/weight-next-weeks"


@pytest.fixture
def printed(broadsheet, write_config, tmp_path):
    """printed(rows, panels) -> the index page after a run."""

    def make(rows, panels=PANEL, now=NOW):
        (tmp_path / "weeks.csv").write_text(as_csv(rows))
        write_config(CONFIG + panels)
        result = broadsheet("-q", "run", "--now", now)
        assert (result.stderr, result.returncode) == ("", 0)
        return (tmp_path / "out/index.html").read_text()

    return make


def forecast(broadsheet, *args, now=NOW):
    result = broadsheet("forecast", *args, "--now", now)
    assert (result.stderr, result.returncode) == ("", 0)
    return result.stdout


def test_as_a_reference_has_it(printed, broadsheet):
    rows = weeks(98)
    printed(rows)
    models = [Model(rows, t) for t in ("weight_change", "fat_change")]
    r = random.Random(1)
    for _ in range(20):
        plan = {
            "distance": round(r.uniform(0, 60), 1),
            "time": r.randrange(0, 20000),
            "sessions": r.randint(0, 6),
            "load": round(r.uniform(60, 100), 1),
        }
        weeks_ahead = r.randint(1, 52)
        words = ",".join(f"{k}={v}" for k, v in plan.items())
        answer = json.loads(
            forecast(
                broadsheet, NAME, "--plan", words,
                "--horizon", f"{weeks_ahead}w", "--json",
            )
        )  # fmt: skip
        assert answer["plan"] == pytest.approx(plan)
        for model, got in zip(models, answer["targets"]):
            change = model.change(plan)
            assert got["k"] == model.k
            assert got["weeks_known"] == len(model.y)
            assert got["error"] == pytest.approx(model.error)
            assert got["error_no_change"] == pytest.approx(model.naive)
            assert got["change"] == pytest.approx(change)
            assert got["then"] == pytest.approx(
                got["now"] + weeks_ahead * change
            )
            assert got["low"] < got["then"] < got["high"]
        assert answer["targets"][0]["now"] == rows[-1]["weight"]
        assert answer["targets"][1]["now"] == 0


def test_the_page_without_javascript(printed, broadsheet):
    html = printed(weeks(98))
    assert re.search(r'data-kind="forecast"\s+data-state="ok"', html)
    said = forecast(broadsheet, NAME).splitlines()
    for sentence in said[1:]:
        assert sentence in html
    assert said[1].startswith("weight in 8 weeks: ")
    assert said[2].startswith("fat_change summed up in 8 weeks: ")
    assert said[3].startswith(
        "Left out one week at a time, this model missed the change of weight"
        " by "
    )
    assert re.search(r"missed the change of fat_change by [\d.]+ points", said[4])
    assert said[4].endswith("It is no better than assuming no change.")
    assert len(said) == 5
    for plan in ("easy weeks", "as lately", "hard weeks"):
        assert f'<th scope="row">{plan}</th>' in html
    assert "as planned" not in html
    assert " nearest of 88 weeks" in html
    assert '<h4>How good is it?</h4>' in html
    assert html.count('class="chart"') == 2


def test_the_same_until_the_week_turns(printed, broadsheet):
    """What is printed of the model changes when a week is over."""
    rows = weeks(98)
    printed(rows)
    monday = 1795305600 + 86400  # 2026-11-23 00:00 UTC, and in London

    def known(now):
        text = forecast(broadsheet, NAME, "--json", now=f"@{now}")
        return [t["weeks_known"] for t in json.loads(text)["targets"]]

    before = known(monday - 6 * 86400)
    assert known(monday - 5400 - 1) == before
    assert known(monday) == [n + 1 for n in before]


def test_plans_of_the_users_own(printed, broadsheet):
    html = printed(
        weeks(98),
        PANEL
        + """\
        plan: {distance: 22, time: 2h05}
        plans: {rest: {distance: 0, time: 0, sessions: 0}, marathon: {distance: 90}}
        horizon: 3w
""",
    )
    assert "weight in 3 weeks: " in html
    for plan in ("as planned", "rest", "marathon"):
        assert f'<th scope="row">{plan}</th>' in html
    assert "easy weeks" not in html
    assert "2 h 05" in html
    said = forecast(broadsheet, NAME, "distance=90")
    assert "distance 90.0 km, time 2 h 05" in said
    assert "The plan is outside of what was seen (distance never above" in said


def test_too_few_weeks(printed, broadsheet):
    html = printed(weeks(6))
    assert re.search(r'data-kind="forecast"\s+data-state="empty"', html)
    sentence = "weight: 4 whole weeks are known, and a forecast takes 8."
    assert sentence in html
    assert sentence in forecast(broadsheet, NAME)


def test_an_input_that_never_varies(printed, broadsheet):
    rows = weeks(40)
    for row in rows:
        row["load"] = 80
    assert "load never varies, and so tells nothing." in printed(rows)


FAULTS = [
    ("targets: [weight_change, fat_change]", "targets: [weight_chance]",
     "targets: the training has no column 'weight_chance'; did you mean"
     " 'weight_change'?"),
    ("SELECT ts AS week, distance", "SELECT 'soon' AS week, distance",
     "training: week is 'soon', which is no time"),
    ("distance, time, sessions,", "'far' AS distance, time, sessions,",
     "training: column distance holds 'far', which is no number"),
]  # fmt: skip


@pytest.mark.parametrize("old, new, sentence", FAULTS)
def test_rows_that_do_not_fit(printed, broadsheet, old, new, sentence):
    panel = PANEL.replace(old, new, 1).replace("        levels: {weight_change: weight}\n", "")
    html = printed(weeks(20), panel)
    assert sentence.replace("'", "&#39;") in html
    result = broadsheet("forecast", NAME, "--now", NOW)
    assert result.returncode == 1
    assert result.stderr == f"broadsheet: {sentence}\n"


CONFIG_FAULTS = [
    ("inputs: [distance, time, sessions, load]", "inputs: []",
     "panel forecast: 'inputs' is missing"),
    ("levels: {weight_change: weight}", "levels: {change: weight}",
     "levels: 'change' is none of the targets"),
    ("levels: {weight_change: weight}", "plan: {far: 22}",
     "plan: 'far' is none of the inputs"),
    ("levels: {weight_change: weight}", "plan: {distance: far}",
     "plan: distance: 'far' is no amount, such as 22, 90min or 2h05"),
    ("levels: {weight_change: weight}", "plans: [rest]",
     "plans: a mapping of names to plans is wanted here"),
    ("levels: {weight_change: weight}", "reach: 70",
     "reach: is for series, not training"),
    ("levels: {weight_change: weight}", "horizon: 2d",
     "horizon: "),
    ("levels: {weight_change: weight}", "series: weeks/weight",
     "query: there is 'series' too; a panel has one of them"),
    ("training: >-\n          SELECT ts AS week, distance",
     "training: >-\n          SELEC ts AS week, distance",
     'query: near "SELEC": syntax error'),
]  # fmt: skip


@pytest.mark.parametrize("old, new, sentence", CONFIG_FAULTS)
def test_faults(broadsheet, write_config, old, new, sentence):
    assert old in PANEL
    write_config(CONFIG + PANEL.replace(old, new))
    result = broadsheet("check-config")
    assert result.returncode == 2
    assert sentence in result.stderr


@pytest.mark.parametrize(
    "plan, sentence",
    [
        ("far=1", "plan: 'far' is none of the inputs"),
        ("distance", "plan: 'distance' is not of the form input=amount"),
        ("time=2h75", "plan: time: '2h75' is no amount, such as 22, 90min or"
         " 2h05"),
    ],
)  # fmt: skip
def test_plans_that_do_not_fit(printed, broadsheet, plan, sentence):
    printed(weeks(20))
    result = broadsheet("forecast", NAME, plan, "--now", NOW)
    assert result.returncode == 1
    assert result.stderr == f"broadsheet: {sentence}\n"


def theil_sen(points):
    slopes = sorted(
        (b[1] - a[1]) / (b[0] - a[0])
        for i, a in enumerate(points)
        for b in points[i + 1 :]
    )
    n = len(slopes)
    return (slopes[(n - 1) // 2] + slopes[n // 2]) / 2


def test_a_disk_that_fills(broadsheet, write_config, tmp_path):
    r = random.Random(2)
    now = int(NOW[1:])
    points = [
        (now - (168 - i) * 3600, round(60 + i / 24 * 2 + r.gauss(0, 0.5), 2))
        for i in range(169)
    ]
    (tmp_path / "old.csv").write_text(
        "series,ts,value\n"
        + "".join(f"here/disk,{t},{v}\nhere/free,{t},4.2\n" for t, v in points)
    )
    write_config(
        CONFIG.replace("weeks.csv", "none.csv")
        + """\
      - forecast: Disk
        series: here/*
        unit: percent
        reach: 90
"""
    )
    result = broadsheet("import", "old.csv", "--now", NOW)
    assert result.returncode == 0, result.stderr
    answer = json.loads(
        forecast(broadsheet, "here/disk", "--reach", "90", "--json")
    )[0]
    slope = theil_sen(points)
    assert answer["per_day"] == pytest.approx(slope * 86400)
    level = sorted(v - slope * (t - now) for t, v in points)[84]
    assert answer["seconds"] == pytest.approx((90 - level) / slope)
    assert answer["per_day_low"] < answer["per_day"] < answer["per_day_high"]
    said = forecast(broadsheet, "index/disk").splitlines()
    assert re.fullmatch(
        r"here/disk: reaches 90 % in 8 d, on 30 November( \(between .*\))?",
        said[0],
    ) or re.fullmatch(
        r"here/disk: reaches 90 % in 7 d, on 29 November( \(between .*\))?",
        said[0],
    )
    assert said[1] == "here/free: 90 % is not in sight: it stays at 4.2 %"
    broadsheet("-q", "render", "--now", NOW)
    html = (tmp_path / "out/index.html").read_text()
    assert said[0].replace("here/disk: ", "disk ") in html
    assert "free: 90 % is not in sight: it stays at 4.2 %." in html
    result = broadsheet("forecast", "nothing/here", "--now", NOW)
    assert result.returncode == 1
    assert result.stderr.startswith(
        "broadsheet: there is no series or panel 'nothing/here'\nhint: "
    )
