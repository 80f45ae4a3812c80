"""What happens to a recipe in a year of use: each against its fake service,
and after each mishap what is stored is what the service knows, once.
"""

import json
import re

import pytest

from conftest import BINARY
from rig.faults import read_trace
from rig.life import DAY, Life
from rig.recipes import HOUR, NOW, RECIPES

GONE = (503, {}, "<html>maintenance</html>")
AGAIN = r"(source \w+: answers again, after .*\n)?"
QUARTER = 900  # nobody asks when an hour's quarter begins
SOON = 4 * HOUR  # it is due, and the access token has ended or is about to


@pytest.fixture(scope="module")
def life():
    life = Life(NOW)
    life.sets = life.sets[-250:]
    return life


@pytest.fixture(params=RECIPES)
def site(request, broadsheet, tmp_path, life):
    with RECIPES[request.param].open(broadsheet, tmp_path, life) as site:
        site.consent()
        site.run()
        assert site.stored() == site.known()
        assert len(site.stored()) > 200
        yield site


def assert_all_is_well(site, after=SOON):
    """The next run catches up."""
    result = site.run(after=after)
    assert result.stdout == ""
    assert re.fullmatch(AGAIN, result.stderr)
    assert site.outcome()["outcome"] == "ok"
    assert site.stored() == site.known()


def charted(site):
    """What charts show of the records: times and values of each series."""
    said = site.broadsheet("-c", site.config, "export", "*/[!l]*").stdout
    rows = [line.rsplit(",", 2) for line in said.splitlines()[1:]]
    return sorted(
        (int(ts), round(float(value), 3))
        for series, ts, value in rows
        if series.endswith("/weight")
    )


def test_new_ones_and_edits(site):
    before = site.stored()
    for _ in range(3):
        site.add()
        assert_all_is_well(site)
        site.edit()
        assert_all_is_well(site)
    assert len(site.stored()) == len(before) + 3


def test_moved_in_time(site):
    """An edit of the time leaves nothing at the old one."""
    site.add()
    assert_all_is_well(site)
    for _ in range(2):
        site.move()
        assert_all_is_well(site)
    if site.name == "scale":
        assert charted(site) == [(ts, kg) for ts, kg, _ in site.known()]


def test_expiry(site):
    """Whatever the pause, a token that has ended is renewed, once."""
    for pause in (SOON, DAY, 30 * DAY):
        site.add()
        assert_all_is_well(site, pause)
        assert len(site.service.paths()) <= 3  # a token and two pages


def test_down_for_a_week(site):
    for day in range(7):
        site.service.instead[None] = GONE if day % 2 else (200, {}, "<html>")
        site.add()
        site.run(after=DAY, code=3)
        assert len(site.stored()) == len(site.known()) - day - 1
    site.service.instead.clear()
    assert_all_is_well(site, DAY)


@pytest.mark.parametrize("off", (-HOUR, HOUR))
def test_clock_that_is_off(site, off):
    """An hour wrong for three runs, then right again."""
    refused = "source gym: " if site.data.startswith("/v4/") else None
    for _ in range(3):
        site.add()
        said = site.run(after=SOON, off=off, code=3 if refused else 0).stderr
        if refused is None:
            assert site.stored() == site.known()
        elif said:
            assert said.startswith(refused)
            assert "this machine's clock right?" in said
    assert_all_is_well(site)


def test_limit_without_headers(site):
    """Left alone for twice as long each time."""
    if site.limit is None:
        pytest.skip("its limits come with headers")
    site.add()
    site.service.instead[site.data] = site.limit
    site.run(after=SOON, code=3)
    assert site.outcome()["outcome"] == "rate limited"
    asked = []
    for _ in range(15):  # a quarter of an hour
        site.run(after=60, code=None)
        asked.append(site.data in site.service.paths())
    assert 1 <= sum(asked) <= 5
    site.service.instead.clear()
    assert_all_is_well(site, DAY)


