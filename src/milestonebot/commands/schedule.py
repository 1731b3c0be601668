"""`!schedule`: every date of a cycle, past and to come told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Faint, Line, Strong, Table, say
from milestonebot.errors import NotFound
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Block
    from milestonebot.model import Milestone, Series

router = Router()


@router.command("schedule", usage="[SERIES]", aliases=("milestones",), main=True)
async def schedule(command: Command) -> Document:
    """List every date of a cycle in order, freezes and weeks too, past and to come told apart.

    Without a series it is the current one's.
    """
    series = _series(command)
    dated = command.catalog.schedule_of(series)
    if not dated:
        return say("No source has dates for ", Strong(telling.series_title(series)), ".", found=False)
    now = command.now
    past = [each for each in dated if each.when is not None and phrases.days_away(each.when, now) < 0]
    ahead = [each for each in dated if each.when is None or phrases.days_away(each.when, now) >= 0]
    title = Line((Strong(telling.series_title(series)), f": {phrases.count(len(dated), 'date')}"))
    blocks: list[Block] = [title]
    if past:
        blocks.append(Table(tuple(_row(each, command) for each in past), Line((Faint("Past"),))))
    if ahead:
        blocks.append(Table(tuple(_row(each, command) for each in ahead), Line((Strong("To come"),))))
    return Document(
        tuple(blocks), {"series": series, "schedule": [telling.facts(each, now) for each in dated]}
    )


def _row(milestone: Milestone, command: Command) -> tuple[Line, ...]:
    when = milestone.when
    far = phrases.away(when, command.now) if when is not None else ""
    name = telling.name(milestone, command.catalog, milestone.group)
    return (Line((phrases.short(when),)), Line((Strong(name),)), Line((Faint(far),)))


def _series(command: Command) -> Series:
    lookup = command.lookup
    if command.arguments:
        found = lookup.series(command.text)
        if found is None:
            raise missing.series(lookup, command.text)
        return found.best
    current = lookup.current()
    if current is None:
        raise NotFound("No source names a series with a date. Which one do you mean?")
    return current
