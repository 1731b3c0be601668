"""`!overview`: what landed since the previous milestone, as the milestone posts tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import landing, missing, telling
from milestonebot.document import Document, Strong, say
from milestonebot.errors import NotFound
from milestonebot.model import Kind
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.model import Milestone

router = Router()


@router.command("overview", usage="[MILESTONE]", main=True, lasting=True)
async def overview(command: Command) -> Document:
    """Tell what landed since the previous milestone, project by project, the busiest first.

    Without a name it is the latest milestone that has blueprints.
    """
    milestone = _asked(command)
    if command.catalog.blueprints_of(milestone):
        return landing.overview(milestone, command.lookup, command.now)
    called = telling.name(milestone, command.catalog, command.settings.group)
    standing = telling.standing(milestone, command.now)
    facts = telling.facts(milestone, command.now)
    return say("No source names what landed in ", Strong(called), f" ({standing}).", data=facts, found=False)


def _asked(command: Command) -> Milestone:
    lookup = command.lookup
    if command.arguments:
        found = lookup.milestone(command.text)
        if found is None:
            raise missing.milestone(lookup, command.text)
        return found.best
    latest = [
        each
        for timeline in command.catalog.timelines.values()
        for each in timeline
        if each.kind is Kind.MILESTONE
        and telling.status(each, command.now) in ("released", "overdue")
        and command.catalog.blueprints_of(each)
    ]
    if not latest:
        raise NotFound("No source names what landed in a milestone yet.")
    return latest[-1]
