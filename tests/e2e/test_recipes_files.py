"""Recipes of files: exports and sheets that were saved, clean and dirty."""

import sqlite3

import pytest

from conftest import HEAD

from rig.hostile import hostile, OK, read_request

EXPORT = """\
Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,\
Max Heart Rate,Elapsed Time,Moving Time,Distance,Max Speed,Elevation Gain
101,"Nov 20, 2026, 6:05:11 AM",Easy,Run,1900,6.00,,1900.0,1800.0,6000.0,4.0,12.5
18446744073709551617,"Nov 21, 2026, 7:30:00 PM","Long, hilly",Run,3600,10.00,\
171,3600.0,3600.0,10000.0,5.5,140.0
103,"Nov 21, 2026, 8:30:00 PM",Treadmill,Run,600,0.00,,600.0,600.0,0.0,0.0,
104,"21.11.2026",Odd,Run,600,0.00,,600.0,600.0,0.0,0.0,
105,"Nov 22, 2026, 7:30:00 AM",Odd,Run,600,ten,,600.0,600.0,0.0,0.0,
,"Nov 22, 2026, 7:30:00 AM",Odd,Run,600,1,,600.0,600.0,0.0,0.0,
"""
SET_ASIDE = (
    "line 5: Activity Date '21.11.2026' is not a time as of "
    "%b %d, %Y, %I:%M:%S %p; "
    "line 6: Distance 'ten' is not a number; "
    "line 7 has no Activity ID"
)
NOW = "2026-11-22T09:00:00Z"


@pytest.fixture
def site(broadsheet, write_config, tmp_path):
    """site(sources, more) writes a configuration; site.run() runs it."""

    class Site:
        def __init__(self):
            self.path = None

        def __call__(self, sources, head=HEAD):
            self.path = write_config(
                head.replace("title:", "timezone: Europe/Paris\ntitle:")
                + "sources:\n"
                + "".join(f"  {n}: {{{o}}}\n" for n, o in sources.items())
            )
            return self

        def run(self, now=NOW, code=0):
            result = broadsheet("-c", self.path, "--now", now, "run")
            assert result.returncode == code, result.stderr
            return result

        def ask(self, sql):
            with sqlite3.connect(tmp_path / "db.sqlite") as db:
                return db.execute(sql).fetchall()

        def status(self):
            return broadsheet("-c", self.path, "--now", NOW, "status").stdout

    return Site()


def fields(site, source, *names):
    """Key, time and some fields of every record, by time and key."""
    wanted = "".join(f", fields ->> '{n}'" for n in names)
    return site.ask(
        f"SELECT r.key, r.ts{wanted} FROM record r JOIN source s"
        f" ON s.id = r.source WHERE s.name = '{source}' AND r.gone IS NULL"
        " ORDER BY r.ts, r.key"
    )


def test_strava_export(site, tmp_path):
    (tmp_path / "activities.csv").write_text(EXPORT)
    site({"runs": "use: strava-export, file: activities.csv"}).run()
    runs = fields(
        site, "runs", "name", "distance", "duration", "speed", "pace",
        "elevation", "max_speed",
    )  # fmt: skip
    assert runs == [
        ("101", 1795154711, "Easy", 6, 1800, 12, 300, 12.5, 14.4),
        ("18446744073709551617", 1795289400, "Long, hilly", 10, 3600, 10, 360,
         140, 19.8),
        ("103", 1795293000, "Treadmill", 0, 600, None, None, None, 0),
    ]  # fmt: skip
    assert SET_ASIDE in site.status()
    page = (tmp_path / "out/index.html").read_text()
    assert "line 7 has no Activity ID" in page


def test_the_same_file_again_changes_nothing(site, tmp_path):
    (tmp_path / "activities.csv").write_text(EXPORT)
    site({"runs": "use: strava-export, file: activities.csv"}).run()
    before = site.ask("SELECT key, ts, fields, since FROM record ORDER BY key")
    again = site.run(now="2026-11-22T12:00:00Z")
    assert (again.stdout, again.stderr) == ("", "")
    after = site.ask("SELECT key, ts, fields, since FROM record ORDER BY key")
    assert before == after
    assert site.ask("SELECT count(*) FROM record_past") == [(0,)]


def test_what_is_set_aside_is_listed_by_test(broadsheet, site, tmp_path):
    (tmp_path / "activities.csv").write_text(EXPORT)
    site({"runs": "use: strava-export, file: activities.csv"})
    result = broadsheet("-c", site.path, "test", "runs")
    assert result.returncode == 0
    assert f"source runs: {SET_ASIDE}\n" in result.stderr
    assert result.stdout.count("record ") == 3


