"""One look at the catalog: all that became due, and what is new."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from milestonebot.agenda import changed, countdown, fires, released
from milestonebot.agenda.dated import dated
from milestonebot.agenda.due import settled
from milestonebot.agenda.news import noticed
from milestonebot.agenda.times import later
from milestonebot.announcement import Occasion
from milestonebot.outbox import Planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from milestonebot.agenda.dated import Dated
    from milestonebot.agenda.news import News
    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Delivery, Memory


def look(
    catalog: Catalog, announcements: Sequence[Announcement], memory: Memory, now: datetime, zone: str
) -> Planned:
    """Return all that became due up to `now`, what is new in `catalog`, and what to remember.

    What fired since the last look, or within its grace, is due; keys that are known already make it
    once. What is past its grace comes as expired, with the reason. An announcement that is new starts
    now: nothing is said of what was before. `zone` is the bot's own, in which a day begins for what it
    remembers.
    """
    now = now.astimezone(UTC)
    index = dated(catalog)
    news = noticed(index, memory, now, {zone, *(each.zone for each in announcements)})
    names = {each.name for each in announcements}
    found: list[Delivery] = []
    started: dict[str, datetime] = {}
    for each in announcements:
        since = memory.started.get(each.name)
        # A clock that was set back would else keep it silent until the old hour comes again.
        if since is None or since > now:
            started[each.name] = now
        else:
            found += _planned(each, index, news, memory, since, now)
    found.sort(key=lambda delivery: delivery.due)
    return Planned(now, found, started, news.known, sorted(memory.started.keys() - names))


def _planned(  # noqa: PLR0913, PLR0917 - all that a look is made of
    announcement: Announcement, index: Dated, news: News, memory: Memory, since: datetime, now: datetime
) -> Iterator[Delivery]:
    seen = min(memory.watermark or now, now)
    alive = later(now, -announcement.grace)
    after = max(since, min(seen, alive))
    match announcement.occasion:
        case Occasion.COUNTDOWN:
            yield from settled(announcement, countdown.due(announcement, index, after, now, now), now)
        case Occasion.RELEASED:
            yield from released.deliver(announcement, index, news, after, seen, now)
        case Occasion.CHANGED:
            yield from changed.deliver(announcement, index, news, now)
        case Occasion.DIGEST | Occasion.NOTE:
            # No fact makes these late: what fired before the last look was planned then, and a schedule
            # that is edited says nothing of before. But a clock that was ahead may have given it up.
            set_back = memory.watermark is not None and memory.watermark > now
            begin = after if set_back else max(since, seen)
            yield from settled(announcement, fires.missed(announcement, begin, now), now)
