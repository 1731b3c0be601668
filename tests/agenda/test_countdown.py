"""Countdowns: which days, at which local time, and of what."""

from __future__ import annotations

import pytest

from milestonebot.agenda import coming, wake
from milestonebot.model import Kind
from milestonebot.outbox import Memory, Stage
from tests.agenda.planning import HOUR, ROOM, Planner, countdown, of, tails, utc
from tests.catalogs import milestone


def due(when: str, *before: int, zone: str = "UTC", at: str = "14:00") -> list[str]:
    catalog = of(milestone("essex-2", when, "essex"))
    found = coming(catalog, [countdown(*before, zone=zone, at=at)], utc("2011-01-01"), utc("2013-01-01"))
    return [f"{each.due:%Y-%m-%d %H:%M} {each.about['days']}" for each in found]


def test_it_is_due_so_many_days_before_and_on_the_day() -> None:
    assert due("2011-12-15", 0, 7, 1, 14) == [
        "2011-12-01 14:00 14",
        "2011-12-08 14:00 7",
        "2011-12-14 14:00 1",
        "2011-12-15 14:00 0",
    ]


@pytest.mark.parametrize(
    ("zone", "when", "expected"),
    [
        ("AoE", "2011-12-15", ["2011-12-15 02:00 1", "2011-12-16 02:00 0"]),
        ("Europe/Paris", "2012-03-25", ["2012-03-24 13:00 1", "2012-03-25 12:00 0"]),
        # Samoa had no 30 December: its first moment is also the day itself at midnight.
        ("Pacific/Apia", "2011-12-31", ["2011-12-30 10:00 1", "2011-12-31 00:00 0"]),
    ],
)
def test_it_is_due_by_the_clocks_of_its_zone(zone: str, when: str, expected: list[str]) -> None:
    assert due(when, 1, 0, zone=zone) == expected


def test_of_two_at_one_moment_the_last_is_told() -> None:
    assert due("2011-12-31", 1, 0, zone="Pacific/Apia", at="00:00") == ["2011-12-30 10:00 0"]


def test_to_what_is_out_no_days_are_counted() -> None:
    rules = [countdown(7, 1, 0, grace=40 * HOUR)]
    for out, expected in ((True, ["0d"]), (None, ["0d"]), (False, ["0d"])):
        planner = Planner(of(milestone("essex-2", "2011-12-15", "essex", released=out)), rules)
        assert [key.rpartition("/")[2] for key in planner.looks("2011-12-01", "2011-12-15 14:00")] == expected
    late = [countdown(7, 1, grace=40 * HOUR)]
    for out, expected in ((True, []), (None, ["1d"])):
        planner = Planner(of(milestone("essex-2", "2011-12-15", "essex", released=out)), late)
        assert [key.rpartition("/")[2] for key in planner.looks("2011-12-10", "2011-12-15 01:00")] == expected


def test_of_a_day_that_was_skipped_nothing_is_counted_to_what_is_out() -> None:
    catalog = of(milestone("essex-2", "2011-12-31", "essex", released=True))
    rules = [countdown(1, zone="Pacific/Apia", at="00:00")]
    assert coming(catalog, rules, utc("2011-12-01"), utc("2012-01-01")) == []
    assert wake(catalog, rules, Memory(started={"countdown": utc("2011-12-01")}), utc("2011-12-01")) is None


def test_a_moment_counts_on_the_calendar_of_the_zone() -> None:
    assert due("2011-12-15T22:00+00:00", 1, zone="Asia/Tokyo") == ["2011-12-15 05:00 1"]
    assert due("2011-12-15T22:00+00:00", 1, zone="UTC") == ["2011-12-14 14:00 1"]


def test_a_week_is_counted_to_its_first_day_and_a_month_not_at_all() -> None:
    assert due("2011-12-12..2011-12-16", 1) == ["2011-12-11 14:00 1"]
    assert due("2011-12", 1, 0) == []


def test_at_the_ends_of_the_calendar_nothing_breaks() -> None:
    assert due("0001-01-01", 7, zone="Asia/Tokyo") == due("9999-12-31", 0, zone="AoE") == []
    catalog = of(milestone("essex-2", "9999-12-31", "essex"))
    rules = [countdown(0, zone="AoE", at="23:00")]
    assert coming(catalog, rules, utc("9999-12-30"), utc("9999-12-31 23:59")) == []


def test_its_key_and_what_its_words_are_made_from() -> None:
    catalog = of(milestone("Essex-2", "2011-12-15", "essex", project="nova"))
    (delivery,) = coming(catalog, [countdown(7)], utc("2011-12-01"), utc("2011-12-20"))
    assert delivery.key == "countdown/oftc/#essex/openstack/essex/nova/essex-2/2011-12-15/7d"
    assert delivery.room == ROOM
    assert delivery.until == utc("2011-12-09 02:00")
    assert delivery.about == {
        "subject": "openstack/essex/nova/essex-2",
        "group": "openstack",
        "series": "essex",
        "project": "nova",
        "milestone": "Essex-2",
        "date": "2011-12-15",
        "days": 7,
    }


def test_a_milestone_that_slips_is_counted_down_anew() -> None:
    planner = Planner(of(milestone("essex-3", "2012-01-26", "essex")), [countdown(7, 1)])
    planner.look("2012-01-01")
    assert tails(planner.looks("2012-01-19 14:00")) == ["openstack/essex/essex-3/2012-01-26/7d"]
    planner.catalog = of(milestone("essex-3", "2012-02-09", "essex"))
    assert planner.looks("2012-01-20", "2012-01-25 14:00") == []
    assert tails(planner.looks("2012-02-02 14:00")) == ["openstack/essex/essex-3/2012-02-09/7d"]


def test_of_several_that_are_due_at_one_look_the_last_is_said() -> None:
    planner = Planner(of(milestone("essex-2", "2011-12-15", "essex")), [countdown(1, 0, grace=3 * 86400)])
    planner.look("2011-12-10")
    new = planner.look("2011-12-15 15:00")
    assert [(each.about["days"], each.stage) for each in new] == [(1, Stage.EXPIRED), (0, Stage.PLANNED)]
    assert "a later one" in new[0].problem


def test_freezes_are_not_counted_down_to() -> None:
    freeze = milestone("essex-freeze", "2011-12-15", "essex", kind=Kind.FREEZE)
    assert coming(of(freeze), [countdown(1)], utc("2011-12-01"), utc("2011-12-20")) == []


def test_a_freeze_is_counted_down_to_where_its_kind_is_named() -> None:
    catalog = of(
        milestone("essex-2", "2011-12-15", "essex"),
        milestone("feature-freeze", "2011-12-15", "essex", kind=Kind.FREEZE),
    )
    rules = [countdown(7, name="usual"), countdown(7, name="freezes", kinds=(Kind.FREEZE,))]
    found = coming(catalog, rules, utc("2011-12-01"), utc("2011-12-20"))
    assert [(each.announcement, each.about["milestone"]) for each in found] == [
        ("usual", "essex-2"),
        ("freezes", "feature-freeze"),
    ]
    assert tails([found[1].key]) == ["openstack/essex/feature-freeze@freeze/2011-12-15/7d"]
    assert wake(catalog, rules[1:], Memory(started={"freezes": utc("2011-12-01")}), utc("2011-12-01")) == utc(
        "2011-12-08 14:00"
    )
