"""Runs in which the bot cannot do what it wants: a full disk, a locked database, a wrong clock, limits."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from milestonebot import store
from tests.chaos.ground import Ground, notes_from_now
from tests.chaos.notes import LONG, SHORT, Note, expected, words_missing
from tests.chaos.points import Failpoint, Step
from tests.chaos.run import Run
from tests.chaos.scene import Scene, irc_side, matrix_side

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path
    from random import Random

    from tests.chaos.lives import Life

LOCKED = 12.0
"""Seconds for which another program holds the database: more than the bot waits for a lock."""
DISK = 4 << 20
DAY = 86_400.0


@contextlib.asynccontextmanager
async def _both(ground: Ground, rooms: int) -> AsyncIterator[Scene]:
    async with irc_side(ground.irc, rooms) as irc, matrix_side(ground.matrix, rooms) as matrix:
        yield Scene(ground.folder(), irc, matrix)


def _written(life: Life) -> int:
    return sum(each.step is Step.WRITING for each in life.passed)


async def _writes(life: Life) -> None:
    """Wait until something more is written."""
    before = _written(life)
    await life.until(lambda: _written(life) > before, 60)


async def _quiet(life: Life, seconds: float) -> bool:
    """Tell whether nothing is written for so many seconds; what is under way has two to be over."""
    await life.until(lambda: False, 2.0)
    before = _written(life)
    return not await life.until(lambda: _written(life) > before, seconds)


# --- the disk is full


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """Make a folder a small file system of its own, which only root may."""
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs", folder], check=True)  # noqa: S607 - the system's own
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)  # noqa: S607 - likewise


@contextlib.contextmanager
def _filled(folder: Path) -> Iterator[None]:
    """Leave not a byte of room in a folder."""
    filler = folder / "filler"
    size = 1 << 16
    with filler.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(b"x" * size)
            except OSError:
                size //= 2
    try:
        yield
    finally:
        filler.unlink()


async def full_disk(ground: Ground, title: str) -> Run:
    """Fill the disk while announcements are due; free it later."""
    random = ground.random(title)
    async with _both(ground, 4) as scene:
        with _small_disk(scene.folder / scene.state):
            notes = notes_from_now(random, scene.rooms, each=9, together=8, spacing=6)
            run = Run(title, scene, notes, random)
            life = await run.begin()
            for killed in (False, True):
                await _writes(life)
                with _filled(scene.folder / scene.state):
                    run.blows["disk filled"] += 1
                    if not await _quiet(life, 10.0):
                        run.blows["said while it was full, and recorded"] += 1
                    if killed:
                        await life.kill()
                        run.kills["at random"] += 1
                        await _refuses(run)
                life = await run.begin() if killed else life
            await run.finish(life)
    return run


async def _refuses(run: Run) -> None:
    """Start it while the disk is full; that may fail."""
    life = await run.begin()
    if not await life.over(8.0):
        await life.kill()


# --- the database is locked


async def locked(ground: Ground, title: str, *, postgres: bool) -> Run:
    """Let another program hold the database while announcements are due."""
    random = ground.random(title)
    async with _both(ground, 4) as scene:
        if postgres:
            scene.environ["DATABASE_URL"] = ground.postgres.new_database()
        notes = notes_from_now(random, scene.rooms, each=6, together=8, spacing=6)
        run = Run(title, scene, notes, random)
        life = await run.begin()
        await life.until(lambda: _written(life) >= len(scene.rooms), 60)
        for _ in range(2):
            async with _held(ground, scene):
                run.blows["database locked"] += 1
                if not await _quiet(life, LOCKED):
                    run.problems.append("something was said while nothing could be recorded")
            await life.until(lambda: False, 2.0)
        await run.finish(life)
    return run


@contextlib.asynccontextmanager
async def _held(ground: Ground, scene: Scene) -> AsyncIterator[None]:
    url = scene.environ.get("DATABASE_URL")
    if url is None:
        connection = sqlite3.connect(
            scene.folder / scene.state / store.FILE, isolation_level=None, timeout=30
        )
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.close()
        return
    holding = asyncio.create_task(asyncio.to_thread(ground.postgres.sql, url, _HOLD))
    yield
    await holding


_HOLD = f"BEGIN; LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({LOCKED + 2}); COMMIT"


# --- the clock is wrong


def _note(number: int, moment: datetime, rooms: list[str], length: int = SHORT) -> Note:
    return Note(number, moment.replace(microsecond=0), tuple(rooms), length)


async def clock_stepped(ground: Ground, title: str) -> Run:
    """Step the bot's clock forward and back, while it runs and while it does not."""
    random = ground.random(title)
    async with _both(ground, 4) as scene:
        begin = datetime.now(UTC)
        moments = [8.0, 14.0, 600.0, 3600.0, 3606.0, 7230.0]
        notes = [
            _note(number, begin + timedelta(seconds=after), scene.rooms, LONG if number == 1 else SHORT)
            for number, after in enumerate(moments)
        ]
        run = Run(title, scene, notes, random)
        clock = scene.folder / "clock"
        run.spec = replace(run.spec, clock=str(clock))
        # An hour ahead, two hours back, three hours ahead; each time until all is said that is due by then.
        life: Life | None = None
        for ahead, due in ((0.0, 2), (3600.0, 5), (-3600.0, 5), (7225.0, 6)):
            _set(clock, ahead)
            run.blows["clock stepped"] += 1
            life = life or await run.begin()
            await _said(run, notes[:due], life)
            if ahead:
                # Once more with a start of its own at this time.
                await life.kill()
                run.kills["at random"] += 1
                life = await run.begin()
                await life.until(lambda: False, 4.0)
        for ahead in (-DAY, 0.0, 1100 * DAY, 1100 * DAY, 0.0):
            assert life is not None
            await life.kill()
            _set(clock, ahead)
            run.blows["clock stepped"] += 1
            life = await run.begin()
            await life.until(lambda: False, 5.0)
        await run.finish(life)
    return run


