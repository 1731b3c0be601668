"""What becomes due, whatever the occasion, and the deliveries that are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from milestonebot.agenda.subjects import safe
from milestonebot.agenda.times import later
from milestonebot.outbox import Delivery, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from milestonebot.announcement import Announcement

_LATE = "its grace was over before it could be said"
_OVERTAKEN = "a later one of its kind became due before it was said"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that an announcement tells in each of its rooms."""

    at: datetime
    """The moment, in UTC."""
    tail: str
    """What its key ends with."""
    about: dict[str, Any] = field(default_factory=dict)
    topic: str = ""
    """Of several of one topic that are due together only the last is said."""


def deliveries(
    announcement: Announcement,
    due: Due,
    stage: Stage = Stage.PLANNED,
    problem: str = "",
    *,
    now: datetime | None = None,
) -> Iterator[Delivery]:
    """Yield the delivery of `due` to each room; one that is final already became so `now`."""
    for room in announcement.rooms:
        parts = (announcement.name, room.network, room.name)
        yield Delivery(
            key=f"{'/'.join(map(safe, parts))}/{due.tail}",
            announcement=announcement.name,
            occasion=announcement.occasion,
            room=room,
            due=due.at,
            until=later(due.at, announcement.grace),
            about=due.about,
            stage=stage,
            at=now,
            problem=problem,
        )


def settled(announcement: Announcement, found: Iterable[Due], now: datetime) -> Iterator[Delivery]:
    """Yield what is due `now`: the last of each topic to be said, what is overtaken or too late expired.

    Of what is due at one moment, the one that stands last in `found` is the last.
    """
    ordered = sorted({each.tail: each for each in found}.values(), key=lambda each: each.at)
    last = {each.topic: each.tail for each in ordered}
    for each in ordered:
        if later(each.at, announcement.grace) <= now:
            yield from deliveries(announcement, each, Stage.EXPIRED, _LATE, now=now)
        elif last[each.topic] != each.tail:
            yield from deliveries(announcement, each, Stage.EXPIRED, _OVERTAKEN, now=now)
        else:
            yield from deliveries(announcement, each)
