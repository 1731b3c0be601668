"""Runs in which the bot is killed: at each failpoint, and at random."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.chaos.ground import Ground, notes_from_now
from tests.chaos.notes import SHORT, Note
from tests.chaos.points import Failpoint, Step
from tests.chaos.run import Run
from tests.chaos.scene import Scene, irc_side, matrix_side

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random


@dataclass(frozen=True, slots=True)
class Size:
    """How much is said, and how often it is killed."""

    channels: int = 10
    rooms: int = 10
    each: int = 10
    """Notes for each room."""
    together: int = 5
    spacing: int = 16
    """Seconds between two notes, so that there is always something left to plan."""
    times: int = 3
    """How often each failpoint is met on each network."""
    at_random: int = 63
    """How often it ends at a random moment: four times in five it is killed."""


_ROUNDS = 4
FULL = Size()


async def modern(ground: Ground, title: str, size: Size = FULL, *, postgres: bool = False) -> Run:
    """Kill the bot where every server can tell what arrived."""
    random = ground.random(title)
    async with contextlib.AsyncExitStack() as stack:
        irc = await stack.enter_async_context(irc_side(ground.irc, size.channels))
        matrix = await stack.enter_async_context(matrix_side(ground.matrix, size.rooms))
        scene = Scene(ground.folder(), irc, matrix)
        if postgres:
            scene.environ["DATABASE_URL"] = ground.postgres.new_database()
        run = Run(title, scene, [], random)
        await _until_all_are_met(run, size)
        await run.finish()
    return run


async def old(ground: Ground, title: str, size: Size, *, in_doubt: str) -> Run:
    """Kill the bot where the server has neither echo nor history."""
    random = ground.random(title)
    async with irc_side(ground.old, size.channels) as irc:
        scene = Scene(ground.folder(), irc, in_doubt=in_doubt)
        run = Run(title, scene, [], random)
        await _until_all_are_met(run, size)
        await run.finish()
    return run


async def _until_all_are_met(run: Run, whole: Size) -> None:
    """Kill it at every failpoint; where the machine is slow, this takes more notes than were thought of."""
    left, size = all_failpoints(run.random, run.scene.networks, whole.times), whole
    at_random = whole.at_random
    for _ in range(_ROUNDS):
        run.add(_round(run, size))
        # In the last note nothing is ever in doubt, so that it tells when all is over.
        left = await run.campaign(left, at_random, run.notes[-1].moment - timedelta(seconds=1))
        at_random = max(0, whole.at_random - run.kills["at random"] - run.kills["ended well"])
        if not left and not at_random:
            return
        size = replace(whole, each=2 + whole.each // 4)
    run.problems += [f"never met: {each}" for each in left]


def _round(run: Run, size: Size) -> list[Note]:
    """Return what is said next, and a last note for all rooms."""
    notes = notes_from_now(
        run.random,
        run.scene.rooms,
        each=size.each - 1,
        together=size.together,
        spacing=size.spacing,
        number=len(run.notes),
    )
    last = notes[-1].moment + timedelta(seconds=size.spacing)
    return [*notes, Note(len(run.notes) + len(notes), last, tuple(run.scene.rooms), SHORT)]


_STEPS = (
    Step.PLANNING,
    Step.PLANNED,
    Step.CLAIMING,
    Step.CLAIMED,
    Step.WRITTEN,
    Step.IN_FLIGHT,
    Step.CONFIRMED,
    Step.RECORDING,
    Step.RECORDED,
)
"""Where it is killed. `tracing` and `traced` come when something is in doubt, and so does a part's record."""


def all_failpoints(random: Random, networks: Sequence[str], times: int) -> list[Failpoint]:
    """Return each failpoint of each network so many times, at the first or second that passes it."""
    found = [
        Failpoint(step, network, random.randint(1, 2))
        for step in _STEPS
        for network in networks
        for _ in range(times)
    ]
    if "irc" in networks:
        found += [Failpoint(Step.PART_RECORDED, "irc", 1 + turn % 2) for turn in range(times)]
    return found


def in_turn(random: Random) -> list[Failpoint]:
    """Return every failpoint once, on a network that chance chooses; what leaves a doubt has it settled."""
    found = [Failpoint(Step.PART_RECORDED, "irc")]
    for step in (Step.PLANNING, Step.PLANNED, Step.CLAIMED, Step.WRITTEN, Step.IN_FLIGHT, Step.RECORDING):
        network = random.choice(("irc", "matrix"))
        found.append(Failpoint(step, network))
        if step is Step.WRITTEN:
            found.append(Failpoint(random.choice((Step.TRACING, Step.TRACED)), network))
    return [*found, Failpoint(Step.CONFIRMED, "irc")]


async def short_old(ground: Ground, title: str) -> Run:
    """Kill the bot twice where nothing tells what arrived."""
    random = ground.random(title)
    async with irc_side(ground.old, 2) as irc:
        scene = Scene(ground.folder(), irc)
        notes = notes_from_now(random, scene.rooms, each=3, together=2, spacing=2)
        run = Run(title, scene, notes, random)
        await run.gauntlet([Failpoint(Step.WRITTEN, "irc"), Failpoint(Step.CONFIRMED, "irc")])
        await run.finish()
    return run


async def short(ground: Ground, title: str) -> Run:
    """Kill the bot at each step, in few rooms."""
    random = ground.random(title)
    async with irc_side(ground.irc, 3) as irc, matrix_side(ground.matrix, 3) as matrix:
        scene = Scene(ground.folder(), irc, matrix)
        # To all rooms, as quickly as it is killed: each life has something to plan and to say.
        notes = notes_from_now(random, scene.rooms, each=11, together=6, spacing=3)
        run = Run(title, scene, notes, random)
        await run.gauntlet(in_turn(random))
        await run.finish()
    return run


async def sabotaged(ground: Ground, title: str, sabotage: str) -> Run:
    """Kill a bot with a fault of `saboteurs` where that shows."""
    random = ground.random(title)
    async with irc_side(ground.irc, 2) as irc, matrix_side(ground.matrix, 2) as matrix:
        scene = Scene(ground.folder(), irc, matrix)
        notes = notes_from_now(random, scene.rooms, each=3, together=4, spacing=3)
        run = Run(title, scene, notes, random)
        run.spec = replace(run.spec, sabotage=sabotage)
        await run.gauntlet(_SHOWS[sabotage])
        await run.finish()
    return run


_SHOWS = {
    "hasty": [Failpoint(Step.CLAIMED, "irc"), Failpoint(Step.CLAIMED, "matrix")],
    "credulous": [Failpoint(Step.WRITTEN, "irc"), Failpoint(Step.WRITTEN, "matrix")],
}
"""Where a sabotaged bot loses or doubles something."""
