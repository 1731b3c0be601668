"""`milestonebot run`: the service, on the networks of a config."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot import __version__
from milestonebot.app import build, outbox, plan, transports
from milestonebot.applying import Reading, Running, look_of
from milestonebot.commands import router as all_commands
from milestonebot.errors import MilestonebotError, SourceError, StoreError
from milestonebot.service import serve
from milestonebot.settings import Live
from milestonebot.state import held

if TYPE_CHECKING:
    from argparse import Namespace

    from milestonebot.app import Plan
    from milestonebot.config import Config
    from milestonebot.ports import Clock
    from milestonebot.scheduler import Scheduler

_log = logging.getLogger(__name__)

_ENDED, _NOWHERE = 0, 1
_USUAL = "config.yaml"


def run(parsed: Namespace) -> int:
    """Run until SIGTERM or SIGINT.

    Return 1 where no network, the database or a source cannot be used, which a supervisor may try again.
    """
    # What is loaded now is kept: to look through it for garbage, again and again, would be time lost.
    gc.disable()
    try:
        return _run(parsed)
    finally:
        gc.enable()


def _run(parsed: Namespace) -> int:
    parsed.config = parsed.config or _USUAL
    if parsed.at is not None:
        raise MilestonebotError("--at is for asking; the service goes by the machine's clock")
    parsed.data = parsed.room = None
    look = look_of(Path(parsed.config))
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
            return asyncio.run(_serve(planned, config, look, parsed))
        except (SourceError, StoreError) as error:
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
        "aiosqlite",
        "peewee",
    ):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, logging.getLogger().level))
    # It quotes what homeservers send; what is wrong with it is told by our own lines.
    logging.getLogger("nio.responses").setLevel(logging.CRITICAL)


async def _serve(planned: Plan, config: Config, look: object, parsed: Namespace) -> int:
    from milestonebot.gathering import Gathering  # noqa: PLC0415 - other commands do without

    stopping = _told_to_stop()
    gathering = Gathering(planned.clock)
    await gathering.read(planned.sources)
    live = Live(planned.settings)
    networks = transports(config, live, planned.clock)
    bot = await build(planned, catalog=gathering.catalog)
    names = ", ".join(f"{each.name} ({each.kind})" for each in config.networks if each.kind != "console")
    _log.info("milestonebot %s with %s, state in %s, on %s", __version__, config.file, config.state, names)
    async with AsyncExitStack() as stack:
        # Before any network is: where it cannot be used, nobody sees the bot come and go.
        kept = await outbox(config)

        async def begin() -> Running:
            # In a thread, since APScheduler takes its time: the networks connect meanwhile.
            scheduling = await asyncio.to_thread(import_module, "milestonebot.scheduler")
            scheduler = scheduling.Scheduler(planned.clock)
            running = Running(
                _reading(planned, config, look),
                read=lambda: _read_again(parsed),
                opening=outbox,
                outbox=kept,
                bot=bot,
                live=live,
                transports=networks,
                gathering=gathering,
                scheduler=scheduler,
            )
            stack.push_async_callback(running.close)
            stack.push_async_callback(scheduler.stop)
            await running.begin()
            _read_again_when_told(running, scheduler, planned.clock)
            gc.freeze()
            gc.enable()
            return running

        served = await serve(bot, networks, stopping, asyncio.create_task(begin()))
    if not served:
        _log.error("no network can be used")
    return _ENDED if served else _NOWHERE


def _read_again_when_told(running: Running, scheduler: Scheduler, clock: Clock) -> None:
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGHUP,
        lambda: scheduler.at(clock.now(), "reading all anew", running.read_again),
    )


def _read_again(parsed: Namespace) -> Reading:
    """Read all anew that the command line names; raises ConfigError for what is wrong."""
    look = look_of(Path(parsed.config))
    planned = plan(parsed)
    assert planned.config is not None  # noqa: S101 - `run` has read one, and --config still names it
    return _reading(planned, planned.config, look)


def _reading(planned: Plan, config: Config, look: object) -> Reading:
    router = all_commands().include(*planned.routers)
    return Reading(config, planned.settings, planned.sources, router, look)


def _told_to_stop() -> asyncio.Event:
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    return stopping
