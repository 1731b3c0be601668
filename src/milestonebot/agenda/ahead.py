"""What lies ahead of one announcement, and what does not: for people who read the plan."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from milestonebot.agenda import countdown, fires, released
from milestonebot.agenda.dated import dated
from milestonebot.agenda.times import over
from milestonebot.announcement import Occasion
from milestonebot.zones import zone

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.agenda.dated import Thing
    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.model import Milestone

_FAR = timedelta(days=100 * 366)


def next_due(catalog: Catalog, announcement: Announcement, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which `announcement` is due by date; None for never."""
    now, index = now.astimezone(UTC), dated(catalog)
    match announcement.occasion:
        case Occasion.COUNTDOWN:
            return countdown.following(announcement, index, now)
        case Occasion.RELEASED:
            known = released.due(
                announcement, index, now, min(now, now.max.replace(tzinfo=UTC) - _FAR) + _FAR
            )
            return min((each.at for each in known), default=None)
        case Occasion.DIGEST | Occasion.NOTE:
            return fires.following(announcement, now)
        case Occasion.CHANGED:
            return None


def uncounted(catalog: Catalog, announcement: Announcement, now: datetime) -> list[Milestone]:
    """Return what `announcement` is for that no day is set for, and that is not out or past."""
    index, held = dated(catalog), (announcement.scope, announcement.kinds)
    open_yet = [*index.undated(*held), *index.timeline(*held).things]
    return [
        each.milestone
        for each in open_yet
        if not countdown.counts(each) and not each.version and not _past(each, announcement, now)
    ]


def void(catalog: Catalog, announcement: Announcement) -> bool:
    """Tell whether the catalog holds nothing that `announcement` is for; a note is for nothing of it."""
    index, held = dated(catalog), (announcement.scope, announcement.kinds)
    if announcement.occasion is Occasion.NOTE:
        return False
    return not index.timeline(*held).things and not index.undated(*held)


def _past(thing: Thing, announcement: Announcement, now: datetime) -> bool:
    when = thing.milestone.when
    if when is None:
        return thing.milestone.released is True
    end = over(when, zone(announcement.zone))
    return end is not None and end <= now
