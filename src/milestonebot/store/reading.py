"""What is read, in one query each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.outbox import PENDING, Memory, Stage
from milestonebot.store import rows

if TYPE_CHECKING:
    from collections.abc import Collection

    from milestonebot.outbox import Delivery
    from milestonebot.ports import Room
    from milestonebot.store.connection import Connection

_PENDING = f"""
    {rows.DELIVERIES} WHERE stage IN (?, ?)
    ORDER BY CASE WHEN since IS NOT NULL OR said > 0 THEN 0 ELSE 1 END, due, number
"""
_KEYS = "SELECT key FROM deliveries WHERE substr(key, 1, ?) = ? ORDER BY due DESC, number DESC LIMIT ?"


async def memory(connection: Connection) -> Memory:
    """Return what planning remembers."""
    found = connection.dialect.found
    ((watermark,),) = await connection.fetch("SELECT max(watermark) FROM planning")
    started = await connection.fetch("SELECT name, started FROM announcements")
    known = await connection.fetch("SELECT subject, date, out, source, turn FROM known")
    return Memory(
        found(watermark),
        {name: rows.sure(found(since)) for name, since in started},
        {subject: rows.known_of(values) for subject, *values in known},
    )


async def pending(connection: Connection) -> list[Delivery]:
    """Return what is pending: first what is under way or partly said, then as it is due."""
    found = await connection.fetch(_PENDING, *(each.value for each in PENDING))
    return rows.deliveries_of(found, connection.dialect)


async def find(connection: Connection, key: str) -> Delivery | None:
    """Return the delivery under `key`."""
    found = await connection.fetch(f"{rows.DELIVERIES} WHERE key = ?", key)
    return rows.deliveries_of(found, connection.dialect)[0] if found else None


async def listed(
    connection: Connection, stages: Collection[Stage], room: Room | None, most: int
) -> list[Delivery]:
    """Return deliveries, the latest due first."""
    asked, values = ["TRUE"], []
    if stages:
        asked.append(f"stage {connection.dialect.among}")
        values.append(connection.dialect.listed([each.value for each in stages]))
    if room is not None:
        asked.append("network = ? AND room = ?")
        values += [room.network, room.name]
    query = f"{rows.DELIVERIES} WHERE {' AND '.join(asked)} ORDER BY due DESC, number DESC LIMIT ?"
    return rows.deliveries_of(await connection.fetch(query, *values, most), connection.dialect)


async def counted(connection: Connection) -> dict[Stage, int]:
    """Return how many deliveries are at each stage."""
    found = await connection.fetch("SELECT stage, count(*) FROM deliveries GROUP BY stage")
    return {Stage(stage): count for stage, count in found}


async def keys(connection: Connection, beginning: str, most: int) -> list[str]:
    """Return keys that begin with `beginning`, the latest due first."""
    return [key for (key,) in await connection.fetch(_KEYS, len(beginning), beginning, most)]
