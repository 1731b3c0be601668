"""From what is due to what the outbox keeps, and what planning remembers of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.announcement import GRACE, Occasion
from milestonebot.outbox import Delivery, Memory, Planned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from milestonebot.ports import Room


def remembered(memory: Memory, planned: Planned) -> Memory:
    """Return what planning remembers once `planned` is kept."""
    if not (planned.started or planned.known or planned.gone):
        return replace(memory, watermark=planned.watermark)
    gone = set(planned.gone)
    started = {name: at for name, at in memory.started.items() if name not in gone}
    known = {subject: each for subject, each in memory.known.items() if subject not in gone}
    return Memory(planned.watermark, {**started, **planned.started}, {**known, **planned.known})


def by_hand(  # noqa: PLR0913, PLR0917 - what is asked, by whom, and where planning stands
    rooms: Iterable[Room], text: str, name: str, by: str, memory: Memory, now: datetime
) -> Planned:
    """Return the announcement of `text` that the admin `by` asked for with the message `name`."""
    until, about = now + timedelta(seconds=GRACE), {"text": text, "by": by}
    deliveries = [
        Delivery(f"announce/{room}/{name}", "", Occasion.NOTE, room, now, until, about, at=now)
        for room in dict.fromkeys(rooms)
    ]
    # What is due by the rules is planned by looks alone: the watermark stays where it is.
    return Planned(memory.watermark or now, deliveries)
