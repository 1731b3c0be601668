"""`!milestone`: when it is or was, what it holds, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, telling
from milestonebot.commands.blueprints import listing
from milestonebot.commands.next import coming_up
from milestonebot.commands.series import series
from milestonebot.document import Document, Strong, say
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Part
    from milestonebot.model import Milestone

router = Router()


@router.command("milestone", usage="[NAME] [project]", aliases=("ms",), main=True, lasting=True)
async def milestone(command: Command) -> Document:
    """Tell when a milestone is or was, what it holds, and what comes next.

    `essex-2`, `Essex 2`, `essex2` and, where it is clear, `e2` are one name. With a project it
    lists that project's blueprints; without a name it tells the next milestone.
    """
    if not command.arguments:
        return coming_up(command)
    found, rest = command.lookup.split(command.arguments, command.lookup.milestone)
    if found is None and command.lookup.series(command.text) is not None:
        return await series(command)
    if found is None:
        raise missing.milestone(command.lookup, command.text)
    if rest:
        return listing(command, found.best, rest)
    return _told(command, found.best, telling.also(command.text, found.others, command.lookup))


def _told(command: Command, asked: Milestone, also: str | None) -> Document:
    catalog, now = command.catalog, command.now
    blueprints = catalog.blueprints_of(asked)
    of = catalog.series_of(asked)
    after = telling.following(asked, catalog)
    parts: list[Part] = [Strong(telling.name(asked, catalog, command.settings.group))]
    if of is not None:
        parts.append(f" ({telling.series_title(of)})")
    parts.append(f": {telling.standing(asked, now)}")
    if blueprints:
        parts.append(f" · {telling.counts(blueprints)}")
    for each in after:
        parts += [f" · {_lead(each, command)} ", *telling.mentioned(each, command.lookup, now)]
    if also:
        parts.append(f" · {also}")
    return say(
        *parts,
        data={
            **telling.facts(asked, now),
            "series": of,
            "blueprints": {"total": len(blueprints), "projects": telling.tally(blueprints)},
            "next": [telling.facts(each, now) for each in after],
        },
    )


def _lead(after: Milestone, command: Command) -> str:
    """Return the word for what follows: "next" is still to come, "then" is history too."""
    return "next:" if telling.status(after, command.now) == "due" else "then"
