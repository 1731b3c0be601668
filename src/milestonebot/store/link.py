"""The connections to a database: one that writes, few that read; made again after anything went wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from milestonebot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from milestonebot.store.connection import Connection

T = TypeVar("T")

READERS = 2


class Database(Protocol):
    """What differs between SQLite and PostgreSQL."""

    @property
    def bound(self) -> float | None:
        """Return the seconds that a transaction may take; None where it cannot hang."""
        ...

    async def connect(self) -> Connection:
        """Return a new connection."""
        ...

    def ready(self) -> None:
        """Do what there is to do before a connection is made; raises StoreError."""
        ...

    def moved(self) -> bool:
        """Tell whether what is connected is not what should be."""
        ...

    async def settle(self, connection: Connection) -> None:
        """Make a new connection the one that writes: hold what is to be held, see to the tables."""
        ...

    def lost(self, error: BaseException) -> bool:
        """Tell whether the connection is gone, and another may do."""
        ...

    def unusable(self, error: BaseException) -> bool:
        """Tell whether the database as a whole cannot be used, whatever is asked of it."""
        ...

    def problem(self, error: BaseException) -> StoreError | None:
        """Return what an operator is told of `error`; None where it is none of a database."""
        ...


class Link:
    """The connections to one database."""

    def __init__(self, database: Database) -> None:
        """Connect when it is first used."""
        self._database = database
        self._writing: Connection | None = None
        self._idle: list[Connection] = []
        """Those that read, while they do not."""
        self._age = 0
        """How often all connections were left: one that was in use meanwhile must be left as well."""
        self._reading = asyncio.Semaphore(READERS)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False

    async def write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what `work` returns, its transaction committed; one caller at a time.

        `work` may be done twice: where the connection is gone before anything can have been kept.
        """
        return await self._bounded(self._write(work))

    async def read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        """Return what `work` returns, from one transaction."""
        async with self._reading:
            return await self._bounded(self._read(work))

    async def close(self) -> None:
        """Leave the database; who still waits for it is told StoreError."""
        self._closed = True
        self._forget()
        for each in self._under_way:
            each.cancel()
        while ending := self._under_way | self._leaving:
            await asyncio.wait(ending)

    async def _write(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        self._follow()
        age = self._age
        # Taken, and put back only after a commit: whatever went wrong on a connection ends with it.
        connection, self._writing = self._writing, None
        done: T
        try:
            try:
                done = await self._done(connection := connection or await self._settled(), work)
            except Exception as error:
                if connection is None or not self._database.lost(error):
                    raise
                self._leave(connection)
                done = await self._done(connection := await self._settled(), work)
            await connection.commit()
        except BaseException:
            if connection is not None:
                self._leave(connection)
            raise
        if age == self._age:
            self._writing = connection
        else:
            self._leave(connection)
        return done

    async def _settled(self) -> Connection:
        self._database.ready()
        connection = await self._database.connect()
        try:
            await self._database.settle(connection)
        except BaseException:
            self._leave(connection)
            raise
        return connection

    @staticmethod
    async def _done(connection: Connection, work: Callable[[Connection], Awaitable[T]]) -> T:
        await connection.begin(writing=True)
        return await work(connection)

    async def _read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        self._follow()
        try:
            return await self._looked(work)
        except Exception as error:
            if not self._database.lost(error):
                raise
        # The others are from the same time, those in use as well.
        self._age += 1
        self._forget_idle()
        return await self._looked(work)

    async def _looked(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        age = self._age
        connection = self._idle.pop() if self._idle else await self._database.connect()
        try:
            await connection.begin(writing=False)
            done = await work(connection)
            await connection.rollback()
        except BaseException:
            self._leave(connection)
            raise
        if age == self._age:
            self._idle.append(connection)
        else:
            self._leave(connection)
        return done

    def _follow(self) -> None:
        """Leave what is not the database any more; raises StoreError where there is none to be used."""
        if self._closed:
            raise StoreError("the database is closed")
        if self._database.moved():
            self._forget()
            self._database.ready()

    def _forget(self) -> None:
        self._age += 1
        writing, self._writing = self._writing, None
        if writing is not None:
            self._leave(writing)
        self._forget_idle()

    def _forget_idle(self) -> None:
        while self._idle:
            self._leave(self._idle.pop())

    async def _bounded(self, doing: Coroutine[Any, Any, T]) -> T:
        """Return what `doing` returns, within the database's bound; it ends where nobody waits."""
        task = asyncio.create_task(doing)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        try:
            await asyncio.wait({task}, timeout=self._database.bound)
            if not task.done():
                raise TimeoutError
        finally:
            task.cancel()
        if task.cancelled():
            raise StoreError("the database is closed")
        return task.result()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Nobody may wait for its error any more.
            task.exception()

    def _leave(self, connection: Connection) -> None:
        """Leave `connection` without waiting: it may be one that does not answer."""
        task = asyncio.create_task(connection.leave())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
