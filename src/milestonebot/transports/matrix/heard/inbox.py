"""What was heard and is not answered yet, in order for each room.

A bot that was away finds hundreds of messages of one room at once. They are passed on some at a time,
so that whoever answers need not keep, or drop, what waits.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from milestonebot.ports import Message, Room

_MOST_UNDER_WAY = 50
"""Messages of one room that are passed on before one of them is answered."""


class Inbox:
    """The messages between the sync and the bot."""

    def __init__(self) -> None:
        """Begin empty."""
        self._passed_on: asyncio.Queue[Message | None] = asyncio.Queue()
        self._waiting: defaultdict[Room, deque[Message]] = defaultdict(deque)
        self._under_way: defaultdict[Room, set[str]] = defaultdict(set)
        self._ids: set[str] = set()
        self._quiet = asyncio.Event()

    def __contains__(self, event: str) -> bool:
        """Tell whether the message of that id is here."""
        return event in self._ids

    def put(self, messages: Iterable[Message]) -> None:
        """Add messages, in the order in which they were said."""
        for message in messages:
            self._ids.add(message.id)
            self._waiting[message.room].append(message)
            self._pass_on(message.room)

    def done(self, message: Message) -> None:
        """Note that `message` is dealt with: the next of its room may come."""
        self._ids.discard(message.id)
        self._under_way[message.room].discard(message.id)
        self._pass_on(message.room)
        if not self._under_way[message.room]:
            del self._under_way[message.room]
        if not self._under_way:
            self._quiet.set()

    async def messages(self) -> AsyncIterator[Message]:
        """Yield what is passed on, until `close`."""
        while (message := await self._passed_on.get()) is not None:
            yield message

    def close(self) -> None:
        """Pass on no more."""
        self._waiting.clear()
        self._passed_on.put_nowait(None)

    async def quiet(self, within: float) -> bool:
        """Wait until all that was passed on is dealt with; return whether it is."""
        if self._under_way:
            self._quiet.clear()
            try:
                async with asyncio.timeout(within):
                    await self._quiet.wait()
            except TimeoutError:
                return False
        return True

    def _pass_on(self, room: Room) -> None:
        waiting = self._waiting.get(room)
        while waiting and len(self._under_way[room]) < _MOST_UNDER_WAY:
            message = waiting.popleft()
            self._under_way[room].add(message.id)
            self._passed_on.put_nowait(message)
        if waiting is not None and not waiting:
            del self._waiting[room]
