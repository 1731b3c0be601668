"""Rooms in turn: those that fail wait alone, and so many are under way at once."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from milestonebot.errors import NetworkError
from milestonebot.outbox import Stage
from milestonebot.ports import Room, State
from tests.announcer.playing import (
    BEGIN,
    HOUR,
    MINUTE,
    A,
    B,
    Lines,
    begun,
    kept,
    note,
    said,
    scripted,
    stages,
)

if TYPE_CHECKING:
    from milestonebot.document import Document
    from tests.announcer.playing import World


async def test_a_room_that_fails_for_hours_gets_all_in_order_and_others_go_on() -> None:
    rules = [note(f"note{n}", n * HOUR, A, B) for n in range(1, 9)]
    world = await begun(*rules)
    scripted(world).refusing[A] = NetworkError("not in the room")
    await world.run(BEGIN + 6 * HOUR)
    assert said(world, A) == []
    assert said(world, B) == [f"note{n}" for n in range(1, 7)]
    del scripted(world).refusing[A]
    await world.run(BEGIN + 9 * HOUR)
    assert said(world, A) == [f"note{n}" for n in range(1, 9)]


async def test_a_room_backs_off_up_to_five_minutes_with_chance_in_it() -> None:
    world = await begun(note("note", HOUR))
    times: list[datetime] = []

    class Failing(Lines):
        async def announce(self, room: Room, part: str, key: str) -> str | None:
            del room, part, key
            times.append(world.clock.at)
            raise NetworkError("no")

    world.transports = [failing := Failing()]
    failing.connect()
    world.restart()
    await world.look()
    await world.run(BEGIN + 2 * HOUR)
    waits = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert 1.3 <= waits[0] <= 2
    assert all(wait <= 300 for wait in waits)
    assert all(wait >= 200 for wait in waits[8:])
    assert len(set(waits[8:])) > 1
    assert 15 < len(times) < 40


async def test_what_the_network_asks_to_wait_is_waited() -> None:
    world = await begun(note("note", HOUR))
    scripted(world).failures = [NetworkError("slow down", after=1000.0)]
    await world.run(BEGIN + HOUR + timedelta(seconds=999))
    assert stages(world) == ["planned"]
    await world.run(BEGIN + HOUR + timedelta(seconds=1101))
    assert stages(world) == ["sent"]


async def test_a_network_that_is_down_is_not_tried_and_its_rooms_come_at_once_when_it_is_up() -> None:
    world = await begun(note("note", HOUR, A, B))
    scripted(world).connect(State.CONNECTING)
    await world.run(BEGIN + 5 * HOUR)
    assert all(each.attempts == 0 for each in kept(world).deliveries.values())
    scripted(world).connect()
    await world.run(BEGIN + 5 * HOUR + timedelta(seconds=15))
    assert stages(world) == ["sent", "sent"]


async def test_what_waits_in_a_room_comes_at_once_when_the_bot_is_back_there() -> None:
    world = await begun(note("note", HOUR, A, B))
    transport = scripted(world)
    transport.wanted = {A: "kicked by op", B: ""}
    transport.refusing = {A: NetworkError("not in the room now"), B: NetworkError("moderated")}
    await world.run(BEGIN + 3 * HOUR)
    transport.wanted[A] = ""
    transport.refusing.clear()
    await world.run(BEGIN + 3 * HOUR + timedelta(seconds=6))
    assert said(world, A) == ["note"]
    # In the other room it was all the time: nothing tells that it is let speak again.
    await world.run(BEGIN + 3 * HOUR + 5 * MINUTE)
    assert said(world, B) == ["note"]


async def test_a_room_that_it_is_put_out_of_while_it_waits_long_comes_at_once_when_it_is_back() -> None:
    world = await begun(note("note", HOUR))
    transport = scripted(world)
    transport.wanted = {A: ""}
    transport.refusing = {A: NetworkError("moderated", after=3000.0)}
    await world.run(BEGIN + HOUR + MINUTE)
    transport.wanted[A] = "kicked by op"
    await world.look()
    transport.wanted[A] = ""
    transport.refusing.clear()
    await world.run(BEGIN + HOUR + MINUTE + timedelta(seconds=6))
    assert said(world, A) == ["note"]


async def test_a_clock_that_is_set_back_does_not_hold_up_a_room() -> None:
    world = await begun(note("note", HOUR))
    scripted(world).failures = [NetworkError("no", after=3600.0)]
    await world.run(BEGIN + HOUR + MINUTE)
    world.clock.at -= 30 * MINUTE
    await world.look()
    assert stages(world) == ["sent"]


async def test_a_bug_in_one_place_does_not_stop_another(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(Lines):
        def compose(self, room: Room, document: Document) -> tuple[str, ...]:
            if room == A:
                raise ZeroDivisionError
            return super().compose(room, document)

    world = await begun(note("note", HOUR, A, B), transport=Buggy())
    await world.run(BEGIN + 2 * HOUR)
    assert said(world) == ["note"]
    assert "ZeroDivisionError" in caplog.text
    await world.run(BEGIN + 14 * HOUR)
    assert sorted(stages(world)) == ["expired", "sent"]


class Counting(Lines):
    """Counts what is under way at the same time; a delivery takes so many seconds."""

    world: World
    now = most = 0
    seconds = 0.0

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(20):
            await asyncio.sleep(0)
        self.world.clock.at += timedelta(seconds=self.seconds)
        self.now -= 1
        return await super().announce(room, part, key)


async def test_so_many_are_under_way_at_once_on_a_slow_network() -> None:
    rooms = [Room("scripted", f"#room{number}") for number in range(500)]
    world = await begun(note("note", HOUR, *rooms), transport=(slow := Counting()))
    slow.world, slow.seconds = world, 2.0
    world.clock.at = BEGIN + HOUR
    await world.announcer.look()
    assert len(asyncio.all_tasks()) < 80
    await world.quiet()
    assert sorted(room.name for room, _, _ in slow.announced) == sorted(each.name for each in rooms)
    assert 16 <= slow.most <= 64


@pytest.mark.slow
async def test_more_are_under_way_where_each_is_soon_confirmed_and_few_again_where_one_is_not() -> None:
    rooms = [Room("scripted", f"#room{number}") for number in range(1200)]
    notes = [note(f"note{number}", number * HOUR, *rooms) for number in (1, 2, 3)]
    world = await begun(*notes, transport=(quick := Counting()))
    quick.world = world
    most = []
    for number, seconds in ((1, 0.0), (2, 5.0), (3, 5.0)):
        quick.most, quick.seconds = 0, seconds
        world.clock.at = BEGIN + number * HOUR
        await world.announcer.look()
        await world.quiet()
        most.append(quick.most)
    assert len(quick.announced) == 3 * len(rooms)
    # At the second note nothing was slow yet when it began.
    assert (most[0], most[2]) == (512, 64)


@pytest.mark.parametrize(("seconds", "least", "most"), [(0.0, 512, 512), (0.005, 100, 300)])
async def test_all_are_under_way_at_once_as_soon_as_a_network_has_confirmed_some_promptly(
    seconds: float, least: int, most: int
) -> None:
    rooms = [Room("scripted", f"#room{number}") for number in range(64 + 512)]
    world = await begun(note("note", HOUR, *rooms), transport=(network := Counting()))
    network.world, network.seconds = world, seconds
    world.clock.at = BEGIN + HOUR
    await world.announcer.look()
    await world.quiet()
    assert len(network.announced) == len(rooms)
    assert least <= network.most <= most


async def test_a_stop_lets_what_is_being_said_be_confirmed_and_begins_nothing_new() -> None:
    world = await begun(note("first", HOUR), note("second", HOUR))
    scripted(world).hold[A] = asyncio.Event()
    world.clock.at = BEGIN + HOUR
    await world.announcer.look()
    for _ in range(20):
        await asyncio.sleep(0)
    stopping = asyncio.create_task(world.announcer.stop(5))
    await asyncio.sleep(0)
    scripted(world).hold[A].set()
    await stopping
    assert sorted(stages(world)) == ["planned", "sent"]
    await world.announcer.look()
    await world.quiet()
    assert len(said(world)) == 1


async def test_a_stop_between_two_parts_leaves_no_doubt() -> None:
    world = await begun(note("note", HOUR, text="one\ntwo"))
    scripted(world).hold[A] = asyncio.Event()
    world.clock.at = BEGIN + HOUR
    await world.announcer.look()
    for _ in range(20):
        await asyncio.sleep(0)
    stopping = asyncio.create_task(world.announcer.stop(5))
    await asyncio.sleep(0)
    scripted(world).hold[A].set()
    await stopping
    (delivery,) = kept(world).deliveries.values()
    assert (delivery.stage, delivery.said, said(world)) == (Stage.PLANNED, 1, ["one"])


async def test_a_stop_does_not_wait_for_ever_and_leaves_doubt_where_there_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    world = await begun(note("note", HOUR))
    scripted(world).hold[A] = asyncio.Event()
    world.clock.at = BEGIN + HOUR
    await world.announcer.look()
    for _ in range(20):
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await world.announcer.stop(0.01)
    assert stages(world) == ["sending"]
    assert not world.announcer.busy
    assert "is tried again" not in caplog.text
