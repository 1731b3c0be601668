"""Many rooms, as benchmarks/announcing.py has them, without the time it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import announcing
from milestonebot.store import open_outbox

if TYPE_CHECKING:
    from pathlib import Path


async def test_an_announcement_in_many_rooms_is_said_and_recorded_in_each(tmp_path: Path) -> None:
    outbox = await open_outbox(tmp_path / "outbox.db")
    _, network = await announcing.deliver(outbox, 300)
    await announcing.check(outbox, network, 300)
    await outbox.close()
