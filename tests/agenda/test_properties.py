"""What holds for any rules, catalogs, zones and looks.

Times are multiples of a quarter of an hour. But St. John's changed its clocks at a minute past midnight, and
what was to be said in the hour that it skipped is due at that minute: only a look at each quarter and at each
change of clocks misses none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings, strategies as st

from milestonebot.agenda import coming, found
from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.outbox import Stage
from milestonebot.ports import Room
from milestonebot.telling import is_out
from milestonebot.zones import zone as zone_of
from tests.agenda.planning import Planner, countdown, digest, of, said, utc
from tests.catalogs import claims, milestone
from tests.examples import examples

if TYPE_CHECKING:
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Delivery

QUARTER = timedelta(minutes=15)
STRETCHES = [
    # Around the changes of clocks, forth and back: where, and the UTC day before.
    *(("Europe/Paris", "2012-03-24"), ("Europe/Paris", "2012-10-27"), ("America/Santiago", "2024-09-07")),
    *(("Australia/Lord_Howe", "2024-10-05"), ("Australia/Lord_Howe", "2024-04-06")),
    *(("America/St_Johns", "2010-03-13"), ("America/St_Johns", "2010-11-06")),
    *(("Pacific/Apia", "2011-12-29"), ("Asia/Tehran", "2020-03-20")),
    *(("AoE", "2011-12-20"), ("UTC", "2011-12-20"), ("Africa/Casablanca", "2026-02-14")),
]
ZONES = sorted({zone for zone, _ in STRETCHES})
PLACES = [ZoneInfo(name) for name in ZONES if name != "AoE"]
CRONS = ["*/15 * * * *", "30 2 * * *", "0 * * * *", "45 0,1,2,23 * * *", "0 14 * * mon,sun", "0 0 1 1 *"]
TIMES = st.sampled_from([None, time(), time(0, 30), time(2, 30), time(14), time(23, 45)])
GRACES = st.sampled_from([900.0, 3600.0, 12 * 3600.0, 40 * 3600.0])
LENGTH = 3 * 96


@st.composite
def dates(draw: st.DrawFn, start: datetime) -> str | None:
    """A date near `start`, as exactly or roughly as dates are known."""
    day = start.date() + timedelta(days=draw(st.integers(-2, 6)))
    hour = draw(st.integers(0, 23))
    return draw(
        st.sampled_from(
            [
                *(f"{day}", f"{day}", f"{day}T{hour:02}:30+00:00", f"{day}T{hour:02}:30+05:30"),
                *(f"{day}..{day + timedelta(days=4)}", f"{day}"[:7], None),
            ]
        )
    )


@st.composite
def catalogs(draw: st.DrawFn, start: datetime) -> Catalog:
    names = draw(st.lists(st.sampled_from(["essex-1", "essex-2", "essex-3", "rc1"]), unique=True, max_size=4))
    owners = st.sampled_from([None, None, "nova"])
    out = st.sampled_from([None, True, True, False])
    return of(
        *(
            replace(
                milestone(name, None, "essex", project=draw(owners), released=draw(out)),
                claims=claims(draw(dates(start))),
            )
            for name in names
        )
    )


@st.composite
def rules(draw: st.DrawFn, start: datetime, zone: str) -> list[Announcement]:
    found: list[Announcement] = []
    for occasion in draw(st.lists(st.sampled_from(list(Occasion)), min_size=1, max_size=3)):
        moments = draw(st.lists(st.integers(-10, LENGTH), max_size=3)) if occasion is Occasion.NOTE else []
        found.append(
            Announcement(
                name=f"{occasion}-{len(found)}",
                occasion=occasion,
                rooms=tuple(Room("net", name) for name in draw(st.sampled_from([("#a",), ("#a", "#b")]))),
                scope=draw(st.sampled_from([Scope(), Scope("openstack"), Scope(projects=("nova",))])),
                zone=draw(st.sampled_from([zone, zone, *ZONES])),
                at=draw(TIMES),
                before=draw(st.sampled_from([(0,), (1, 0), (2, 1), (3, 0)])),
                cron=draw(st.sampled_from(CRONS)) if occasion is Occasion.DIGEST else None,
                moments=tuple(start + QUARTER * number for number in moments),
                grace=draw(GRACES),
            )
        )
    return found


@st.composite
def plans(draw: st.DrawFn) -> tuple[Planner, datetime]:
    """A planner that has looked for the first time, and when that was."""
    zone, day = draw(st.sampled_from(STRETCHES))
    start = utc(day) + QUARTER * draw(st.integers(0, 95))
    planner = Planner(draw(catalogs(start)), draw(rules(start, zone)), zone=draw(st.sampled_from(ZONES)))
    planner.look(start)
    assert planner.all == {}
    return planner, start


def again(planner: Planner) -> Planner:
    """Return another that remembers the same."""
    return replace(planner, all=dict(planner.all))


def changes(quarter: datetime) -> set[datetime]:
    """Return the minutes of the quarter that ends at `quarter` at which clocks change in any of the zones."""
    minutes = [quarter - QUARTER + timedelta(minutes=each) for each in range(16)]
    found: set[datetime] = set()
    for place in PLACES:
        if minutes[0].astimezone(place).utcoffset() != quarter.astimezone(place).utcoffset():
            offsets = pairwise(each.astimezone(place).utcoffset() for each in minutes)
            found |= {minute for minute, (old, new) in zip(minutes[1:], offsets, strict=True) if old != new}
    return found


def skipped_minutes() -> tuple[Planner, datetime]:
    """Return a plan whose digest of 00:15 is due at 03:31 UTC, where 00:01 became 01:01."""
    rule = digest("*/15 * * * *", zone="America/St_Johns", grace=900.0)
    planner, start = Planner(of(), [rule]), utc("2010-03-13")
    planner.look(start)
    return planner, start


def skipped_day() -> tuple[Planner, datetime]:
    """Return a plan that counts a day ahead when the day itself begins: Samoa had no 30 December in 2011."""
    rule = countdown(1, 0, at="00:00", zone="Pacific/Apia", grace=900.0)
    planner, start = Planner(of(milestone("essex-1", "2011-12-31", "essex")), [rule]), utc("2011-12-29")
    planner.look(start)
    return planner, start


@given(plans())
@example(skipped_minutes())
@example(skipped_day())
@settings(max_examples=examples(60), deadline=None)
def test_looking_when_woken_says_what_looking_always_says_and_what_was_to_come(
    plan: tuple[Planner, datetime],
) -> None:
    always, start = plan
    woken, end = again(always), start + QUARTER * LENGTH
    ahead = coming(always.catalog, always.rules, start, end)
    for step in range(1, LENGTH + 1):
        quarter = start + QUARTER * step
        for moment in sorted({quarter, *changes(quarter)}):
            always.look(moment)
    woken.wakes(end)
    assert sorted(always.said) == sorted(woken.said) == sorted(each.key for each in ahead)
    # Of what is due at one moment the last alone is said: the others expire, and were never to come.
    assert {each.key: each.due for each in ahead} == {key: always.all[key].due for key in always.said}


LOOKS = st.lists(st.integers(0, LENGTH * 15), min_size=1, max_size=12)


@given(plans(), LOOKS)
@settings(max_examples=examples(150), deadline=None)
def test_at_any_looks_nothing_is_lost_within_its_grace_nor_said_before_its_start(
    plan: tuple[Planner, datetime], minutes: list[int]
) -> None:
    planner, start = plan
    expected: set[str] = set()
    topics: dict[str, str] = {}
    for minute in sorted(minutes):
        now = start + timedelta(minutes=minute)
        planner.look(now)
        for each in coming(planner.catalog, planner.rules, start, now):
            if each.until > now and not is_over(planner, each, now):
                topic = _topic(each.key, each.occasion)
                topics[topic] = each.key
        expected |= set(topics.values())
        topics = {}
    assert set(planner.said) == expected
    assert all(each.due > start for each in planner.all.values())
    assert all(each.problem for each in planner.all.values() if each.stage is not Stage.PLANNED)


def is_over(planner: Planner, each: Delivery, now: datetime) -> bool:
    """Tell whether it counts the days to what is out."""
    rule = next(rule for rule in planner.rules if rule.name == each.announcement)
    counted = found(each.about, planner.catalog) if each.occasion is Occasion.COUNTDOWN else None
    if counted is None or each.about["days"] == 0:
        return False
    return is_out(counted, now.astimezone(zone_of(rule.zone)))


def _topic(key: str, occasion: Occasion) -> str:
    """Return of what the last alone is said: a countdown's milestone, all firings of a rule."""
    if occasion is Occasion.COUNTDOWN:
        return key.rpartition("/")[0]
    return key if occasion is Occasion.RELEASED else "/".join(key.split("/")[:3])


