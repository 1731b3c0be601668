"""Sending events to rooms, as fast as the homeserver allows.

Source: client-server API, `PUT /rooms/{roomId}/send/{eventType}/{txnId}`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from milestonebot.errors import InDoubt, NetworkError
from milestonebot.transports.matrix.wire.quota import Quota

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.transports.matrix.account.encryption import Encryption
    from milestonebot.transports.matrix.wire.wire import Wire


class Posting:
    """What an account says."""

    def __init__(self, wire: Wire, encryption: Encryption) -> None:
        """Send over `wire`; where a room is encrypted, by `encryption`."""
        self._wire = wire
        self._encryption = encryption
        self._quota = Quota()

    @property
    def is_limited(self) -> bool:
        """Tell whether the homeserver lets the account say nothing for now."""
        return self._quota.is_limited(asyncio.get_running_loop().time())

    async def post(self, room_id: str, content: Mapping[str, Any], transaction: str | None = None) -> str:
        """Send a message and return its event id; the same `transaction` is one event on one device.

        Raises NetworkError where it was surely not sent (with `after`, the seconds to wait, where the
        homeserver limits), InDoubt where it may have been, Refused where it never can be.
        """
        loop = asyncio.get_running_loop()
        if wait := self._quota.wait(loop.time()):
            raise NetworkError("the homeserver lets the bot say no more for now", wait)
        kind, body = await self._encryption.sealed(room_id, "m.room.message", content)
        try:
            path = ("rooms", room_id, "send", kind, transaction or str(uuid4()))
            answer = await self._wire.ask("PUT", path, body)
        except NetworkError as error:
            if error.after is not None:
                error.after = self._quota.limited(loop.time(), error.after)
            raise
        self._quota.taken()
        event = answer.get("event_id")
        if not isinstance(event, str):
            raise InDoubt("the homeserver's answer was not understood")
        return event
