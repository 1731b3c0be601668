"""The console: this terminal, or a pipe, as a chat network with one room.

Everything that is typed is put to the bot, so no prefix is needed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

from milestonebot.ports import Message, Room, Sender, Sent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from typing import TextIO

    from milestonebot.document import Document
    from milestonebot.ports import Clock

ROOM = Room("console", "terminal")
_LONGEST = 65_536
"""Characters of one line that are read; what is behind them is dropped."""
_LEAVING = frozenset({"exit", "quit", "bye", "q"})


class Reader(Protocol):
    """Where lines come from."""

    async def line(self) -> str | None:
        """Return the next line, or None when there is no more."""
        ...


@dataclass(slots=True)
class PipeReader:
    """Reads lines from a stream that is not a terminal."""

    stream: TextIO

    async def line(self) -> str | None:
        """Return the next line without its end; only its first 65,536 characters are kept."""
        return await asyncio.to_thread(self._line)

    def _line(self) -> str | None:
        text = self.stream.readline(_LONGEST)
        if not text:
            return None
        rest = text
        while rest and not rest.endswith("\n"):
            rest = self.stream.readline(_LONGEST)
        return text.rstrip("\r\n")


@dataclass(slots=True)
class ConsoleTransport:
    """One person at a terminal. `show` writes a document, and returns what of it is left for `!more`."""

    reader: Reader
    show: Callable[[Document], Document | None]
    clock: Clock
    room: Room = ROOM
    person: str = "you"
    _ids: count[int] = field(default_factory=lambda: count(1))

    async def messages(self) -> AsyncIterator[Message]:
        """Yield each line that is typed, until the end of input or `exit`.

        The next line is read when the one before it has been answered.
        """
        while (text := await self.reader.line()) is not None:
            said = text.strip()
            if said.casefold() in _LEAVING:
                return
            if said:
                yield self.message(said)

    def message(self, text: str) -> Message:
        """Return `text` as a message that was typed just now."""
        name = str(next(self._ids))
        return Message(self.room, Sender(self.person), text, name, self.clock.now(), private=True)

    async def send(
        self, room: Room, document: Document, *, key: str | None = None, reply_to: Message | None = None
    ) -> Sent:
        """Show `document`; a terminal shows each once, so `key` changes nothing."""
        del room, key, reply_to
        return Sent(rest=self.show(document))
