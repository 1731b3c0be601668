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

from milestonebot.announcement import Occasion
from milestonebot.outbox import PENDING, Stage

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.store.connection import Connection

KEPT = timedelta(days=2 * 366)
"""For how long a delivery is kept after its end, and after the end of its grace."""


_ENDED = """
    DELETE FROM deliveries
    WHERE stage NOT IN (?, ?) AND occasion <> ? AND at < ? AND until < ?
    RETURNING key
"""


async def prune(connection: Connection, now: datetime) -> int:
    """Forget what ended more than KEPT before `now`, and return how many they were.

    Before the watermark and before the last that was said as well: a clock that is wrong by years must
    not make the bot forget. At its second start with that clock, the watermark is as wrong.
    """
    dialect = connection.dialect
    ((watermark,),) = await connection.fetch("SELECT max(watermark) FROM planning")
    ((last,),) = await connection.fetch("SELECT max(at) FROM deliveries WHERE stage = ?", Stage.SENT.value)
    if watermark is None or last is None:
        return 0
    before = min(now, *(each for each in map(dialect.found, (watermark, last)) if each)) - KEPT
    kept = dialect.kept(before)
    pending = [each.value for each in PENDING]
    return len(await connection.fetch(_ENDED, *pending, Occasion.RELEASED.value, kept, kept))
