"""`!schedule`: every date of a cycle, past and to come told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Faint, Line, Strong, Table, say
from milestonebot.errors import NotFound
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.document import Block
    from milestonebot.model import Milestone, Series

router = Router()


@router.command("schedule", usage="[SERIES]", aliases=("milestones",), main=True, lasting=True)
async def schedule(command: Command) -> Document:
    """List every date of a cycle in order, freezes and weeks too, past and to come told apart.

    Without a series it is the current one's.
    """
    series = _series(command)
    if series is None:
        return _told(command, None, command.settings.group or "All dates", _everything(command))
    dated = command.catalog.schedule_of(series)
    if not dated:
        return say("No source has dates for ", Strong(telling.series_title(series)), ".", found=False)
    return _told(command, series, telling.series_title(series), dated)


def _told(command: Command, series: Series | None, called: str, dated: Sequence[Milestone]) -> Document:
    now = command.now
    past = [each for each in dated if telling.status(each, now) in ("released", "overdue", "past")]
    ahead = [each for each in dated if telling.status(each, now) in ("due", "undated")]
    title = Line((Strong(called), f": {phrases.count(len(dated), 'date')}"))
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


def _everything(command: Command) -> list[Milestone]:
    """Return all dates of a catalog that has no series."""
    dated = [each for timeline in command.catalog.timelines.values() for each in timeline]
    if not dated:
        raise NotFound("No source has a date yet.")
    return dated


def _series(command: Command) -> Series | None:
    """Return the series that is named, else the current one; None where the catalog has none."""
    lookup = command.lookup
    if command.arguments:
        found = lookup.series(command.text)
        if found is None:
            raise missing.series(lookup, command.text)
        return found.best
    return lookup.current()
