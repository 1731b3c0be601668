"""The console: this terminal, or a pipe, as a chat network with one room.

Everything that is typed is put to the bot, so no prefix is needed.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Protocol

from milestonebot.document import say
from milestonebot.errors import Refused
from milestonebot.ports import Connection, Message, Rights, Room, Sender, Sent, State, Trace
from milestonebot.render.plain import render_plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime
    from typing import TextIO

    from milestonebot.document import Document
    from milestonebot.ports import Clock, Heeding

_LONGEST = 65_536
"""Characters of one line that are read; what is behind them is dropped."""
_LEAVING = frozenset({"exit", "quit", "bye", "q"})


class Reader(Protocol):
    """Where lines come from."""

    async def line(self) -> str | None:
        """Return the next line, or None when there is no more."""
        ...


class PipeReader:
    """Reads lines from a stream that is not a terminal."""

    def __init__(self, stream: TextIO) -> None:
        """Read from `stream`."""
        self._stream = stream

    async def line(self) -> str | None:
        """Return the next line without its end; only its first 65,536 characters are kept."""
        return await asyncio.to_thread(self._line)

    def _line(self) -> str | None:
        text = self._stream.readline(_LONGEST)
        if not text:
            return None
        rest = text
        while rest and not rest.endswith("\n"):
            rest = self._stream.readline(_LONGEST)
        return text.rstrip("\r\n")


class ConsoleTransport:
    """One person at a terminal."""

    def __init__(
        self,
        reader: Reader,
        show: Callable[[Document], Document | None],
        clock: Clock,
        room: Room,
        *,
        private: bool = True,
    ) -> None:
        """Take lines from `reader`; `show` writes a document and returns what of it is left for `!more`.

        Not `private`, it is a room of the config, in which a command needs its prefix.
        """
        self._reader = reader
        self._show = show
        self._clock = clock
        self._room = room
        self._private = private
        self._ids = count(1)
        self._left = asyncio.Event()
        self._state = Connection(State.CONNECTING, clock.now())

    @property
    def network(self) -> str:
        """Return the name of the network that the terminal stands for."""
        return self._room.network

    @property
    def connection(self) -> Connection:
        """Return whether the person is there."""
        return self._state

    @property
    def rooms(self) -> frozenset[Room]:
        """Return the terminal, while the person is there."""
        return frozenset({self._room}) if self._state.state is State.UP else frozenset()

    @property
    def people(self) -> dict[Room, str]:
        """Return nobody: what is said in private is in no room."""
        return {}

    @property
    def absent(self) -> dict[Room, str]:
        """Return none: it has one room, and is there."""
        return {}

    async def enter(self, room: Room) -> None:
        """Do nothing in its one room; Refused for any other."""
        if room != self._room:
            raise Refused("a terminal has one room only")

    async def leave(self, room: Room) -> None:
        """Refuse: whoever types there leaves with `exit`."""
        raise Refused(f"{room}: a terminal is left by whoever types there")

    async def run(self) -> None:
        """Be there until input ends, or `stop`."""
        self._state = Connection(State.UP, self._clock.now())
        await self._left.wait()
        self._state = Connection(State.STOPPED, self._clock.now())

    async def messages(self, heeding: Heeding | None = None) -> AsyncIterator[Message]:
        """Yield each line that is typed, until the end of input or `exit`.

        Whoever reads asks for the next line when the one before it has been answered.
        """
        del heeding
        while (text := await self._next()) is not None:
            if said := text.strip():
                yield self.message(said)
        self._left.set()

    def message(self, text: str) -> Message:
        """Return `text` as a message that was typed just now."""
        sender = Sender("you", rights=Rights.OWNER)
        name = str(next(self._ids))
        return Message(self._room, sender, text, name, self._clock.now(), private=self._private)

    async def send(self, room: Room, document: Document, *, reply_to: Message | None = None) -> Sent:
        """Show `document`."""
        del room, reply_to
        return Sent(rest=self._show(document))

    def send_now(self, room: Room, document: Document, *, reply_to: Message) -> Sent | None:
        """Do nothing: whoever types there waits for one answer at a time."""
        del room, document, reply_to
        return None

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        """Return `document` as one text: a terminal takes all of it."""
        del room
        return (render_plain(document),)

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        """Show `part`; a terminal shows what it is given, and gives it no id."""
        del room, key
        self._show(say(part))
        return None

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        """Take it as not said: what an earlier process showed, nobody may have seen."""
        del room, part, key, since
        return Trace(said=False, sure=False)

    async def tell(self, account: str, document: Document, *, asked: Message | None = None) -> None:
        """Show `document`: whoever types there is the only one to tell."""
        del account, asked
        self._show(document)

    def done(self, message: Message) -> None:
        """Do nothing: a terminal says nothing again."""

    async def stop(self) -> None:
        """Leave the terminal to the shell."""
        self._left.set()

    async def _next(self) -> str | None:
        """Return the next line; None at the end of input, on `exit`, or when the bot stops."""
        line = asyncio.ensure_future(self._reader.line())
        left = asyncio.ensure_future(self._left.wait())
        await asyncio.wait({line, left}, return_when=asyncio.FIRST_COMPLETED)
        left.cancel()
        if not line.done():
            line.cancel()
            return None
        text = line.result()
        return None if text is None or text.strip().casefold() in _LEAVING else text
