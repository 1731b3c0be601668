"""The running bot as an operator changes it: one place applies another config, and what is read anew."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from milestonebot.announcer import Announcer
from milestonebot.applying import data
from milestonebot.applying.difference import difference, outstanding
from milestonebot.applying.faring import reports
from milestonebot.applying.files import Files, followed
from milestonebot.applying.moving import Moving
from milestonebot.errors import ConfigError, MilestonebotError, Refused, StoreError
from milestonebot.operating import Applied, told
from milestonebot.ports import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.bot import Bot
    from milestonebot.config import Config
    from milestonebot.gathering import Gathering
    from milestonebot.operating import NetworkReport
    from milestonebot.outbox import Outbox
    from milestonebot.ports import Room, Source, Transport
    from milestonebot.router import Router
    from milestonebot.scheduler import Scheduler
    from milestonebot.settings import Live, Settings

_log = logging.getLogger(__name__)

_LOOK = 60.0
"""Seconds between looks at what an operator changed in the outbox; no announcement waits for them."""
_PRUNE = 24 * 3600.0
"""Seconds between the times that deliveries of long ago are forgotten."""
_WATCH = 2.0
"""Seconds between looks whether files have changed."""
_REFRESH = "reading source"


@dataclass(frozen=True, slots=True)
class Reading:
    """A config as it was read, with what is built from it."""

    config: Config
    settings: Settings
    sources: Sequence[Source]
    """The most believed one first."""
    router: Router
    look: object
    """How the config's file looked before it was read, by `look_of`."""


