"""The outbox in a database: the protocol of `milestonebot.outbox`, call by call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from milestonebot.errors import StoreError
from milestonebot.store import changes, pruning, reading
from milestonebot.store.gathering import Gathering
from milestonebot.store.link import Link
from milestonebot.store.writing import Add, Change, Prune

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from milestonebot.outbox import Delivery, Memory, Planned, Stage
    from milestonebot.ports import Room
    from milestonebot.store.connection import Connection
    from milestonebot.store.link import Database

T = TypeVar("T")


class DatabaseOutbox:
    """Deliveries in a database; `open_outbox` makes one.

    Calls of about the same time share a transaction. After a StoreError the same object goes on as
    soon as the database can be used again. Where a connection is lost in the midst of a commit,
    nobody knows whether it was kept: whoever is told StoreError reads anew.
    """

    def __init__(self, database: Database) -> None:
        """Connect when it is first used."""
        self._database = database
        self._link = Link(database)
        self._gathering = Gathering(database, self._link)
        self._closed = False

    async def open(self, now: datetime | None) -> None:
        """Connect, see to the tables, and, with `now`, forget what nobody needs any more."""

        async def start(connection: Connection) -> None:
            if now is not None:
                await pruning.prune(connection, now)

        await self._asked(partial(self._link.write, start))

    async def memory(self) -> Memory:
        """Return what planning remembers."""
        return await self._read(reading.memory)

    async def add(self, planned: Planned) -> Sequence[str]:
        """Keep `planned` in one transaction; return the keys of the deliveries that are new."""
        new: list[str] = await self._gathering.put(Add(planned))
        return new

    async def pending(self) -> Sequence[Delivery]:
        """Return all that is pending: what is under way or partly said first, then as it is due."""
        return await self._read(reading.pending)

    async def find(self, key: str) -> Delivery | None:
        """Return the delivery under `key`."""
        return await self._read(partial(reading.find, key=key))

    async def keys(self, beginning: str, most: int = 20) -> Sequence[str]:
        """Return the keys that begin with `beginning`, the latest due first."""
        return await self._read(partial(reading.keys, beginning=beginning, most=most))

    async def counted(self) -> Mapping[Stage, int]:
        """Return how many deliveries are at each stage."""
        return await self._read(reading.counted)

    async def listed(
        self, stages: Collection[Stage] = (), room: Room | None = None, most: int = 100
    ) -> Sequence[Delivery]:
        """Return deliveries, the latest due first; of any stage and room where none is named."""
        return await self._read(partial(reading.listed, stages=stages, room=room, most=most))

    async def claim(self, key: str, parts: Sequence[str], now: datetime) -> bool:
        """Note that the next of `parts` is about to be written; return False where that may not be."""
        return await self._change(key, lambda delivery: changes.claimed(delivery, parts, now))

    async def part_said(self, key: str, said: int, event: str | None, now: datetime) -> None:
        """Note that `said` parts have arrived, and that the next is about to be written."""
        await self._change(key, lambda delivery: changes.part_said(delivery, said, event, now))

    async def postpone(self, key: str, problem: str, now: datetime) -> None:
        """Note that the part under way was surely not said: it is planned again."""
        await self._change(key, lambda delivery: changes.postponed(delivery, problem, now))

    async def finish(
        self,
        key: str,
        stage: Stage,
        now: datetime,
        *,
        event: str | None = None,
        problem: str = "",
    ) -> None:
        """Bring a pending delivery to its final `stage`; one that is final already stays so."""
        await self._change(key, lambda delivery: changes.finished(delivery, stage, now, event, problem))

    async def retry(self, key: str, until: datetime, now: datetime) -> bool:
        """Plan a delivery again that was given up; return False where it is none of these.

        One that was given up in doubt is in doubt again. One of which all parts arrived although it
        was dropped is not said again.
        """
        return await self._change(key, lambda delivery: changes.retried(delivery, until, now))

    async def prune(self, now: datetime) -> int:
        """Forget what ended long before `now`, the watermark and what was said last; return how many."""
        gone: int = await self._gathering.put(Prune(now))
        return gone

    async def close(self) -> None:
        """Keep what is under way, and let go of the database."""
        self._closed = True
        await self._gathering.close()
        await self._link.close()

    async def _change(self, key: str, turn: Callable[[Delivery], Delivery | None]) -> bool:
        changed: bool = await self._gathering.put(Change(key, turn))
        return changed

    async def _read(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        if self._closed:
            raise StoreError("the database is closed")
        return await self._asked(partial(self._link.read, work))

    async def _asked(self, asking: Callable[[], Awaitable[T]]) -> T:
        try:
            return await asking()
        except Exception as error:
            if (problem := self._database.problem(error)) is not None:
                raise problem from None
            raise
