"""What may have been said: found out before anything else is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.outbox import Stage
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
    kept,
    note,
    said,
    scripted,
    stages,
)

if TYPE_CHECKING:
    import pytest


class Doubtful(Lines):
    """Loses its word after, or before, it said something; then tells what `tells` says."""

    def __init__(self, *, arrives: bool, tells: Trace) -> None:
        super().__init__()
        self.arrives, self.tells = arrives, tells
        self.traced: list[tuple[str, str, datetime]] = []
        self.doubts = 1

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        if self.doubts:
            self.doubts -= 1
            if self.arrives:
                await super().announce(room, part, key)
            raise InDoubt("cut")
        return await super().announce(room, part, key)

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        del room
        self.traced.append((part, key, since))
        return self.tells


async def test_what_arrived_after_all_is_recorded_and_not_said_again() -> None:
    transport = Doubtful(arrives=True, tells=Trace(said=True, id="event"))
    world = await begun(note("note", HOUR), transport=transport)
    await world.run(BEGIN + 2 * HOUR)
    assert said(world) == ["note"]
    (delivery,) = kept(world).deliveries.values()
    assert (delivery.stage, delivery.event) == (Stage.SENT, "event")
    assert transport.traced == [("note", f"{delivery.key}#0", BEGIN + HOUR)]


async def test_what_did_not_arrive_is_said_again_with_the_same_words() -> None:
    transport = Doubtful(arrives=False, tells=Trace(said=False))
    world = await begun(countdown(A), transport=transport, catalog=catalog(one="2012-01-20"))
    transport.doubts = 0
    await world.run(datetime(2012, 1, 19, 13, tzinfo=UTC))
    transport.doubts = 1
    await world.run(datetime(2012, 1, 19, 14, tzinfo=UTC))
    world.clock.at = datetime(2012, 1, 20, 1, tzinfo=UTC)
    world.restart()
    await world.look()
    # By now it is "today"; but a copy of what was written may still turn up.
    assert said(world) == ["one is in 7 days: Fri 20 Jan 2012", "one is tomorrow: Fri 20 Jan 2012"]
    assert transport.traced[0][0] == "one is tomorrow: Fri 20 Jan 2012"


async def test_doubt_is_settled_before_anything_else_is_said_there() -> None:
    transport = Doubtful(arrives=False, tells=Trace(said=False))
    world = await begun(note("first", HOUR), note("second", HOUR + MINUTE), transport=transport)
    await world.run(BEGIN + HOUR)
    assert stages(world) == ["sending"]
    world.clock.at = BEGIN + 2 * HOUR
    world.restart()
    await world.look()
    assert said(world) == ["first", "second"]


async def test_what_no_history_tells_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    transport = Doubtful(arrives=True, tells=Trace(said=False, sure=False))
    world = await begun(note("note", HOUR), transport=transport)
    await world.run(BEGIN + 2 * HOUR)
    assert said(world) == ["note", "note"]
    told = "note/scripted/#a/2012-01-01T01:00Z arrived; as in_doubt has it, it is said again"
    assert f"nothing tells whether {told}" in caplog.text


async def test_a_network_that_never_answers_leaves_it_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milestonebot.announcer.delivering._PATIENCE", 0.01)

    class Silent(Doubtful):
        async def announce(self, room: Room, part: str, key: str) -> str | None:
            if self.doubts:
                self.doubts -= 1
                await asyncio.Event().wait()
            return await Lines.announce(self, room, part, key)

    transport = Silent(arrives=False, tells=Trace(said=False))
    world = await begun(note("note", HOUR), transport=transport)
    await world.run(BEGIN + 2 * HOUR)
    assert said(world) == ["note"]
    assert len(transport.traced) == 1


async def test_doubt_that_cannot_be_settled_expires_long_after_its_grace() -> None:
    class Deaf(Doubtful):
        async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
            del room, part, key, since
            raise NetworkError("no history now")

    world = await begun(note("note", HOUR, grace=3600), transport=Deaf(arrives=True, tells=Trace(said=True)))
    await world.run(BEGIN + 3 * HOUR)
    (delivery,) = kept(world).deliveries.values()
    assert delivery.stage is Stage.EXPIRED
    assert delivery.problem == "whether it was said could not be found out: no history now"


async def test_doubt_from_before_a_week_down_is_still_settled() -> None:
    transport = Doubtful(arrives=True, tells=Trace(said=True, id="event"))
    world = await begun(note("note", HOUR), transport=transport)
    await world.run(BEGIN + HOUR)
    world.clock.at = BEGIN + 7 * DAY
    transport.connect(State.DOWN)
    world.restart()
    await world.look()
    transport.connect()
    await world.run(BEGIN + 7 * DAY + MINUTE)
    assert stages(world) == ["sent"]


async def test_each_part_is_recorded_before_the_next_and_none_is_said_twice() -> None:
    world = await begun(note("note", HOUR, text="one\ntwo\nthree"))
    scripted(world).failures = []
    fails = iter([False, True, False, False])
    usual = scripted(world).send

    async def send(*given: object, **named: object) -> object:
        if next(fails):
            scripted(world).announced.pop()
            raise NetworkError("cut off")
        return await usual(*given, **named)  # type: ignore[arg-type] # as it is called

    scripted(world).send = send  # type: ignore[method-assign, assignment] # the test's own
    await world.run(BEGIN + HOUR)
    (delivery,) = kept(world).deliveries.values()
    assert (delivery.stage, delivery.said) == (Stage.PLANNED, 1)
    world.restart()
    await world.look()
    assert [(part, key[-2:]) for _, part, key in scripted(world).announced] == [
        ("one", "#0"),
        ("two", "#1"),
        ("three", "#2"),
    ]


async def test_doubt_that_a_bug_keeps_from_being_settled_holds_up_its_room_until_its_grace_is_over() -> None:
    class Buggy(Doubtful):
        async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
            del room, part, key, since
            raise ZeroDivisionError

    transport = Buggy(arrives=False, tells=Trace(said=False))
    world = await begun(note("first", HOUR, grace=3600), note("second", HOUR + MINUTE), transport=transport)
    await world.run(BEGIN + 3 * HOUR)
    assert stages(world) == ["expired", "sent"]
    (first, _) = kept(world).deliveries.values()
    assert first.problem == "ZeroDivisionError, see the log"
    assert first.since == BEGIN + HOUR


async def test_what_came_into_doubt_at_the_end_of_its_grace_is_still_looked_for() -> None:
    class Cut(Doubtful):
        async def announce(self, room: Room, part: str, key: str) -> str | None:
            self.connect(State.DOWN)
            return await super().announce(room, part, key)

    transport = Cut(arrives=False, tells=Trace(said=True, id="event"))
    world = await begun(note("note", HOUR, grace=60), transport=transport)
    await world.run(BEGIN + HOUR + 5 * MINUTE)
    assert stages(world) == ["sending"]
    transport.connect()
    await world.run(BEGIN + HOUR + 6 * MINUTE)
    assert stages(world) == ["sent"]


async def test_what_a_network_refuses_to_tell_is_still_in_doubt_when_it_is_tried_again() -> None:
    class Banned(Doubtful):
        banned = True

        async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
            if self.banned:
                raise Refused("banned from the room")
            return await super().trace(room, part, key, since)

    transport = Banned(arrives=True, tells=Trace(said=True, id="event"))
    world = await begun(note("note", HOUR), transport=transport)
    await world.run(BEGIN + 2 * HOUR)
    (delivery,) = kept(world).deliveries.values()
    assert (delivery.stage, delivery.since) == (Stage.FAILED, BEGIN + HOUR)
    transport.banned = False
    assert await kept(world).retry(delivery.key, BEGIN + 9 * HOUR, world.clock.at)
    await world.look()
    assert said(world) == ["note"]
    assert stages(world) == ["sent"]
