"""Releases: by their date where a source has said ahead that it stands, or when a source tells.

When something is out is `telling.is_out`'s to say; here is the moment from which on it says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.agenda.due import Due, deliveries, settled
from milestonebot.agenda.times import MIDNIGHT, begins, later, over
from milestonebot.outbox import Stage
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from milestonebot.agenda.dated import Dated, Thing
    from milestonebot.agenda.news import News
    from milestonebot.announcement import Announcement
    from milestonebot.outbox import Delivery
    from milestonebot.when import When

_BEFORE = "it was out before; only its date was corrected"


def due(announcement: Announcement, dated: Dated, after: datetime, until: datetime) -> Iterator[Due]:
    """Yield what comes out by its date after `after`, up to `until`; `about` is what `Thing.about` has."""
    for thing in dated.timeline(announcement.scope, announcement.kinds).between(after.date(), until.date()):
        at = said(announcement, thing)
        if at is not None and after < at <= until and thing.milestone.released is True:
            yield told(thing, at)


def following(announcement: Announcement, dated: Dated, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which something comes out, or could be told to.

    A look on the day of what nobody calls released yet lets a later look know that it is told late.
    """
    best: datetime | None = None
    for thing in dated.timeline(announcement.scope, announcement.kinds).since(now.toordinal() - 2):
        if best is not None and thing.day > best.toordinal() + 2:
            break
        for at in (said(announcement, thing), begun(announcement, thing)):
            if at is not None and now < at and (best is None or at < best):
                best = at
    return best


def told(thing: Thing, at: datetime) -> Due:
    """Return that `thing` is out, to be said at `at`."""
    return Due(at, thing.subject, thing.about(), thing.subject)


def deliver(  # noqa: PLR0913, PLR0917 - what was, what is new, and from when to when
    announcement: Announcement, dated: Dated, news: News, after: datetime, seen: datetime, now: datetime
) -> Iterator[Delivery]:
    """Yield what is out `now`: what came out by its date after `after`, and what `news` tells.

    `seen` is when the last look was. What was out before, and whose date is corrected to one that is
    still to be said, expires at once: its key is taken, and nobody hears of it as new.
    """
    found = {each.tail: each for each in due(announcement, dated, after, now)}
    for thing in news.came_out:
        if dated.holds(announcement, thing) and _told_late(announcement, thing, seen, now):
            found[thing.subject] = told(thing, now)
    for thing in news.appeared:
        if dated.holds(announcement, thing) and _fresh(announcement, thing, now):
            found[thing.subject] = told(thing, now)
    for thing, old in news.corrected:
        at = _moment(announcement, thing.milestone.when)
        was = _moment(announcement, old)
        if at is not None and at > after and (was is None or was <= after):
            found.pop(thing.subject, None)
            if dated.holds(announcement, thing):
                yield from deliveries(announcement, told(thing, at), Stage.EXPIRED, _BEFORE, now=now)
    yield from settled(announcement, found.values(), now)


def _told_late(announcement: Announcement, thing: Thing, seen: datetime, now: datetime) -> bool:
    """Tell whether its date had come at the last look: then it is the source that is new."""
    at, begins_at = said(announcement, thing), begun(announcement, thing)
    if at is None or begins_at is None:
        return thing.iso is None
    return begins_at <= seen and at <= now


def _fresh(announcement: Announcement, thing: Thing, now: datetime) -> bool:
    """Tell whether what nobody knew is out since no longer than its grace: a new source is no news."""
    when, at = thing.milestone.when, said(announcement, thing)
    end = None if when is None else over(when, zone(announcement.zone))
    alive = later(now, -announcement.grace)
    return at is not None and at <= now and end is not None and end > alive


def said(announcement: Announcement, thing: Thing) -> datetime | None:
    """Return from when on it may be said that `thing` is out; None where it has no date."""
    return _moment(announcement, thing.milestone.when)


def begun(announcement: Announcement, thing: Thing) -> datetime | None:
    """Return when its date begins in the announcement's zone; None where it has none."""
    when = thing.milestone.when
    return None if when is None else begins(when, zone(announcement.zone))


def _moment(announcement: Announcement, when: When | None) -> datetime | None:
    if when is None:
        return None
    return begins(when, zone(announcement.zone), announcement.at or MIDNIGHT)
