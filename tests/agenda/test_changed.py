"""Dates that slipped, were set or withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Scope
from milestonebot.model import Claim, Kind, Origin
from milestonebot.when import When
from tests.agenda.planning import Planner, changed, of, tails
from tests.catalogs import milestone

if TYPE_CHECKING:
    from milestonebot.catalog import Catalog

ESSEX_3 = "openstack/essex/essex-3"


def essex_3(when: str | None = "2012-01-26") -> Catalog:
    return of(milestone("essex-3", when, "essex"))


def planner(catalog: Catalog, **of_rule: object) -> Planner:
    planner = Planner(catalog, [changed(**of_rule)])
    planner.look("2012-01-01")
    return planner


def told(planned: Planner, catalog: Catalog, now: str) -> list[tuple[str, str | None, str | None]]:
    """Return the changes that a look at `catalog` says: what, from when, to when."""
    planned.catalog = catalog
    return [
        (each["milestone"], each["old"], each["new"])
        for delivery in planned.look(now)
        for each in delivery.about["changes"]
    ]


def test_a_date_that_slips_is_told_once_with_who_says_so() -> None:
    planned = planner(essex_3())
    planned.catalog = essex_3("2012-02-02")
    (delivery,) = planned.look("2012-01-02")
    assert delivery.key == f"changed/oftc/#essex/{ESSEX_3}#1"
    assert delivery.about == {
        "changes": [
            {
                "subject": ESSEX_3,
                "group": "openstack",
                "series": "essex",
                "project": None,
                "milestone": "essex-3",
                "old": "2012-01-26",
                "new": "2012-02-02",
                "source": "test",
            }
        ]
    }
    assert planned.looks("2012-01-02 00:01", "2012-01-03") == []


def test_there_and_back_again_are_three_changes() -> None:
    planned = planner(essex_3("2012-01-26"))
    keys = []
    for day, when in enumerate(("2012-02-02", "2012-01-26", "2012-02-02"), 2):
        planned.catalog = essex_3(when)
        keys += tails(planned.looks(f"2012-01-0{day}"))
    assert keys == [f"{ESSEX_3}#{turn}" for turn in (1, 2, 3)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, "2012-01-26"),
        ("2012-01-26", None),
        ("2012-01", "2012-01-26"),
        ("2012-01-26", "2012-01-26T14:00+00:00"),
        ("2012-01-23..2012-01-27", "2012-01-26"),
    ],
)
def test_set_withdrawn_and_stated_more_exactly_are_changes(old: str | None, new: str | None) -> None:
    assert told(planner(essex_3(old)), essex_3(new), "2012-01-02") == [("essex-3", old, new)]


def test_the_same_moment_by_other_clocks_and_the_same_date_by_another_source_are_none() -> None:
    planned = planner(essex_3("2012-01-26T14:00+00:00"))
    assert told(planned, essex_3("2012-01-26T15:00+01:00"), "2012-01-02") == []
    assert told(planned, essex_3("2012-01-26T14:00+00:00"), "2012-01-03") == []
    planned = planner(essex_3())
    claim = Claim(When.parse("2012-01-26"), Origin("launchpad"))
    planned.catalog = of(replace(milestone("essex-3", series="essex"), claims=(claim,)))
    assert planned.looks("2012-01-02") == []
    assert planned.memory.known[ESSEX_3].source == "launchpad"


def test_what_appears_with_a_date_is_set_and_what_vanishes_withdrawn() -> None:
    planned = planner(of())
    assert told(planned, essex_3(), "2012-01-02") == [("essex-3", None, "2012-01-26")]
    assert told(planned, of(), "2012-01-03") == [("essex-3", "2012-01-26", None)]
    assert planned.looks("2012-01-04") == []
    assert told(planned, essex_3(), "2012-01-05") == [("essex-3", None, "2012-01-26")]
    assert tails(planned.said) == [f"{ESSEX_3}#1", f"{ESSEX_3}#2", f"{ESSEX_3}#3"]
    assert told(planner(of()), essex_3(None), "2012-01-02") == []


def test_what_is_long_past_is_not_told() -> None:
    planned = planner(essex_3())
    assert told(planned, of(), "2012-01-27 13:00") == []
    planned = planner(essex_3())
    assert told(planned, of(), "2012-01-27 11:00") == [("essex-3", "2012-01-26", None)]
    planned = planner(essex_3("2011-11-10"))
    assert told(planned, essex_3("2011-11-11"), "2012-01-02") == []
    assert told(planned, essex_3("2012-02-02"), "2012-01-02") == [("essex-3", "2011-11-11", "2012-02-02")]


def test_one_look_tells_all_changes_together_and_only_those_in_scope() -> None:
    def plan(first: str, second: str, shop: str) -> Catalog:
        return of(
            milestone("essex-3", first, "essex"),
            milestone("essex-4", second, "essex"),
            milestone("essex-3", shop, "essex", group="shop"),
        )

    planned = planner(plan("2012-01-26", "2012-03-01", "2012-02-01"), scope=Scope("openstack"))
    assert told(planned, plan("2012-01-27", "2012-03-02", "2012-02-02"), "2012-01-02") == [
        ("essex-3", "2012-01-26", "2012-01-27"),
        ("essex-4", "2012-03-01", "2012-03-02"),
    ]
    assert tails(planned.said) == [f"{ESSEX_3}#1"]


def test_a_rule_that_is_new_hears_of_later_changes_only() -> None:
    planned = Planner(essex_3(), [])
    planned.look("2012-01-01")
    planned.rules = [changed()]
    assert told(planned, essex_3("2012-02-02"), "2012-01-02") == []
    assert told(planned, essex_3("2012-02-09"), "2012-01-03") == [("essex-3", "2012-02-02", "2012-02-09")]
    assert tails(planned.said) == [f"{ESSEX_3}#2"]


def test_a_freeze_is_told_where_its_kind_is_named_also_when_it_is_gone() -> None:
    def frozen(when: str | None) -> Catalog:
        return of(milestone("feature-freeze", when, "essex", kind=Kind.FREEZE))

    usual, freezes = planner(frozen("2012-02-24")), planner(frozen("2012-02-24"), kinds=(Kind.FREEZE,))
    for catalog, day, new in ((frozen("2012-03-02"), "03", "2012-03-02"), (of(), "04", None)):
        assert told(usual, catalog, f"2012-01-{day}") == []
        assert [each[2] for each in told(freezes, catalog, f"2012-01-{day}")] == [new]
