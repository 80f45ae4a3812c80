"""The recipes of services, each against a fake one that has the real quirks.

Consent, paging, only what is new, edits, expiry and rotation, refusals.
"""

import pytest

from conftest import BINARY

from rig.consent import consent
from rig.fake_google import serial
from rig.fake_strava import export
from rig.fake_withings import export as weight_export
from rig.life import DAY, Life
from rig.recipes import Gym, GymByLink, HOUR, NOW, Runs, Scale, SHEET


@pytest.fixture(scope="module")
def life():
    return Life(NOW)


@pytest.fixture
def withings(broadsheet, tmp_path, life):
    with Scale.open(broadsheet, tmp_path, life) as site:
        yield site


def weights(site):
    return [
        (ts, round(kg, 3), round(fat, 1))
        for _, ts, kg, fat in site.records("weight", "fat_ratio")
    ]


def test_withings_whole_history_in_pages(withings, life):
    withings.consent()
    withings.run()
    assert weights(withings) == life.weights
    asked = withings.service.queries("/measure")
    assert [q.get("offset") for q in asked] in ([None, "300"], ["0", "300"])
    assert asked[0]["lastupdate"] == "0"
    assert asked[0]["meastypes"] == "1,5,6,8,76,77,88"


def test_withings_only_what_is_new(withings, life):
    withings.consent()
    withings.run()
    withings.service.weigh(NOW + HOUR, 75.55, 19.1)
    withings.run(after=3 * HOUR)
    asked = withings.service.queries("/measure")
    assert [q["lastupdate"] for q in asked] == [str(NOW)]
    assert weights(withings)[-1] == (NOW + HOUR, 75.55, 19.1)
    assert len(weights(withings)) == len(life.weights) + 1


def test_withings_edits_replace(withings, life):
    withings.consent()
    withings.run()
    withings.service.now += HOUR
    withings.service.edit(withings.service.groups[5], 81.25, 22.0)
    withings.run(after=3 * HOUR)
    ts, _, _ = life.weights[5]
    assert weights(withings)[5] == (ts, 81.25, 22.0)
    assert len(weights(withings)) == len(life.weights)
    export = withings.broadsheet(
        "-c", withings.config, "export", "scale/weight"
    ).stdout
    assert f"scale/weight,{ts},81.25\n" in export
    assert export.count(f",{ts},") == 1


def test_withings_goals_and_strangers(withings, life):
    service = withings.service
    service.weigh(NOW - HOUR, 60, 10, attrib=1)
    service.weigh(NOW - HOUR, 72, 15, category=2)
    withings.consent()
    withings.run()
    assert weights(withings) == life.weights


def test_withings_rotates(withings):
    """Each token is renewed once, and what it leaves behind is not used."""
    withings.consent()
    withings.run()
    for _ in range(5):
        withings.run(after=4 * HOUR)
        assert withings.service.paths().count("/v2/oauth2") == 1
        assert withings.outcome()["outcome"] == "ok"
    withings.run(after=HOUR)
    assert withings.service.paths() == []  # it is not due


def test_withings_down_for_a_week(withings, life):
    withings.consent()
    withings.run()
    withings.service.instead[None] = (503, {}, "<html>maintenance</html>")
    for _ in range(7):
        withings.run(after=DAY, code=3)
    withings.service.instead.clear()
    withings.service.weigh(NOW + 3 * DAY, 75, 19)
    withings.run(after=DAY)
    assert withings.outcome()["outcome"] == "ok"
    assert len(weights(withings)) == len(life.weights) + 1


def test_withings_revoked(withings, life):
    withings.consent()
    withings.run()
    withings.service.revoke()
    withings.run(after=4 * HOUR, code=12)
    said = withings.outcome()
    assert said["outcome"] == "needs re-authorisation"
    assert len(weights(withings)) == len(life.weights)
    withings.consent()
    withings.run(after=4 * HOUR)
    assert withings.outcome()["outcome"] == "ok"


