"""Answers: said once each, and tried again for as long as somebody waits for them."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.matrix.said.saying import answer_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from milestonebot.ports import Message
    from milestonebot.transports.matrix.said.posting import Posting
    from milestonebot.transports.matrix.wire.stopping import Stopping

_FIRST, _LONGEST = 1.0, 30.0
"""Seconds between two tries."""


class Answering:
    """Says answers for one account."""

    def __init__(
        self, posting: Posting, stopping: Stopping, patience: float, is_up: Callable[[], bool]
    ) -> None:
        """Try for `patience` seconds, while the account `is_up`."""
        self._posting = posting
        self._stopping = stopping
        self._patience = patience
        self._is_up = is_up

    async def say(self, room_id: str, content: Mapping[str, Any], reply_to: Message) -> str:
        """Return the id of the answer to `reply_to`; said twice, it is one event.

        Raises NetworkError when the bot stops, Refused where it cannot be said in time.
        """
        loop, backoff = asyncio.get_running_loop(), Backoff(_FIRST, _LONGEST)
        until = loop.time() + self._patience
        while True:
            try:
                return await self._posting.post(room_id, content, answer_transaction(reply_to))
            except Refused:
                raise
            except NetworkError as error:
                if self._stopping:
                    raise
                # A limit is no failure: the next try need not wait longer for it.
                rest = error.after or backoff.wait(random.random())  # noqa: S311 - jitter
                if loop.time() + rest > until:
                    raise Refused(f"{error}, and nobody waits for the answer any more") from None
            await self._stopping.pause(rest)
            while not (self._is_up() or self._stopping or loop.time() > until):
                await self._stopping.pause(_FIRST)
