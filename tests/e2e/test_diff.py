"""What differs between two moments, of the store and of snapshots."""

import io
import json
import random
import subprocess
import zipfile

import conftest
import pytest

START = 1793318400  # 2026-10-30 00:00:00 UTC
STEP = 300
RUNS = 37  # three hours
A, B = START + 18 * STEP, START + 36 * STEP
CONFIG = """
title: Shop
timezone: Europe/London
store: store.db
output: out
every: 5m
sources:
  app1: {file: app1.txt, decode: keyvalue}
  versions: {file: versions.txt, decode: keyvalue, as: table}
  jobs: {file: jobs.csv, decode: csv, as: table}
  orders: {file: orders.csv, decode: csv, as: records, key: id}
  app-log: {file: app.log, decode: lines}
  flaky: {file: flaky.txt, decode: number}
alerts:
  busy: {series: app1/cpu, above: 75, message: Look at it}
  idle: {series: app1/queue, below: 10}
pages:
  index:
    periods: [6h]
    panels:
      - line: CPU
        series: app1/*
      - table: Versions
        source: versions
      - table: Jobs
        source: jobs
      - alerts: Alerts
      - log: Log
        sources: app-log
  other:
    panels:
      - line: Steps
        series: app1/setting
"""


class Shop:
    """Three hours; the second half, after A, is other than the first."""

    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        self.random = random.Random(3)
        for i in range(RUNS):
            self.tick(i, later=i > 18)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def tick(self, i, later):
        r = self.random
        noise = r.gauss(0, 1)
        cpu = (90 if later and i > 24 else 20) + noise
        values = {
            "cpu": f"{cpu:.2f}%",
            "noise": f"{50 + 5 * noise:.3f}",
            "setting": 4 if later else 3,
            "queue": 50 if later else 5,
            "still": 7,
            "fresh" if later else "old": 12,
        }
        self.write("app1.txt", "".join(f"{k}={v}\n" for k, v in values.items()))
        version = "1.5.0" if later else "1.4.2"
        self.write("versions.txt", f"billing={version}\nshop=7.1\n")
        jobs = ["web,www", "web,www", "db,pg"]
        jobs += ["import,app", "web,www"] if later else ["backup,root"]
        rows = "".join(f"{r.randrange(9999)},{job}\n" for job in jobs)
        self.write("jobs.csv", "pid,name,user\n" + rows)
        state = "late" if later else "paid"
        self.write("orders.csv", f"id,state,total\n1,{state},{i}\n2,new,{i}\n")
        with open(self.folder / "app.log", "a") as log:
            log.write(f"GET /x/{i} took {i + 3} ms\n")
            if later:
                log.write(f'ERROR db 10.0.0.{i}:5432 said "no {i}"\n')
            else:
                log.write(f"tidied {i} files\n")
        flaky = self.folder / "flaky.txt"
        flaky.unlink(missing_ok=True)
        if not later:
            flaky.write_text("5")
        self.broadsheet("-q", "run", "--now", f"@{START + STEP * i}")

    def diff(self, *args):
        return self.broadsheet("diff", "--now", f"@{B}", *args)

    def json(self, *args):
        ran = self.diff("--json", *args)
        assert ran.stderr == "" and ran.returncode in (0, 1)
        doc = json.loads(ran.stdout)
        assert ran.returncode == int(doc["differs"])
        return doc

    def snapshot(self, name, at):
        ran = self.broadsheet(
            "snapshot", "-o", name, "--at", f"@{at}", "--now", f"@{B}"
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        return name


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("diff")
    (folder / "broadsheet.yaml").write_text(CONFIG)

    def broadsheet(*args):
        return subprocess.run(
            [str(conftest.BINARY), *map(str, args)], cwd=folder, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
            timeout=conftest.SECONDS,
        )  # fmt: skip

    return Shop(folder, broadsheet)



@pytest.fixture(scope="module")
def files(shop):
    shop.snapshot("c.pdf", B)
    return [shop.snapshot("a.html", A), shop.snapshot("b.html", B)]


MOMENTS = [f"@{A}", f"@{B}"]
TEXT = """\
A  2026-10-30 01:30:00 GMT  (90m)
B  2026-10-30 03:00:00 GMT  (now)
the 1 h 00 before each of them; variation and log lines of the 1 d before A

Alerts
  ▲ began  busy (warning)  app1/cpu    since 30 Oct 02:05:00  Look at it
  ● ended  idle (warning)  app1/queue  at 30 Oct 01:35:00

Sources
  ✕ flaky  fails  failed: flaky.txt: No such file or directory

Series that moved most, by their own variation
  ▲ app1/queue    5 → 50           ×10       extreme (90)
  ▲ app1/cpu      20.1 % → 90.3 %  ×4.5      extreme (55.1)
  ▲ app1/setting  3 → 4            +1        very unusual (25)
  + app1/fresh    12               appeared
  − app1/old      12               silent
  − flaky/value   5                silent

Table of versions
  ~ billing  value: 1.4.2 → 1.5.0

Table of jobs
  + import, app
  − backup, root
  ~ web, www      2 → 3 of them

Table of orders, records
  ~ 1  state: paid → late

Log lines of a kind that was not there
  + 12×  error  app-log  ERROR db <n> said <text>
                         ERROR db 10.0.0.36:5432 said "no 36"

Log lines of a kind that is gone
  − 12×  plain  app-log  tidied <n> files
                         tidied 18 files
"""


def squeezed(text):
    """Without the runs of blanks that align."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_all_that_differs_is_told(shop):
    ran = shop.diff("90m")
    assert squeezed(ran.stdout) == squeezed(TEXT)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "\033" not in ran.stdout
    at = [l.index("since") for l in ran.stdout.splitlines() if "began" in l]
    assert at == [l.index("at 30") for l in ran.stdout.splitlines() if "ended" in l]


def test_programs_read_the_same(shop):
    doc = shop.json(*MOMENTS)
    assert doc["a"] == {"asked": f"@{A}", "at": "2026-10-30T01:30:00Z"}
    assert doc["window"] == 3600 and doc["series_left_out"] == 0
    queue = doc["series"][0]
    assert queue == {
        "change": "moved", "series": "app1/queue", "unit": "", "before": 5,
        "after": 50, "difference": 45, "ratio": 10, "score": 90,
        "usual_deviation": 0,
    }  # fmt: skip
    assert [s["series"] for s in doc["series"]] == [
        "app1/queue", "app1/cpu", "app1/setting", "app1/fresh", "app1/old",
        "flaky/value",
    ]  # fmt: skip
    assert {t["source"]: t["rows"] for t in doc["tables"]} == {
        "versions": [{"change": "changed", "row": "billing", "column": "value",
                      "before": "1.4.2", "after": "1.5.0"}],
        "jobs": [{"change": "came", "row": "import, app"},
                 {"change": "went", "row": "backup, root"},
                 {"change": "number", "row": "web, www", "before": 2, "after": 3}],
        "orders": [{"change": "changed", "row": "1", "column": "state",
                    "before": "paid", "after": "late"}],
    }  # fmt: skip
    assert [(a["change"], a["alert"], a.get("ended")) for a in doc["alerts"]] == [
        ("began", "busy", None), ("ended", "idle", "2026-10-30T01:35:00Z")
    ]  # fmt: skip
    assert [(p["change"], p["pattern"], p["lines"]) for p in doc["patterns"]] == [
        ("new", "ERROR db <n> said <text>", 12), ("gone", "tidied <n> files", 12)
    ]  # fmt: skip
    assert [(s["change"], s["source"]) for s in doc["sources"]] == [
        ("fails", "flaky")
    ]  # fmt: skip


def test_the_other_way_round_it_is_the_reverse(shop):
    doc = shop.json(*reversed(MOMENTS))
    changes = {s["series"]: s["change"] for s in doc["series"]}
    assert changes["app1/fresh"] == "silent"
    assert changes["app1/old"] == changes["flaky/value"] == "appeared"
    assert [(a["change"], a["alert"]) for a in doc["alerts"]] == [
        ("began", "idle"), ("ended", "busy")
    ]  # fmt: skip
    assert [s["change"] for s in doc["sources"]] == ["answers"]
    # what the reference knows of is not new
    assert [p["change"] for p in doc["patterns"]] == ["gone"]


def compared(doc, page):
    """What two documents must have in common; of a page, its sources only."""
    known = ("app1", "versions", "jobs")
    return {
        "series": [
            {k: round(v, 9) if isinstance(v, float) else v for k, v in s.items()}
            for s in doc["series"]
            if not page or s["series"].startswith("app1/")
        ],
        "tables": [t for t in doc["tables"] if not page or t["source"] in known],
        **{k: doc[k] for k in ("alerts", "patterns", "sources", "window")},
    }


@pytest.mark.parametrize("which", [(0, 0), (0, 1), (1, 0)])
def test_of_files_the_same_differs(shop, files, which):
    sides = [(files, MOMENTS)[of][i] for i, of in enumerate(which)]
    whole, doc = shop.json(*MOMENTS), shop.json(*sides)
    assert compared(doc, page=True) == compared(whole, page=True)
    assert compared(doc, page=False) == compared(doc, page=True)


def test_a_page_and_panels_can_be_chosen(shop):
    doc = shop.json("--page", "other", "90m")
    assert [s["series"] for s in doc["series"]] == ["app1/setting"]
    assert doc["tables"] == doc["patterns"] == []
    doc = shop.json("--panels", "Vers*", "90m")
    assert [t["source"] for t in doc["tables"]] == ["versions"]
    assert doc["series"] == []
    ran = shop.diff("--page", "othr", "90m")
    assert ran.returncode == 2
    assert ran.stderr.startswith("broadsheet: there is no page 'othr'\nhint:")


def test_nothing_differs(shop, files):
    ran = shop.diff("90m", "90m")
    assert ran.returncode == 0
    assert ran.stdout.endswith(
        "▲ still  idle (warning)  app1/queue  since 30 Oct 00:00:00\n"
        "\nnothing differs\n"
    )
    ran = shop.diff(files[1], files[1])
    assert ran.returncode == 0 and ran.stdout.endswith("\nnothing differs\n")
    assert shop.json("90m", "90m")["differs"] is False


def test_windows_that_would_overlap_are_shorter(shop):
    doc = shop.json("70m", "50m")
    assert doc["window"] == 1200
    assert "app1/cpu" in [s["series"] for s in doc["series"]]
    assert shop.json("--window", "2h", "70m", "50m")["window"] == 7200


@pytest.mark.parametrize(
    "args,said",
    [
        (["9h"], "2026-10-29 18:00:00 is before the store begins, at 2026-10-30 00:00:00"),
        ([f"@{B + 9}"], f"@{B + 9} is yet to come"),
        (["yesterday"], "'yesterday' is not a time"),
        (["no.html"], "no.html: No such file or directory"),
        (["a.html", "--window", "20m"], "--window: a snapshot's is 1 h 00"),
        (["a.html", "--page", "index"], "--page and --panels: of a snapshot"),
        (["c.pdf"], "c.pdf: pdf has nothing that could be compared\nhint: snapshots as html"),
        (["app.log"], "app.log: no manifest of a snapshot is at its end"),
        (["--window", "1s", "1h"], "--window: '1s' does not fit"),
    ],
)  # fmt: skip
def test_trouble_has_a_status_of_its_own(shop, files, args, said):
    ran = shop.diff(*args)
    assert ran.stderr.startswith(f"broadsheet: {said}")
    assert (ran.returncode, ran.stdout) == (2, "")


def test_a_file_that_was_changed_says_so_first(shop, files):
    text = (shop.folder / "b.html").read_text()
    changed = text.replace('"app1/queue","",50', '"app1/queue","",51')
    assert changed != text
    shop.write("c.html", changed)
    ran = shop.diff("a.html", "c.html")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "broadsheet: c.html: changed: gist\n"
        "hint: --force compares it even so\n"
    )
    doc = shop.json("--force", "a.html", "c.html")
    assert doc["series"][0]["after"] == 51


def test_an_archive_has_the_page_inside(shop, files):
    pages = [shop.snapshot("a.zip", A), shop.snapshot("b.zip", B)]
    wanted = compared(shop.json(*files), page=False)
    assert compared(shop.json(*pages), page=False) == wanted
    assert compared(shop.json(files[0], pages[1]), page=False) == wanted
    ran = shop.diff(pages[0], pages[0])
    assert ran.returncode == 0 and ran.stdout.endswith("\nnothing differs\n")


def test_an_archive_that_was_changed_says_so_first(shop, files):
    shop.snapshot("b.zip", B)
    whole = (shop.folder / "b.zip").read_bytes()
    other, bare = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as z:
        page = z.read("index.html").decode()
        with zipfile.ZipFile(other, "w") as new:
            for name in z.namelist():
                text = z.read(name)
                if name == "index.html":
                    text = page.replace('"app1/queue","",50', '"app1/queue","",51')
                new.writestr(name, text)
        with zipfile.ZipFile(bare, "w") as new:
            new.writestr("manifest.txt", z.read("manifest.txt"))
    for data, said, forced in (
        (other.getvalue(), "changed: index.html\nhint: --force", 51),
        (bare.getvalue(), "changed: index.html\nhint: --force", None),
        (whole[:900], "it can't be read: ", None),
    ):
        (shop.folder / "c.zip").write_bytes(data)
        ran = shop.diff("a.html", "c.zip")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith(f"broadsheet: c.zip: {said}")
        if forced:
            doc = shop.json("--force", "a.html", "c.zip")
            assert doc["series"][0]["after"] == forced
            continue
        ran = shop.diff("--force", "a.html", "c.zip")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("broadsheet: c.zip: ")


def test_what_a_file_says_is_cleaned(shop, files):
    text = (shop.folder / "b.html").read_text()
    shop.write("d.html", text.replace('"app1/fresh"', r'"app1/\u001b[31mx\u0000"'))
    ran = shop.diff("--force", "a.html", "d.html")
    assert "\033" not in ran.stdout + ran.stderr
    begin = text.index("<!--part gist-->")
    for bad in (text[: begin + 400], text.replace('{"gist":1', '{"gist":9')):
        shop.write("d.html", bad)
        ran = shop.diff("--force", "a.html", "d.html")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("broadsheet: d.html: ")


def test_it_goes_to_a_file(shop):
    ran = shop.diff("-o", "diff.json", "--json", "90m")
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")
    assert json.loads((shop.folder / "diff.json").read_text())["differs"]


def test_a_snapshot_too_small_for_it_says_so(shop):
    ran = shop.broadsheet(
        "snapshot", "-o", "small.html", "--max-size", "22KB", "--now", f"@{B}"
    )
    assert ran.returncode == 0, ran.stderr
    assert "what broadsheet diff reads" in (shop.folder / "small.html").read_text()
    ran = shop.diff("small.html")
    assert ran.returncode == 2
    assert "small.html: nothing is in it that could be compared" in ran.stderr


def test_hours_that_come_twice(tmp_path, broadsheet, write_config):
    write_config("""
title: Clocks
timezone: Europe/London
store: store.db
output: out
sources: {a: {file: a.txt, decode: number}}
pages: {index: {panels: [{line: A, series: a/value}]}}
""")
    for when in ("2026-10-25T00:30:00Z", "2026-10-25T03:30:00Z"):
        (tmp_path / "a.txt").write_text("5" if "T00" in when else "9")
        ran = broadsheet("-q", "run", "--now", when)
        assert ran.returncode == 0, ran.stderr
    ran = broadsheet(
        "diff", "--json", "--now", "2026-10-25T04:00:00Z",
        "2026-10-25 01:30", "2026-10-25 03:30",
    )  # fmt: skip
    doc = json.loads(ran.stdout)
    assert doc["a"]["at"] == "2026-10-25T00:30:00Z"  # the first of the two
    assert doc["b"]["at"] == "2026-10-25T03:30:00Z"
    assert [(s["before"], s["after"]) for s in doc["series"]] == [(5, 9)]
