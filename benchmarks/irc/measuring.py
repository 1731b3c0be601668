"""What is measured of one bot: its start, its answers when much is asked and when little is, its memory."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.irc.people import arrive
from benchmarks.irc.running import running
from benchmarks.process import cpu, memory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from benchmarks.irc.bots import Bot
    from benchmarks.irc.people import Person

PEOPLE = 50
AT_ONCE = 20
ROOMS = [f"#room{number}" for number in range(PEOPLE)]
_WARM = 20
_IGNORED = 50
"""So much that is no question is said before one is asked."""
_PATIENCE = 30.0
_AWAKE = 0.005
"""Seconds between two lines that keep a server from sleeping."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked of a bot, so that each is measured for some seconds."""

    passes: int
    """So often the bot is measured under load: other work slows it down for tenths of a second."""
    replies: int
    """For each of the people, in each pass."""
    ignored: int
    """So often each of the people says things that are no question, in each pass."""
    alone: int
    """Questions of one person, one after the other."""
    starts: int
    """Starts of the bot."""


async def answering(bot: Bot, port: int, load: Load) -> list[dict[str, float]]:
    """Return what answers cost, in a room for each of the people: of each pass, then of the whole."""
    people = await arrive(port, ROOMS)
    async with running(bot) as pid:
        try:
            async with asyncio.timeout(_PATIENCE):
                for person in people:
                    await person.bot_here.wait()
            async with _awake(people[0]):
                await _together(people, _WARM)
                told = [await _busy(people, pid, load) for _ in range(load.passes)]
            return [*told, {**await _alone(people[0], load.alone), "memory, MiB": memory(pid)}]
        finally:
            for person in people:
                person.transport.abort()


async def _alone(person: Person, questions: int) -> dict[str, float]:
    times = [await person.time_one() for _ in range(questions)]
    return {"alone, p50, ms": median(times) * 1e3, "alone, p99, ms": quantiles(times, n=100)[98] * 1e3}


async def _together(people: list[Person], replies: int) -> None:
    await asyncio.gather(*(person.ask(replies, AT_ONCE) for person in people))


async def _busy(people: list[Person], pid: int, load: Load) -> dict[str, float]:
    before, begin = cpu(pid), perf_counter()
    await _together(people, load.replies)
    spent, passed = cpu(pid) - before, perf_counter() - begin
    replies = PEOPLE * load.replies
    before = cpu(pid)
    for _ in range(load.ignored):
        # Not all at once, or the server would give up on whoever is to read it.
        for person in people:
            person.write(*[f"PRIVMSG {person.room} :that is no question, is it"] * _IGNORED)
        await _together(people, 1)
    ignored = cpu(pid) - before - spent / replies * PEOPLE * load.ignored
    return {
        "CPU per reply, µs": spent / replies * 1e6,
        "replies per second": replies / passed,
        "CPU per ignored line, µs": ignored / (PEOPLE * _IGNORED * load.ignored) * 1e6,
    }


async def starting(bot: Bot, port: int, starts: int) -> list[float]:
    """Return the seconds from exec to the JOIN that somebody sees, over the phases of the server's second.

    InspIRCd lets in who has introduced himself once a second, when its clock's second begins: a bot that is
    ready just before waits for nothing, and one that is ready just after for a second. Starting behind such
    a tick, as anybody does who has just come in himself, would measure the tick alone. So the starts are
    spread evenly over the second; their best is near what the bot itself needs, and their median is what an
    operator sees. An idle server would besides sleep through its tick.
    """
    [person] = await arrive(port, ROOMS[:1])
    taken = []
    async with _awake(person):
        for number in range(starts):
            phase = (number + 0.5) / starts
            await asyncio.sleep((phase - time.time()) % 1)
            person.bot_here.clear()
            begin = perf_counter()
            async with running(bot):
                async with asyncio.timeout(_PATIENCE):
                    await person.bot_here.wait()
                taken.append(perf_counter() - begin)
    person.transport.abort()
    return taken


@asynccontextmanager
async def _awake(person: Person) -> AsyncIterator[None]:
    """Let `person` keep the server from sleeping, as the people of any network do.

    InspIRCd sleeps until something comes in, at most for a second, even where it has something left to say.
    Of more than 64 KiB written to it at once (netbuffersize) it reads the rest on its next turn, and
    says what comes of that on the turn after, when it has slept: and a thousand answers are more.
    """
    waking = asyncio.create_task(_wake(person))
    try:
        yield
    finally:
        waking.cancel()


async def _wake(person: Person) -> None:
    while True:
        person.write("PING :awake")
        await asyncio.sleep(_AWAKE)


async def introducing(made: Callable[[int], Bot], starts: int) -> list[float]:
    """Return the seconds from exec to the first line of the bot that `made` starts for a port.

    No tick of a server is in it.
    """
    heard = asyncio.Event()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        heard.set()
        await reader.read()
        writer.close()

    taken = []
    async with await asyncio.start_server(accepted, "127.0.0.1", 0) as listening:
        bot = made(listening.sockets[0].getsockname()[1])
        for _ in range(starts):
            heard.clear()
            begin = perf_counter()
            async with running(bot), asyncio.timeout(_PATIENCE):
                await heard.wait()
                taken.append(perf_counter() - begin)
    return taken
