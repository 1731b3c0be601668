"""The people who talk to the bot: many clients on bare sockets, in this process."""

from __future__ import annotations

import asyncio
from functools import partial
from time import perf_counter

PATIENCE = 100.0
ASKED = "!milestone essex-2"


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
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        answers = 0
        for line in lines:
            if line.startswith(b":relbot!"):
                if b" NOTICE " in line or b" PRIVMSG " in line:
                    answers += 1
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
