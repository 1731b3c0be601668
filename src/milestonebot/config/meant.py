"""What an announcement says that is allowed, and hardly meant: a warning for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milestonebot.config.announcements import DigestEntry, NoteEntry
from milestonebot.config.loaded import Ending
from milestonebot.errors import Problem
from milestonebot.wording.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.config.announcements import AnyAnnouncement
    from milestonebot.config.loaded import Config
    from milestonebot.config.models import ConfigFile
    from milestonebot.config.notes import Notes
    from milestonebot.yamlfile import Located
    from milestonebot.yamlfile.located import Loc

_MINUTE = 60.0
_KNOWN = {field for fields in FIELDS.values() for field in fields}
_FIELD = re.compile(r"\{([a-z_]+)\}")
_FOREIGN = re.compile(r"%\((\w+)\)s|\$\{(\w+)\}|%(\w+)%|\$(\w+)")
"""Fields as printf, shells and DOS write them."""


def check_meant(file: ConfigFile, notes: Notes) -> None:
    """Warn of what `file` announces otherwise than its maintainer may think."""
    for index, entry in enumerate(file.announcements):
        loc: Loc = ("announcements", index)
        if entry.grace < _MINUTE:
            told = f"a grace of {entry.grace:g} seconds is soon over; write 12m or 12h if that is meant"
            notes.warn((*loc, "grace"), told)
        _check_cron(entry, loc, notes)
        if isinstance(entry, NoteEntry):
            _check_note(entry, loc, notes)
        elif entry.say is not None:
            _check_say(entry.say, (*loc, "say"), notes)


def endings(planned: Sequence[Announcement], located: Located) -> Iterator[Ending]:
    """Yield when each note with dates is said for the last time; `planned` is in the order of the file."""
    for index, each in enumerate(planned):
        if each.moments:
            place = located.place(("announcements", index, "dates"))
            yield Ending(max(each.moments), *place)


def all_past(config: Config, now: datetime) -> tuple[Problem, ...]:
    """Return a warning for each note whose dates are all past `now`."""
    told = "these dates are past, so the note is said no more"
    over = [each for each in config.endings if each.last < now]
    return tuple(Problem(str(config.file), each.line, each.column, told, "warning") for each in over)


def _check_cron(entry: AnyAnnouncement, loc: Loc, notes: Notes) -> None:
    cron = entry.cron if isinstance(entry, DigestEntry | NoteEntry) else None
    if cron is None:
        return
    _, _, day, _, weekday = cron.split()
    # As crontab(5) has it, two that are bounded are one or the other; `*/2` counts as not bounded.
    if not day.startswith("*") and not weekday.startswith("*"):
        told = (
            f"cron fires on day {day} of the month and on each {weekday} besides, not only where both fit;"
            " write * for one of them"
        )
        notes.warn((*loc, "cron"), told)


def _check_note(entry: NoteEntry, loc: Loc, notes: Notes) -> None:
    if entry.cron is not None and "at" in entry.model_fields_set:
        notes.warn((*loc, "at"), "at is for dates; beside cron, which has a time of its own, it is not read")
    fields = [name for name in _FIELD.findall(entry.text) if name in _KNOWN]
    if fields:
        told = f"a note is said as it stands: {{{fields[0]}}} is not filled in; the other kinds do so in say"
        notes.warn((*loc, "text"), told)


def _check_say(say: str, loc: Loc, notes: Notes) -> None:
    for found in _FOREIGN.finditer(say):
        name = next(each for each in found.groups() if each)
        if name in _KNOWN:
            notes.warn(loc, f"{found[0]} is said as it stands; write {{{name}}} for the field")