class Running:
    """What a running bot is made of, and what may be done to it."""

    def __init__(  # noqa: PLR0913 - it holds all of them together
        self,
        reading: Reading,
        *,
        read: Callable[[], Reading],
        opening: Callable[[Config], Awaitable[Outbox | None]],
        outbox: Outbox | None,
        bot: Bot,
        live: Live,
        transports: Sequence[Transport],
        gathering: Gathering,
        scheduler: Scheduler,
    ) -> None:
        """Run by `reading`, with its `outbox`; `read` reads all anew, `opening` opens what a config needs."""
        self._begun = self._reading = reading
        self._read = read
        self._open = opening
        self._bot = bot
        self._live = live
        self._transports = {each.network: each for each in transports}
        self._gathering = gathering
        self._scheduler = scheduler
        self._outbox = outbox
        self._pruned = bot.started
        self._announcer: Announcer | None = None
        self._files = Files(reading.config, reading.look, reading.sources)
        self._one_at_a_time = asyncio.Lock()
        self._moving = Moving(self._transports)

    async def begin(self) -> None:
        """Begin to wake up."""
        self._take_over(self._reading)
        self._bot.operating = self
        self._scheduler.start()
        self._refresh_by(self._reading.config)
        self._scheduler.every(_WATCH, "watching files", self.watch)
        self._scheduler.every(_PRUNE, "forgetting", self.prune)
        self._scheduler.at(self._bot.clock.now(), "the first look", self._look)

    async def prune(self) -> None:
        """Forget deliveries of long ago, as each start does."""
        if self._outbox is None:
            return
        # A day or two after the last time at most: a clock that is off by years must not make it forget.
        self._pruned = min(self._bot.clock.now(), self._pruned + timedelta(seconds=2 * _PRUNE))
        try:
            await self._outbox.prune(self._pruned)
        except StoreError as error:
            _log.warning("old deliveries are kept for another day: %s", error)

    async def stop(self, within: float) -> None:
        """Begin nothing new; let what is being announced be confirmed, for so many seconds."""
        self._moving.stop()
        if self._announcer is not None:
            await self._announcer.stop(within)

    async def close(self) -> None:
        """Let go of the database."""
        if self._outbox is not None:
            await self._outbox.close()

    # --- for admins

    @property
    def names(self) -> Collection[str]:
        """The networks that it is on."""
        return self._transports.keys()

    async def networks(self) -> Sequence[NetworkReport]:
        """Return how each network fares."""
        return await reports(self._transports.values(), self._outbox, self._bot.clock.now())

    async def enter(self, room: Room) -> None:
        """Be in `room` for as long as the process runs."""
        transport = self._transports[room.network]
        if transport.connection.state is State.STOPPED:
            reason = transport.connection.reason or "it failed"
            raise Refused(f"{room.network} is left until a restart: {reason}")
        await transport.enter(room)

    async def leave(self, room: Room) -> None:
        """Leave `room` for as long as the process runs."""
        await self._transports[room.network].leave(room)

    async def reload(self) -> Applied:
        """Read config and data anew, apply what is right, and keep what is wrong as it was."""
        async with self._one_at_a_time:
            await self._files.dealt_with()
            try:
                applied = await self._apply(await asyncio.to_thread(self._read))
            except ConfigError as error:
                applied = _kept(*map(str, error.problems))
            except MilestonebotError as error:
                applied = _kept(str(error))
        for change in applied.changed:
            _log.info("changed: %s", change)
        for change in applied.restart:
            _log.warning("only after a restart: %s", change)
        return applied

    # --- by itself

    async def read_again(self) -> None:
        """Reload where no admin asked for it, on SIGHUP or for a file that changed; tell all of them."""
        applied = await self.reload()
        if not (applied.problems or applied.changed or applied.restart):
            _log.info("config and data were read anew; nothing has changed")
        self._tell(replace(applied, changed=()))

    async def watch(self) -> None:
        """See whether the config or the milestones files have changed, and read what has."""
        changed = await self._files.look()
        if changed.config:
            _log.info("%s has changed", self._reading.config.file)
            await self.read_again()
            return
        for number in changed.sources:
            before = self._gathering.problems.get(number)
            await self._refresh(number)
            problem = self._gathering.problems.get(number)
            if problem is not None and problem != before:
                self._tell(Applied(problems=problem.splitlines()))

    # --- applying

    async def _apply(self, reading: Reading) -> Applied:
        """Take `reading` over; raises, with nothing changed, where that cannot be."""
        before, catalog = self._reading, self._gathering.catalog
        config = reading.config
        await self._open_for(config)
        if config.catalog != before.config.catalog:
            files = await asyncio.to_thread(followed, config, reading.sources)
            await self._gathering.read(reading.sources)
            self._files.follow(files)
            self._refresh_by(config)
            problems: list[str] = []
        else:
            problems = await self._refresh_all()
        for warning in config.warnings:
            _log.warning("%s:%d:%d: %s", warning.file, warning.line, warning.column, warning.message)
        self._reading = reading
        self._take_over(reading)
        found = difference(before.config, config)
        self._moving.begin(found.leaving, (*found.entering, *filter(self._wanted, found.keyed)))
        await self._look()
        changed = (*found.changed, *data.told(catalog, self._gathering.catalog))
        return Applied(changed, outstanding(self._begun.config, config), tuple(problems))

    def _take_over(self, reading: Reading) -> None:
        rules = self._rules(reading.config)
        self._live.now = reading.settings
        self._bot.heed(reading.router, reading.settings, rules)
        if self._announcer is not None:
            self._announcer.heed(reading.settings, rules)
        elif self._outbox is not None:
            self._announcer = self._bot.announcing = Announcer(
                self._outbox,
                clock=self._bot.clock,
                settings=reading.settings,
                announcements=rules,
                transports=list(self._transports.values()),
                catalog=lambda: self._gathering.catalog,
                alarm=lambda moment, job: self._scheduler.at(moment, "announcing", job),
            )
            self._scheduler.every(_LOOK, "looking", self._announcer.look)

    def _wanted(self, room: Room) -> bool:
        """Tell whether the bot is to be in `room`; an admin may have let it out."""
        transport = self._transports.get(room.network)
        return transport is not None and (room in transport.rooms or room in transport.absent)

    async def _open_for(self, config: Config) -> None:
        """Open the outbox where `config` needs one, and there is none."""
        if self._outbox is None:
            self._outbox = await self._open(config)

    def _rules(self, config: Config) -> tuple[Announcement, ...]:
        """Return the announcements without the rooms on networks that it is not on."""
        kinds = {network.name: network.kind for network in config.networks}
        for each in config.announcements:
            for room in each.rooms:
                if room.network not in self._transports:
                    why = "a terminal" if kinds[room.network] == "console" else "on a network that is new"
                    _log.warning("%s: nothing is announced in %s, which is %s", each.name, room, why)
        return tuple(
            replace(each, rooms=tuple(room for room in each.rooms if room.network in self._transports))
            for each in config.announcements
        )

    # --- what it reads, and looks at

    def _refresh_by(self, config: Config) -> None:
        """Have each source read anew as often as `config` says."""
        self._scheduler.forget(_REFRESH)
        for number, entry in enumerate(config.catalog):
            if entry.refresh is not None:
                self._scheduler.every(entry.refresh, f"{_REFRESH} {number}", partial(self._refresh, number))

    async def _refresh(self, number: int) -> None:
        if await self._gathering.refresh(number):
            await self._look()

    async def _refresh_all(self) -> list[str]:
        """Read the sources anew; return what is wrong with those that still say what they said."""
        problems: list[str] = []
        for number in range(len(self._reading.sources)):
            await self._gathering.refresh(number)
            problems += self._gathering.problems.get(number, "").splitlines()
        return problems

    async def _look(self) -> None:
        """Show the bot the catalog of now, and look what it gives to announce."""
        self._bot.catalog = self._gathering.catalog
        if self._announcer is not None:
            await self._announcer.look()

    def _tell(self, applied: Applied) -> None:
        """Tell the admins what is wrong with an edit, and what of it takes a restart."""
        if self._announcer is not None and (applied.problems or applied.restart):
            self._announcer.tell(told(applied))


def _kept(*problems: str) -> Applied:
    """Log what is wrong; all is kept as it was."""
    for problem in problems:
        _log.error("kept as it was: %s", problem)
    return Applied(problems=problems, refused=True)
