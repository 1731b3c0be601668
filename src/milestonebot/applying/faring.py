"""How the networks fare: their connections and rooms, and what the outbox holds for them."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.errors import StoreError
from milestonebot.operating import NetworkReport
from milestonebot.outbox import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from milestonebot.outbox import Delivery, Outbox
    from milestonebot.ports import Transport

_log = logging.getLogger(__name__)

_LATELY = timedelta(days=7)
_MOST_FAILED = 1000


async def reports(
    transports: Iterable[Transport], outbox: Outbox | None, now: datetime
) -> Sequence[NetworkReport]:
    """Return how each network fares; of failures, those of the week before `now`."""
    pending, failed = await _deliveries(outbox)
    failed = [each for each in failed if each.at is not None and each.at >= now - _LATELY]
    waiting = Counter(each.room.network for each in pending)
    failures = Counter(each.room.network for each in failed)
    last = {each.room.network: each.problem for each in sorted(failed, key=lambda each: each.at or now)}
    return [
        NetworkReport(
            each.network,
            each.connection,
            each.rooms,
            each.absent,
            waiting[each.network],
            failures[each.network],
            last.get(each.network, ""),
            each.people,
        )
        for each in transports
    ]


async def _deliveries(outbox: Outbox | None) -> tuple[Sequence[Delivery], Sequence[Delivery]]:
    """Return what is yet to be announced, and what failed."""
    if outbox is None:
        return (), ()
    try:
        return await outbox.pending(), await outbox.listed((Stage.FAILED,), most=_MOST_FAILED)
    except StoreError as error:
        _log.error("what is announced cannot be told: %s", error)
        return (), ()
