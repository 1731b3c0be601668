"""The people who talk to the bot: many clients on bare sockets, in this process.

They acknowledge at once what they read. Linux would put that off by 40 ms, and InspIRCd, which leaves Nagle's
algorithm on, would hold back its next line to them as long: that is not the bots' time.
"""

from __future__ import annotations

import asyncio
import socket
from functools import partial
from time import perf_counter

from benchmarks.irc.words import ASKED, NEWS

PATIENCE = 100.0
# Linux alone has it; it has to be said after each read (tcp(7)).
_QUICKACK = getattr(socket, "TCP_QUICKACK", None)


def _acknowledge(transport: asyncio.Transport) -> None:
    if _QUICKACK is not None:
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)


class Person(asyncio.Protocol):
    """Somebody in a room, alone with the bot."""

    transport: asyncio.Transport

    def __init__(self, nick: str, room: str) -> None:
        """Be `nick`, in `room`."""
        self.nick, self.room = nick, room
        self._rest = b""
        self._answers = 0
        self._more = asyncio.Event()
        self.to_ask = 0
        """How many questions are left, each put when an answer comes."""
        self.heard = ""
        """What the bot said last."""
        self.here = asyncio.Event()
        self.bot_here = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.write(f"NICK {self.nick}", f"USER {self.nick} 0 * :{self.nick}")

    def write(self, *lines: str) -> None:
        """Send lines."""
        self.transport.write("".join(f"{line}\r\n" for line in lines).encode())

    def data_received(self, data: bytes) -> None:
        """Count the bot's answers; where there is more to ask, ask it."""
        _acknowledge(self.transport)
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        answers = 0
        for line in lines:
            if line.startswith(b":relbot!"):
                if b" NOTICE " in line or b" PRIVMSG " in line:
                    answers += 1
                    self.heard = line.partition(b" :")[2].decode()
                elif b" JOIN " in line:
                    self.bot_here.set()
            elif line.startswith(b"PING"):
                self.write(f"PONG {line[5:].decode()}")
            elif b" 376 " in line or b" 422 " in line:
                self.write(f"JOIN {self.room}")
            elif b" 366 " in line:
                self.here.set()
        if answers:
            self._answers += answers
            asks = min(answers, self.to_ask)
            self.to_ask -= asks
            if asks:
                self.write(*[f"PRIVMSG {self.room} :{ASKED}"] * asks)
            self._more.set()

    async def ask(self, number: int, at_once: int) -> None:
        """Ask `number` times, with `at_once` questions under way; return when all are answered."""
        done = self._answers + number
        first = min(number, at_once)
        self.to_ask = number - first
        self.write(*[f"PRIVMSG {self.room} :{ASKED}"] * first)
        async with asyncio.timeout(PATIENCE):
            while self._answers < done:
                self._more.clear()
                await self._more.wait()

    async def time_one(self) -> float:
        """Return the seconds until one answer is here."""
        begin = perf_counter()
        await self.ask(1, 1)
        return perf_counter() - begin


class Listener(asyncio.Protocol):
    """Somebody in all rooms for news, who counts what is said there."""

    transport: asyncio.Transport

    def __init__(self, rooms: list[str]) -> None:
        """Join `rooms`."""
        self._rooms = rooms
        self._rest = b""
        self._joined: set[bytes] = set()
        self._left = 0
        self.heard = 0
        """How often NEWS was said."""
        self.moments: list[float] = []
        """When it was said so often again as there are rooms: perf_counter, one clock for all processes."""
        self.here, self.bot_here, self.told = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"NICK listener\r\nUSER listener 0 * :listener\r\n")

    def expect(self) -> None:
        """Set `told` as soon as NEWS was said once for each room."""
        self.told.clear()
        self._left = len(self._rooms)

    def data_received(self, data: bytes) -> None:
        """Count the news, and the rooms that the bot has come into."""
        _acknowledge(self.transport)
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        for line in lines:
            if line.startswith(b":relbot!"):
                if line.endswith(NEWS.encode()):
                    self._count()
                elif b" JOIN " in line:
                    self._joined.add(line.split(b" ")[2])
                    if len(self._joined) == len(self._rooms):
                        self.bot_here.set()
            elif line.startswith(b"PING"):
                self.transport.write(b"PONG " + line[5:] + b"\r\n")
            elif b" 376 " in line or b" 422 " in line:
                self.transport.write("".join(f"JOIN {room}\r\n" for room in self._rooms).encode())
            elif b" 366 " in line and self._rooms[-1].encode() in line:
                self.here.set()

    def _count(self) -> None:
        self.heard += 1
        if self.heard % len(self._rooms) == 0:
            self.moments.append(perf_counter())
        self._left -= 1
        if not self._left:
            self.told.set()


def _itself(person: Person) -> Person:
    return person


async def arrive(port: int, rooms: list[str]) -> list[Person]:
    """Let one person come into each room."""
    loop = asyncio.get_running_loop()
    people = [Person(f"person{number}", room) for number, room in enumerate(rooms)]
    for person in people:
        await loop.create_connection(partial(_itself, person), "127.0.0.1", port)
    for person in people:
        await person.here.wait()
    return people
