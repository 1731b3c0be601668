"""One announcement in 10,000 rooms: planned and delivered, each delivery durable before it counts.

`python -m benchmarks.announcing WHERE` measures in a process of its own and prints the figures as
JSON; WHERE is a new SQLite file, or the URL of an empty PostgreSQL database.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from milestonebot.announcement import Announcement, Occasion
from milestonebot.announcer import Announcer
from milestonebot.catalog import Catalog
from milestonebot.clock import FixedClock
from milestonebot.outbox import Stage
from milestonebot.ports import Room
from milestonebot.settings import Settings
from milestonebot.store import open_outbox
from tests.transports.scripted import ScriptedTransport

if TYPE_CHECKING:
    from milestonebot.outbox import Outbox

ROOMS = 10_000
BEGIN = datetime(2012, 1, 1, tzinfo=UTC)
DUE = BEGIN + timedelta(hours=1)
_SECONDS = 30.0
_MEGABYTES = 200.0
_MEGA = 1e6


class Null(ScriptedTransport):
    """A network that takes everything at once and keeps nothing but the keys."""

    def __init__(self) -> None:
        """Be connected, with nothing said."""
        super().__init__("null")
        self.keys: list[str] = []
        self.connect()

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        """Take an announcement."""
        del room, part
        self.keys.append(key)
        return key


async def deliver(outbox: Outbox, rooms: int) -> tuple[float, Null]:
    """Announce in so many rooms; return the seconds from when it is due to when all is durable."""
    network = Null()
    rule = Announcement(
        "note",
        Occasion.NOTE,
        tuple(Room("null", f"#room-{number}") for number in range(rooms)),
        moments=(DUE,),
        text="The feature freeze is today; exceptions go to the list.",
    )

    def announcer(at: datetime) -> Announcer:
        return Announcer(
            outbox,
            clock=FixedClock(at),
            settings=Settings(),
            announcements=[rule],
            transports=[network],
            catalog=Catalog,
            alarm=lambda _moment, _job: None,
        )

    await announcer(BEGIN).look()
    start = time.perf_counter()
    announcing = announcer(DUE)
    await announcing.look()
    while announcing.busy:  # noqa: ASYNC110 - nothing tells, and 10 ms are not much
        await asyncio.sleep(0.01)
    took = time.perf_counter() - start
    await announcing.stop(1)
    return took, network


async def check(outbox: Outbox, network: Null, rooms: int) -> None:
    """Assert that each was said once, and that the outbox knows it."""
    assert len(network.keys) == len(set(network.keys)) == rooms
    assert not await outbox.pending()
    assert len(await outbox.listed([Stage.SENT], most=rooms + 1)) == rooms


def figures() -> list[Figure]:
    """Return what it takes on both databases; on SQLite alone where the machine has no PostgreSQL."""
    from tests.servers.postgres import Postgres  # noqa: PLC0415 - what tests need, other sections do not
    from tests.servers.warden import Warden  # noqa: PLC0415 - likewise

    with TemporaryDirectory() as folder:
        found = _asked("SQLite", str(Path(folder) / "outbox.db"))
    if Postgres.missing() is None:
        with Warden() as warden, Postgres.started(warden) as server:
            found += _asked("PostgreSQL", server.new_database())
    return found


def _asked(database: str, where: str) -> list[Figure]:
    run = [sys.executable, "-m", "benchmarks.announcing", where]
    told: dict[str, float] = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)  # noqa: S603 - our own module
    return [
        Figure(f"{ROOMS:,} deliveries, {database}: seconds by the wall", told["seconds"], "s", _SECONDS),
        Figure(f"{ROOMS:,} deliveries, {database}: memory at its peak", told["peak"], "MB", _MEGABYTES),
    ]


def _peak() -> float:
    """Return the most memory that this process ever had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024) / _MEGA  # KiB, but bytes on macOS


async def main(where: str) -> None:
    """Measure, and print it."""
    outbox = await open_outbox(where if "://" in where else Path(where))
    took, network = await deliver(outbox, ROOMS)
    peak = _peak()
    await check(outbox, network, ROOMS)
    await outbox.close()
    print(json.dumps({"seconds": took, "peak": peak}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