def _set(clock: Path, ahead: float) -> None:
    """Write it whole or not at all."""
    new = clock.with_suffix(".new")
    new.write_text(str(ahead))
    new.replace(clock)


async def _said(run: Run, notes: list[Note], life: Life) -> None:
    """Wait until these notes were heard."""
    wanted = expected(notes)
    for _ in range(60):
        if not words_missing(wanted, await run.scene.heard()):
            return
        await life.until(lambda: False, 1.0)
    run.problems.append(f"{notes[-1].name} did not come within a minute")


# --- a network's own limits


async def limited(ground: Ground, title: str) -> Run:
    """Say thirty things at once where Synapse and InspIRCd have the limits that they come with."""
    random = ground.random(title)
    async with (
        matrix_side(ground.limited, 5) as matrix,
        irc_side(ground.irc, 3, pace=True) as irc,
    ):
        scene = Scene(ground.folder(), irc, matrix)
        notes = _burst(random, scene.rooms)
        run = Run(title, scene, notes, random)
        run.spec = replace(run.spec, hurried=False)
        for _ in range(2):
            failpoint = Failpoint(Step.WRITTEN, "matrix", random.randint(2, 6))
            await run.live(failpoint, 60.0)
        await run.finish()
    return run


def _burst(random: Random, rooms: list[str]) -> list[Note]:
    """Return six notes for each Matrix room, three for each channel, a second apart."""
    begin = datetime.now(UTC) + timedelta(seconds=25)
    matrix = [room for room in rooms if room.startswith("matrix/")]
    found = []
    for number in range(6):
        some = rooms if number % 2 else matrix
        found.append(_note(number, begin + timedelta(seconds=number), random.sample(some, len(some))))
    return found


def may_fill_disks() -> bool:
    """Tell whether this user may make a small file system."""
    return os.geteuid() == 0
