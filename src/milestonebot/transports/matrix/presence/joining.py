"""Into one room, with patience for a homeserver that limits how many are entered at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from milestonebot.transports.matrix.account.account import Account

_LIMITED_TRIES, _LIMITED_REST = 5, 60.0
"""How often a room is asked again where the homeserver limits, and the most seconds between."""


async def join(account: Account, room: str, via: str | None = None) -> str:
    """Enter a room and return its id; where the homeserver limits, that is waited for.

    Synapse lets an account into ten rooms at once, and then into one every ten seconds.
    """
    for _ in range(_LIMITED_TRIES):
        try:
            return await account.join(room, via)
        except NetworkError as error:
            if error.after is None:
                raise
            await asyncio.sleep(min(error.after, _LIMITED_REST))
    return await account.join(room, via)
