"""What planning remembers is what the outbox would tell after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from milestonebot.announcer.planning import by_hand, remembered
from milestonebot.outbox import Known, Memory, Planned
from milestonebot.ports import Room
from milestonebot.store import open_outbox

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2012, 1, 1, tzinfo=UTC)
A, B = Room("scripted", "#a"), Room("scripted", "#b")


async def test_memory_keeps_in_step_with_the_outbox(tmp_path: Path) -> None:
    steps = [
        Planned(NOW, started={"one": NOW, "two": NOW}, known={"x": Known("2012-02-01", out=False)}),
        Planned(NOW + timedelta(hours=1)),
        Planned(NOW + timedelta(hours=2), known={"x": Known("2012-02-08", out=False, source="here", turn=1)}),
        # What is gone and known again in one step is known.
        Planned(NOW + timedelta(hours=3), known={"x": Known(None, out=True, turn=2)}, gone=["x", "one"]),
        Planned(NOW + timedelta(hours=4), started={"three": NOW}, gone=["two", "never there"]),
        by_hand([A], "hello", "1", "x/rm", Memory(NOW + timedelta(hours=4)), NOW + timedelta(hours=5)),
    ]
    outbox = await open_outbox(tmp_path / "outbox.db")
    memory = await outbox.memory()
    assert memory == Memory()
    for step in steps:
        await outbox.add(step)
        memory = remembered(memory, step)
        assert memory == await outbox.memory()
    await outbox.close()


def test_what_is_announced_by_hand_stands_once_for_each_room_under_the_message() -> None:
    planned = by_hand([A, B, A], "hello", "$event", "x/rm", Memory(), NOW)
    assert planned.watermark == NOW
    assert [each.key for each in planned.deliveries] == [
        "announce/scripted/#a/$event",
        "announce/scripted/#b/$event",
    ]
    assert {each.announcement for each in planned.deliveries} == {""}
    assert all(each.about == {"text": "hello", "by": "x/rm"} for each in planned.deliveries)
