"""Changes: a date that was set, moved or withdrawn, by whom; all that one look noticed in one delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.agenda.due import Due, deliveries
from milestonebot.agenda.times import later, over
from milestonebot.when import When
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from milestonebot.agenda.dated import Dated
    from milestonebot.agenda.news import Change, News
    from milestonebot.announcement import Announcement
    from milestonebot.outbox import Delivery


def deliver(announcement: Announcement, dated: Dated, news: News, now: datetime) -> Iterator[Delivery]:
    """Yield one delivery to each room, of the changes of dates that are not, or were not, long past.

    `about` has `changes`: a list of what `Change.about` has.
    """
    place, alive = zone(announcement.zone), later(now, -announcement.grace)
    told = [
        each
        for each in news.changes
        if dated.holds(announcement, each.thing) and _matters(each, place, alive)
    ]
    if told:
        tail = f"{told[0].thing.subject}#{told[0].turn}"
        yield from deliveries(announcement, Due(now, tail, {"changes": [each.about() for each in told]}))


def _matters(change: Change, place: tzinfo, alive: datetime) -> bool:
    ends = [over(When.parse(date), place) for date in (change.old, change.new) if date is not None]
    return any(end is None or end > alive for end in ends)
