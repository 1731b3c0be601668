"""A release: what landed since the milestone before it, as `!overview` tells it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot import landing, telling
from milestonebot.announcement import Occasion, Scope
from milestonebot.document import Document, Line, Strong
from milestonebot.wording.about import blueprints, subject
from milestonebot.wording.fields import fill
from milestonebot.wording.values import dated, landed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.document import Part
    from milestonebot.model import Blueprint, Milestone
    from milestonebot.outbox import Delivery
    from milestonebot.wording.about import Told


def released(delivery: Delivery, announcement: Announcement | None, told: Told) -> Document:
    """Return what is out; where no source names what landed in it, what comes next."""
    milestone = subject(delivery.about, told.catalog)
    scope = announcement.scope if announcement is not None else Scope()
    named = blueprints(milestone, scope, told.catalog)
    document = _of(milestone, named, told)
    if announcement is not None and announcement.say is not None:
        values = dated(milestone, milestone.when, told) | landed(milestone, named, told)
        first = Line((fill(announcement.say, Occasion.RELEASED, values),))
        return replace(document, blocks=(first, *document.blocks[1:]))
    return document


def _of(milestone: Milestone, named: Sequence[Blueprint], told: Told) -> Document:
    standing = telling.standing(told.here_as_well(milestone), told.now)
    is_out = "is out: " if telling.is_out(milestone, told.now) else ": "
    opening: list[Part] = [
        Strong(told.name(milestone)),
        f"{' ' if is_out[0] == 'i' else ''}{is_out}{standing}",
    ]
    if named:
        document = landing.overview(milestone, told.lookup, told.now, opening=opening, named=named)
        return replace(document, more=_more(milestone, told))
    after = telling.following(milestone, told.catalog)
    for each in after:
        opening += [" · next: ", *telling.mentioned(told.here_as_well(each), told.lookup, told.now)]
    data = {
        **telling.facts(milestone, told.now),
        "next": [telling.facts(each, told.now) for each in after],
    }
    return Document((Line(tuple(opening)),), data)


def _more(milestone: Milestone, told: Told) -> str | None:
    """Return the command that tells all of it, by its own name; None where none does.

    A name that means something else here is told with its series or project.
    """
    names = (
        milestone.name,
        f"{milestone.series} {milestone.name}",
        f"{milestone.project} {milestone.name}",
    )
    lookup = told.lookup
    for name in names:
        found = lookup.milestone(name)
        if found is not None and found.best is milestone:
            return f"overview {name}"
    return None
