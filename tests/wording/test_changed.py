"""Dates that changed: old, new, who says so."""

from __future__ import annotations

from typing import Any

from milestonebot.announcement import Occasion
from milestonebot.catalog import Catalog
from milestonebot.document import Line, Link
from milestonebot.model import Claim, Facts, Milestone, Origin
from milestonebot.when import When
from tests import catalogs
from tests.wording.said import about, document, rule, said

CHANGED = Occasion.CHANGED
NOW = "2011-12-20"


def change(name: str, old: str | None, new: str | None, source: str = "essex.yaml:12") -> dict[str, Any]:
    told = about(name)
    del told["date"]
    return {**told, "old": old, "new": new, "source": source}


def changes(*some: dict[str, Any]) -> dict[str, Any]:
    return {"changes": list(some)}


def test_a_date_that_moves() -> None:
    told = changes(change("essex-3", "2012-01-19", "2012-01-26"))
    assert said(CHANGED, catalogs.essex(), NOW, told) == [
        "essex-3 moves from Thu 19 Jan 2012 to Thu 26 Jan 2012, in 37 days (says essex.yaml:12)"
    ]


def test_a_date_that_is_set_or_withdrawn() -> None:
    told = changes(change("essex-3", None, "2012-01-26"))
    assert said(CHANGED, catalogs.essex(), NOW, told) == [
        "essex-3 has a date: Thu 26 Jan 2012, in 37 days (says essex.yaml:12)"
    ]
    told = changes(change("essex-3", "2012-01-26", None, source=""))
    assert said(CHANGED, catalogs.essex(), NOW, told) == [
        "essex-3 has no date any more; it was Thu 26 Jan 2012"
    ]


def test_several_are_a_list() -> None:
    told = changes(
        change("essex-3", "2012-01-19", "2012-01-23..2012-01-27", "x"),
        change("essex-4", "2012-03-01", None),
    )
    assert said(CHANGED, catalogs.essex(), NOW, told) == [
        "2 dates changed",
        "• essex-3 moves from Thu 19 Jan 2012 to the week of Mon 23 to Fri 27 Jan 2012, in 34 days (says x)",
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
    (line,) = said(CHANGED, catalogs.essex(), NOW, told, rule(CHANGED, zone="Europe/Paris"))
    assert line.startswith(
        "essex-3 moves from Thu 26 Jan 2012, 15:00 Europe/Paris to Fri 27 Jan 2012, 05:00 Europe/Paris, in 38"
    )


def test_words_of_ones_own_for_each_change() -> None:
    say = rule(CHANGED, say="{milestone}: {old} → {new} ({when}; {source})")
    told = changes(change("essex-3", "2012-01-19", "2012-01-26"), change("essex-4", "2012-03-01", None))
    assert said(CHANGED, catalogs.essex(), NOW, told, say) == [
        "2 dates changed",
        "• essex-3: Thu 19 Jan 2012 → Thu 26 Jan 2012 (in 37 days; essex.yaml:12)",
        "• essex-4: Thu 1 Mar 2012 → no date set (no date set; essex.yaml:12)",
    ]


def test_what_the_catalog_has_no_more_is_told_by_its_name() -> None:
    told = changes(change("essex-9", "2012-01-19", None))
    assert said(CHANGED, Catalog.of(Facts()), NOW, told) == [
        "essex-9 has no date any more; it was Thu 19 Jan 2012 (says essex.yaml:12)"
    ]
    assert said(CHANGED, Catalog.of(Facts()), NOW, {}) == ["A date changed."]
