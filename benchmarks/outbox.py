"""The outbox on both databases: what 10,000 deliveries take, by the clock and with the disk.

Each database is measured in a process of its own: `python -m benchmarks.outbox WHERE [traced]` prints
the figures as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import tracemalloc
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from benchmarks.figures import Figure
from milestonebot.announcement import Occasion
from milestonebot.outbox import Delivery, Planned, Stage
from milestonebot.ports import Room
from milestonebot.store import open_outbox
from tests.servers.postgres import Postgres
from tests.servers.warden import Warden

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator, Sequence

    from milestonebot.outbox import Outbox

T = TypeVar("T")

COUNT, ALONE = 10_000, 200
"""So many deliveries, and so many of them one by one."""
GOAL, MEMORY = 10.0, 100.0
"""At most: seconds for all steps of all deliveries, a third of what announcing may take; megabytes."""
_STEPS = ("planned", "claimed", "finished")
_NOW = datetime(2011, 12, 20, 14, tzinfo=UTC)
_WORDS = ("essex-2 (OpenStack 2012.1) is in 2 days, on Thu 22 Dec 2011: 42 blueprints, 17 of them done",)


def figures() -> list[Figure]:
    """Return the figures of SQLite and, where it is installed, of PostgreSQL."""
    # On a disk: the folder for temporary files may be in memory.
    with tempfile.TemporaryDirectory(dir=".") as folder:
        told = [*_figures("SQLite", f"{folder}/timed.db", f"{folder}/traced.db"), _bare(folder)]
    if (missing := Postgres.missing()) is not None:
        print(f"PostgreSQL is left out: {missing}", file=sys.stderr)
        return told
    with Warden() as warden, Postgres.started(warden, durable=True) as server:
        return [*told, *_figures("PostgreSQL", server.new_database(), server.new_database())]


def _figures(name: str, timed: str, traced: str) -> Iterator[Figure]:
    steps = _asked(timed)
    alone = steps.pop("claimed one by one")
    for step, seconds in steps.items():
        yield Figure(f"{name}: {step}", seconds, "s")
    yield Figure(f"{name}: all three", sum(steps[each] for each in _STEPS), "s", GOAL)
    yield Figure(f"{name}: as many claims one by one", alone / steps["claimed"] * COUNT / ALONE, "times")
    yield Figure(f"{name}: memory, traced by tracemalloc", _asked(traced, "traced")["peak"], "MB", MEMORY)


def _asked(*arguments: str) -> dict[str, float]:
    run = [sys.executable, "-m", "benchmarks.outbox", *arguments]
    told: dict[str, float] = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)  # noqa: S603 - our own module
    return told


def _bare(folder: str) -> Figure:
    """Return what the least that could be done takes: a row in, and changed twice, without a library."""
    rows = [(each.key, str(each.room), each.due.isoformat(), _WORDS[0]) for each in _deliveries(COUNT)]
    start = perf_counter()
    with closing(sqlite3.connect(f"{folder}/bare.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE bare (key TEXT PRIMARY KEY, room TEXT, due TEXT, words TEXT, stage TEXT)"
        )
        connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, 'planned')", rows)
        connection.commit()
        for stage in ("sending", "sent"):
            for at in range(0, COUNT, 1_000):
                some = [(stage, row[0]) for row in rows[at : at + 1_000]]
                connection.executemany("UPDATE bare SET stage = ? WHERE key = ?", some)
                connection.commit()
    return Figure("for comparison: rows of text by sqlite3 alone", perf_counter() - start, "s")


def _deliveries(count: int) -> Iterator[Delivery]:
    for number in range(count):
        room = Room("libera", f"#project-{number}")
        yield Delivery(
            f"countdown/{room}/openstack/essex/essex-2/2011-12-22/2d",
            "countdown",
            Occasion.COUNTDOWN,
            room,
            _NOW,
            _NOW + timedelta(hours=12),
            {"group": "openstack", "series": "essex", "milestone": "essex-2", "date": "2011-12-22"},
        )


async def measured(where: str) -> dict[str, float]:
    """Return the seconds of each step, in a database that is empty."""
    outbox = await open_outbox(where if "://" in where else Path(where))
    taken: dict[str, float] = {}

    async def take(step: str, doing: Awaitable[T]) -> T:
        start = perf_counter()
        done = await doing
        taken[step] = perf_counter() - start
        return done

    planned = Planned(_NOW, list(_deliveries(COUNT)))
    keys = await take("planned", outbox.add(planned))
    assert len(keys) == COUNT
    claims = await take("claimed", asyncio.gather(*(outbox.claim(key, _WORDS, _NOW) for key in keys)))
    assert all(claims)
    assert len(await take("read again, as after a restart", outbox.pending())) == COUNT
    await take("claimed one by one", _one_by_one(outbox, keys))
    sent = (outbox.finish(key, Stage.SENT, _NOW, event="$event") for key in keys)
    await take("finished", asyncio.gather(*sent))
    assert not await outbox.pending()
    await outbox.close()
    return taken


async def _one_by_one(outbox: Outbox, keys: Sequence[str]) -> None:
    for key in keys[:ALONE]:
        await outbox.claim(key, _WORDS, _NOW)


def main(where: str, how: str = "timed") -> None:
    """Print the figures of the database at `where`."""
    if how == "timed":
        print(json.dumps(asyncio.run(measured(where))))
        return
    tracemalloc.start()
    asyncio.run(measured(where))
    print(json.dumps({"peak": tracemalloc.get_traced_memory()[1] / 1e6}))


if __name__ == "__main__":
    main(*sys.argv[1:])
