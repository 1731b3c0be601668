"""A sign that the bot is at work, where an answer takes long: a reaction, gone when it is there.

Where none can be given in the end, another one tells so.

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
    from milestonebot.transports.matrix.said.posting import Posting
    from milestonebot.transports.matrix.wire.wire import Wire

_log = logging.getLogger(__name__)

_AFTER = 1.0
"""Seconds after which an answer takes long."""
_LAST = 1.0
"""Seconds for taking back what is shown when the bot stops."""
_AT_WORK = "👀"
_IN_VAIN = "❓"
_IN_PRIVATE = "✉️"
"""The answer is in the direct room, which a client need not bring to its reader's eyes."""


class Reacting:
    """Shows what the bot is working on; only one message of a room at a time, since the others wait."""

    def __init__(self, wire: Wire, posting: Posting) -> None:
        """Show it over `wire`, where that takes nothing from what `posting` may send."""
        self._wire = wire
        self._posting = posting
        self._rooms: dict[str, str] = {}
        """Where each message was said that is worked on."""
        self._showing: dict[str, asyncio.TimerHandle | asyncio.Task[None]] = {}
        """By room, when it is to be shown, or that it is: most answers are there before that."""
        self._ending: set[asyncio.Task[None]] = set()
        self._failed: set[str] = set()

    def begin(self, room_id: str, message: Message) -> None:
        """Take note that somebody waits for an answer to `message`."""
        if message.id not in self._rooms and room_id not in self._showing:
            self._rooms[message.id] = room_id
            loop = asyncio.get_running_loop()
            self._showing[room_id] = loop.call_later(_AFTER, self._begin_to_show, room_id, message.id)

    def fail(self, message: Message) -> None:
        """Take note that `message` will not be answered."""
        if isinstance(self._showing.get(self._rooms.get(message.id, "")), asyncio.Task):
            self._failed.add(message.id)

    def end(self, message: Message) -> None:
        """Take note that `message` is dealt with."""
        room_id = self._rooms.pop(message.id, None)
        if room_id is not None:
            self._end(self._showing.pop(room_id))

    async def answer_elsewhere(self, room_id: str, message: Message) -> None:
        """Show in the room that `message` was answered in private; where that cannot be, leave it at that."""
        if not self._posting.is_limited:
            await self._reacted(room_id, message.id, _IN_PRIVATE)

    async def close(self) -> None:
        """Take back what is shown, where that can be done soon."""
        for each in self._showing.values():
            self._end(each)
        for task in self._ending:
            task.cancel()
        if self._ending:
            await asyncio.wait(self._ending, timeout=_LAST)

    def _end(self, showing: asyncio.TimerHandle | asyncio.Task[None]) -> None:
        showing.cancel()
        if isinstance(showing, asyncio.Task):
            self._ending.add(showing)
            showing.add_done_callback(self._ending.discard)

    def _begin_to_show(self, room_id: str, event: str) -> None:
        self._showing[room_id] = asyncio.create_task(self._show(room_id, event))

    async def _show(self, room_id: str, event: str) -> None:
        if self._posting.is_limited:
            return
        sending = asyncio.ensure_future(self._reacted(room_id, event, _AT_WORK))
        try:
            await asyncio.shield(sending)
            await asyncio.Event().wait()
        finally:
            if (reaction := await sending) is not None:
                await take_back(self._wire, room_id, reaction)
            if event in self._failed:
                self._failed.discard(event)
                await self._reacted(room_id, event, _IN_VAIN)

    async def _reacted(self, room_id: str, event: str, key: str) -> str | None:
        try:
            return await react(self._wire, room_id, event, key, str(uuid4()))
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


async def take_back(wire: Wire, room_id: str, reaction: str) -> bool:
    """Take back a reaction; where that fails, it stays. Return whether it is gone."""
    try:
        await wire.ask("PUT", ("rooms", room_id, "redact", reaction, str(uuid4())), {})
    except NetworkError as error:
        _log.debug("%s: a reaction that stays: %s", room_id, error)
        return False
    return True
