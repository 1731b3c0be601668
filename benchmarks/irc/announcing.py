"""One announcement in many channels: by ours with its outbox, and by other bots as they do it.

`python -m benchmarks.irc.announcing PORT WHERE TIMES` is ours, in a process of its own: it announces so
often, and prints as JSON when each began and ended. WHERE is `nowhere`, a new SQLite file, or the URL of an
empty PostgreSQL database. Without an outbox it ends when the server has confirmed each line; with one it
begins when an admin's announcement is taken, and ends when each delivery was kept, claimed before it was
written, confirmed by the server, and is kept as sent.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.irc.people import Listener, arrive
from benchmarks.irc.running import running
from benchmarks.irc.words import EVERYWHERE, NEWS, NEWSROOM
from benchmarks.running import BotFailed
from milestonebot.announcer import Announcer
from milestonebot.catalog import Catalog
from milestonebot.clock import SystemClock
from milestonebot.outbox import Stage
from milestonebot.ports import Room
from milestonebot.settings import Settings
from milestonebot.sources.openstack import OpenStackSource
from milestonebot.store import open_outbox
from milestonebot.transports.irc.settings import IrcSettings, Server
from milestonebot.transports.irc.transport import IrcTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from benchmarks.irc.bots import Bot

CHANNELS = 500
NEWSROOMS = [f"{NEWSROOM}{number}" for number in range(CHANNELS)]
NOWHERE = "nowhere"
_ASKER = "#room0"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Taken:
    """The seconds of one announcement by ours."""

    heard: float
    """Until somebody in all channels has heard it in each, which is what others are measured by."""
    ended: float
    """Until nothing of it is left to do, what is kept of it included."""


async def theirs(port: int, made: Callable[[Sequence[str]], Bot], times: int) -> list[float]:
    """Return the seconds from when somebody asks for it to be said everywhere to when all was heard."""
    listener = await _listening(port)
    [person] = await arrive(port, [_ASKER])
    taken = []
    async with running(made([_ASKER, *NEWSROOMS])), asyncio.timeout(_PATIENCE):
        await person.bot_here.wait()
        await listener.bot_here.wait()
        await asyncio.sleep(1)  # Some ask the server who is in each room, and that is no part of it.
        for _ in range(times):
            listener.expect()
            begin = perf_counter()
            person.write(f"PRIVMSG {_ASKER} :{EVERYWHERE}")
            await listener.told.wait()
            taken.append(perf_counter() - begin)
    person.transport.abort()
    listener.transport.abort()
    return taken


async def ours(port: int, where: str, times: int) -> list[Taken]:
    """Return the seconds of each announcement: as somebody hears it, and as ours tells its end."""
    listener = await _listening(port)
    command = [sys.executable, "-m", "benchmarks.irc.announcing", str(port), where, str(times)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(_PATIENCE):
            told, _ = await process.communicate()
            if process.returncode:
                raise BotFailed(f"milestonebot, announcing, ended with exit code {process.returncode}")
            while listener.heard < times * CHANNELS:  # noqa: ASYNC110 - it is as good as there
                await asyncio.sleep(0.05)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        listener.transport.abort()
    assert listener.heard == times * CHANNELS
    return [
        Taken(heard - begin, end - begin)
        for (begin, end), heard in zip(json.loads(told), listener.moments, strict=True)
    ]


async def _listening(port: int) -> Listener:
    loop = asyncio.get_running_loop()
    _, listener = await loop.create_connection(lambda: Listener(NEWSROOMS), "127.0.0.1", port)
    await listener.here.wait()
    return listener


async def _without(
    transport: IrcTransport, rooms: Sequence[Room], times: int
) -> AsyncIterator[tuple[float, float]]:
    for number in range(times):
        begin = perf_counter()
        await asyncio.gather(*(transport.announce(room, NEWS, f"{number}") for room in rooms))
        yield begin, perf_counter()


async def _durable(
    transport: IrcTransport, rooms: Sequence[Room], times: int, where: str
) -> AsyncIterator[tuple[float, float]]:
    outbox = await open_outbox(where if "://" in where else Path(where))
    catalog = Catalog.of(OpenStackSource().read())
    announcer = Announcer(
        outbox,
        clock=SystemClock(),
        settings=Settings(),
        announcements=[],
        transports=[transport],
        catalog=lambda: catalog,
        alarm=lambda _moment, _job: None,
    )
    await announcer.look()
    # As `milestonebot run` does when it has begun.
    gc.collect()
    gc.freeze()
    for number in range(times):
        begin = perf_counter()
        await announcer.announce(rooms, NEWS, f"{number}", "net/release-manager")
        while announcer.busy:  # noqa: ASYNC110 - nothing tells, and a millisecond is not much
            await asyncio.sleep(0.001)
        end = perf_counter()
        assert (await outbox.counted())[Stage.SENT] == (number + 1) * len(rooms)
        yield begin, end
    await announcer.stop(1)
    await outbox.close()


async def main(port: int, where: str, times: int) -> None:
    """Announce, and print when each announcement began and ended."""
    server = Server("127.0.0.1", port, tls=False)
    settings = IrcSettings("net", "relbot", (server,), rooms=tuple(NEWSROOMS), pace=None)
    transport = IrcTransport(settings, Settings(), SystemClock())
    running = asyncio.create_task(transport.run())
    rooms = [Room("net", name) for name in NEWSROOMS]
    async with asyncio.timeout(_PATIENCE):
        while len(transport.rooms) < CHANNELS:  # noqa: ASYNC110 - no transport tells
            await asyncio.sleep(0.05)
        announcing = (
            _without(transport, rooms, times)
            if where == NOWHERE
            else _durable(transport, rooms, times, where)
        )
        print(json.dumps([each async for each in announcing]))
        await transport.stop()
        await running


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
