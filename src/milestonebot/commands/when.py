"""`!when`: any dated thing, in one line."""

from __future__ import annotations

from milestonebot import missing, phrases, telling
from milestonebot.commands.blueprints import blueprint
from milestonebot.commands.release import release
from milestonebot.document import Document, say
from milestonebot.errors import Usage
from milestonebot.router import Command, Router

router = Router()


@router.command("when", usage="NAME", aliases=("countdown",), main=True, lasting=True)
async def when(command: Command) -> Document:
    """Tell the date of a milestone, freeze, deadline, release or series, and how far it is.

    `when feature freeze` is the current series' one; `when essex feature freeze` names the series.
    """
    if not command.arguments:
        raise Usage(
            f"Say what: a milestone, a freeze, a series, as in: {command.settings.prefix}when essex-3"
        )
    lookup, now = command.lookup, command.now
    found = lookup.dated(command.text)
    if found is None:
        return await _of_another_kind(command)
    asked = found.best
    parts = list(telling.headed(asked, lookup, now))
    known = asked.when is not None and asked.when.first == asked.when.last
    days = abs(phrases.days_away(asked.when, now)) if asked.when is not None and known else 0
    if phrases.WEEK < days < phrases.LONG and telling.status(asked, now) != "overdue":
        parts.append(f" ({phrases.weeks(days)})")
    if (also := telling.also(command.text, found.others, lookup)) is not None:
        parts.append(f" · {also}")
    return say(*parts, data=telling.facts(asked, now))


async def _of_another_kind(command: Command) -> Document:
    """Answer the date of a project's version or of a blueprint's milestone; raise where it is neither."""
    lookup = command.lookup
    project, rest = lookup.split(command.arguments, lookup.project)
    if lookup.releases(" ".join(rest), project.best.name if project is not None else None) is not None:
        return await release(command)
    if lookup.blueprints(command.text):
        return await blueprint(command)
    raise missing.dated(lookup, command.text)
