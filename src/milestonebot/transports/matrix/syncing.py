"""The sync loop: one request at a time, and rarely where anything goes wrong.

nio's own loop has no backoff for what a homeserver answers wrongly, and moves on past events that
were lost; docs/decisions/matrix.md tells more. Source: client-server API, "Syncing".
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Connection, State
from milestonebot.transports.matrix.wire.wire import LoggedOut

if TYPE_CHECKING:
    from milestonebot.ports import Clock
    from milestonebot.transports.matrix.account.account import Account
    from milestonebot.transports.matrix.heard.progress import Progress
    from milestonebot.transports.matrix.heard.receiving import Receiving
    from milestonebot.transports.matrix.presence.entering import Entering
    from milestonebot.transports.matrix.settings import MatrixSettings
    from milestonebot.transports.matrix.wire.news import News
    from milestonebot.transports.matrix.wire.stopping import Stopping

_log = logging.getLogger(__name__)

_POLL = 30
"""Seconds for which the homeserver may hold a sync that has nothing new."""
_PACE = 1.0
"""Seconds between two syncs where the first brought nothing, whatever the homeserver answers."""
_KEPT_FOR = 5.0
"""Seconds for which a kept position is good enough: each is written to the disk and waited for."""
_KEYS_PATIENCE = 2.0
"""Seconds for which a sync waits for the exchange of keys that it made necessary."""
_STEADY = 60.0
"""Seconds after which a connection counts as good, and the next wait begins small again."""


class Syncing:
    """Keeps one account connected."""

    def __init__(  # noqa: PLR0913 - it joins what each of them does for itself
        self,
        settings: MatrixSettings,
        account: Account,
        *,
        entering: Entering,
        receiving: Receiving,
        progress: Progress,
        stopping: Stopping,
        clock: Clock,
    ) -> None:
        """Hand what comes to `receiving` and `entering`."""
        self._settings = settings
        self._account = account
        self._entering = entering
        self._receiving = receiving
        self._progress = progress
        self._stopping = stopping
        self._clock = clock
        self._started = clock.now()
        self._since: str | None = None
        self._backoff = Backoff(settings.initial_backoff, settings.max_backoff)
        self._keys_backoff = Backoff(_PACE, settings.max_backoff)
        self._keys_at = 0.0
        self._exchanging: asyncio.Task[None] | None = None
        self._reached: str | None = None
        self._keep_at = 0.0
        self.connection = Connection(State.DOWN, self._started)

    @property
    def is_up(self) -> bool:
        """Tell whether the last sync was good."""
        return self.connection.state is State.UP

    async def run(self) -> None:
        """Log in and sync until the bot stops; Refused where the very first login is."""
        while not self._stopping:
            began, rest = asyncio.get_running_loop().time(), 0.0
            try:
                await self._stay()
            except Refused as error:
                self.set(State.DOWN, str(error))
                raise
            except NetworkError as error:
                # A new login helps at once, or not so soon.
                again = isinstance(error, LoggedOut) and self.is_up
                rest = error.after or (_PACE if again else 0.0)
                self.set(State.DOWN, str(error))
            except Exception:  # noqa: BLE001 - a homeserver may send what nobody thought of
                _log.exception("%s: a sync could not be dealt with", self._settings.name)
                self.set(State.DOWN, "an error of the bot itself; see its log")
            if asyncio.get_running_loop().time() - began > _STEADY:
                self._backoff.reset()
            if not self._stopping:
                rest = max(rest or self._backoff.wait(random.random()), _PACE)  # noqa: S311 - jitter
                told = "%s: %s; trying again in %.0f s"
                _log.warning(told, self._settings.name, self.connection.reason, rest)
                await self._stopping.pause(rest)
        if self._exchanging is not None:
            self._exchanging.cancel()

    def keep(self, now: float | None = None) -> None:
        """Keep how far all is dealt with; at the time `now` of the loop, not more often than need be.

        What a kept position leaves out is known by the ids of what was dealt with.
        """
        self._reached = self._progress.reached() or self._reached
        if self._reached is not None and (now is None or now >= self._keep_at):
            self._account.keep(self._reached)
            self._reached = None
            self._keep_at = (now or 0.0) + _KEPT_FOR

    def set(self, state: State, reason: str = "") -> None:
        """Take note of how the account is connected now, and why."""
        if (state, reason) != (self.connection.state, self.connection.reason):
            since = self._clock.now() if state is not self.connection.state else self.connection.since
            self.connection = Connection(state, since, reason)

    async def _stay(self) -> None:
        """Sync until the bot stops; every way to fail is a NetworkError."""
        loop = asyncio.get_running_loop()
        if self.connection.state is not State.DOWN or not self.connection.reason:
            self.set(State.CONNECTING)
        while not self._stopping:
            began = loop.time()
            news = await self._stopping.unless(self._synced())
            if news is None:
                return
            heard = await self._take(news)
            if not self.is_up:
                self.set(State.UP, self._account.lost or "")
                _log.info("%s: connected as %s", self._settings.name, self._account.user)
            if not heard:
                await self._stopping.pause(_PACE - (loop.time() - began))

    async def _synced(self) -> News:
        """Return the next sync."""
        first = self._account.session is None
        await self._account.log_in()
        if first and self._account.session is not None:
            self._since = self._account.session.next_batch
        # Whoever waits for the homeserver to be back need not wait for news besides.
        return await self._account.sync(self._since, _POLL if self.is_up else 0)

    async def _take(self, news: News) -> bool:
        """Pass on what a sync brought, and keep how far it is dealt with."""
        oldest = self._clock.now() - timedelta(seconds=self._settings.max_age)
        if self._since is None:
            # A new device gets the rooms' recent past: that was said to nobody.
            oldest = max(oldest, self._started)
        heard = self._receiving.take(news, self._since, oldest)
        self._since = news.position
        await self._keep_up()
        now = asyncio.get_running_loop().time()
        changed = self._entering.look_after(news, now)
        self.keep(now)
        return heard or changed

    async def _keep_up(self) -> None:
        """Exchange the keys that encryption needs; what takes long does not hold up the next sync."""
        now = asyncio.get_running_loop().time()
        if self._exchanging is None and now >= self._keys_at:
            if not (self._account.encryption.is_behind or self._receiving.waits_for_keys):
                return
            self._exchanging = asyncio.create_task(self._exchange(now))
            await asyncio.wait({self._exchanging}, timeout=_KEYS_PATIENCE)
        if self._exchanging is not None and self._exchanging.done():
            done, self._exchanging = self._exchanging, None
            done.result()

    async def _exchange(self, now: float) -> None:
        """Exchange keys, and read what they open; where that fails, it is tried again rarely."""
        try:
            await self._account.encryption.keep_up()
            await self._receiving.look_again(now)
        except NetworkError as error:
            rest = max(error.after or 0.0, self._keys_backoff.wait(random.random()))  # noqa: S311 - jitter
            self._keys_at = asyncio.get_running_loop().time() + rest
            _log.warning("%s: the keys for encryption: %s", self._settings.name, error)
        else:
            self._keys_backoff.reset()
