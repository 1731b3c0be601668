"""The transport of the tests: what is said is a list, and what is answered is kept."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

from milestonebot.clock import at
from milestonebot.document import say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Connection, Message, Nature, Room, Sender, Sent, State, Trace
from milestonebot.render.plain import render_plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from milestonebot.document import Document
    from milestonebot.ports import Heeding

NOW = at("2011-12-20").now()


class ScriptedTransport:
    """A network on which the test is everybody else."""

    def __init__(self, network: str = "scripted", *, refused: bool = False, broken: bool = False) -> None:
        self._network = network
        self._refused = refused
        self._broken = broken
        self._heard: asyncio.Queue[Message | None] = asyncio.Queue()
        self._stopping = asyncio.Event()
        self._names = itertools.count(1)
        self._connection = Connection(State.DOWN, NOW)
        self.said: list[tuple[Room, Document, Message | None]] = []
        self.announced: list[tuple[Room, str, str]] = []
        self.finished: list[Message] = []
        self._dealt: dict[str, asyncio.Event] = {}
        self.prompt = False
        """Whether what is said waits for nothing; nobody is told that it was."""
        self.spoke = asyncio.Condition()
        self.failures: list[NetworkError] = []
        """What the next sends raise."""
        self.hold: dict[Room, asyncio.Event] = {}
        """Rooms in which sending waits for an event."""
        self.refusing: dict[Room, NetworkError] = {}
        """What announcing in a room raises."""
        self.told: list[tuple[str, Document]] = []
        self.wanted: dict[Room, str] = {Room(network, "#room"): ""}
        """The rooms that it is to be in, each with why it is not."""
        self.closed: dict[str, str] = {}
        """Rooms that cannot be entered, and why."""

    @property
    def network(self) -> str:
        return self._network

    @property
    def connection(self) -> Connection:
        return self._connection

    @property
    def rooms(self) -> frozenset[Room]:
        if self._connection.state is not State.UP:
            return frozenset()
        return frozenset(room for room, why in self.wanted.items() if not why)

    @property
    def people(self) -> dict[Room, str]:
        return {}

    @property
    def absent(self) -> dict[Room, str]:
        return {room: why for room, why in self.wanted.items() if room not in self.rooms}

    async def enter(self, room: Room) -> None:
        if not room.name.startswith("#") or "," in room.name or not room.name.isprintable():
            raise Refused(f"{room.name} is no channel")
        self.wanted[room] = self.closed.get(room.name, "")
        if self._connection.state is not State.UP:
            raise NetworkError("not connected")
        if self.wanted[room]:
            raise NetworkError(self.wanted[room])

    async def leave(self, room: Room) -> None:
        if room not in self.wanted:
            raise Refused(f"not in {room}")
        del self.wanted[room]

    async def run(self) -> None:
        if self._refused:
            raise Refused("the login is wrong")
        if self._broken:
            raise ZeroDivisionError
        if not self._stopping.is_set():
            self._connection = Connection(State.UP, NOW)
            await self._stopping.wait()
        self._heard.put_nowait(None)
        self._connection = Connection(State.STOPPED, NOW)

    async def messages(self, heeding: Heeding | None = None) -> AsyncIterator[Message]:
        del heeding
        while (message := await self._heard.get()) is not None:
            yield message

    async def send(self, room: Room, document: Document, *, reply_to: Message | None = None) -> Sent:
        if room in self.hold:
            await self.hold[room].wait()
        if self.failures:
            raise self.failures.pop(0)
        async with self.spoke:
            self.said.append((room, document, reply_to))
            self.spoke.notify_all()
        return Sent(str(len(self.said)))

    def send_now(self, room: Room, document: Document, *, reply_to: Message) -> Sent | None:
        if not self.prompt:
            return None
        self.said.append((room, document, reply_to))
        return Sent(str(len(self.said)))

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        if self._connection.state is not State.UP:
            raise NetworkError("not connected")
        if room.name == "#another-room-that-is-not-there":
            raise NetworkError("not in the room")
        return (render_plain(document),)

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        if self._connection.state is not State.UP:
            raise NetworkError("not connected")
        if room in self.refusing:
            raise self.refusing[room]
        self.announced.append((room, part, key))
        return (await self.send(room, say(part))).id

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        del since
        return Trace(said=(room, part, key) in self.announced)

    async def tell(self, account: str, document: Document, *, asked: Message | None = None) -> None:
        del asked
        await self.send(Room(self._network, account), document)
        self.told.append((account, document))

    def done(self, message: Message) -> None:
        self.finished.append(message)
        self._dealt_with(message).set()

    async def stop(self) -> None:
        self._stopping.set()

    # --- for the test

    def connect(self, state: State = State.UP) -> None:
        """Be connected, or not, without `run`."""
        self._connection = Connection(state, NOW)

    def say(
        self, text: str, *, room: str = "#room", private: bool = False, nature: Nature = Nature.TEXT
    ) -> Message:
        name = str(next(self._names))
        where = Room(self._network, room)
        message = Message(where, Sender("somebody"), text, name, NOW, private=private, nature=nature)
        self._heard.put_nowait(message)
        return message

    def _dealt_with(self, message: Message) -> asyncio.Event:
        return self._dealt.setdefault(message.id, asyncio.Event())

    async def dealt_with(self, message: Message) -> None:
        """Return when the bot is done with `message`."""
        async with asyncio.timeout(10):
            await self._dealt_with(message).wait()

    async def answers(self, number: int) -> list[Document]:
        """Return the answers, once there are so many."""
        async with asyncio.timeout(10), self.spoke:
            await self.spoke.wait_for(lambda: len(self.said) >= number)
        return [document for _, document, _ in self.said]
