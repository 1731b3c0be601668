"""Staying connected to one network: one connection after another, and what is kept between them."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import suppress
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Connection, Room, State
from milestonebot.transports.irc.link import Link
from milestonebot.transports.irc.wire.sts import Policies, Upgrade

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Clock, Message
    from milestonebot.settings import InForce
    from milestonebot.transports.irc.settings import IrcSettings, Server
    from milestonebot.transports.irc.wanted import Wanted

_log = logging.getLogger(__name__)


class Staying:
    """Connects again and again, to the servers of the network by turns."""

    def __init__(  # noqa: PLR0913, PLR0917 - what each connection needs, and who hears it
        self,
        settings: IrcSettings,
        bot_settings: InForce,
        clock: Clock,
        wanted: Wanted,
        heard: Callable[[Link, Message], None],
        concerning: Callable[[Room, str], Callable[[str], bool]],
    ) -> None:
        """Be in the `wanted` channels, and give what is said to `heard`; `concerning` is as `Link` has it."""
        self.link: Link | None = None
        """The connection of now, which may not be up yet."""
        self.nicks: set[str] = set()
        """Those that its connections had."""
        self.connection = Connection(State.DOWN, clock.now())
        """The state of now."""
        self._settings = settings
        self._bot = bot_settings
        self._clock = clock
        self._wanted = wanted
        self._heard = heard
        self._concerning = concerning
        self._stopping = asyncio.Event()
        self._backoff = Backoff(settings.waits.reconnect, settings.waits.longest_reconnect)
        self._was_up = False
        """Whether it was ever up: then the login is right, and a refusal passes."""
        self._policies = Policies(settings.folder)

    async def run(self) -> None:
        """Stay connected until `stop`; raises Refused where the network refuses the very first login."""
        servers = cycle(self._settings.servers)
        reason = ""
        try:
            while not self._stopping.is_set():
                reason = await self._connect(next(servers))
                if not self._stopping.is_set():
                    await self._rest(reason)
        except Refused as error:
            reason = str(error)
            raise
        finally:
            self._became(State.STOPPED, reason)

    async def stop(self) -> None:
        """Say what is under way, leave, and return within a few seconds."""
        self._stopping.set()
        if self.link is not None:
            await self.link.leave()

    async def _connect(self, server: Server) -> str:
        """Be connected to `server` for as long as that goes; return why it is over."""
        try:
            return await self._stay(self._policies.secured(server, self._clock.now()))
        except Upgrade as upgrade:
            _log.info("%s: %s; leaving for it", self._settings.name, upgrade)
            self._policies.upgraded(server.host, upgrade.port)
        return (
            ""
            if self._stopping.is_set()
            else await self._stay(self._policies.secured(server, self._clock.now()))
        )

    async def _stay(self, server: Server) -> str:
        self._became(State.CONNECTING, self.connection.reason)
        _log.info("%s: connecting to %s:%d", self._settings.name, server.host, server.port)
        asked: list[int] = []

        def policy(duration: int) -> None:
            asked.append(duration)
            self._policies.learn(server, duration, self._clock.now())

        link = self.link = Link(
            replace(self._settings, rooms=self._wanted.names),
            self._clock,
            self._bot.source_code,
            self._said,
            self._ready,
            policy,
            self._concerning,
            self._key,
            self.nicks,
        )
        try:
            error = await link.run(server)
        except NetworkError as failed:
            error = failed
        except Exception:  # noqa: BLE001 - whatever is broken here, it is logged, and tried again
            _log.exception("%s: the connection failed", self._settings.name)
            error = NetworkError("something unexpected went wrong; the log has it")
        finally:
            self.link = None
            self.nicks.add(link.session.me.nick)
            if asked:
                self._policies.left(server, self._clock.now())
        if isinstance(error, Upgrade):
            raise error
        if isinstance(error, Refused) and not self._was_up:
            raise error
        stable = self._settings.waits.stable
        if link.ready_at is not None and asyncio.get_running_loop().time() - link.ready_at >= stable:
            self._backoff.reset()
        return str(error)

    async def _rest(self, reason: str) -> None:
        """Wait before the next try, unless the bot is stopped."""
        wait = self._backoff.wait(random.random())  # noqa: S311 - so that not all bots come back at once
        self._became(State.DOWN, reason)
        _log.warning("%s: %s; trying again in %.0f s", self._settings.name, reason, wait)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._stopping.wait()

    def _became(self, state: State, reason: str) -> None:
        self.connection = Connection(state, self._clock.now(), reason)

    def _ready(self) -> None:
        self._was_up = True
        self._became(State.UP, "")
        _log.info("%s: connected", self._settings.name)

    def _key(self, room: str) -> str:
        key = self._bot.of(Room(self._settings.name, room)).key
        return "" if key is None else key.reveal()

    def _said(self, message: Message) -> None:
        if self.link is not None:
            self._heard(self.link, message)
