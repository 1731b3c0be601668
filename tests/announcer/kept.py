"""An outbox in memory, with the rules of the one on disk; what is in it outlives an announcer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.announcer.planning import remembered
from milestonebot.errors import StoreError
from milestonebot.outbox import PENDING, Delivery, Memory, Planned, Stage
from milestonebot.store import changes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from milestonebot.ports import Room


class KeptOutbox:
    """All deliveries as a dict."""

    def __init__(self) -> None:
        self.deliveries: dict[str, Delivery] = {}
        self.remembered = Memory()
        self.broken = False
        self.closed = False
        self.pruned: list[datetime] = []
        """As of which moments it was to forget."""

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        if self.broken:
            raise StoreError("the disk is full")

    async def prune(self, now: datetime) -> int:
        await self._reach()
        self.pruned.append(now)
        return 0

    async def memory(self) -> Memory:
        await self._reach()
        return self.remembered

    async def add(self, planned: Planned) -> Sequence[str]:
        await self._reach()
        at = planned.watermark
        dated = [each if each.at is not None else replace(each, at=at) for each in planned.deliveries]
        new = [
            each
            for each in dated
            if each.key not in self.deliveries or changes.as_good_as_new(self.deliveries[each.key], each)
        ]
        self.deliveries |= {each.key: each for each in new}
        self.remembered = remembered(self.remembered, planned)
        return [each.key for each in new]

    async def pending(self) -> Sequence[Delivery]:
        await self._reach()
        found = [each for each in self.deliveries.values() if each.stage in PENDING]
        return sorted(found, key=lambda each: each.due)

    async def find(self, key: str) -> Delivery | None:
        await self._reach()
        return self.deliveries.get(key)

    async def listed(
        self, stages: Collection[Stage] = (), room: Room | None = None, most: int = 100
    ) -> Sequence[Delivery]:
        await self._reach()
        found = [
            each
            for each in self.deliveries.values()
            if (not stages or each.stage in stages) and room in (None, each.room)
        ]
        return sorted(found, key=lambda each: each.due, reverse=True)[:most]

    async def claim(self, key: str, parts: Sequence[str], now: datetime) -> bool:
        await self._reach()
        claimed = changes.claimed(self.deliveries[key], parts, now)
        if claimed is not None:
            self.deliveries[key] = claimed
        return claimed is not None

    async def part_said(self, key: str, said: int, event: str | None, now: datetime) -> None:
        await self._reach()
        self.deliveries[key] = changes.part_said(self.deliveries[key], said, event, now)

    async def postpone(self, key: str, problem: str, now: datetime) -> None:
        await self._reach()
        self.deliveries[key] = changes.postponed(self.deliveries[key], problem, now)

    async def finish(
        self, key: str, stage: Stage, now: datetime, *, event: str | None = None, problem: str = ""
    ) -> None:
        await self._reach()
        self.deliveries[key] = changes.finished(self.deliveries[key], stage, now, event, problem)

    async def retry(self, key: str, until: datetime, now: datetime) -> bool:
        await self._reach()
        tried = changes.retried(self.deliveries[key], until, now)
        if tried is not None:
            self.deliveries[key] = tried
        return tried is not None

    async def close(self) -> None:
        self.closed = True

    def drop(self, key: str) -> None:
        """Do as an operator does beside a running bot."""
        self.deliveries[key] = replace(self.deliveries[key], stage=Stage.DROPPED)
