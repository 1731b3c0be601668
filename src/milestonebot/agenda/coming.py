"""What will be due, as far as it is known today, and the next moment to look."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from milestonebot.agenda import countdown, fires, released
from milestonebot.agenda.dated import dated
from milestonebot.agenda.due import deliveries
from milestonebot.announcement import Occasion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from milestonebot.agenda.dated import Dated
    from milestonebot.agenda.due import Due
    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Delivery, Memory

_AT_ONCE = timedelta(seconds=1)


def coming(
    catalog: Catalog, announcements: Sequence[Announcement], since: datetime, until: datetime
) -> list[Delivery]:
    """Return what will be due after `since`, up to `until`, in order, if nothing changes.

    What a source is yet to tell, releases without a date and changes, is not among it.
    """
    index, found = dated(catalog), []
    for each in announcements:
        # Of one topic at one moment, look() says the last alone.
        last = {
            (due.topic, due.at): due
            for due in _due(each, index, since.astimezone(UTC), until.astimezone(UTC))
        }
        found += [delivery for due in last.values() for delivery in deliveries(each, due)]
    return sorted(found, key=lambda delivery: delivery.due)


def wake(
    catalog: Catalog, announcements: Sequence[Announcement], memory: Memory, now: datetime
) -> datetime | None:
    """Return the next moment after `now` at which a look is needed, if nothing changes; None for never.

    Another catalog needs a look of its own. An announcement that `memory` does not know has not started:
    it needs a look at once.
    """
    now = now.astimezone(UTC)
    if any(each.name not in memory.started for each in announcements):
        return now + _AT_ONCE
    index = dated(catalog)
    ahead = [_following(each, index, now) for each in announcements]
    return min((moment for moment in ahead if moment is not None), default=None)


def _due(announcement: Announcement, index: Dated, since: datetime, until: datetime) -> Iterator[Due]:
    match announcement.occasion:
        case Occasion.COUNTDOWN:
            yield from countdown.due(announcement, index, since, until)
        case Occasion.RELEASED:
            yield from released.due(announcement, index, since, until)
        case Occasion.DIGEST | Occasion.NOTE:
            yield from fires.due(announcement, since, until)
        case Occasion.CHANGED:
            pass


def _following(announcement: Announcement, index: Dated, now: datetime) -> datetime | None:
    match announcement.occasion:
        case Occasion.COUNTDOWN:
            return countdown.following(announcement, index, now)
        case Occasion.RELEASED:
            return released.following(announcement, index, now)
        case Occasion.DIGEST | Occasion.NOTE:
            return fires.following(announcement, now)
        case Occasion.CHANGED:
            return None
