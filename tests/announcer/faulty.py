"""An outbox and a network that fail, hang and lose their word, as often as the test wants."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milestonebot.errors import InDoubt, NetworkError, StoreError
from milestonebot.ports import Connection, Room, State, Trace
from milestonebot.render.plain import render_plain
from tests.announcer.kept import KeptOutbox
from tests.transports.scripted import NOW, ScriptedTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from random import Random

    from milestonebot.document import Document
    from milestonebot.outbox import Delivery


@dataclass
class Faults:
    """How often things go wrong; 0 is never."""

    chance: Random
    often: float = 0.0
    hangs: float = 0.0

    async def pause(self) -> None:
        """Let others have their turns, so that a restart may fall between any two steps."""
        for _ in range(self.chance.randrange(3)):
            await asyncio.sleep(0)
        if self.chance.random() < self.hangs:
            await asyncio.Event().wait()

    def strike(self) -> bool:
        return self.chance.random() < self.often


class FaultyOutbox(KeptOutbox):
    """Fails before or after it has kept something."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    async def _reach(self) -> None:
        await self._faults.pause()
        if self._faults.strike():
            raise StoreError("the database is locked")
        await super()._reach()

    async def pending(self) -> Sequence[Delivery]:
        found = await super().pending()
        # What it tells may be old when it is heard.
        for _ in range(5):
            await self._faults.pause()
        return found

    async def _kept(self) -> None:
        await self._faults.pause()
        if self._faults.strike():
            raise StoreError("the connection was lost in the commit")


def _ambiguous(name: str) -> Callable[..., object]:
    async def call(self: FaultyOutbox, *given: object, **named: object) -> object:
        result = await getattr(KeptOutbox, name)(self, *given, **named)
        await self._kept()
        return result

    return call


for _name in ("add", "claim", "part_said", "postpone", "finish"):
    setattr(FaultyOutbox, _name, _ambiguous(_name))


@dataclass
class Network:
    """What the people on a network see; it outlives the bot."""

    seen: defaultdict[Room, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Pairs of key and part, in order."""
    dedupes: bool = False
    """Whether saying something again under its key makes no second copy (Matrix)."""
    tells: bool = True
    """Whether it keeps a history that tells what was said."""
    doubtful: bool = True
    """Whether its failures may leave in doubt what was said."""
    traced: list[str] = field(default_factory=list)
    """The keys that it was asked about."""


class FaultyTransport(ScriptedTransport):
    """One connection to a network."""

    def __init__(self, network: Network, faults: Faults) -> None:
        super().__init__()
        self.seen = network.seen
        self._dedupes = network.dedupes
        self._tells = network.tells
        self._doubtful = network.doubtful
        self._traced = network.traced
        self._faults = faults
        self.connect()

    @property
    def connection(self) -> Connection:
        return Connection(State.DOWN if self._faults.strike() else State.UP, NOW)

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        del room
        if self._faults.strike():
            raise NetworkError("not in the room")
        return tuple(render_plain(document).split("; "))

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        await self._faults.pause()
        if self._faults.strike():
            raise NetworkError("not connected")
        if self._doubtful and self._faults.strike():
            raise InDoubt("cut before it arrived")
        if not (self._dedupes and key in self._keys(room)):
            self.seen[room].append((key, part))
        await self._faults.pause()
        if self._doubtful and self._faults.strike():
            raise InDoubt("cut after it arrived")
        if self._doubtful and self._faults.strike():
            raise ZeroDivisionError
        return key

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        del part, since
        self._traced.append(key)
        await self._faults.pause()
        if self._faults.strike():
            raise NetworkError("not connected")
        if not self._tells:
            return Trace(said=False, sure=False)
        said = not self._dedupes and key in self._keys(room)
        return Trace(said, key if said else None)

    def _keys(self, room: Room) -> Sequence[str]:
        return [key for key, _ in self.seen[room]]
