"""Dates that changed: old, new, who says so."""

from __future__ import annotations

from typing import Any

import pytest

from milestonebot.announcement import Occasion
from milestonebot.catalog import Catalog
from milestonebot.document import Line, Link
from milestonebot.model import Claim, Facts, Milestone, Origin
from milestonebot.when import When
from tests.wording.said import about, document, rule, said

CHANGED = Occasion.CHANGED
NOW = "2011-12-20"


def change(name: str, old: str | None, new: str | None, source: str = "essex.yaml:12") -> dict[str, Any]:
    told = about(name)
    del told["date"]
    return {**told, "old": old, "new": new, "source": source}


def now(**dates: str | None) -> Catalog:
    """Return a catalog in which essex-3, written `essex_3`, has that date by now, by line 12."""
    origin = Origin("essex.yaml:12")
    milestones = (
        Milestone(
            name.replace("_", "-"),
            "openstack",
            origin,
            "essex",
            claims=() if when is None else (Claim(When.parse(when), origin),),
        )
        for name, when in dates.items()
    )
    return Catalog.of(Facts(milestones=tuple(milestones)))


def changes(*some: dict[str, Any]) -> dict[str, Any]:
    return {"changes": list(some)}


def test_a_date_that_moves() -> None:
    told = changes(change("essex-3", "2012-01-19", "2012-01-26"))
    assert said(CHANGED, now(essex_3="2012-01-26"), NOW, told) == [
        "essex-3 moves from Thu 19 Jan 2012 to Thu 26 Jan 2012, in 37 days (says essex.yaml:12)"
    ]


def test_a_date_that_is_set_or_withdrawn() -> None:
    told = changes(change("essex-3", None, "2012-01-26"))
    assert said(CHANGED, now(essex_3="2012-01-26"), NOW, told) == [
        "essex-3 has a date: Thu 26 Jan 2012, in 37 days (says essex.yaml:12)"
    ]
    told = changes(change("essex-3", "2012-01-26", None))
    assert said(CHANGED, now(essex_3=None), NOW, told) == [
        "essex-3 has no date any more; it was Thu 26 Jan 2012 (says essex.yaml:12)"
    ]


def test_several_are_a_list() -> None:
    told = changes(
        change("essex-3", "2012-01-19", "2012-01-23..2012-01-27"),
        change("essex-4", "2012-03-01", None),
    )
    by_now = now(essex_3="2012-01-23..2012-01-27", essex_4=None)
    assert said(CHANGED, by_now, NOW, told) == [
        "2 dates changed",
        (
            "• essex-3 moves from Thu 19 Jan 2012 to the week of Mon 23 to Fri 27 Jan 2012, in 34 days"
            " (says essex.yaml:12)"
        ),
        "• essex-4 has no date any more; it was Thu 1 Mar 2012 (says essex.yaml:12)",
    ]


def test_a_source_that_cites_a_link_is_told_with_it() -> None:
    origin = Origin("openstack", "https://example.org/schedule")
    moved = Milestone(
        "essex-3", "openstack", origin, "essex", claims=(Claim(When.parse("2012-01-26"), origin),)
    )
    catalog = Catalog.of(Facts(milestones=(moved,)))
    told = changes(change("essex-3", "2012-01-19", "2012-01-26", "openstack"))
    (line,) = document(CHANGED, catalog, NOW, told).blocks
    assert isinstance(line, Line)
    assert Link("openstack", "https://example.org/schedule") in line.parts


def test_a_moment_is_told_in_the_zone_of_the_announcement() -> None:
    told = changes(change("essex-3", "2012-01-26T14:00+00:00", "2012-01-26T20:00-08:00"))
    by_now = now(essex_3="2012-01-27T04:00+00:00")
    (line,) = said(CHANGED, by_now, NOW, told, rule(CHANGED, zone="Europe/Paris"))
    assert line.startswith(
        "essex-3 moves from Thu 26 Jan 2012, 15:00 Europe/Paris to Fri 27 Jan 2012, 05:00 Europe/Paris, in 38"
    )


def test_words_of_ones_own_for_each_change() -> None:
    say = rule(CHANGED, say="{milestone}: {old} → {new} ({when}; {source})")
    told = changes(change("essex-3", "2012-01-19", "2012-01-26"), change("essex-4", "2012-03-01", None))
    assert said(CHANGED, now(essex_3="2012-01-26", essex_4=None), NOW, told, say) == [
        "2 dates changed",
        "• essex-3: Thu 19 Jan 2012 → Thu 26 Jan 2012 (in 37 days; essex.yaml:12)",
        "• essex-4: Thu 1 Mar 2012 → no date set (no date set; essex.yaml:12)",
    ]
    told = changes(change("essex-3", "2012-01-12", "2012-01-19"), change("essex-9", "2012-03-01", None))
    assert said(CHANGED, now(essex_3="2012-01-26"), NOW, told, say) == [
        "2 dates changed",
        (
            "• essex-3: Thu 12 Jan 2012 → Thu 19 Jan 2012 (in 30 days; essex.yaml:12)"
            " (changed again since: Thu 26 Jan 2012, in 37 days)"
        ),
        "• essex-9: Thu 1 Mar 2012 → no date set (no date set; essex.yaml)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "by_now", "expected"),
    [
        (
            "2012-01-19",
            "2012-01-26",
            "2012-02-02",
            (
                "moved from Thu 19 Jan 2012 to Thu 26 Jan 2012, and changed again since: Thu 2 Feb 2012, in"
                " 44 days (says essex.yaml:12)"
            ),
        ),
        (
            None,
            "2012-01-26",
            "2012-02-02",
            "had a date: Thu 26 Jan 2012, and changed again since: Thu 2 Feb 2012, in 44 days (says essex.y",
        ),
        (
            "2012-01-19",
            None,
            "2012-02-02",
            "lost its date, Thu 19 Jan 2012, and has a date again: Thu 2 Feb 2012, in 44 days (says essex.y",
        ),
        (
            None,
            "2012-01-26",
            None,
            "had a date: Thu 26 Jan 2012, and has no date any more (says essex.yaml:12)",
        ),
    ],
)
def test_what_changed_again_before_it_was_said_is_told_as_past(
    old: str | None, new: str | None, by_now: str | None, expected: str
) -> None:
    (line,) = said(CHANGED, now(essex_3=by_now), NOW, changes(change("essex-3", old, new, "essex.yaml:9")))
    assert line.startswith(f"essex-3 {expected}")


def test_a_line_that_moved_is_cited_where_it_is_now() -> None:
    told = changes(change("essex-3", "2012-01-19", "2012-01-26", "essex.yaml:9"))
    (line,) = said(CHANGED, now(essex_3="2012-01-26"), NOW, told)
    assert line.endswith("(says essex.yaml:12)")


def test_what_the_catalog_has_no_more_is_told_by_its_name() -> None:
    told = changes(change("essex-9", "2012-01-19", None))
    assert said(CHANGED, Catalog.of(Facts()), NOW, told) == [
        "essex-9 has no date any more; it was Thu 19 Jan 2012 (essex.yaml has it no more)"
    ]
    told = changes(change("essex-9", None, "2012-01-19"))
    assert said(CHANGED, Catalog.of(Facts()), NOW, told) == [
        "essex-9 had a date: Thu 19 Jan 2012, and has no date any more (essex.yaml has it no more)"
    ]
    assert said(CHANGED, Catalog.of(Facts()), NOW, {}) == ["A date changed."]
