"""`!when`: any dated thing, in one line."""

from __future__ import annotations

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, say
from milestonebot.errors import Usage
from milestonebot.router import Command, Router

router = Router()


@router.command("when", usage="NAME", aliases=("countdown",), main=True)
async def when(command: Command) -> Document:
    """Tell the date of a milestone, freeze, deadline, release or series, and how far it is.

    `when feature freeze` is the current series' one; `when essex feature freeze` names the series.
    """
    if not command.arguments:
        raise Usage("Say what: a milestone, a freeze, a series, as in: when essex-3")
    lookup, now = command.lookup, command.now
    found = lookup.dated(command.text)
    if found is None:
        raise missing.dated(lookup, command.text)
    asked = found.best
    parts = list(telling.headed(asked, lookup, now))
    days = abs(phrases.days_away(asked.when, now)) if asked.when is not None else 0
    if phrases.WEEK < days < phrases.LONG:
        parts.append(f" ({phrases.weeks(days)})")
    if (also := telling.also(command.text, found.others, lookup)) is not None:
        parts.append(f" · {also}")
    return say(*parts, data=telling.facts(asked, now))
