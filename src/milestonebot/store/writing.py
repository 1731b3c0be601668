"""What is written: all calls of one transaction, in as few statements as they need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from milestonebot.outbox import PENDING, Stage
from milestonebot.store import changes, rows
from milestonebot.store.pruning import prune

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from milestonebot.outbox import Delivery, Planned
    from milestonebot.store.connection import Connection

_NEW = """
    INSERT INTO deliveries (
        key, announcement, occasion, network, room, due, about,
        until, stage, attempts, since, parts, said, event, at, problem
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ANEW = """
    UPDATE deliveries SET announcement = ?, occasion = ?, network = ?, room = ?, due = ?, about = ?,
        until = ?, stage = ?, attempts = ?, since = ?, parts = ?, said = ?, event = ?, at = ?, problem = ?
    WHERE key = ?
"""
_CHANGED = """
    UPDATE deliveries SET
        until = ?, stage = ?, attempts = ?, since = ?, parts = ?, said = ?, event = ?, at = ?, problem = ?
    WHERE key = ?
"""
_WATERMARK = """
    INSERT INTO planning (id, watermark) VALUES (1, ?)
    ON CONFLICT (id) DO UPDATE SET watermark = excluded.watermark
"""
_STARTED = """
    INSERT INTO announcements (name, started) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET started = excluded.started
"""
_KNOWN = """
    INSERT INTO known (subject, date, out, source, turn) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (subject) DO UPDATE SET
        date = excluded.date, out = excluded.out, source = excluded.source, turn = excluded.turn
"""
_MARKS = "SELECT key, stage, attempts, said, at FROM deliveries"
_STAGES = "SELECT key, stage FROM deliveries"
_GIVEN_UP = (Stage.WITHDRAWN.value, Stage.EXPIRED.value)
"""Only what is at one of these stages may be as good as new."""
_GONE = ("DELETE FROM known WHERE subject = ?", "DELETE FROM announcements WHERE name = ?")


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


async def write(
    connection: Connection, calls: Sequence[Add | Change | Prune], lately: dict[str, Delivery]
) -> list[Any]:
    """Carry out `calls` and return what each returns: new keys, whether it was changed, how many went.

    `lately` holds what was written last of deliveries that are pending, so that it need not be read again;
    what is written now goes there. Where the transaction fails, it must be emptied.
    """
    done: dict[int, Any] = {}
    for number, call in enumerate(calls):
        if isinstance(call, Add):
            done[number] = await _add(connection, call.planned, lately)
        elif isinstance(call, Prune):
            done[number] = await prune(connection, call.now)
    turns = {number: call for number, call in enumerate(calls) if isinstance(call, Change)}
    if turns:
        done |= zip(turns, await _change(connection, list(turns.values()), lately), strict=True)
    return [done[number] for number in range(len(calls))]


async def _change(connection: Connection, turns: Sequence[Change], lately: dict[str, Delivery]) -> list[bool]:
    before = await _held(connection, {each.key for each in turns}, lately)
    after = dict(before)
    made = []
    for change in turns:
        delivery = after.get(change.key)
        turned = None if delivery is None else change.turn(delivery)
        made.append(turned is not None)
        if turned is not None:
            after[change.key] = turned
    changed = [each for each in after.values() if each is not before[each.key]]
    dialect = connection.dialect
    await connection.each(_CHANGED, [(*rows.changing(each, dialect), each.key) for each in changed])
    for each in changed:
        if each.stage in PENDING:
            lately[each.key] = each
        else:
            lately.pop(each.key, None)
    return made


async def _held(
    connection: Connection, keys: Collection[str], lately: Mapping[str, Delivery]
) -> dict[str, Delivery]:
    """Return the deliveries under `keys`, which nobody else changes before this transaction ends."""
    dialect = connection.dialect
    # In one order, so that two who hold several never wait for each other (PostgreSQL).
    query = f"{_MARKS} WHERE key {dialect.among} ORDER BY key {dialect.held}"
    held = {}
    unknown = []
    for key, *marks in await connection.fetch(query, dialect.listed(sorted(keys))):
        each = lately.get(key)
        # Whoever changes a delivery beside us changes one of these.
        if each is not None and marks == [each.stage.value, each.attempts, each.said, dialect.kept(each.at)]:
            held[key] = each
        else:
            unknown.append(key)
    if unknown:
        found = await connection.fetch(
            f"{rows.DELIVERIES} WHERE key {dialect.among}", dialect.listed(unknown)
        )
        held |= {each.key: each for each in rows.deliveries_of(found, dialect)}
    return held


async def _add(connection: Connection, planned: Planned, lately: dict[str, Delivery]) -> list[str]:
    kept = connection.dialect.kept
    for statement in _GONE:
        await connection.each(statement, [(name,) for name in planned.gone])
    await connection.each(_WATERMARK, [(kept(planned.watermark),)])
    await connection.each(_STARTED, [(name, kept(since)) for name, since in planned.started.items()])
    await connection.each(_KNOWN, rows.of_known(planned.known))
    return await _plan(connection, planned, lately)


async def _plan(connection: Connection, planned: Planned, lately: dict[str, Delivery]) -> list[str]:
    """Insert the deliveries whose keys are new or as good as new, and return these keys."""
    first: dict[str, Delivery] = {}
    for each in planned.deliveries:
        first.setdefault(each.key, each if each.at is not None else replace(each, at=planned.watermark))
    if not first:
        return []
    dialect = connection.dialect
    found = await connection.fetch(f"{_STAGES} WHERE key {dialect.among}", dialect.listed(list(first)))
    there: dict[str, str] = dict(found)  # type: ignore[arg-type] # each has two columns
    before = await _held(connection, [key for key, stage in there.items() if stage in _GIVEN_UP], {})
    anew = {key: first[key] for key, each in before.items() if changes.as_good_as_new(each, first[key])}
    new = {key: each for key, each in first.items() if key not in there}
    await connection.each(_NEW, rows.of_deliveries(new.values(), dialect))
    again = rows.of_deliveries(anew.values(), dialect)
    await connection.each(_ANEW, [(*others, key) for key, *others in again])
    lately |= {key: each for key, each in (new | anew).items() if each.stage in PENDING}
    return [key for key in first if key in anew or key in new]
