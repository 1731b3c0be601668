"""The composition root: builds all from what the command line says, and runs it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from milestonebot.bot import Bot
from milestonebot.catalog import Catalog
from milestonebot.clock import SystemClock, at
from milestonebot.commands import router as all_commands, router_of
from milestonebot.errors import MilestonebotError
from milestonebot.ports import Room
from milestonebot.settings import Settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from milestonebot.config import Config
    from milestonebot.outbox import Outbox
    from milestonebot.ports import Clock, Source, Transport
    from milestonebot.router import Router
    from milestonebot.settings import InForce

TERMINAL = Room("console", "terminal")
"""Where a person talks to the bot who names no room of the config."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a bot is built from."""

    settings: Settings
    sources: Sequence[Source]
    """The most believed one first."""
    routers: Sequence[Router]
    """The commands of third parties."""
    clock: Clock
    room: Room = TERMINAL
    config: Config | None = None
    """What it was read from, where that is a config."""
    waits_for_nothing: bool = True
    """Whether all parts are the bot's own and on this machine, so that no event loop is needed."""


def plan(options: Namespace, *, connects: bool = True) -> Plan:
    """Return what `--config`, `--data`, `--at` and `--room` ask for.

    The shipped catalog is the default. Who `connects` to no network and no database needs no secret of
    theirs, and none is read. Raises ConfigError for what is wrong in files, and
    MilestonebotError for what is wrong in the options.
    """
    if options.config and options.data:
        raise MilestonebotError("--config and --data exclude each other: a config names its data itself")
    if options.config:
        return _of_config(options, connects=connects)
    if options.data:
        from pathlib import Path  # noqa: PLC0415 - 3 ms that the shipped data does without

        from milestonebot.sources.yaml import YamlSource  # noqa: PLC0415 - the shipped data needs no YAML

        planned = _of_settings(Settings(), [YamlSource(options.data, Path())], (), options)
        return replace(planned, waits_for_nothing=False)
    from milestonebot.sources.openstack import OpenStackSource  # noqa: PLC0415 - other catalogs do not need it

    return _of_settings(Settings(), [OpenStackSource()], (), options)


async def build(planned: Plan, only: str | None = None, catalog: Catalog | None = None) -> Bot:
    """Return the bot of `planned`; with `only`, it needs to know that one command.

    Its `catalog` is read now, where it is not given.
    """
    if catalog is None:
        loaded = [await source.load() for source in planned.sources]
        catalog = Catalog.of(*loaded, loaded=planned.clock.now())
    router = (all_commands() if only is None else router_of(only)).include(*planned.routers)
    rules = planned.config.announcements if planned.config is not None else ()
    return Bot(router, planned.settings, planned.clock, catalog, announcements=rules)


async def outbox(config: Config) -> Outbox | None:
    """Open the outbox of `config`; None where nothing is ever announced: no rules, and no admins.

    Raises StoreError where its database cannot be used.
    """
    if not config.announcements and not config.settings.admins:
        return None
    from milestonebot.store import open_outbox, where  # noqa: PLC0415 - pathlib is 3 ms

    return await open_outbox(where(config))


def transports(config: Config, settings: InForce, clock: Clock) -> list[Transport]:
    """Return the networks of `config`; a terminal is none that a service is on."""
    from milestonebot.transports.irc.settings import IrcSettings  # noqa: PLC0415 - `ask` needs no network
    from milestonebot.transports.matrix.settings import MatrixSettings  # noqa: PLC0415 - likewise

    found: list[Transport] = []
    for network in config.networks:
        if isinstance(network.settings, MatrixSettings):
            from milestonebot.transports.matrix.transport import (  # noqa: PLC0415 - nio is 850 ms
                MatrixTransport,
            )

            found.append(MatrixTransport(network.settings, settings, clock))
        elif isinstance(network.settings, IrcSettings):
            from milestonebot.transports.irc.transport import IrcTransport  # noqa: PLC0415 - irc is 260 ms

            found.append(IrcTransport(network.settings, settings, clock))
    return found


def _of_config(options: Namespace, *, connects: bool) -> Plan:
    from pathlib import Path  # noqa: PLC0415 - 3 ms that the shipped data does without

    from milestonebot.config import ALL, load_config  # noqa: PLC0415 - pydantic is 100 ms that `ask` can do without
    from milestonebot.sources import build_source  # noqa: PLC0415 - likewise

    used = ALL if connects else frozenset[str]()
    config = load_config(Path(options.config), os.environ, used)
    sources = [build_source(entry.kind, entry.arguments) for entry in config.catalog]
    planned = _of_settings(config.settings, sources, config.routers, options)
    return replace(planned, config=config, waits_for_nothing=False)


def _of_settings(
    settings: Settings, sources: Sequence[Source], routers: Sequence[Router], options: Namespace
) -> Plan:
    try:
        clock = at(options.at, settings.zone) if options.at else SystemClock()
    except ValueError as error:
        raise MilestonebotError(f"--at: {error}") from None
    # A terminal belongs to the person who types there: nobody floods it.
    here = {TERMINAL: replace(settings.default, limits=None), **settings.rooms}
    return Plan(replace(settings, rooms=here), sources, routers, clock, _room(options.room, settings))


def _room(name: str | None, settings: Settings) -> Room:
    if name is None:
        return TERMINAL
    for room in settings.rooms:
        if str(room) == name:
            return room
    known = ", ".join(map(str, settings.rooms)) or "none"
    raise MilestonebotError(f"--room: the config has no room {name}; it has {known}")
