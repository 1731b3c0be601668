"""An IRC server that says what the test tells it to say, right or wrong."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Self

from tests.transports.irc.playing import GREETING

if TYPE_CHECKING:
    import ssl

PATIENCE = 10.0
LONGEST = 1 << 20


class Guest:
    """The bot, as its server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._coming: asyncio.Queue[str] = asyncio.Queue()
        self.lines: list[str] = []
        """All that it said, as far as the test has looked."""

    async def listen(self, *, stubborn: bool) -> None:
        """Take in what the bot says until it goes; unless the server is stubborn, QUIT lets it go."""
        with contextlib.suppress(ConnectionError):
            while data := await self._reader.readline():
                assert data.endswith(b"\r\n"), data
                self._coming.put_nowait(data.decode().removesuffix("\r\n"))
                if data.startswith(b"QUIT") and not stubborn:
                    break
        self._coming.put_nowait("")
        self._writer.close()

    async def line(self, within: float | None = PATIENCE) -> str:
        """Return the next line; it is empty when the connection is closed."""
        async with asyncio.timeout(within):
            line = await self._coming.get()
        self.lines.append(line)
        return line

    async def until(self, begin: str) -> str:
        """Return the next line that begins so."""
        while not (line := await self.line()).startswith(begin):
            assert line, f"closed before {begin!r}; there came {self.lines}"
        return line

    async def gone(self) -> None:
        """Return when the bot has closed the connection."""
        while await self.line():
            pass

    async def send(self, *lines: str) -> None:
        """Say lines."""
        await self.send_bytes("".join(f"{line}\r\n" for line in lines).encode())

    async def send_bytes(self, data: bytes) -> None:
        """Say exactly this."""
        self._writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def caught_up(self) -> list[str]:
        """Return what the bot says to all that it was told before."""
        begin = len(self.lines)
        await self.send("PING :caught-up")
        await self.until("PONG :caught-up")
        return self.lines[begin:-1]

    async def welcome(self, *capabilities: str) -> None:
        """Let the bot register, with these capabilities."""
        await self.until("CAP LS 302")
        await self.send(f":irc.test CAP * LS :{' '.join(capabilities)}")
        if capabilities:
            await self.until("CAP REQ")
            await self.send(f":irc.test CAP * ACK :{' '.join(capabilities)}")
        await self.until("CAP END")
        await self.send(*GREETING)

    async def let_in(self, *capabilities: str) -> None:
        """Let the bot register and join what it asks for first."""
        await self.welcome(*capabilities)
        rooms = (await self.until("JOIN ")).removeprefix("JOIN ")
        await self.send(*(f":relbot!rel@bot.example JOIN {room}" for room in rooms.split(",")))
        await self.caught_up()

    async def say(self, text: str, target: str = "#release", nick: str = "ann") -> None:
        """Let somebody say something."""
        await self.send(f":{nick}!user@host PRIVMSG {target} :{text}")

    def read(self, *, on: bool) -> None:
        """Go on reading what the bot says, or leave it in the network's buffers."""
        transport = self._writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.resume_reading() if on else transport.pause_reading()

    def drop(self) -> None:
        """Break the connection."""
        self._writer.transport.abort()


class ScriptedServer:
    """Listens on a free port of 127.0.0.1."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, *, stubborn: bool = False, first: bytes = b""
    ) -> None:
        """Say `first` to everybody before they have said anything."""
        self._tls = tls
        self._first = first
        self._stubborn = stubborn
        self._guests: asyncio.Queue[Guest] = asyncio.Queue()
        self._all: list[Guest] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; again on the same port where it did before."""
        self._server = await asyncio.start_server(
            self._meet, "127.0.0.1", self.port, ssl=self._tls, limit=LONGEST
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and break all connections."""
        assert self._server is not None
        self._server.close()
        for guest in self._all:
            guest.drop()
        await self._server.wait_closed()

    async def guest(self, within: float | None = PATIENCE) -> Guest:
        """Return the next who connects."""
        async with asyncio.timeout(within):
            return await self._guests.get()

    @property
    def empty(self) -> bool:
        """Tell whether nobody waits for the test."""
        return self._guests.empty()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        guest = Guest(reader, writer)
        self._all.append(guest)
        self._guests.put_nowait(guest)
        await guest.send_bytes(self._first)
        await guest.listen(stubborn=self._stubborn)
