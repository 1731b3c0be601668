"""A sign that the bot is at work, where an answer takes long: a reaction, gone when it is there.

Source: client-server API, "Event annotations and reactions", "Redactions".
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from milestonebot.ports import Message
    from milestonebot.transports.matrix.posting import Posting
    from milestonebot.transports.matrix.wire import Wire

_log = logging.getLogger(__name__)

_AFTER = 1.0
"""Seconds after which an answer takes long."""
_LAST = 1.0
"""Seconds for taking back what is shown when the bot stops."""
_AT_WORK = "👀"


class Reacting:
    """Shows what the bot is working on; only one message of a room at a time, since the others wait."""

    def __init__(self, wire: Wire, posting: Posting) -> None:
        """Show it over `wire`, where that takes nothing from what `posting` may send."""
        self._wire = wire
        self._posting = posting
        self._showing: dict[str, asyncio.Task[None]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def begin(self, room_id: str, message: Message) -> None:
        """Take note that somebody waits for an answer to `message`."""
        if message.id not in self._showing and not any(
            task.get_name() == room_id for task in self._showing.values()
        ):
            self._showing[message.id] = asyncio.create_task(self._show(room_id, message.id), name=room_id)

    def end(self, message: Message) -> None:
        """Take note that `message` is dealt with."""
        task = self._showing.pop(message.id, None)
        if task is not None:
            task.cancel()
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Take back what is shown, where that can be done soon."""
        tasks = [*self._showing.values(), *self._ending]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LAST)

    async def _show(self, room_id: str, event: str) -> None:
        await asyncio.sleep(_AFTER)
        if self._posting.is_limited:
            return
        sending = asyncio.ensure_future(self._begun(room_id, event))
        try:
            await asyncio.shield(sending)
            await asyncio.Event().wait()
        finally:
            if (reaction := await sending) is not None:
                await take_back(self._wire, room_id, reaction)

    async def _begun(self, room_id: str, event: str) -> str | None:
        try:
            return await react(self._wire, room_id, event, _AT_WORK, str(uuid4()))
        except NetworkError as error:
            _log.debug("%s: a reaction: %s", room_id, error)
            return None


async def react(wire: Wire, room_id: str, event: str, key: str, transaction: str) -> str:
    """React to `event` by `key`, and return the reaction's id; the errors are those of `Wire.ask`."""
    relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
    path = ("rooms", room_id, "send", "m.reaction", transaction)
    name = (await wire.ask("PUT", path, {"m.relates_to": relation})).get("event_id")
    if not isinstance(name, str):
        raise NetworkError("the homeserver's answer was not understood")
    return name


async def take_back(wire: Wire, room_id: str, reaction: str) -> None:
    """Take back a reaction; where that fails, it stays."""
    try:
        await wire.ask("PUT", ("rooms", room_id, "redact", reaction, str(uuid4())), {})
    except NetworkError as error:
        _log.debug("%s: a reaction that stays: %s", room_id, error)