@given(plans(), st.lists(st.integers(0, LENGTH * 15), min_size=2, max_size=12))
@settings(max_examples=examples(100), deadline=None)
def test_a_clock_that_jumps_about_repeats_nothing_and_looking_twice_changes_nothing(
    plan: tuple[Planner, datetime], minutes: list[int]
) -> None:
    planner, start = plan
    for minute in minutes:
        planner.look(start + timedelta(minutes=minute))
        assert planner.look(start + timedelta(minutes=minute)) == []
    assert all(each.due > start for each in planner.all.values())


@given(st.data(), plans())
@settings(max_examples=examples(100), deadline=None)
def test_whatever_sources_say_every_change_is_told_under_a_key_of_its_own(
    data: st.DataObject, plan: tuple[Planner, datetime]
) -> None:
    planner, start = plan
    planner.rules.append(Announcement("all", Occasion.CHANGED, (Room("net", "#a"),), grace=1e9))
    planner.look(start)
    assume(planner.memory.started["all"] == start)
    dates_of = {each.name: each.when for each in planner.catalog.facts.milestones if each.project is None}
    for step in range(1, data.draw(st.integers(2, 5))):
        planner.catalog = data.draw(catalogs(start))
        new = planner.look(start + timedelta(hours=5 * step))
        now = {each.name: each.when for each in planner.catalog.facts.milestones if each.project is None}
        moved = {name for name in now.keys() | dates_of.keys() if now.get(name) != dates_of.get(name)}
        changes = [each for of in new if of.announcement == "all" for each in of.about["changes"]]
        assert {each["milestone"] for each in changes if each["project"] is None} == moved
        dates_of = now


@given(plans())
@settings(max_examples=examples(50), deadline=None)
def test_deliveries_are_whole(plan: tuple[Planner, datetime]) -> None:
    planner, start = plan
    end = start + QUARTER * LENGTH
    planner.look(end)
    ahead = coming(planner.catalog, planner.rules, start, end)
    assert [each.due for each in ahead] == sorted(each.due for each in ahead)
    for each in [*ahead, *planner.all.values()]:
        rule = next(rule for rule in planner.rules if rule.name == each.announcement)
        assert each.due.tzinfo is UTC
        assert each.until == each.due + timedelta(seconds=rule.grace)
        assert each.key.startswith(f"{rule.name}/{each.room}/")
    assert len(said(ahead)) == len({each.key for each in ahead})
