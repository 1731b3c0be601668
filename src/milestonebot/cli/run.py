"""`milestonebot run`: the service, on the networks of a config."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from milestonebot import __version__
from milestonebot.app import build, plan, transports
from milestonebot.errors import MilestonebotError
from milestonebot.service import serve
from milestonebot.state import held

if TYPE_CHECKING:
    from argparse import Namespace

    from milestonebot.app import Plan
    from milestonebot.bot import Bot
    from milestonebot.config import Config

_log = logging.getLogger(__name__)

_ENDED, _NOWHERE = 0, 1
_USUAL = "config.yaml"


def run(parsed: Namespace) -> int:
    """Run until SIGTERM or SIGINT; return 1 where no network can be used, which a supervisor may retry."""
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
        return asyncio.run(_serve(planned, config, parsed))


def _log_to_standard_error(level: str) -> None:
    shown = "%(levelname)s %(name)s: %(message)s" if level == "debug" else "%(levelname)s %(message)s"
    if "JOURNAL_STREAM" not in os.environ:
        # The journal notes the time itself (systemd.exec(5)).
        shown = f"%(asctime)s {shown}"
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format=shown)
    # Each of them would write a line for every line of a room.
    for talkative in ("irc", "nio", "aiohttp", "asyncio"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, logging.getLogger().level))
    # It quotes what homeservers send; what is wrong with it is told by our own lines.
    logging.getLogger("nio.responses").setLevel(logging.CRITICAL)


async def _read_again(bot: Bot, parsed: Namespace) -> None:
    """Read the data anew, on SIGHUP; where anything is wrong, what was read before stays."""
    try:
        bot.catalog = (await build(plan(parsed))).catalog
    except MilestonebotError as error:
        _log.error("the data is kept as it was:\n%s", error)
    else:
        _log.info("the data was read anew; networks and rooms are as they were at the start")


async def _serve(planned: Plan, config: Config, parsed: Namespace) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    bot = await build(planned)
    reading: set[asyncio.Task[None]] = set()

    def read_again() -> None:
        task = loop.create_task(_read_again(bot, parsed))
        reading.add(task)
        task.add_done_callback(reading.discard)

    loop.add_signal_handler(signal.SIGHUP, read_again)
    networks = ", ".join(f"{each.name} ({each.kind})" for each in config.networks if each.kind != "console")
    _log.info("milestonebot %s with %s, state in %s, on %s", __version__, config.file, config.state, networks)
    served = await serve(bot, transports(config, planned.settings, planned.clock), stopping)
    if not served:
        _log.error("no network can be used")
    return _ENDED if served else _NOWHERE
