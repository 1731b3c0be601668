"""What is written: all calls of one transaction, in as few statements as they need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, or_, select, update

from milestonebot.outbox import Stage
from milestonebot.store import rows
from milestonebot.store.pruning import prune
from milestonebot.store.tables import announcements, deliveries, known, planning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncConnection

    from milestonebot.outbox import Delivery, Planned

_AT_ONCE = 5_000
"""How many keys one statement names: both databases take at least 32,000 parameters."""


@dataclass(frozen=True, slots=True)
class Add:
    """Planning's result is to be kept."""

    planned: Planned


@dataclass(frozen=True, slots=True)
class Change:
    """A delivery is to be changed."""

    key: str
    turn: Callable[[Delivery], Delivery | None]
    """Pure: from the delivery as it is to what it becomes; None where that may not be."""


@dataclass(frozen=True, slots=True)
class Prune:
    """What ended long ago is to be forgotten."""

    now: datetime


async def write(connection: AsyncConnection, calls: Sequence[Add | Change | Prune]) -> list[Any]:
    """Carry out `calls` and return what each returns: new keys, whether it was changed, how many went."""
    done: dict[int, Any] = {}
    for number, call in enumerate(calls):
        if isinstance(call, Add):
            done[number] = await _add(connection, call.planned)
        elif isinstance(call, Prune):
            done[number] = await prune(connection, call.now)
    changes = {number: call for number, call in enumerate(calls) if isinstance(call, Change)}
    done |= zip(changes, await _change(connection, list(changes.values())), strict=True)
    return [done[number] for number in range(len(calls))]


async def _change(connection: AsyncConnection, changes: Sequence[Change]) -> list[bool]:
    before = await _held(connection, {each.key for each in changes})
    after = dict(before)
    made = []
    for change in changes:
        delivery = after.get(change.key)
        turned = None if delivery is None else change.turn(delivery)
        made.append(turned is not None)
        if turned is not None:
            after[change.key] = turned
    if changed := [each for each in after.values() if each is not before[each.key]]:
        await connection.execute(
            update(deliveries).where(deliveries.c.key == bindparam("changed")),
            [rows.changing(each) | {"changed": each.key} for each in changed],
        )
    return made


async def _held(connection: AsyncConnection, keys: Iterable[str]) -> dict[str, Delivery]:
    """Return the deliveries under `keys`, which nobody else changes before this transaction ends."""
    ordered = sorted(keys)
    found = {}
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        # In one order, so that two who hold several never wait for each other (PostgreSQL).
        query = select(deliveries).where(deliveries.c.key.in_(some)).order_by(deliveries.c.key)
        for row in await connection.execute(query.with_for_update()):
            found[row.key] = rows.delivery_of(row)
    return found


async def _add(connection: AsyncConnection, planned: Planned) -> list[str]:
    for table, column in ((known, known.c.subject), (announcements, announcements.c.name)):
        gone = [{"gone": name} for name in planned.gone]
        if gone:
            await connection.execute(delete(table).where(column == bindparam("gone")), gone)
    await _put(connection, planning, [{"id": 1, "watermark": planned.watermark}])
    started = [{"name": name, "started": since} for name, since in planned.started.items()]
    await _put(connection, announcements, started)
    await _put(connection, known, rows.of_known(planned.known))
    return await _plan(connection, planned)


async def _plan(connection: AsyncConnection, planned: Planned) -> list[str]:
    """Insert the deliveries whose keys are new, and return these keys.

    As good as new is what was withdrawn unsaid, since it is true again; and what expired unsaid at a moment
    that is yet to come: a clock that was ahead gave it up.
    """
    first: dict[str, Delivery] = {}
    for each in planned.deliveries:
        first.setdefault(each.key, each)
    if not first:
        return []
    adding = _insert(connection, deliveries)
    added = adding.excluded
    ahead = and_(deliveries.c.stage == Stage.EXPIRED.value, deliveries.c.at > added.at)
    given_up = and_(
        or_(deliveries.c.stage == Stage.WITHDRAWN.value, ahead),
        deliveries.c.since.is_(None),
        deliveries.c.said == 0,
        added.stage == Stage.PLANNED.value,
    )
    values = [rows.of_delivery(each, planned.watermark) for each in first.values()]
    anew = {name: added[name] for name in values[0] if name != "key"}
    adding = adding.on_conflict_do_update(index_elements=["key"], set_=anew, where=given_up)
    found = await connection.execute(adding.returning(deliveries.c.key), values)
    new = set(found.scalars())
    return [key for key in first if key in new]


async def _put(connection: AsyncConnection, table: Table, values: list[dict[str, Any]]) -> None:
    """Insert rows; those that are there already become as told."""
    if not values:
        return
    putting = _insert(connection, table)
    own = [column.name for column in table.primary_key]
    others = {name: putting.excluded[name] for name in values[0] if name not in own}
    await connection.execute(putting.on_conflict_do_update(index_elements=own, set_=others), values)


def _insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    # Each imports all that its database can do, megabytes of it: one is enough.
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - as told above

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - likewise

    return sqlite.insert(table)
