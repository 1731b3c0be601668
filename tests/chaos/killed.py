"""Runs in which the bot is killed: at each failpoint, and at random."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta

from tests.chaos.ground import Ground, notes_from_now
from tests.chaos.notes import Note
from tests.chaos.run import Run, failpoints
from tests.chaos.scene import Scene, irc_side, matrix_side


@dataclass(frozen=True, slots=True)
class Size:
    """How much is said, and how often it is killed."""

    channels: int = 10
    rooms: int = 10
    each: int = 10
    """Notes for each room."""
    together: int = 5
    spacing: int = 8
    """Seconds between two notes, so that there is always something left to plan."""
    times: int = 3
    """How often each failpoint is met on each network."""
    at_random: int = 50


FULL = Size()
SMALL = Size(channels=4, rooms=4, each=5, together=4, spacing=6, times=1, at_random=10)


async def modern(ground: Ground, title: str, size: Size = FULL, *, postgres: bool = False) -> Run:
    """Kill the bot where every server can tell what arrived."""
    random = ground.random(title)
    async with contextlib.AsyncExitStack() as stack:
        irc = await stack.enter_async_context(irc_side(ground.irc, size.channels))
        matrix = await stack.enter_async_context(matrix_side(ground.matrix, size.rooms))
        scene = Scene(ground.folder(), irc, matrix)
        if postgres:
            scene.environ["DATABASE_URL"] = ground.postgres.new_database()
        notes = notes_from_now(
            random, scene.rooms, each=size.each, together=size.together, spacing=size.spacing
        )
        run = Run(title, scene, notes, random)
        await run.campaign(failpoints(random, scene.networks, size.times), size.at_random)
        await run.finish()
    return run


async def old(ground: Ground, title: str, size: Size, *, in_doubt: str) -> Run:
    """Kill the bot where the server has neither echo nor history."""
    random = ground.random(title)
    async with irc_side(ground.old, size.channels) as irc:
        scene = Scene(ground.folder(), irc, in_doubt=in_doubt)
        notes = notes_from_now(
            random, scene.rooms, each=size.each, together=size.together, spacing=size.spacing
        )
        # In the last one nothing is ever in doubt, so that it tells when all is over.
        last = notes[-1].moment + timedelta(seconds=size.spacing * 2)
        notes.append(Note(len(notes), last, tuple(scene.rooms), 4))
        run = Run(title, scene, notes, random)
        until = last - timedelta(seconds=1)
        await run.campaign(failpoints(random, scene.networks, size.times), size.at_random, until)
        await run.finish()
    return run
