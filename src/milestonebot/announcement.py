"""Announcements as maintainers state them: what is said, where, when. Plain values, already checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from milestonebot.model import Kind

if TYPE_CHECKING:
    from datetime import datetime, time

    from milestonebot.ports import Room

GRACE = 12 * 3600.0
"""Seconds for which an announcement that is late is still made, where the config sets nothing."""
KINDS = (Kind.MILESTONE, Kind.RELEASE)
"""The kinds of dated things that are announced, where the config sets nothing."""


class Occasion(StrEnum):
    """What an announcement is made for."""

    COUNTDOWN = "countdown"
    """Some days before each milestone, and on the day."""
    RELEASED = "released"
    """A milestone or version turned out to be released."""
    CHANGED = "changed"
    """A date slipped, was set or withdrawn."""
    DIGEST = "digest"
    """By cron: what comes next, how far each project is."""
    NOTE = "note"
    """A text of the maintainer's own, at some moments or by cron."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an announcement is for; what is left empty sets no bound."""

    group: str | None = None
    projects: tuple[str, ...] = ()
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """A rule of the config."""

    name: str
    """Part of every key: under another name the announcement starts anew, from then on."""
    occasion: Occasion
    rooms: tuple[Room, ...]
    scope: Scope = Scope()
    kinds: tuple[Kind, ...] = KINDS
    """Of a countdown, and of what is released or changed: which kinds of dated things it is for."""
    zone: str = "UTC"
    """The zone in which `at`, `cron` and days are read: an IANA name, or `AoE`."""
    at: time | None = None
    """The local time of day for what has a day: countdowns, and releases that have no time of their own."""
    before: tuple[int, ...] = ()
    """Of a countdown: whole days before the date; 0 is the day itself."""
    cron: str | None = None
    """Of a digest or note: five fields, as cron(8) reads them; Sunday is 0 or 7."""
    moments: tuple[datetime, ...] = ()
    """Of a note: when it is said, aware."""
    text: str | None = None
    """Of a note: what is said."""
    say: str | None = None
    """The wording with named fields, `{milestone} is {when}`, in place of the bot's own."""
    grace: float = GRACE
    """Seconds after the due moment for which it is still made."""
