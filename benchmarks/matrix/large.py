"""A room of 10,000 members, and an account in 1,000 rooms: the first sync, its memory, and what it blocks."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

from milestonebot.ports import State
from tests.transports.matrix.faulty import BOT, Faulty
from tests.transports.matrix.houses import running, state

MEMBERS, ROOMS, IN_EACH = 10_000, 1_000, 5


async def figures() -> dict[str, dict[str, float]]:
    """Return the figures of both, by what was measured.

    The homeserver runs in the same process: building and sending what it tells is in the time, and in
    what is blocked. The memory is what the process held more at most.
    """
    many = [f"@person{number}:faulty.test" for number in range(MEMBERS)]
    return {
        f"{ROOMS:,} rooms": await _measure({f"!{n}:faulty.test": many[:IN_EACH] for n in range(ROOMS)}),
        f"{MEMBERS:,} members": await _measure({"!large:faulty.test": many}),
    }


async def _measure(rooms: dict[str, list[str]]) -> dict[str, float]:
    async with Faulty() as server:
        for room_id, people in rooms.items():
            server.room(room_id, *people)
        before = getrusage(RUSAGE_SELF)
        longest = [0.0]
        with tempfile.TemporaryDirectory() as folder:
            begin = perf_counter()
            beating = asyncio.create_task(_beat(longest))
            async with running(server, Path(folder), answers=False, up=False) as transport:
                await state(transport, State.UP, 120)
                passed = perf_counter() - begin
                assert len(transport.rooms) == len(rooms)
                beating.cancel()
        after = getrusage(RUSAGE_SELF)
        assert BOT in str(server.state)
    return {
        "first sync, s": passed,
        "CPU of it, s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "blocked at most, ms": longest[0] * 1e3,
        "memory, MiB more": (after.ru_maxrss - before.ru_maxrss) / 1024,
    }


async def _beat(longest: list[float]) -> None:
    """Note the longest time for which nothing else got its turn."""
    last = perf_counter()
    while True:
        await asyncio.sleep(0.001)
        now = perf_counter()
        longest[0] = max(longest[0], now - last - 0.001)
        last = now