def test_limit_with_headers(site):
    """Nobody asks before the time that they say."""
    site.add()
    site.service.instead[site.data] = (
        429, {"Retry-After": "7200"}, "<html>Slow down</html>",
    )  # fmt: skip
    assert "to be asked again in 2 h" in site.run(after=SOON, code=3).stderr
    assert site.outcome()["outcome"] == "rate limited"
    if site.name != "gym" or site.data.startswith("/v4/"):
        site.service.instead.clear()
        for _ in range(3):
            site.run(after=HOUR // 2, code=3)
            assert site.service.paths() == []
    site.service.instead.clear()
    assert_all_is_well(site)


def test_revoked(site):
    """It says how access is given again; then all is there."""
    site.add()
    site.revoke()
    result = site.run(after=SOON, code=12 if site.person else 3)
    said = site.outcome()
    if site.person:
        assert said["outcome"] == "needs re-authorisation"
        assert f"hint: broadsheet auth {site.name}\n" in result.stderr
    else:
        assert re.search("hint: .*is it shared (with page@|by its link)",
                         result.stderr)  # fmt: skip
    assert len(site.stored()) == len(site.known()) - 1
    if site.person:
        site.consent()
    else:
        site.give_again()
    site.add()
    assert_all_is_well(site, DAY)


def steps(site):
    """What a run asks, in order, and the calls that it makes; a rehearsal."""
    site.add()
    site.service.now += SOON
    site.service.asked.clear()
    trace = site.folder / "trace"
    faults = BINARY.with_name("broadsheet-faults")
    if not faults.exists():
        pytest.skip("broadsheet-faults has not been built")
    run = site.start(faults, BROADSHEET_FAULT_TRACE=str(trace))
    assert run.wait(60) == 0
    return site.service.paths(), read_trace(trace)


def commits(calls):
    """Numbers of the parent's calls just before and behind each commit."""
    own = [c for c in calls if c.who == "parent"]
    found = [n for n, c in enumerate(own, 1) if c.what.startswith("COMMIT")]
    return sorted({n + k for n in found for k in (0, 1)})


def token(site):
    """The refresh token that is on the disk."""
    ((data,),) = site.ask("SELECT data FROM vault")
    return json.loads(data).get("refresh")


def assert_recovers(site):
    """What is known of the one token that works is never lost, so nobody is
    asked; but where a service forgot the old one before the new was told, a
    person is. Returns whether that was so.
    """
    lost = site.name == "runs" and token(site) != site.service.refresh
    if lost:
        said = site.run(after=QUARTER, code=12).stderr
        assert "hint: broadsheet auth runs\n" in said
        site.consent()
    assert_all_is_well(site, SOON if lost else QUARTER)
    return lost


def test_killed_between_any_two_steps(site):
    """At each request, before and after the service did its part, and at each
    commit.
    """
    asked, calls = steps(site)
    assert site.stored() == site.known()
    lost = 0
    for number in range(1, len(asked) + 1):
        for answered in (False, True):
            site.add()
            site.run_killed(SOON, number, answered)
            lost += assert_recovers(site)
    faults = BINARY.with_name("broadsheet-faults")
    numbers = commits(calls)
    assert len(numbers) >= 4
    for number in numbers:
        site.add()
        site.service.now += SOON
        run = site.start(faults, BROADSHEET_FAULT=f"parent kill {number}")
        assert run.wait(60) == -9
        lost += assert_recovers(site)
    # in flight, and on the way to the disk
    assert lost <= (2 if site.name == "runs" else 0)


@pytest.mark.parametrize("name", ("withings", "strava"))
def test_code_that_is_too_old(broadsheet, tmp_path, life, name):
    """Withings' live for half a minute; Strava's, here, for ten."""
    with RECIPES[name].open(broadsheet, tmp_path, life) as site:
        late = 31 if name == "withings" else 601
        said = site.consent(after=late)
        assert "/oauth" in said
        assert ": the code is too old, or was used before: " in said
        assert said.endswith(
            "hint: a code may live for seconds only, and works once; for "
            f"another one: broadsheet auth {site.name}\n"
        )
        site.consent()
        assert_all_is_well(site)
