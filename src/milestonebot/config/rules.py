"""From the announcements of a config file to the rules that the agenda plans by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import announcement as core
from milestonebot.announcement import Announcement, Occasion
from milestonebot.config.announcements import (
    AnyOfKinds,
    AnyScoped,
    CountdownEntry,
    DigestEntry,
    NoteEntry,
    ReleasedEntry,
    ScopedEntry,
    ScopeEntry,
)
from milestonebot.config.rooms import written
from milestonebot.sources.fields import moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, time

    from milestonebot.config.announcements import AnnouncementEntry
    from milestonebot.config.models import ConfigFile
    from milestonebot.config.notes import Notes


def announcements(file: ConfigFile, notes: Notes) -> Iterator[Announcement]:
    """Yield the announcements of `file`; a time that its zone does not have goes to `notes`."""
    for index, entry in enumerate(file.announcements):
        yield Announcement(
            name=entry.name,
            occasion=Occasion(entry.kind),
            rooms=tuple(written(room) for room in entry.rooms),
            scope=_scope(entry.for_) if isinstance(entry, ScopedEntry) else core.Scope(),
            kinds=tuple(entry.kinds) if isinstance(entry, AnyOfKinds) else core.KINDS,
            zone=entry.timezone or file.timezone,
            at=_at(entry),
            before=tuple(sorted(entry.before, reverse=True)) if isinstance(entry, CountdownEntry) else (),
            cron=entry.cron if isinstance(entry, DigestEntry | NoteEntry) else None,
            moments=_moments(entry, index, file, notes) if isinstance(entry, NoteEntry) else (),
            text=entry.text if isinstance(entry, NoteEntry) else None,
            say=entry.say if isinstance(entry, AnyScoped) else None,
            grace=entry.grace,
        )


def _scope(entry: str | ScopeEntry | None) -> core.Scope:
    if isinstance(entry, ScopeEntry):
        return core.Scope(entry.group, tuple(entry.projects), entry.series)
    return core.Scope(entry)


def _at(entry: AnnouncementEntry) -> time | None:
    return entry.at if isinstance(entry, CountdownEntry | ReleasedEntry) else None


def _moments(entry: NoteEntry, index: int, file: ConfigFile, notes: Notes) -> tuple[datetime, ...]:
    """Return the moments of a note's dates, in order."""
    found: list[datetime] = []
    for position, stated in enumerate(entry.dates):
        loc = ("announcements", index, "dates", position)
        try:
            moment_ = _moment(stated.at(entry.at), entry.timezone or file.timezone)
        except ValueError as error:
            notes.wrong(loc, str(error))
            continue
        if moment_ in found:
            notes.warn(loc, "this is a moment that stands before it already; the note is said once then")
        found.append(moment_)
    return tuple(sorted(found))


def _moment(stated: datetime, zone: str) -> datetime:
    """Return the aware moment of `stated`; where it has no offset, in `zone`."""
    if stated.tzinfo is not None:
        return stated
    aware = moment(stated, zone).at
    assert aware is not None  # noqa: S101 - a moment has one
    return aware
