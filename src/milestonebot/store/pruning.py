"""Forget deliveries that were final long ago.

A key keeps a thing from being announced twice, so only those go that can never be due again. The key
of a countdown, digest or note holds its date or fire time, and that of a change the count of changes:
after two years it is past any grace, and `look` gives nothing that is past its grace as planned. That
of a release holds no date, because a corrected date is not to announce it again, at any time: it is
never forgotten.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from milestonebot.announcement import Occasion
from milestonebot.outbox import PENDING, Stage
from milestonebot.store.tables import deliveries, planning

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

KEPT = timedelta(days=2 * 366)
"""For how long a delivery is kept after its end, and after the end of its grace."""


async def prune(connection: AsyncConnection, now: datetime) -> int:
    """Forget what ended more than KEPT before `now`, and return how many they were.

    Before the watermark and before the last that was said as well: a clock that is wrong by years must
    not make the bot forget. At its second start with that clock, the watermark is as wrong.
    """
    watermark = await connection.scalar(select(planning.c.watermark))
    last = await connection.scalar(
        select(func.max(deliveries.c.at)).where(deliveries.c.stage == Stage.SENT.value)
    )
    if watermark is None or last is None:
        return 0
    before = min(now, watermark, last) - KEPT
    pruned = await connection.execute(
        delete(deliveries).where(
            deliveries.c.stage.not_in([each.value for each in PENDING]),
            deliveries.c.occasion != Occasion.RELEASED.value,
            deliveries.c.at < before,
            deliveries.c.until < before,
        )
    )
    return pruned.rowcount