WEIGHT = """\
Date,"Weight (kg)","Fat mass (kg)","Bone mass (kg)","Muscle mass (kg)",\
"Hydration (kg)",Comments
"2026-11-20 07:12:33",80.00,16.00,3.1,60.5,44.2,
"2026-07-01 07:00:00",82.00,,,,,after holidays
"2026-11-21 07:12:33",,,,,,
"2026-11-22 07:12:33","79,5",,,,,
"""


def test_withings_export(site, tmp_path, broadsheet):
    (tmp_path / "weight.csv").write_text(WEIGHT)
    site({"scale": "use: withings-export, file: weight.csv"}).run()
    assert fields(site, "scale", "weight", "fat_ratio", "muscle_mass") == [
        ("1782882000", 1782882000, 82, None, None),
        ("1795155153", 1795155153, 80, 20, 60.5),
    ]
    assert (
        "line 4 has no Weight (kg); line 5: Weight (kg) '79,5' is not a "
        "number (decimal: ',' would read it)" in site.status()
    )
    export = broadsheet("-c", site.path, "export", "scale/*").stdout
    assert export.splitlines() == [
        "series,ts,value",
        "scale/fat_ratio,1795155153,20",
        "scale/weight,1782882000,82",
        "scale/weight,1795155153,80",
    ]


LOG = """\
Date,Exercise,Weight,Reps
2026-11-20,Squat,100,5
,,105,5
,Bench,70,8
2026-11-21,Squat,,
2026-11-22,Squat,lots,5
2026-11-22,Row,60,8
"""


def test_a_sheet_that_was_saved(site, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    site({
        "gym": "file: log.csv, decode: csv, time: Date, whole: yes,"
        " fill: [Date, Exercise], required: [Weight, Reps],"
        " units: {Weight: kg, Reps: count}"
    }).run()  # fmt: skip
    assert fields(site, "gym", "Exercise", "Weight", "Reps") == [
        ("2026-11-20", 1795129200, "Squat", 100, 5),
        ("2026-11-20#2", 1795129200, "Squat", 105, 5),
        ("2026-11-20#3", 1795129200, "Bench", 70, 8),
        ("2026-11-22", 1795302000, "Row", 60, 8),
    ]
    # columns in another order, a row less, one more
    path.write_text("Reps,Weight,Exercise,Date\n6,100,Squat,2026-11-20\n"
                    "3,110,Squat,2026-11-23\n")  # fmt: skip
    site.run(now="2026-11-22T09:05:00Z")
    assert fields(site, "gym", "Exercise", "Weight", "Reps") == [
        ("2026-11-20", 1795129200, "Squat", 100, 6),
        ("2026-11-23", 1795388400, "Squat", 110, 3),
    ]
    # nothing but a header: more likely a mistake than a new beginning
    path.write_text("Date,Exercise,Weight,Reps\n")
    site.run(now="2026-11-22T09:10:00Z")
    assert len(fields(site, "gym")) == 2
    path.write_text("Datum,Exercise,Weight,Reps\n2026-11-23,Squat,1,1\n")
    result = site.run(now="2026-11-22T09:15:00Z", code=3)
    assert "no column 'Date'; there are: Datum, Exercise" in result.stderr
    assert len(fields(site, "gym")) == 2


def test_a_sheet_that_is_shared_by_its_link(site):
    asked = []

    def answer(client, _):
        asked.append(read_request(client).split(b"\r\n")[0])
        client.sendall(OK + b"Connection: close\r\n\r\n" + LOG.encode())

    with hostile(answer) as server:
        site({
            "gym": f"use: google-sheet-csv, sheet: 1A/b, base: {server.url},"
            " time: Date, fill: [Date, Exercise], required: [Weight],"
            " units: {Weight: kg, Reps: count}"
        }).run()  # fmt: skip
    assert asked == [
        b"GET /spreadsheets/d/1A%2Fb/export?format=csv&gid=0 HTTP/1.1"
    ]
    assert len(fields(site, "gym")) == 4


def test_a_sheet_that_is_not_shared(site):
    def answer(client, _):
        read_request(client)
        client.sendall(OK + b"\r\n<!doctype html><title>Sign in")

    with hostile(answer) as server:
        result = site({
            "gym": f"use: google-sheet-csv, sheet: x, base: {server.url},"
            " time: Date"
        }).run(code=3)  # fmt: skip
    assert "a web page instead of CSV" in result.stderr


def test_recipes_hold_what_they_promise(site, broadsheet):
    """A fault is said in the user's file, with the recipe's name."""
    site({"gym": "use: google-sheet-csv"})
    result = broadsheet("-c", site.path, "check-config")
    assert result.returncode == 2
    assert result.stderr.startswith(
        f"{site.path}:10:8: 'sheet' is missing (recipe google-sheet-csv)\n"
    )
