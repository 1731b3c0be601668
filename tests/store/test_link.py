"""Connections to a database that fails, hangs or moves: none is left open, none used wrongly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from milestonebot.errors import StoreError
from milestonebot.store.link import READERS, Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.store.connection import Connection, Dialect


class _Connection:
    """A connection that tells its database of its end."""

    dialect: Dialect

    def __init__(self, database: _Database) -> None:
        self._database = database

    async def begin(self, *, writing: bool) -> None:
        del writing

    async def fetch(self, query: str, *values: object) -> Sequence[Sequence[object]]:
        raise NotImplementedError

    async def each(self, statement: str, rows: object) -> None:
        raise NotImplementedError

    async def commit(self) -> None:
        pass

    async def rollback(self) -> None:
        pass

    async def leave(self) -> None:
        # An answer to a farewell takes a while.
        await asyncio.sleep(0)
        self._database.open.remove(self)


class _Database:
    """A database that can move, whose connections can be lost."""

    bound: float | None = None

    def __init__(self) -> None:
        self.open: list[_Connection] = []
        self.elsewhere = False

    async def connect(self) -> Connection:
        self.open.append(made := _Connection(self))
        return made

    def ready(self) -> None:
        self.elsewhere = False

    def moved(self) -> bool:
        return self.elsewhere

    async def settle(self, connection: Connection) -> None:
        pass

    def lost(self, error: BaseException) -> bool:
        return isinstance(error, ConnectionError)

    def unusable(self, error: BaseException) -> bool:
        raise NotImplementedError

    def problem(self, error: BaseException) -> StoreError | None:
        raise NotImplementedError


async def _itself(connection: Connection) -> Connection:
    return connection


class _Held:
    """Work that begins, and goes on when it is let."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let = asyncio.Event()

    async def __call__(self, connection: Connection) -> Connection:
        self.begun.set()
        await self.let.wait()
        return connection


async def test_connections_are_used_again() -> None:
    link = Link(database := _Database())
    assert await link.write(_itself) is await link.write(_itself)
    assert await link.read(_itself) is await link.read(_itself)
    assert len(database.open) == 2
    await link.close()
    assert database.open == []


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_what_nobody_waits_for_ends(kind: str) -> None:
    link, held = Link(database := _Database()), _Held()
    task = asyncio.create_task(getattr(link, kind)(held))
    await held.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await link.close()
    assert database.open == []


async def test_readers_that_are_given_up_leave_room_for_no_more_than_others() -> None:
    link = Link(database := _Database())
    for _ in range(2 * READERS):
        held = _Held()
        task = asyncio.create_task(link.read(held))
        await held.begun.wait()
        task.cancel()
        await asyncio.wait({task})
    await link.read(_itself)
    assert len(database.open) <= READERS
    await link.close()
    assert database.open == []


@pytest.mark.parametrize(("kind", "other"), [("write", "read"), ("read", "write")])
async def test_a_connection_in_use_while_the_database_moves_is_not_used_again(kind: str, other: str) -> None:
    link, held = Link(database := _Database()), _Held()
    using = asyncio.create_task(getattr(link, kind)(held))
    await held.begun.wait()
    database.elsewhere = True
    await getattr(link, other)(_itself)
    held.let.set()
    old = await using
    assert await getattr(link, kind)(_itself) is not old
    await link.close()
    assert database.open == []


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_a_lost_connection_is_made_again_once(kind: str) -> None:
    link, tried = Link(database := _Database()), []

    async def lost(connection: Connection) -> None:
        tried.append(connection)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await getattr(link, kind)(lost)
    first, second = tried
    assert first is not second
    await link.close()
    assert database.open == []


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_who_waits_when_it_is_closed_is_told(kind: str) -> None:
    link, held = Link(database := _Database()), _Held()
    task = asyncio.create_task(getattr(link, kind)(held))
    await held.begun.wait()
    await link.close()
    assert database.open == []
    with pytest.raises(StoreError, match="closed"):
        await task
    with pytest.raises(StoreError, match="closed"):
        await getattr(link, kind)(_itself)
    assert database.open == []


@pytest.mark.parametrize("kind", ["read", "write"])
async def test_what_takes_too_long_is_given_up(kind: str) -> None:
    link, held = Link(database := _Database()), _Held()
    database.bound = 0.0
    with pytest.raises(TimeoutError):
        await getattr(link, kind)(held)
    await link.close()
    assert database.open == []
