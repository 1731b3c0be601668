"""What waits to be said and is not true any more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.agenda import coming, withdrawal
from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.model import Kind
from milestonebot.outbox import Delivery
from milestonebot.ports import Room
from tests.agenda.planning import ROOM, Planner, changed, countdown, digest, of, released, utc
from tests.catalogs import milestone

if TYPE_CHECKING:
    from milestonebot.catalog import Catalog


def fallen(
    delivery: Delivery, catalog: Catalog, rules: list[Announcement], now: str = "2011-12-01"
) -> str | None:
    rule = next((each for each in rules if each.name == delivery.announcement), None)
    here = rule is not None and delivery.room in rule.rooms
    return withdrawal(delivery, rule, catalog, utc(now), here=here)


def essex_2(when: str | None = "2011-12-15", *, out: bool | None = True) -> Catalog:
    return of(milestone("essex-2", when, "essex", released=out))


def waiting(rule: Announcement) -> Delivery:
    return coming(essex_2(), [rule], utc("2011-12-01"), utc("2011-12-20"))[0]


RULES = [countdown(7), released(), digest("0 14 * * *")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_true_stands(rule: Announcement) -> None:
    assert fallen(waiting(rule), essex_2(), [rule]) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_its_rule_or_its_room_it_does_not(rule: Announcement) -> None:
    delivery = waiting(rule)
    assert "any more" in str(fallen(delivery, essex_2(), []))
    assert "any more" in str(fallen(delivery, essex_2(), [changed(name=rule.name)]))
    elsewhere = replace(rule, rooms=(Room("oftc", "#other"),))
    assert str(ROOM) in str(fallen(delivery, essex_2(), [elsewhere]))


@pytest.mark.parametrize(
    ("catalog", "why"),
    [
        (essex_2("2011-12-22"), "essex-2 moved from 2011-12-15 to 2011-12-22"),
        (essex_2("2011-12"), "essex-2 moved from 2011-12-15 to 2011-12"),
        (essex_2(None), "essex-2 has no date any more; it was 2011-12-15"),
        (of(), "essex-2 is gone from the catalog"),
    ],
)
def test_a_countdown_falls_with_its_date(catalog: Catalog, why: str) -> None:
    assert fallen(waiting(countdown(7)), catalog, [countdown(7)]) == why


def test_a_countdown_falls_with_its_offset_and_its_scope() -> None:
    delivery = waiting(countdown(7))
    assert "7 days" in str(fallen(delivery, essex_2(), [countdown(14, 1)]))
    assert "not for essex-2" in str(fallen(delivery, essex_2(), [countdown(7, scope=Scope("shop"))]))


def test_the_same_moment_by_other_clocks_stands() -> None:
    rule = countdown(7)
    paris, utc_time = essex_2("2011-12-15T15:00+01:00"), essex_2("2011-12-15T14:00+00:00")
    (delivery,) = coming(paris, [rule], utc("2011-12-01"), utc("2011-12-20"))
    assert fallen(delivery, utc_time, [rule]) is None


def test_a_release_falls_where_it_is_not_out() -> None:
    rule = released()
    for catalog in (essex_2(out=None), essex_2("2011-12-22")):
        assert fallen(waiting(rule), catalog, [rule]) == "essex-2 is not out"
    assert fallen(waiting(rule), of(), [rule]) == "essex-2 is gone from the catalog"
    assert fallen(waiting(rule), essex_2("2011-12-14"), [rule]) is None


def test_a_change_stands_whatever_follows() -> None:
    planner = Planner(essex_2(), [changed()])
    planner.look("2011-12-01")
    planner.catalog = essex_2("2011-12-22")
    (delivery,) = planner.look("2011-12-02")
    assert fallen(delivery, of(), [changed()]) is None


def test_what_an_admin_announces_stands() -> None:
    by_hand = Delivery(
        "announce/oftc/#essex/1", "", Occasion.NOTE, ROOM, utc("2012-01-01"), utc("2012-01-02")
    )
    assert fallen(by_hand, of(), []) is None


def test_a_countdown_falls_with_its_kind() -> None:
    why = fallen(waiting(countdown(7)), essex_2(), [countdown(7, kinds=(Kind.FREEZE,))])
    assert why == "countdown is not for essex-2 any more"


def test_what_is_out_is_not_counted_down_to_any_more_but_on_its_day() -> None:
    before, on_the_day = coming(essex_2(), [countdown(1, 0)], utc("2011-12-14"), utc("2011-12-16"))
    rules = [countdown(1, 0)]
    assert fallen(before, essex_2(), rules, "2011-12-14 23:59") is None
    assert fallen(before, essex_2(), rules, "2011-12-15") == "essex-2 is out already"
    assert fallen(before, essex_2(out=None), rules, "2011-12-15") is None
    assert fallen(on_the_day, essex_2(), rules, "2011-12-15 14:00") is None


def test_whether_it_is_out_its_zone_tells() -> None:
    rule = countdown(1, zone="AoE")
    (delivery,) = coming(essex_2(), [rule], utc("2011-12-14"), utc("2011-12-16"))
    assert fallen(delivery, essex_2(), [rule], "2011-12-15 11:59") is None
    assert fallen(delivery, essex_2(), [rule], "2011-12-15 12:00") == "essex-2 is out already"
