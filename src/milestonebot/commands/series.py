"""`!series`: one development cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.catalog import titles
from milestonebot.document import Document, Strong, say
from milestonebot.model import Kind
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from datetime import date

    from milestonebot.document import Part
    from milestonebot.model import Series

router = Router()


@router.command("series", usage="[NAME or VERSION]", lasting=True)
async def series(command: Command) -> Document:
    """Tell a development cycle: its version, status, dates and milestones.

    `essex`, `2012.1` and `Antelope 2023.1` are names; without one it is the current series.
    """
    lookup = command.lookup
    if command.arguments:
        found = lookup.series(command.text)
        asked = found.best if found is not None else None
    else:
        asked = lookup.current()
    if asked is None:
        raise missing.series(lookup, command.text or "current")
    schedule = command.catalog.schedule_of(asked)
    milestones = [each for each in schedule if each.kind is Kind.MILESTONE and each.project is None]
    status = _status(asked, command.today, current=_is_current(command, asked))
    parts = _told(command, asked, status, [each.name for each in milestones])
    over = "end of life" if asked.eol is not None and asked.eol.last <= command.today else None
    return say(*parts, data={"series": asked, "status": over or status or None, "milestones": milestones})


def _told(command: Command, asked: Series, status: str, milestones: list[str]) -> list[Part]:
    title, *version = titles(asked)
    parts: list[Part] = [Strong(title), *(f" ({each})" for each in version)]
    told = [status]
    release = command.lookup.dated(f"{asked.name}-release")
    if release is not None and asked.when is not None:
        standing = telling.standing(release.best, command.now)
        if standing.startswith("released") and told == ["released"]:
            told = []
        told.append(standing if standing.startswith(("released", "was due")) else f"release {standing}")
    if asked.starts is not None:
        told.append(f"cycle from {phrases.dated(asked.starts)}")
    if asked.eol is not None and asked.eol.last <= command.today:
        told.append(f"end of life {phrases.dated(asked.eol)}")
    if asked.next_status and asked.next_status_from and asked.next_status_from > command.today:
        told.append(f"{asked.next_status} from {phrases.day(asked.next_status_from)}")
    if not asked.version and asked.version_note:
        told.append(asked.version_note)
    if asked.long_term:
        told.append("upgrades may skip the release before it (SLURP)")
    if milestones:
        told.append(f"milestones {', '.join(milestones)}")
    parts.append(f": {' · '.join(text for text in told if text)}")
    return parts


def _is_current(command: Command, asked: Series) -> bool:
    current = command.lookup.current(asked.group)
    return current is not None and key(current.name) == key(asked.name)


def _status(asked: Series, today: date, *, current: bool) -> str:
    """Return its status on that day.

    A source's status is as old as the source, and says nothing of earlier days; dates win over it.
    """
    if asked.when is not None and asked.when.first > today:
        return "in development" if current else "in the future"
    if asked.eol is not None:
        return "" if asked.eol.last <= today else "released"
    turned = asked.next_status_from is not None and asked.next_status_from <= today
    status = (asked.next_status if turned else asked.status) or ""
    # Its release day is past: a source that still calls it so was read before that.
    return "" if asked.when is not None and status in ("development", "future") else status
