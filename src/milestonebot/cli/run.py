"""`milestonebot run`: the service, on the networks of a config."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from milestonebot import __version__
from milestonebot.app import announced, build, outbox, plan, transports
from milestonebot.errors import MilestonebotError, StoreError
from milestonebot.service import serve
from milestonebot.state import held

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.announcer import Announcer
    from milestonebot.app import Plan
    from milestonebot.bot import Bot
    from milestonebot.config import Config
    from milestonebot.gathering import Gathering
    from milestonebot.scheduler import Scheduler

_log = logging.getLogger(__name__)

_ENDED, _NOWHERE = 0, 1
_USUAL = "config.yaml"
_LOOK = 60.0
"""Seconds between looks at what an operator changed in the outbox; no announcement waits for them."""
_REFRESH = "reading source"


def run(parsed: Namespace) -> int:
    """Run until SIGTERM or SIGINT.

    Return 1 where no network or the database cannot be used, which a supervisor may try again.
    """
    parsed.config = parsed.config or _USUAL
    if parsed.at is not None:
        raise MilestonebotError("--at is for asking; the service goes by the machine's clock")
    parsed.data = parsed.room = None
    planned = plan(parsed)
    config = planned.config
    if config is None or not any(each.kind != "console" for each in config.networks):
        raise MilestonebotError(
            f"{parsed.config} names no network that a service can be on: see config.example.yaml"
        )
    _log_to_standard_error(parsed.log_level)
    for warning in config.warnings:
        _log.warning("%s:%d:%d: %s", warning.file, warning.line, warning.column, warning.message)
    with held(config.state):
        try:
            return asyncio.run(_serve(planned, config, parsed))
        except StoreError as error:
            _log.error("%s", error)
            return _NOWHERE


def _log_to_standard_error(level: str) -> None:
    shown = "%(levelname)s %(name)s: %(message)s" if level == "debug" else "%(levelname)s %(message)s"
    if "JOURNAL_STREAM" not in os.environ:
        # The journal notes the time itself (systemd.exec(5)).
        shown = f"%(asctime)s {shown}"
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format=shown)
    # Each of them would write a line for every line of a room, wake-up or query.
    for talkative in (
        "irc",
        "nio",
        "aiohttp",
        "asyncio",
        "apscheduler",
        "alembic",
        "aiosqlite",
        "sqlalchemy",
    ):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, logging.getLogger().level))
    # It quotes what homeservers send; what is wrong with it is told by our own lines.
    logging.getLogger("nio.responses").setLevel(logging.CRITICAL)


@dataclass(slots=True)
class _Running:
    """What a running bot is made of."""

    parsed: Namespace
    bot: Bot
    gathering: Gathering
    scheduler: Scheduler
    announcer: Announcer | None

    async def look(self) -> None:
        """Show the bot the catalog of now, and look what it gives to announce."""
        self.bot.catalog = self.gathering.catalog
        if self.announcer is not None:
            await self.announcer.look()

    async def read_again(self) -> None:
        """Read the data anew, on SIGHUP; where anything is wrong, what was read before stays."""
        try:
            planned = plan(self.parsed)
            await self.gathering.read(planned.sources)
        except MilestonebotError as error:
            _log.error("the data is kept as it was:\n%s", error)
            return
        if planned.config is not None:
            self.refresh(planned.config)
        _log.info("the data was read anew; networks, rooms and announcements are as they were at the start")
        await self.look()

    def refresh(self, config: Config) -> None:
        """Have each source read anew as often as `config` says."""
        self.scheduler.forget(_REFRESH)
        for number, entry in enumerate(config.catalog):
            if entry.refresh is not None:
                self.scheduler.every(entry.refresh, f"{_REFRESH} {number}", partial(self._refresh, number))

    async def _refresh(self, number: int) -> None:
        if await self.gathering.refresh(number):
            await self.look()


async def _serve(planned: Plan, config: Config, parsed: Namespace) -> int:
    from milestonebot.announcer import Announcer  # noqa: PLC0415 - other commands do without
    from milestonebot.gathering import Gathering  # noqa: PLC0415 - other commands do without
    from milestonebot.scheduler import Scheduler  # noqa: PLC0415 - APScheduler is 180 ms

    stopping = _told_to_stop()
    gathering = Gathering(planned.clock)
    await gathering.read(planned.sources)
    networks = transports(config, planned.settings, planned.clock)
    scheduler = Scheduler(planned.clock)
    async with AsyncExitStack() as stack:
        store = await outbox(config)
        announcer: Announcer | None = None
        if store is not None:
            stack.push_async_callback(store.close)
            announcer = Announcer(
                store,
                clock=planned.clock,
                settings=planned.settings,
                announcements=_announced(config),
                transports=networks,
                catalog=lambda: gathering.catalog,
                alarm=lambda moment, job: scheduler.at(moment, "announcing", job),
            )
        bot = await build(planned, catalog=gathering.catalog)
        bot.announcements, bot.announcing = announced(config), announcer
        running = _Running(parsed, bot, gathering, scheduler, announcer)
        stack.push_async_callback(scheduler.stop)
        _begin(running, config)
        served = await serve(bot, networks, stopping, announcer)
    if not served:
        _log.error("no network can be used")
    return _ENDED if served else _NOWHERE


def _announced(config: Config) -> Sequence[Announcement]:
    """Return the announcements that a service can make, and warn of rooms that it is not in."""
    rules = announced(config)
    for before, after in zip(config.announcements, rules, strict=True):
        for room in before.rooms:
            if room not in after.rooms:
                _log.warning("%s: nothing is announced in %s, which is a terminal", before.name, room)
    return rules


def _begin(running: _Running, config: Config) -> None:
    """Begin to wake up for sources and announcements, and to hear SIGHUP."""
    running.scheduler.start()
    running.refresh(config)

    def read_again() -> None:
        running.scheduler.at(running.bot.clock.now(), "reading all anew", running.read_again)

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, read_again)
    if running.announcer is not None:
        running.scheduler.every(_LOOK, "looking", running.announcer.look)
        running.scheduler.at(running.bot.clock.now(), "the first look", running.announcer.look)
    networks = ", ".join(f"{each.name} ({each.kind})" for each in config.networks if each.kind != "console")
    _log.info("milestonebot %s with %s, state in %s, on %s", __version__, config.file, config.state, networks)


def _told_to_stop() -> asyncio.Event:
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping
