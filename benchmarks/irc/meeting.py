"""What each bot is before it is measured: what it answers, and which capabilities the server has given it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.irc.people import arrive
from benchmarks.irc.running import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from benchmarks.irc.bots import Bot

ROOM = "#room0"
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Met:
    """What was seen of a bot."""

    answer: str
    """The line that it answers `!milestone essex-2` with."""
    capabilities: frozenset[str]


async def meet(port: int, made: Callable[[int], Bot]) -> Met:
    """Return what the bot that `made` starts for a port says and asks for; or raise TimeoutError."""
    [person] = await arrive(port, [ROOM])
    async with _relay(port) as (relayed, heard), running(made(relayed)):
        try:
            async with asyncio.timeout(_PATIENCE):
                await person.bot_here.wait()
                await person.ask(1, 1)
        finally:
            person.transport.abort()
    given = [line.partition(b" ACK ")[2].lstrip(b":") for line in heard.split(b"\r\n") if b" ACK " in line]
    return Met(person.heard, frozenset(b" ".join(given).decode().split()))


@asynccontextmanager
async def _relay(port: int) -> AsyncIterator[tuple[int, bytearray]]:
    """Pass on a connection to `port`; give the port to connect to, and what the server says there."""
    heard = bytearray()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                kept += data
                writer.write(data)
                await writer.drain()
        writer.close()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, back, bytearray()), pump(there, writer, heard))

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard
