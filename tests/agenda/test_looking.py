"""A look: what starts, what is late, what a clock may do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from milestonebot.agenda import coming, look
from milestonebot.announcement import Scope
from milestonebot.outbox import Memory, Stage
from milestonebot.ports import Room
from tests.agenda.planning import (
    HOUR,
    ROOM,
    Planner,
    changed,
    countdown,
    digest,
    of,
    released,
    said,
    tails,
    utc,
)
from tests.asking import shipped
from tests.catalogs import milestone

CATALOG = of(milestone("essex-2", "2011-12-15", "essex"))
ON_THE_DAY = "openstack/essex/essex-2/2011-12-15/0d"


def test_the_first_look_starts_everything_and_says_nothing() -> None:
    planned = look(CATALOG, [countdown(0)], Memory(), utc("2011-12-15 15:00"), "UTC")
    assert list(planned.deliveries) == []
    assert planned.started == {"countdown": utc("2011-12-15 15:00")}
    assert planned.watermark == utc("2011-12-15 15:00")
    assert planned.known["openstack/essex/essex-2"].when == "2011-12-15"


def test_nothing_of_before_its_start_is_ever_said() -> None:
    planner = Planner(CATALOG, [countdown(0)])
    assert planner.looks("2011-12-15 14:30", "2011-12-15 14:31", "2011-12-16") == []


def test_what_is_late_but_within_its_grace_is_said() -> None:
    planner = Planner(CATALOG, [countdown(0)])
    planner.look("2011-12-10")
    (delivery,) = planner.look("2011-12-16 01:59")
    assert (delivery.stage, delivery.due) == (Stage.PLANNED, utc("2011-12-15 14:00"))


def test_what_is_past_its_grace_expires_and_is_told_once() -> None:
    planner = Planner(CATALOG, [countdown(0)])
    planner.look("2011-12-10")
    (delivery,) = planner.look("2011-12-16 02:00")
    assert (delivery.stage, delivery.at) == (Stage.EXPIRED, utc("2011-12-16 02:00"))
    assert "grace" in delivery.problem
    assert planner.look("2011-12-16 02:01") == []


def test_a_date_that_becomes_known_late_is_counted_within_its_grace() -> None:
    planner = Planner(of(), [countdown(0)])
    planner.look("2011-12-10")
    planner.look("2011-12-15 14:09")
    planner.catalog = CATALOG
    assert tails(planner.looks("2011-12-15 14:10")) == [ON_THE_DAY]


def test_a_rule_of_another_name_starts_anew_and_a_rule_that_left_is_forgotten() -> None:
    planner = Planner(CATALOG, [countdown(1, 0)])
    planner.look("2011-12-10")
    planner.rules = [countdown(1, 0, name="other")]
    planned = look(CATALOG, planner.rules, planner.memory, utc("2011-12-14 15:00"), "UTC")
    assert (list(planned.gone), list(planned.deliveries)) == (["countdown"], [])
    planner.look("2011-12-14 15:00")
    assert planner.memory.started.keys() == {"other"}
    assert planner.looks("2011-12-15 14:00") == [f"other/oftc/#essex/{ON_THE_DAY}"]


def test_each_room_has_a_delivery_of_its_own() -> None:
    rooms = (ROOM, Room("matrix", "#release/essex:example.org"))
    planner = Planner(CATALOG, [countdown(0, rooms=rooms)])
    planner.look("2011-12-10")
    assert planner.looks("2011-12-15 14:00") == [
        f"countdown/oftc/#essex/{ON_THE_DAY}",
        f"countdown/matrix/#release%2Fessex:example.org/{ON_THE_DAY}",
    ]


def test_a_room_that_is_added_hears_what_became_due_within_the_grace_and_nothing_older() -> None:
    planner = Planner(CATALOG, [countdown(1, 0)])
    for moment in ("2011-12-10", "2011-12-14 14:00", "2011-12-15 14:00"):
        planner.look(moment)
    rooms = (ROOM, Room("oftc", "#nova"))
    planner.rules = [countdown(1, 0, rooms=rooms)]
    assert planner.looks("2011-12-15 15:00") == [f"countdown/oftc/#nova/{ON_THE_DAY}"]


def test_a_clock_that_steps_back_repeats_nothing_and_loses_nothing() -> None:
    planner = Planner(CATALOG, [countdown(1, 0)])
    for moment in ("2011-12-10", "2011-12-14 14:00", "2011-12-14 09:00", "2011-12-14 14:00"):
        planner.look(moment)
    assert len(planner.all) == 1
    assert tails(planner.looks("2011-12-15 14:00")) == [ON_THE_DAY]


def test_a_clock_that_was_years_ahead_silences_nothing() -> None:
    planner = Planner(CATALOG, [countdown(0), released()])
    planner.look("2030-01-01")
    assert planner.looks("2011-12-10") == []
    assert tails(planner.looks("2011-12-15 14:00")) == [ON_THE_DAY]


def test_at_the_ends_of_the_calendar_its_grace_is_cut() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    (delivery,) = coming(of(), [digest("0 14 31 12 *")], utc("9999-01-01"), last)
    assert delivery.until == last
    planner = Planner(CATALOG, [countdown(0, grace=1e12), released(grace=1e12), changed(grace=1e12)])
    planner.look("2011-12-10")
    assert tails(planner.looks("2011-12-15 14:00")) == [ON_THE_DAY]


def test_what_became_due_first_stands_first() -> None:
    planner = Planner(CATALOG, [digest("0 13 * * *"), countdown(0, at="12:00"), changed()])
    planner.look("2011-12-10")
    planner.catalog = of(*CATALOG.facts.milestones, milestone("essex-3", "2012-01-26", "essex"))
    new = planner.look("2011-12-15 14:00")
    planned = [each.announcement for each in new if each.stage is Stage.PLANNED]
    assert planned == ["countdown", "digest", "changed"]


@pytest.mark.slow
def test_essex_from_the_post_to_its_release() -> None:
    """The shipped calendar, looked at every hour from 20 December 2011 to 6 April 2012."""
    scope = Scope("openstack")
    rules = [
        countdown(14, 7, 1, 0, scope=scope, zone="Europe/Paris"),
        released(scope=scope, at="15:00"),
        digest("0 14 1 * *", scope=scope, grace=HOUR),
    ]
    planner = Planner(shipped(), rules)
    start = utc("2011-12-20")
    for step in range(108 * 24):
        planner.look(start.fromtimestamp(start.timestamp() + step * HOUR, start.tzinfo))
    assert {each.stage for each in planner.all.values()} == {Stage.PLANNED}
    told = [f"{each.due:%m-%d %H:%M} {each.key.split('/', 3)[3]}" for each in planner.all.values()]
    assert told == ESSEX
    assert said(planner.all.values()) == list(planner.all)


ESSEX = [
    "01-01 14:00 2012-01-01T14:00Z",
    "01-12 13:00 openstack/essex/essex-3/2012-01-26/14d",
    "01-19 13:00 openstack/essex/essex-3/2012-01-26/7d",
    "01-25 13:00 openstack/essex/essex-3/2012-01-26/1d",
    "01-26 13:00 openstack/essex/essex-3/2012-01-26/0d",
    "01-26 15:00 openstack/essex/essex-3",
    "02-01 14:00 2012-02-01T14:00Z",
    "02-16 13:00 openstack/essex/essex-4/2012-03-01/14d",
    "02-23 13:00 openstack/essex/essex-4/2012-03-01/7d",
    "02-29 13:00 openstack/essex/essex-4/2012-03-01/1d",
    "03-01 13:00 openstack/essex/essex-4/2012-03-01/0d",
    "03-01 14:00 2012-03-01T14:00Z",
    "03-01 15:00 openstack/essex/essex-4",
    "03-22 13:00 openstack/essex/essex-release/2012-04-05/14d",
    "03-29 12:00 openstack/essex/essex-release/2012-04-05/7d",
    "04-01 14:00 2012-04-01T14:00Z",
    "04-04 12:00 openstack/essex/essex-release/2012-04-05/1d",
    "04-05 12:00 openstack/essex/essex-release/2012-04-05/0d",
    "04-05 15:00 openstack/essex/essex-release",
]
