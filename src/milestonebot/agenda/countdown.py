"""Countdowns: some days before each milestone, freeze or the like, and on the day.

A date known only as a week is counted down to its first day. Of a month nothing is counted: no day is
set, and "in 14 days" would name one that nobody said.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.agenda.due import Due
from milestonebot.agenda.times import MIDNIGHT, day_of, on
from milestonebot.telling import is_out
from milestonebot.when import Precision
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime, tzinfo

    from milestonebot.agenda.dated import Dated, Thing
    from milestonebot.announcement import Announcement


def due(
    announcement: Announcement,
    dated: Dated,
    after: datetime,
    until: datetime,
    now: datetime | None = None,
) -> Iterator[Due]:
    """Yield what is due after `after`, up to `until`, and not over `now`; without it, when it is due.

    `about` has what `Thing.about` has, and `days`: how many days before the date it was due.
    """
    place, timeline = zone(announcement.zone), dated.timeline(announcement.scope, announcement.kinds)
    for days in sorted(announcement.before, reverse=True):
        for thing in timeline.between(_later(after, days), _later(until, days)):
            at = _moment(announcement, thing, days, place)
            if at is not None and after < at <= until and not is_over(announcement, thing, days, now or at):
                tail = f"{thing.subject}/{thing.iso}/{days}d"
                yield Due(at, tail, thing.about() | {"days": days}, thing.subject)


def following(announcement: Announcement, dated: Dated, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which something is due."""
    place, timeline = zone(announcement.zone), dated.timeline(announcement.scope, announcement.kinds)
    best: datetime | None = None
    for days in announcement.before:
        for thing in timeline.since(now.toordinal() + days - 2):
            if best is not None and thing.day - days > best.toordinal() + 2:
                break
            at = _moment(announcement, thing, days, place)
            nearer = at is not None and now < at and (best is None or at < best)
            if at is not None and nearer and not is_over(announcement, thing, days, at):
                best = at
    return best


def counts(thing: Thing) -> bool:
    """Tell whether there is a day to count down to."""
    when = thing.milestone.when
    return when is not None and when.precision is not Precision.MONTH and not thing.version


def is_over(announcement: Announcement, thing: Thing, days: int, now: datetime) -> bool:
    """Tell whether `thing` is out `now`, so that no days are counted to it; on its day it is told still."""
    return days > 0 and is_out(thing.milestone, now.astimezone(zone(announcement.zone)))


def _moment(announcement: Announcement, thing: Thing, days: int, place: tzinfo) -> datetime | None:
    when = thing.milestone.when
    if when is None or not counts(thing):
        return None
    try:
        day = day_of(when, place) - timedelta(days=days)
    except OverflowError:
        return None
    return on(day, announcement.at or MIDNIGHT, place)


def _later(moment: datetime, days: int) -> date:
    try:
        return moment.date() + timedelta(days=days)
    except OverflowError:
        return moment.date().max
