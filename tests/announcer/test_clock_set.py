"""A clock that is set ahead, and back again: nothing of the time between is lost or said twice."""

from __future__ import annotations

from datetime import UTC, datetime

from milestonebot.announcement import Announcement, Occasion
from milestonebot.errors import InDoubt
from milestonebot.ports import Room, State, Trace
from tests.announcer.playing import (
    BEGIN,
    DAY,
    HOUR,
    MINUTE,
    A,
    Lines,
    begun,
    catalog,
    countdown,
    note,
    said,
    scripted,
    stages,
)


async def test_a_year_ahead_and_back_silences_nothing() -> None:
    world = await begun(countdown(A), catalog=catalog(one="2012-01-20"))
    world.clock.at = BEGIN + 366 * DAY
    await world.look()
    assert set(stages(world)) == {"expired"}
    world.clock.at = BEGIN + HOUR
    await world.look()
    await world.run(datetime(2012, 1, 21, tzinfo=UTC))
    assert [each.split(":")[0] for each in said(world)] == [
        "one is in 7 days",
        "one is tomorrow",
        "one is today",
    ]


async def test_what_came_into_doubt_while_it_was_ahead_is_found_in_the_past() -> None:
    asked = []

    class Cut(Lines):
        async def announce(self, room: Room, part: str, key: str) -> str | None:
            del room, part, key
            raise InDoubt("cut")

        async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
            del room, part, key
            asked.append(since)
            return Trace(said=True)

    world = await begun(note("note", 366 * DAY), transport=Cut())
    world.clock.at = BEGIN + 366 * DAY
    await world.look()
    assert stages(world) == ["sending"]
    world.clock.at = BEGIN + 3 * DAY
    world.restart()
    await world.look()
    assert asked == [BEGIN + DAY]


async def test_what_waits_survives_a_clock_that_is_ahead_for_a_while() -> None:
    digest = Announcement("weekly", Occasion.DIGEST, (A,), cron="0 1 * * *")
    world = await begun(note("note", HOUR), digest)
    scripted(world).connect(State.DOWN)
    await world.run(BEGIN + HOUR)
    world.clock.at = BEGIN + 366 * DAY
    await world.look()
    assert "planned" not in stages(world)[:2]
    world.clock.at = BEGIN + HOUR + MINUTE
    scripted(world).connect()
    await world.look()
    await world.look()
    assert sorted(said(world)) == ["Nothing is scheduled next, as far as any source says.", "note"]
