"""Deliveries and plans for the tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from milestonebot.announcement import Occasion
from milestonebot.outbox import Delivery, Planned
from milestonebot.ports import Room
from milestonebot.store import open_outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

START = datetime(2011, 12, 20, 14, tzinfo=UTC)
ROOM = Room("libera", "#openstack")


_empty: list[bytes] = []


async def make_empty(file: Path) -> None:
    """Make a SQLite file whose tables hold nothing: migrations make the first, the others copy it."""
    if not _empty:
        await (await open_outbox(file)).close()
    _copy(file)


def _copy(file: Path) -> None:
    if _empty:
        file.write_bytes(_empty[0])
    else:
        _empty.append(file.read_bytes())


def after(minutes: float) -> datetime:
    """Return the moment so long after START."""
    return START + timedelta(minutes=minutes)


def delivery(key: str = "countdown/1", *, due: datetime = START, **others: Any) -> Delivery:  # noqa: ANN401 - any field
    """Return a delivery; what is not told is as usual."""
    fields: dict[str, Any] = {
        "announcement": "countdown",
        "occasion": Occasion.COUNTDOWN,
        "room": ROOM,
        "until": due + timedelta(hours=12),
        "about": {"subject": "openstack/essex/essex-2", "days": 2},
        **others,
    }
    return Delivery(key, due=due, **fields)


def planned(*deliveries: Delivery, watermark: datetime = START, **others: Any) -> Planned:  # noqa: ANN401 - any field
    """Return what a look amounts to."""
    return Planned(watermark, deliveries, **others)


def keys(deliveries: Iterable[Delivery]) -> list[str]:
    """Return the keys of `deliveries`."""
    return [each.key for each in deliveries]
