"""An announcer in a world of the test's own: its clock, its networks, its catalog."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from milestonebot.announcement import Announcement, Occasion
from milestonebot.announcer import Announcer
from milestonebot.catalog import Catalog
from milestonebot.model import Claim, Facts, Milestone, Origin
from milestonebot.ports import Room
from milestonebot.settings import Settings
from milestonebot.when import When
from tests.announcer.kept import KeptOutbox
from tests.transports.scripted import ScriptedTransport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from milestonebot.document import Document
    from milestonebot.outbox import Outbox
    from milestonebot.ports import Transport

BEGIN = datetime(2012, 1, 1, tzinfo=UTC)
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
A, B = Room("scripted", "#a"), Room("scripted", "#b")
ELSEWHERE = Room("elsewhere", "#c")
ORIGIN = Origin("here")


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

    def _set(self, moment: datetime, job: Callable[[], Awaitable[None]]) -> None:
        assert job == self.announcer.woken
        self.alarm = moment

    async def look(self) -> None:
        await self.announcer.look()
        await self.quiet()

    async def quiet(self) -> None:
        """Return when nothing is under way."""
        async with asyncio.timeout(30):
            while self.announcer.busy:
                # What is under way is a task; one that has just ended is forgotten in the loop's next round.
                tasks = asyncio.all_tasks() - {asyncio.current_task()}
                if tasks:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await asyncio.sleep(0)

    async def run(self, until: datetime) -> None:
        """Let the clock go to `until`, from one moment at which the announcer wants to wake to the next."""
        while self.alarm is not None and self.alarm <= until:
            self.clock.at = max(self.alarm, self.clock.at)
            self.alarm = None
            await self.announcer.woken()
            await self.quiet()
        self.clock.at = until


class Lines(ScriptedTransport):
    """Says each line as a part of its own."""

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        return tuple(super().compose(room, document)[0].split("\n"))


def note(
    name: str, after: timedelta, *rooms: Room, text: str | None = None, grace: float = 12 * 3600
) -> Announcement:
    return Announcement(
        name, Occasion.NOTE, rooms or (A,), moments=(BEGIN + after,), text=text or name, grace=grace
    )


def countdown(*rooms: Room) -> Announcement:
    return Announcement("days", Occasion.COUNTDOWN, rooms or (A,), before=(7, 1, 0), at=time(14))


def catalog(**days: str) -> Catalog:
    return Catalog.of(
        Facts(
            milestones=tuple(
                Milestone(name, "openstack", ORIGIN, claims=(Claim(When.parse(day), ORIGIN),))
                for name, day in days.items()
            )
        )
    )


async def begun(*rules: Announcement, transport: ScriptedTransport | None = None, **more: object) -> World:
    """Return a world in which the rules are known."""
    transport = transport or Lines()
    transport.connect()
    world = World(SetClock(BEGIN), rules, [transport], **more)  # type: ignore[arg-type] # whatever a test sets
    await world.look()
    return world


def said(world: World, room: Room | None = None) -> list[str]:
    found = []
    for each in world.transports:
        assert isinstance(each, ScriptedTransport)
        found += [part for where, part, _ in each.announced if room in (None, where)]
    return found


def kept(world: World) -> KeptOutbox:
    assert isinstance(world.outbox, KeptOutbox)
    return world.outbox


def stages(world: World) -> list[str]:
    return [each.stage.value for each in kept(world).deliveries.values()]


def scripted(world: World) -> ScriptedTransport:
    transport = world.transports[0]
    assert isinstance(transport, ScriptedTransport)
    return transport
