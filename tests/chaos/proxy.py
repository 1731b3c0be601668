"""A proxy of the tests' own between the bot and a server: it cuts, holds back and watches what passes."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Self

from tests.servers.ports import HOST, free_ports

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16
ANNOUNCED = re.compile(rb"PRIVMSG #\S+ :n\d{3}w\d{3}[^\n]*\n|\{[^\n]*n\d{3}w\d{3}[^\n]*\}")
"""An announcement on its way: a line of IRC, or the body of a request."""


class Way(Enum):
    """Where something goes."""

    UP = "to the server"
    DOWN = "to the bot"


@dataclass(frozen=True, slots=True)
class Trap:
    """What is done with the next chunk that has `pattern` in it, once."""

    way: Way
    pattern: re.Pattern[bytes]
    passes: float
    """How much of the match goes on before anything is done: 0.5 is up to its middle, 1 all of the chunk."""
    then: Callable[[Passage], None]


class Passage:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, bot: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._bot = bot
        self._server = server
        self.held = False
        """Whether what the bot says is kept here, and the server does not hear that the bot is gone."""
        self._kept = b""

    def cut(self) -> None:
        """End both connections at once."""
        for writer in (self._bot, self._server):
            writer.transport.abort()

    def hold(self) -> None:
        """Keep what the bot says from now on."""
        self.held = True

    def release(self) -> None:
        """Say what was kept, and go on."""
        self.held = False
        if not self._server.is_closing():
            self._server.write(self._kept)
        self._kept = b""

    def let_go(self) -> None:
        """End the server's side in good order, after what was kept is said."""
        self.release()
        self._server.close()

    def passed(self, way: Way, data: bytes) -> None:
        """Take what came from one side to the other."""
        trap = self._proxy.sprung(way, data)
        if trap is None:
            self._pass(way, data)
            return
        found = trap.pattern.search(data)
        assert found is not None
        whole = trap.passes >= 1
        end = len(data) if whole else found.start() + int(len(found[0]) * trap.passes)
        self._pass(way, data[:end])
        trap.then(self)
        if self.held:
            self._pass(way, data[end:])

    def _pass(self, way: Way, data: bytes) -> None:
        if way is Way.UP and self.held:
            self._kept += data
            return
        writer = self._server if way is Way.UP else self._bot
        if not writer.is_closing():
            writer.write(data)


class Proxy:
    """Listens on a port of its own, as long as it is open."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = free_ports(1)[0]
        self.traps: list[Trap] = []
        self.passages: list[Passage] = []
        self.ghosts: list[Passage] = []
        """Those whose bot is gone, while the server still hears of nothing."""
        self._open = asyncio.Event()
        self._open.set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HOST, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for passage in [*self.passages, *self.ghosts]:
            passage.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self) -> None:
        """Let no connection through from now on; those who come wait."""
        self._open.clear()

    def open(self) -> None:
        """Let them through again."""
        self._open.set()

    def arm(self, strike: Callable[[], None]) -> None:
        """Call `strike` as soon as an announcement has gone on to the server, before its answer can."""
        self.traps.append(Trap(Way.UP, ANNOUNCED, 1.0, lambda _: strike()))

    def sprung(self, way: Way, data: bytes) -> Trap | None:
        """Return the trap that this springs, which is no trap any more."""
        for trap in self.traps:
            if trap.way is way and trap.pattern.search(data):
                self.traps.remove(trap)
                return trap
        return None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._open.wait()
            behind, before = await asyncio.open_connection(HOST, self.target)
            await self._connected(Passage(self, writer, before), (reader, writer), (behind, before))
        writer.close()

    async def _connected(
        self,
        passage: Passage,
        bot: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.passages.append(passage)
        down = asyncio.create_task(_pump(server[0], passage, Way.DOWN))
        down.add_done_callback(lambda _: bot[1].close())
        self._tasks.add(down)
        down.add_done_callback(self._tasks.discard)
        await _pump(bot[0], passage, Way.UP)
        self.passages.remove(passage)
        if passage.held:
            self.ghosts.append(passage)
        else:
            server[1].close()
        with contextlib.suppress(asyncio.CancelledError):
            await down


async def _pump(reader: asyncio.StreamReader, passage: Passage, way: Way) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            passage.passed(way, data)