@pytest.mark.parametrize(
    "answer, outcome",
    [
        ('{"status":601,"error":"Too Many Requests"}', "rate limited"),
        ('{"status":503,"error":"Invalid Params"}', "http status"),
        ("<html>oops</html>", "parse"),
    ],
)
def test_withings_refusals(withings, life, answer, outcome):
    withings.consent()
    withings.run()
    withings.service.instead["/measure"] = answer
    withings.run(after=4 * HOUR, code=3)
    assert withings.outcome()["outcome"] == outcome
    withings.service.instead.clear()
    withings.service.weigh(NOW + HOUR, 75, 19)
    withings.run(after=DAY)
    assert withings.outcome()["outcome"] == "ok"
    assert len(weights(withings)) == len(life.weights) + 1


def test_withings_begins_with_the_export(withings, life):
    """The same weighings by the file and by the API are the same records."""
    api = withings.config.read_text()
    (withings.folder / "weight.csv").write_text(
        weight_export(withings.service.groups)
    )
    withings.configure(
        "scale", {"use": "withings-export", "file": "weight.csv"}
    )
    withings.run()
    assert [w[:2] for w in weights(withings)] == [w[:2] for w in life.weights]
    withings.config.write_text(api)
    withings.consent()
    withings.run(after=4 * HOUR)
    assert withings.service.queries("/measure")
    assert weights(withings) == life.weights
    assert {key for key, *_ in withings.records()} == {
        str(group["grpid"]) for group in withings.service.groups
    }


@pytest.fixture
def strava(broadsheet, tmp_path, life):
    with Runs.open(broadsheet, tmp_path, life) as site:
        yield site


LIST = "/api/v3/athlete/activities"


def test_strava_whole_history_in_pages(strava, life):
    strava.consent()
    strava.run()
    got = strava.records("distance", "duration", "elevation", "speed", "pace")
    wanted = [
        (
            r["ts"], round(r["metres"] / 1000, 6), r["seconds"], r["climb"],
            round(3.6 * r["metres"] / r["seconds"], 6),
            round(1000 * r["seconds"] / r["metres"], 6),
        )
        for r in life.runs
    ]  # fmt: skip
    assert [
        (row[1], round(row[2], 6), *row[3:5], *(round(v, 6) for v in row[5:]))
        for row in got
    ] == wanted
    asked = strava.service.queries(LIST)
    assert [q["page"] for q in asked] == ["1", "2"]
    assert {q["per_page"] for q in asked} == {"200"}


def test_strava_only_what_is_new_and_edits(strava, life):
    strava.consent()
    strava.run()
    newest = strava.service.activities[-1]
    newest["name"] = "Renamed"
    strava.run(after=4 * HOUR)
    asked = strava.service.queries(LIST)
    assert [q["after"] for q in asked] == [str(life.runs[-1]["ts"] - 30 * DAY)]
    assert strava.records("name")[-1][2] == "Renamed"
    assert len(strava.records()) == len(life.runs)


def test_strava_odd_activities(strava, life):
    """An id past 2^63, no distance, no GPS; the time is not the false Z's."""
    strava.service.activities.append({
        "id": 18446744073709551617,
        "name": "Treadmill",
        "distance": 0.0,
        "moving_time": 1800,
        "elapsed_time": 1800,
        "total_elevation_gain": None,
        "type": "Run",
        "start_date": "2026-07-01T06:00:00Z",
        "start_date_local": "2026-07-01T07:00:00Z",
        "start_latlng": None,
    })  # fmt: skip
    strava.consent()
    strava.run()
    odd = [
        r
        for r in strava.records("distance", "speed", "pace", "started")
        if r[0] == "18446744073709551617"
    ]
    assert odd == [
        ("18446744073709551617", 1782885600, 0, None, None,
         "2026-07-01 07:00:00")
    ]  # fmt: skip
    assert len(strava.records()) == len(life.runs) + 1


def test_strava_unticked_scope(strava):
    strava.service.scope = "read"
    assert "activity:read_all" in strava.consent().rpartition("?")[2]


def test_strava_wrong_secret(strava):
    (strava.folder / "secret").write_text("other")
    status, _, err = consent(BINARY, strava.config, "runs", NOW)
    assert status == 12
    assert "client_id or the client secret is not accepted" in err
    result = strava.run(code=12)
    assert "broadsheet auth runs" in result.stderr


