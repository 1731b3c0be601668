"""Looks, one after the other: what the outbox has is not given again, and one bug stops one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot import agenda
from milestonebot.announcer.looking import Looking
from milestonebot.outbox import Memory
from tests.announcer.playing import (
    BEGIN,
    DAY,
    HOUR,
    MINUTE,
    A,
    B,
    begun,
    catalog,
    countdown,
    kept,
    note,
    said,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.outbox import Planned


async def test_what_the_outbox_has_is_not_written_at_each_look() -> None:
    world = await begun(countdown(A, B), catalog=catalog(one="2012-01-02"))
    usual, written = kept(world).add, []

    async def add(planned: Planned) -> Sequence[str]:
        written.append(len(planned.deliveries))
        return await usual(planned)

    kept(world).add = add  # type: ignore[method-assign] # the test's own
    await world.run(BEGIN + 14 * HOUR)
    await world.look()
    world.clock.at -= MINUTE
    await world.look()
    world.clock.at += MINUTE
    await world.look()
    assert written == [2, 0, 0, 2]


def failing(usual: Callable[..., object], culprit: str) -> Callable[..., object]:
    def asked(catalog: object, announcements: Sequence[Announcement], *others: object) -> object:
        if any(each.name == culprit for each in announcements):
            raise ZeroDivisionError
        return usual(catalog, announcements, *others)

    return asked


async def test_a_bug_in_one_announcement_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = await begun(note("good", HOUR), note("bad", HOUR, B))
    with monkeypatch.context() as patch:
        patch.setattr("milestonebot.agenda.look", failing(agenda.look, "bad"))
        await world.run(BEGIN + HOUR)
        await world.look()
        assert said(world) == ["good"]
        assert caplog.text.count("planning bad went wrong; the others go on") == 1
        assert world.alarm is None or world.alarm > world.clock.at + MINUTE
    # What it is for is remembered: as soon as it can be planned, it goes on.
    assert set(kept(world).remembered.started) == {"good", "bad"}


async def test_one_that_could_not_be_planned_at_first_is_not_looked_at_every_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("milestonebot.agenda.look", failing(agenda.look, "bad"))
    world = await begun(note("good", HOUR), note("bad", HOUR))
    assert world.alarm == BEGIN + HOUR


async def test_a_bug_in_when_to_wake_leaves_it_to_the_looks(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("milestonebot.agenda.wake", failing(agenda.wake, "note"))
    world = await begun(note("note", HOUR))
    assert world.alarm is None
    world.clock.at = BEGIN + HOUR
    await world.look()
    assert said(world) == ["note"]
    assert "when to look next is not known" in caplog.text


def test_a_bug_in_all_of_it_is_the_callers_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("milestonebot.agenda.look", look)
    with pytest.raises(ZeroDivisionError):
        Looking().look(catalog(), [], Memory(), BEGIN + DAY, "UTC")
