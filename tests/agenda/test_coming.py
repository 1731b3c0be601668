"""What is ahead, and when to look next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.agenda import coming, next_due, uncounted, void, wake
from milestonebot.announcement import Announcement, Scope
from milestonebot.outbox import Memory
from tests.agenda.planning import Planner, changed, countdown, digest, note, of, released, utc
from tests.catalogs import milestone, release

if TYPE_CHECKING:
    from datetime import datetime

CATALOG = of(
    *(milestone(f"old-{year}", f"{year}-06-01", "old", released=True) for year in range(1980, 2011)),
    milestone("essex-2", "2011-12-15", "essex", released=True),
    milestone("essex-3", "2012-01-26", "essex"),
    milestone("essex-4", "2012-03", "essex"),
    milestone("essex-rc1", None, "essex"),
    *(milestone(f"new-{year}", f"{year}-06-01", "new", released=True) for year in range(2013, 2060)),
    releases=(release("9.0.0", None, project="nova", series="essex"),),
)
ALL = [
    countdown(14, 1, 0, zone="Europe/Paris"),
    released(at="14:00", zone="AoE"),
    digest("0 14 * * mon"),
    note("2011-12-13 09:00"),
    changed(),
]


def woken(rule: Announcement, now: str) -> datetime | None:
    memory = Memory(utc("2011-01-01"), {rule.name: utc("2011-01-01")})
    return wake(CATALOG, [rule], memory, utc(now))


@pytest.mark.parametrize(
    ("rule", "now", "expected"),
    [
        (countdown(14, 1, 0, zone="Europe/Paris"), "2011-12-12", "2011-12-14 13:00"),
        (countdown(14, 1, 0, zone="Europe/Paris"), "2011-12-14 12:59", "2011-12-14 13:00"),
        (countdown(14, 1, 0, zone="Europe/Paris"), "2011-12-14 13:00", "2011-12-15 13:00"),
        (countdown(14, 1, 0, zone="Europe/Paris"), "2011-12-15 13:00", "2012-01-12 13:00"),
        (countdown(366), "2011-12-15 14:00", "2012-05-31 14:00"),
        (countdown(0, at="23:30", zone="AoE"), "2011-12-16 11:29", "2011-12-16 11:30"),
        (countdown(0, at="00:30", zone="Pacific/Kiritimati"), "2011-12-14 10:29", "2011-12-14 10:30"),
        (released(at="23:30", zone="AoE"), "2011-12-16 11:29", "2011-12-16 11:30"),
        (released(at="23:30", zone="AoE"), "2011-12-15", "2011-12-15 12:00"),
        (released(), "2011-12-15", "2012-01-26"),
        (digest("0 14 * * mon"), "2011-12-12 14:00", "2011-12-19 14:00"),
        (note("2011-12-13 09:00"), "2011-12-12", "2011-12-13 09:00"),
    ],
)
def test_it_wakes_at_the_next_moment_that_something_is_due(
    rule: Announcement, now: str, expected: str
) -> None:
    assert woken(rule, now) == utc(expected)


def test_what_is_dated_later_may_be_due_first() -> None:
    catalog = of(
        milestone("essex-2", "2011-12-15", "essex", released=True),
        milestone("essex-3", "2011-12-16T01:00+00:00", "essex", released=True),
    )
    rule = released(at="23:30", zone="AoE")
    memory = Memory(utc("2011-01-01"), {rule.name: utc("2011-01-01")})
    assert wake(catalog, [rule], memory, utc("2011-12-15 13:00")) == utc("2011-12-16 01:00")


@pytest.mark.parametrize("rule", [note("2011-12-13 09:00"), changed(), countdown(0, scope=Scope("shop"))])
def test_where_nothing_is_ahead_it_sleeps(rule: Announcement) -> None:
    assert woken(rule, "2011-12-13 09:00") is None


def test_the_first_of_all_rules_wakes() -> None:
    planner = Planner(CATALOG, ALL)
    planner.look("2011-12-11")
    found = wake(CATALOG, ALL, planner.memory, utc("2011-12-11"))
    assert found == utc("2011-12-12 14:00")


def test_a_rule_that_has_not_started_needs_a_look_at_once() -> None:
    found = wake(CATALOG, ALL, Memory(), utc("2011-12-11"))
    assert found is not None
    assert utc("2011-12-11") < found <= utc("2011-12-11") + timedelta(seconds=1)
    assert wake(CATALOG, [], Memory(), utc("2011-12-11")) is None


def test_it_wakes_on_the_day_of_what_is_not_out_so_that_it_can_be_told_late() -> None:
    planner = Planner(CATALOG, [released()])
    planner.look("2012-01-20")
    planner.wakes(utc("2012-01-30"))
    planner.catalog = of(milestone("essex-3", "2012-01-26", "essex", released=True))
    assert planner.looks("2012-01-30 09:00") == ["released/oftc/#essex/openstack/essex/essex-3"]


def test_what_comes_is_in_order_and_begins_after_the_first_moment() -> None:
    found = coming(CATALOG, ALL, utc("2011-12-12 14:00"), utc("2011-12-19 14:00"))
    assert [(each.announcement, f"{each.due:%d %H:%M}") for each in found] == [
        ("note", "13 09:00"),
        ("countdown", "14 13:00"),
        ("countdown", "15 13:00"),
        ("released", "16 02:00"),
        ("digest", "19 14:00"),
    ]


def test_the_next_of_one_announcement_is_of_what_is_due_by_date() -> None:
    now = utc("2011-12-14 13:00")
    assert [next_due(CATALOG, rule, now) for rule in ALL] == [
        utc("2011-12-15 13:00"),
        utc("2011-12-16 02:00"),
        utc("2011-12-19 14:00"),
        None,
        None,
    ]


def test_what_has_no_day_is_not_counted_until_it_is_past() -> None:
    def told(now: str) -> list[str]:
        return [each.name for each in uncounted(CATALOG, countdown(7), utc(now))]

    assert told("2012-03-31 23:59") == ["essex-rc1", "essex-4"]
    assert told("2012-04-01") == ["essex-rc1"]


def test_a_rule_is_void_where_the_catalog_has_nothing_that_it_is_for() -> None:
    nobody = Scope("nobody")
    assert [void(CATALOG, rule) for rule in ALL] == [False] * 5
    assert void(CATALOG, countdown(7, scope=nobody))
    assert void(CATALOG, digest("0 14 * * *", scope=nobody))
    assert not void(CATALOG, note("2011-12-13", scope=nobody))