def test_strava_limit_is_kept(strava):
    """With headers that say so, nobody asks until the window is over."""
    strava.consent()
    strava.run()
    strava.service.limits["quarter"] = 0
    strava.run(after=4 * HOUR, code=3)
    assert strava.outcome()["outcome"] == "rate limited"
    strava.service.limits["quarter"] = 100
    strava.run(after=HOUR)
    assert strava.outcome()["outcome"] == "ok"


def test_strava_application_inactive(strava):
    strava.consent()
    strava.service.paid = False
    result = strava.run(code=3)
    assert "Inactive" in result.stderr or "Forbidden" in result.stderr


def test_strava_begins_with_the_export(strava, life):
    """The same runs by the file and by the API are the same records."""
    api = strava.config.read_text()
    (strava.folder / "activities.csv").write_text(
        export(strava.service.activities)
    )
    strava.configure(
        "runs", {"use": "strava-export", "file": "activities.csv"}
    )
    strava.run()
    names = ("name", "type", "distance", "duration", "elevation", "max_speed")
    before = strava.records(*names)
    assert len(before) == len(life.runs)
    strava.config.write_text(api)
    strava.consent()
    strava.run(after=4 * HOUR)
    assert strava.service.queries(LIST)
    after = strava.records(*names)
    assert [r[:4] for r in after] == [r[:4] for r in before]
    assert len(after) == len(life.runs)


@pytest.fixture
def google(broadsheet, tmp_path, life):
    with Gym.open(broadsheet, tmp_path, life) as site:
        yield site


def test_google_sheet_of_a_service_account(google, life):
    google.run()
    got = google.records("Exercise", "Weight", "Reps")
    assert sorted(r[2:] for r in got) == sorted(s[1:] for s in life.sets)
    path = f"/v4/spreadsheets/{SHEET}/values/%27My%20log%27%21A%3AE"
    assert google.service.paths() == ["/token", path]


def test_google_sheet_rows_change(google, life):
    google.run()
    rows = google.service.sheets[SHEET]
    del rows[-1]
    rows.append(["", "", "1,45", 5])
    rows.append(["", "", "heavy", 5])
    rows.append(["soon", "Squat", 100, 5])
    rows.append([serial(life.sets[-1][0]), "Squat", 142.5, 5, "well"])
    google.run(after=4 * HOUR)
    assert len(google.records()) == len(life.sets)
    message = google.outcome()["message"]
    n = len(rows)
    assert message == (
        f"source gym: item {n - 3}: Weight '1,45' is not a number (decimal: ',' would "
        f"read it); item {n - 2}: Weight 'heavy' is not a number; "
        f"item {n - 1}: Date 'soon' is not a time as of serial"
    )


def test_google_sheet_in_another_order(google, life):
    rows = google.service.sheets[SHEET]
    google.service.sheets[SHEET] = [
        [*(row + [""] * 5)[4::-1], ""] for row in rows
    ]
    google.run()
    got = google.records("Exercise", "Weight", "Reps")
    assert sorted(r[2:] for r in got) == sorted(s[1:] for s in life.sets)


def test_google_sheet_empty(google, life):
    google.run()
    google.service.sheets[SHEET] = []
    google.run(after=4 * HOUR)
    assert google.outcome()["message"] == "source gym: items: nothing at $.values"
    assert len(google.records()) == len(life.sets)


def test_google_sheet_not_shared(google):
    google.service.shared = False
    result = google.run(code=3)
    assert "The caller does not have permission" in result.stderr


def test_google_sheet_by_key(google, life):
    key = google.folder / "key"
    key.write_text("api-key")
    key.chmod(0o600)
    google.configure("gym", google.options() | {
        "auth": "key", "key_file": "key", "key_parameter": "key", "scope": "",
    })  # fmt: skip
    google.run()
    assert len(google.records()) == len(life.sets)
    assert "message" not in google.outcome()


def test_google_sheet_by_its_link(google, life):
    google.configure("gym", GymByLink.options(google))
    google.run()
    got = google.records("Exercise", "Weight", "Reps")
    assert sorted(r[2:] for r in got) == sorted(s[1:] for s in life.sets)
