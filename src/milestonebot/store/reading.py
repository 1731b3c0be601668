"""What is read, in one query each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, or_, select

from milestonebot.outbox import PENDING, Memory, Stage
from milestonebot.store import rows
from milestonebot.store.tables import announcements, deliveries, known, planning

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection

    from milestonebot.outbox import Delivery
    from milestonebot.ports import Room


async def memory(connection: AsyncConnection) -> Memory:
    """Return what planning remembers."""
    started = await connection.execute(select(announcements))
    remembered = await connection.execute(select(known))
    return Memory(
        await connection.scalar(select(planning.c.watermark)),
        {row.name: row.started for row in started},
        {row.subject: rows.known_of(row) for row in remembered},
    )


async def pending(connection: AsyncConnection) -> list[Delivery]:
    """Return what is pending: first what is under way or partly said, then as it is due."""
    under_way = or_(deliveries.c.since.is_not(None), deliveries.c.said > 0)
    found = await connection.execute(
        select(deliveries)
        .where(deliveries.c.stage.in_([each.value for each in PENDING]))
        .order_by(case((under_way, 0), else_=1), deliveries.c.due, deliveries.c.number)
    )
    return [rows.delivery_of(row) for row in found]


async def find(connection: AsyncConnection, key: str) -> Delivery | None:
    """Return the delivery under `key`."""
    row = (await connection.execute(select(deliveries).where(deliveries.c.key == key))).one_or_none()
    return None if row is None else rows.delivery_of(row)


async def listed(
    connection: AsyncConnection, stages: Collection[Stage], room: Room | None, most: int
) -> list[Delivery]:
    """Return deliveries, the latest due first."""
    query = select(deliveries).order_by(deliveries.c.due.desc(), deliveries.c.number.desc()).limit(most)
    if stages:
        query = query.where(deliveries.c.stage.in_([each.value for each in stages]))
    if room is not None:
        query = query.where(deliveries.c.network == room.network, deliveries.c.room == room.name)
    return [rows.delivery_of(row) for row in await connection.execute(query)]


async def counted(connection: AsyncConnection) -> dict[Stage, int]:
    """Return how many deliveries are at each stage."""
    found = await connection.execute(select(deliveries.c.stage, func.count()).group_by(deliveries.c.stage))
    return {Stage(stage): count for stage, count in found}


async def keys(connection: AsyncConnection, beginning: str, most: int) -> list[str]:
    """Return keys that begin with `beginning`, the latest due first."""
    query = (
        select(deliveries.c.key)
        .where(func.substr(deliveries.c.key, 1, len(beginning)) == beginning)
        .order_by(deliveries.c.due.desc(), deliveries.c.number.desc())
        .limit(most)
    )
    return list(await connection.scalars(query))
