"""The proxy passes everything on but what it is told to cut or to keep."""

from __future__ import annotations

import asyncio
import contextlib
import re
from typing import TYPE_CHECKING

from tests.chaos.proxy import Passage, Proxy, Trap, Way
from tests.servers.ports import HOST

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class _Server:
    """Keeps what it hears, and says it back a line at a time."""

    def __init__(self) -> None:
        self.heard = b""
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                self.heard += line
                writer.write(b"echo of " + line)
        self.ended.set()
        writer.close()


@contextlib.asynccontextmanager
async def between() -> AsyncIterator[tuple[_Server, Proxy, asyncio.StreamReader, asyncio.StreamWriter]]:
    server = _Server()
    listening = await asyncio.start_server(server.serve, HOST, 0)
    async with Proxy(listening.sockets[0].getsockname()[1]) as proxy:
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        yield server, proxy, reader, writer
        writer.close()
    listening.close()


async def test_it_passes_on_what_is_said() -> None:
    async with between() as (server, _, reader, writer):
        writer.write(b"one\ntwo\n")
        assert [await reader.readline(), await reader.readline()] == [b"echo of one\n", b"echo of two\n"]
        assert server.heard == b"one\ntwo\n"


async def test_a_line_is_cut_in_its_middle_once() -> None:
    async with between() as (server, proxy, reader, writer):
        proxy.traps.append(Trap(Way.UP, re.compile(rb"two\n"), 0.5, Passage.cut))
        writer.write(b"one\n")
        await reader.readline()
        writer.write(b"two\n")
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        await server.ended.wait()
        assert server.heard in (b"one\ntw", b"one\n")
        assert proxy.traps == []


async def test_an_answer_is_cut_and_what_it_answers_was_heard() -> None:
    async with between() as (server, proxy, reader, writer):
        proxy.traps.append(Trap(Way.DOWN, re.compile(rb"echo of one"), 0.5, Passage.cut))
        writer.write(b"one\n")
        with contextlib.suppress(ConnectionError):
            assert not (await reader.read()).endswith(b"\n")
        assert server.heard == b"one\n"


async def test_what_a_ghost_said_comes_when_it_is_let_go() -> None:
    async with between() as (server, proxy, reader, writer):
        held = asyncio.Event()

        def hold(passage: Passage) -> None:
            passage.hold()
            held.set()

        proxy.traps.append(Trap(Way.UP, re.compile(rb"two\n"), 0.0, hold))
        writer.write(b"one\n")
        await reader.readline()
        writer.write(b"two\n")
        await held.wait()
        writer.close()
        while not proxy.ghosts:  # noqa: ASYNC110 - nobody tells it
            await asyncio.sleep(0)
        assert not server.ended.is_set()
        assert server.heard == b"one\n"
        proxy.ghosts[0].let_go()
        await server.ended.wait()
        assert server.heard == b"one\ntwo\n"
