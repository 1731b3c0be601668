"""The values of a wording's named fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import landing, phrases, telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.model import Blueprint, Milestone
    from milestonebot.when import When
    from milestonebot.wording.about import Told


def dated(milestone: Milestone, when: When | None, told: Told) -> dict[str, str]:
    """Return what every occasion tells of `milestone` and of `when`, its date."""
    series = told.catalog.series_of(milestone)
    claims = milestone.claims
    return {
        "milestone": told.name(milestone),
        "series": milestone.series or "",
        "version": (series.version if series is not None else None) or "",
        "project": milestone.project or "",
        "group": milestone.group,
        "date": told.dated(when),
        "when": phrases.NO_DATE if when is None else phrases.away(when, told.now),
        "days": "" if when is None else str(phrases.days_away(when, told.now)),
        "source": (claims[0].origin if claims else milestone.origin).source,
    }


def landed(milestone: Milestone, named: Sequence[Blueprint], told: Told) -> dict[str, str]:
    """Return what a release tells of what landed in it, of the blueprints `named`."""
    before = landing.previous(milestone, told.catalog)
    some = [each for each in named if landing.has_landed(each)]
    return {
        "since": "" if before is None else told.name(before),
        "blueprints": phrases.count(len(some), "blueprint"),
        "projects": ", ".join(f"{project} {number}" for project, number in telling.tally(some).items()),
    }
