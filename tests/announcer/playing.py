"""An announcer in a world of the test's own: its clock, its networks, its catalog."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milestonebot.announcer import Announcer
from milestonebot.catalog import Catalog
from milestonebot.settings import Settings
from tests.announcer.kept import KeptOutbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.outbox import Outbox
    from milestonebot.ports import Transport


@dataclass
class SetClock:
    """A clock that the test sets."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class World:
    """What outlives a restart, and the announcer of now."""

    clock: SetClock
    announcements: Sequence[Announcement]
    transports: Sequence[Transport]
    catalog: Catalog = field(default_factory=Catalog)
    settings: Settings = field(default_factory=Settings)
    outbox: Outbox = field(default_factory=KeptOutbox)
    alarm: datetime | None = None
    announcer: Announcer = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin anew with what the outbox has kept."""
        self.alarm = None
        self.announcer = Announcer(
            self.outbox,
            clock=self.clock,
            settings=self.settings,
            announcements=self.announcements,
            transports=self.transports,
            catalog=lambda: self.catalog,
            alarm=self._set,
        )

    def _set(self, moment: datetime) -> None:
        self.alarm = moment

    async def look(self) -> None:
        await self.announcer.look()
        await self.quiet()

    async def quiet(self) -> None:
        """Return when nothing is under way."""
        async with asyncio.timeout(30):
            while self.announcer.busy:  # noqa: ASYNC110 - it waits for threads of the database too
                await asyncio.sleep(0)

    async def run(self, until: datetime) -> None:
        """Let the clock go to `until`, from one moment at which the announcer wants to wake to the next."""
        while self.alarm is not None and self.alarm <= until:
            self.clock.at = max(self.alarm, self.clock.at)
            self.alarm = None
            await self.announcer.woken()
            await self.quiet()
        self.clock.at = until
