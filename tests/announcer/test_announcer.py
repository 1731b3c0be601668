"""The announcer and its outbox: one that fails, an admin's word, an operator's hand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Announcement, Occasion
from milestonebot.errors import StoreError
from milestonebot.ports import Room, State
from tests.announcer.playing import (
    BEGIN,
    HOUR,
    MINUTE,
    A,
    B,
    Lines,
    begun,
    catalog,
    kept,
    note,
    said,
    scripted,
    stages,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.document import Document
    from milestonebot.outbox import Delivery, Planned


async def test_nothing_is_said_that_cannot_be_recorded_and_that_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = await begun(note("note", HOUR))
    kept(world).broken = True
    await world.run(BEGIN + 3 * HOUR)
    assert said(world) == []
    assert len([each for each in caplog.records if each.levelno >= logging.ERROR]) == 1
    assert "nothing is announced until this is mended: the disk is full" in caplog.text
    kept(world).broken = False
    await world.run(BEGIN + 3 * HOUR + 2 * MINUTE)
    assert said(world) == ["note"]
    assert "the outbox can be used again" in caplog.text


async def test_what_was_said_and_could_not_be_recorded_is_not_said_again() -> None:
    world = await begun(note("note", HOUR), note("next", HOUR + MINUTE))
    usual = scripted(world).announce

    async def announce(room: Room, part: str, key: str) -> str | None:
        kept(world).broken = True
        return await usual(room, part, key)

    scripted(world).announce = announce  # type: ignore[method-assign] # the test's own
    await world.run(BEGIN + 2 * HOUR)
    scripted(world).announce = usual  # type: ignore[method-assign] # as it was
    assert said(world) == ["note"]
    kept(world).broken = False
    await world.run(BEGIN + 3 * HOUR)
    assert said(world) == ["note", "next"]
    assert stages(world) == ["sent", "sent"]


async def test_what_an_admin_announces_is_kept_before_it_is_answered_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    world = await begun()
    await world.announcer.announce([A, B, A], "The gate is\nclosed.", "$event", "scripted/rm")
    assert len(kept(world).deliveries) == 2
    assert "scripted/rm announces by hand: announce/scripted/#a/$event and 1 more" in caplog.text
    assert all(each.about["by"] == "scripted/rm" for each in kept(world).deliveries.values())
    assert all(each.until == BEGIN + 12 * HOUR for each in kept(world).deliveries.values())
    await world.quiet()
    await world.announcer.announce([A, B], "The gate is\nclosed.", "$event", "scripted/rm")
    await world.quiet()
    assert said(world, A) == ["The gate is", "closed."]
    assert said(world, B) == ["The gate is", "closed."]
    assert set(kept(world).deliveries) == {"announce/scripted/#a/$event", "announce/scripted/#b/$event"}


async def test_what_cannot_be_kept_is_not_announced_by_hand() -> None:
    world = await begun()
    kept(world).broken = True
    with pytest.raises(StoreError, match="the disk is full"):
        await world.announcer.announce([A], "hello", "1", "scripted/rm")
    kept(world).broken = False
    await world.look()
    assert said(world) == []


async def test_announcing_by_hand_leaves_what_is_due_to_the_looks() -> None:
    world = await begun(note("note", HOUR))
    world.clock.at = BEGIN + 2 * HOUR
    await world.announcer.announce([B], "hello", "1", "scripted/rm")
    await world.quiet()
    assert kept(world).remembered.watermark == BEGIN
    await world.look()
    assert said(world) == ["hello", "note"]


async def test_what_an_operator_drops_is_not_said_and_what_he_tries_again_is() -> None:
    world = await begun(note("first", HOUR), note("second", HOUR + MINUTE), note("third", HOUR + 2 * MINUTE))
    scripted(world).connect(State.DOWN)
    await world.run(BEGIN + 2 * HOUR)
    first, second, _ = kept(world).deliveries
    kept(world).drop(first)
    kept(world).drop(second)
    await world.look()
    scripted(world).connect()
    await world.run(BEGIN + 2 * HOUR + MINUTE)
    assert said(world) == ["third"]
    assert await kept(world).retry(second, world.clock.at + HOUR, world.clock.at)
    await world.look()
    assert said(world) == ["third", "second"]


async def test_what_is_dropped_just_before_it_is_said_is_not_said() -> None:
    class Dropping(Lines):
        def compose(self, room: Room, document: Document) -> tuple[str, ...]:
            (key,) = kept(world).deliveries
            kept(world).drop(key)
            return super().compose(room, document)

    world = await begun(note("note", HOUR), transport=Dropping())
    await world.run(BEGIN + 2 * HOUR)
    assert said(world) == []
    assert stages(world) == ["dropped"]


@pytest.mark.parametrize("place", ["milestonebot.agenda.look", "tests.announcer.kept.KeptOutbox.add"])
async def test_a_bug_in_planning_does_not_stop_what_is_planned(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    world = await begun(note("note", HOUR))
    scripted(world).connect(State.DOWN)
    await world.run(BEGIN + HOUR)

    def look(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(place, look)
    scripted(world).connect()
    await world.look()
    assert said(world) == ["note"]
    assert "planning went wrong" in caplog.text
    assert world.alarm is None or world.alarm > world.clock.at


async def test_what_is_new_is_announced_without_being_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    world = await begun()
    monkeypatch.setattr(kept(world), "pending", _unreadable)
    await world.announcer.announce([A], "hello", "1", "scripted/rm")
    await world.quiet()
    assert said(world) == ["hello"]
    monkeypatch.undo()
    await world.look()
    await world.quiet()
    assert said(world) == ["hello"]


async def test_what_is_kept_already_is_announced_although_it_cannot_be_read_at_once() -> None:
    world = await begun()
    usual_add, usual = kept(world).add, kept(world).pending

    async def add(planned: Planned) -> Sequence[str]:
        await usual_add(planned)
        raise StoreError("the connection was lost in the commit")

    kept(world).add = add  # type: ignore[method-assign] # the test's own
    with pytest.raises(StoreError):
        await world.announcer.announce([A], "hello", "1", "scripted/rm")
    kept(world).add = usual_add  # type: ignore[method-assign] # as it was
    kept(world).pending = _unreadable  # type: ignore[method-assign] # the test's own
    await world.announcer.announce([A, B], "hello", "1", "scripted/rm")
    await world.quiet()
    assert said(world) == []
    kept(world).pending = usual  # type: ignore[method-assign] # as it was
    await world.look()
    await world.quiet()
    assert said(world, A) == said(world, B) == ["hello"]


async def _unreadable() -> Sequence[Delivery]:
    raise StoreError("the disk is full")


async def test_what_was_kept_although_the_database_failed_is_remembered() -> None:
    world = await begun(Announcement("dates", Occasion.CHANGED, (A,)), catalog=catalog(one="2012-02-01"))
    usual = kept(world).add

    async def add(planned: Planned) -> Sequence[str]:
        await usual(planned)
        raise StoreError("the connection was lost in the commit")

    kept(world).add = add  # type: ignore[method-assign] # the test's own
    world.catalog = catalog(one="2012-02-08")
    await world.look()
    kept(world).add = usual  # type: ignore[method-assign] # as it was
    world.catalog = catalog(one="2012-02-01")
    await world.run(world.clock.at + MINUTE)
    assert len(said(world)) == 2
    assert "8 Feb" in said(world)[0]
    assert "1 Feb" in said(world)[1]


async def test_what_was_said_is_recorded_although_it_was_dropped_meanwhile() -> None:
    world = await begun(note("note", HOUR))
    usual = scripted(world).announce

    async def announce(room: Room, part: str, key: str) -> str | None:
        kept(world).broken = True
        return await usual(room, part, key)

    scripted(world).announce = announce  # type: ignore[method-assign] # the test's own
    await world.run(BEGIN + HOUR)
    (key,) = kept(world).deliveries
    kept(world).drop(key)
    kept(world).broken = False
    await world.look()
    await world.run(BEGIN + HOUR + MINUTE)
    assert not await kept(world).retry(key, world.clock.at + HOUR, world.clock.at)
    assert said(world) == ["note"]


async def test_what_an_admin_was_told_that_it_is_not_kept_is_not_said_later() -> None:
    world = await begun()
    usual = kept(world).add

    async def add(planned: Planned) -> Sequence[str]:
        await usual(planned)
        raise StoreError("the connection was lost in the commit")

    kept(world).add = add  # type: ignore[method-assign] # the test's own
    with pytest.raises(StoreError):
        await world.announcer.announce([A, B], "hello", "1", "scripted/rm")
    kept(world).add = usual  # type: ignore[method-assign] # as it was
    await world.look()
    assert said(world) == []
    assert stages(world) == ["withdrawn", "withdrawn"]
    await world.announcer.announce([A], "hello", "2", "scripted/rm")
    await world.quiet()
    assert said(world) == ["hello"]


async def test_what_many_rooms_are_told_is_one_document_for_the_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = await begun()
    usual, given = scripted(world).compose, []

    def compose(room: Room, document: Document) -> tuple[str, ...]:
        given.append(document)
        return usual(room, document)

    monkeypatch.setattr(scripted(world), "compose", compose)
    await world.announcer.announce([A, B], "hello", "1", "scripted/rm")
    await world.quiet()
    await world.announcer.announce([A], "goodbye", "2", "scripted/rm")
    await world.quiet()
    assert [each.data["text"] for each in given] == ["hello", "hello", "goodbye"]
    assert given[0] is given[1]
