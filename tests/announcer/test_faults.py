"""Whatever fails, hangs or is killed: each announcement once, in order in its room, none lost."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest

from milestonebot.announcement import Announcement, Occasion
from milestonebot.outbox import Stage
from milestonebot.ports import Room
from tests.announcer.faulty import Faults, FaultyOutbox, FaultyTransport, Network
from tests.announcer.playing import SetClock, World

BEGIN = datetime(2012, 1, 1, tzinfo=UTC)
ROOMS = tuple(Room("scripted", f"#room{number}") for number in range(3))
NOTES = tuple(
    Announcement(
        f"note{number:02}",
        Occasion.NOTE,
        ROOMS[: 1 + number % 3],
        moments=(BEGIN + timedelta(minutes=7 * number + 1),),
        text="; ".join(f"note {number} line {line}" for line in range(1 + number % 3)),
    )
    for number in range(12)
)
EXPECTED = {
    room: [
        (f"{note.name}/{room}/{note.moments[0]:%Y-%m-%dT%H:%MZ}#{line}", part)
        for note in NOTES
        if room in note.rooms
        for line, part in enumerate((note.text or "").split("; "))
    ]
    for room in ROOMS
}
SEEDS = [*range(8), *(pytest.param(each, marks=pytest.mark.slow) for each in range(8, 40))]


async def kill() -> None:
    """End everything that runs, wherever it is, as a restart does."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def suffer(world: World, chance: random.Random, kills: float = 0.3) -> None:
    """Let two hours go by in which anything may happen at any time."""
    looks: set[asyncio.Task[None]] = set()
    while world.clock.at < BEGIN + timedelta(hours=2):
        doing = world.announcer.look if chance.random() < 0.5 else world.announcer.woken
        look = asyncio.create_task(doing())
        looks.add(look)
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        if chance.random() < kills:
            await kill()
            world.restart()
            looks.clear()
        world.clock.at += timedelta(seconds=chance.randrange(300))


async def live(seed: int, *, dedupes: bool) -> None:
    chance = random.Random(seed)  # noqa: S311 - what happens needs a seed, not secrecy
    faults = Faults(chance)
    network = Network(dedupes=dedupes)
    outbox = FaultyOutbox(faults)
    world = World(SetClock(BEGIN), NOTES, [FaultyTransport(network, faults)], outbox=outbox)
    await world.look()
    faults.often, faults.hangs = chance.choice([(0.05, 0.0), (0.2, 0.01), (0.0, 0.05), (0.4, 0.02)])
    await suffer(world, chance)
    faults.often = faults.hangs = 0.0
    await kill()
    world.restart()
    await world.look()
    await world.run(BEGIN + timedelta(hours=6))
    await world.announcer.stop(1)
    assert dict(network.seen) == EXPECTED
    assert {each.stage for each in outbox.deliveries.values()} == {Stage.SENT}


@pytest.mark.parametrize("dedupes", [True, False], ids=["said again without a copy", "history tells"])
@pytest.mark.parametrize("seed", SEEDS)
async def test_each_is_announced_once_and_in_order(seed: int, *, dedupes: bool) -> None:
    await live(seed, dedupes=dedupes)


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_surely_failed_needs_no_history_to_tell(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - what happens needs a seed, not secrecy
    faults, network = Faults(chance), Network(tells=False, doubtful=False)
    outbox = FaultyOutbox(faults)
    world = World(SetClock(BEGIN), NOTES, [FaultyTransport(network, faults)], outbox=outbox)
    await world.look()
    faults.often = chance.choice([0.05, 0.2, 0.4])
    await suffer(world, chance, kills=0.0)
    faults.often = 0.0
    await world.run(BEGIN + timedelta(hours=6))
    await world.announcer.stop(1)
    assert dict(network.seen) == EXPECTED
    assert not network.traced


@pytest.mark.slow
@pytest.mark.parametrize("dedupes", [True, False])
async def test_rare_cases_too(*, dedupes: bool) -> None:
    for seed in range(1000, 1060):
        await live(seed, dedupes=dedupes)
