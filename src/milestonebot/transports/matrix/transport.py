"""One Matrix account: an own sync loop around nio's client.

nio parses and sends; the loop, its backoff and its position are kept here, since `sync_forever`
has no backoff for what a homeserver answers wrongly, and moves on past events that were lost.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Connection, Sent, State
from milestonebot.transports.matrix.account import Account
from milestonebot.transports.matrix.announcing import Announcing, part_of
from milestonebot.transports.matrix.answered import Answered
from milestonebot.transports.matrix.direct import Direct
from milestonebot.transports.matrix.entering import Entering
from milestonebot.transports.matrix.history import History
from milestonebot.transports.matrix.inbox import Inbox
from milestonebot.transports.matrix.posting import Posting
from milestonebot.transports.matrix.progress import Progress
from milestonebot.transports.matrix.receiving import Receiving
from milestonebot.transports.matrix.rooms import Rooms
from milestonebot.transports.matrix.saying import answer_transaction, content_of
from milestonebot.transports.matrix.stopping import Stopping
from milestonebot.transports.matrix.wire import LoggedOut

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from nio import SyncResponse

    from milestonebot.document import Document
    from milestonebot.ports import Clock, Message, Room, Trace
    from milestonebot.settings import Settings
    from milestonebot.transports.matrix.settings import MatrixSettings

_log = logging.getLogger(__name__)

_POLL = 30
"""Seconds for which the homeserver may hold a sync that has nothing new."""
_PACE = 1.0
"""Seconds between two requests for a sync that brings nothing, whatever the homeserver answers."""
_STEADY = 60.0
"""Seconds after which a connection counts as good, and the next wait begins small again."""
_PATIENCE = 600.0
"""Seconds for which an answer is tried again while the homeserver is away."""
_LAST_WORDS = 3.0
"""Seconds that answers under way have when the bot stops."""


class MatrixTransport:
    """A chat network as `ports.Transport` describes it."""

    def __init__(self, settings: MatrixSettings, bot_settings: Settings, clock: Clock) -> None:
        """Take what the config says; `run` connects."""
        self._settings = settings
        self._bot_settings = bot_settings
        self._clock = clock
        self._account = Account(settings, clock)
        encryption, history = self._account.encryption, History(self._account.wire)
        self._posting = Posting(self._account.wire, encryption)
        self._announcing = Announcing(self._account, self._posting, history, clock)
        self._direct = Direct(self._account, self._account.wire)
        self._rooms = Rooms(settings.name, self._account.client)
        self._entering = Entering(settings, self._account, self._rooms)
        self._progress = Progress()
        self._answered = Answered(settings.folder / "answered.txt")
        self._inbox = Inbox()
        self._stopping = Stopping()
        self._receiving = Receiving(
            rooms=self._rooms,
            history=history,
            encryption=encryption,
            progress=self._progress,
            answered=self._answered,
            inbox=self._inbox,
            stopping=self._stopping,
        )
        self._keys_backoff = Backoff(_PACE, settings.max_backoff)
        self._keys_at = 0.0
        self._since: str | None = None
        self._started = clock.now()
        self._ended = asyncio.Event()
        self._running = False
        self._connection = Connection(State.DOWN, self._started)

    @property
    def network(self) -> str:
        """Return the network's name in the config."""
        return self._settings.name

    @property
    def connection(self) -> Connection:
        """Return the state of the sync."""
        return self._connection

    @property
    def rooms(self) -> frozenset[Room]:
        """Return the rooms that the account is in, while it is connected."""
        return self._rooms.joined() if self._connection.state is State.UP else frozenset()

    async def run(self) -> None:
        """Log in, enter the configured rooms, and sync until `stop`."""
        wait = self._settings.initial_backoff
        self._running = True
        try:
            while not self._stopping:
                began, asked = asyncio.get_running_loop().time(), 0.0
                try:
                    await self._stay()
                except Refused as error:
                    self._set(State.DOWN, str(error))
                    raise
                except NetworkError as error:
                    asked = error.after or 0.0
                    self._set(State.DOWN, str(error))
                except Exception:  # noqa: BLE001 - a homeserver may send what nobody thought of
                    _log.exception("%s: a sync could not be dealt with", self.network)
                    self._set(State.DOWN, "an error of the bot itself; see its log")
                if asyncio.get_running_loop().time() - began > _STEADY:
                    wait = self._settings.initial_backoff
                if not self._stopping:
                    rest = max(asked, wait * random.uniform(0.5, 1.0))  # noqa: S311 - jitter needs no secrecy
                    reason = self._connection.reason
                    _log.warning("%s: %s; trying again in %.0f s", self.network, reason, rest)
                    await self._stopping.pause(rest)
                wait = min(wait * 2, self._settings.max_backoff)
        finally:
            await self._leave()

    async def messages(self) -> AsyncIterator[Message]:
        """Yield what is said, until the account is left."""
        async for message in self._inbox.messages():
            yield message

    async def send(self, room: Room, document: Document, *, reply_to: Message | None = None) -> Sent:
        """Say `document` in `room`; an answer to the same message is said once.

        While the homeserver is away, an answer is tried again, for ten minutes.
        """
        content = content_of(document, reply_to, self._prefixes(room))
        transaction = answer_transaction(reply_to) if reply_to is not None else None
        room_id = self._rooms.id_of(room)
        if self._connection.state is State.STOPPED or (reply_to is None and not self._is_up):
            raise NetworkError(f"{self.network} is not connected")
        loop = asyncio.get_running_loop()
        until, wait = loop.time() + _PATIENCE, _PACE
        while True:
            try:
                return Sent(await self._posting.post(room_id, content, transaction))
            except Refused:
                raise
            except NetworkError as error:
                rest = max(wait, error.after or 0.0)
                if self._stopping or loop.time() + rest > until or reply_to is None:
                    raise
            await self._stopping.pause(rest)
            wait = min(wait * 2, self._settings.max_backoff)

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        """Return the content of the one event in which `document` is said, as JSON."""
        return (part_of(content_of(document, None, self._prefixes(room))),)

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        """Say `part` under `key` and return its event id; on one device the same key is one event."""
        return await self._announcing.say(self._id_of(room), part, key)

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        """Look for `key` in what the room's history has since `since`."""
        del part
        room_id, repeat = self._id_of(room), self._settings.repeat_in_doubt
        return await self._announcing.trace(room, room_id, key, since, repeat=repeat)

    async def tell(self, account: str, document: Document) -> None:
        """Say `document` to the user id `account`, in the direct room with them."""
        if not self._is_up:
            raise NetworkError(f"{self.network} is not connected")
        room_id = await self._direct.room_with(account)
        prefixes = self._prefixes(self._rooms.room(room_id))
        try:
            await self._posting.post(room_id, content_of(document, None, prefixes))
        except Refused as error:
            raise NetworkError(f"{account} cannot be told: {error}") from None

    def done(self, message: Message) -> None:
        """Take note that `message` is dealt with."""
        self._answered.add(message.id)
        self._progress.done(message.id)
        self._inbox.done(message)

    async def stop(self) -> None:
        """Leave within a few seconds; answers under way are said first."""
        self._stopping.set()
        if self._running:
            await self._ended.wait()

    def _id_of(self, room: Room) -> str:
        if not self._is_up:
            raise NetworkError(f"{self.network} is not connected")
        return self._rooms.id_of(room)

    def _prefixes(self, room: Room) -> tuple[str, ...]:
        return (self._bot_settings.of(room).prefix,)

    @property
    def _is_up(self) -> bool:
        return self._connection.state is State.UP

    async def _stay(self) -> None:
        """Sync until `stop`; every way to fail is a NetworkError."""
        self._set(State.CONNECTING)
        entered = False
        while not self._stopping:
            began = asyncio.get_running_loop().time()
            try:
                response = await self._stopping.unless(self._synced())
            except LoggedOut as error:
                _log.warning("%s: %s; logging in again", self.network, error)
                self._set(State.CONNECTING, str(error))
                await self._stopping.pause(_PACE)
                continue
            if response is None:
                return
            heard = await self._take(response)
            if not entered:
                await self._entering.configured()
                entered = True
            if not self._is_up:
                self._set(State.UP, self._account.lost or "")
                _log.info("%s: connected as %s", self.network, self._settings.user)
            if not heard:
                await self._stopping.pause(_PACE - (asyncio.get_running_loop().time() - began))

    async def _synced(self) -> SyncResponse:
        first = self._account.session is None
        await self._account.log_in()
        if first:
            self._answered.open()
        if first and self._account.session is not None:
            self._since = self._account.session.next_batch
        # Whoever waits for the homeserver to be back need not wait for news besides.
        return await self._account.sync(self._since, _POLL if self._is_up else 0)

    async def _take(self, response: SyncResponse) -> bool:
        """Pass on what a sync brought, and keep how far it is dealt with."""
        for room_id in response.rooms.invite:
            await self._entering.invited(room_id)
        oldest = self._clock.now() - timedelta(seconds=self._settings.max_age)
        if self._since is None:
            # A new device gets the rooms' recent past: that was said to nobody.
            oldest = max(oldest, self._started)
        heard = self._receiving.take(response, self._since, oldest)
        self._since = response.next_batch
        await self._keep_up()
        self._keep()
        return heard or bool(response.rooms.invite)

    async def _keep_up(self) -> None:
        """Exchange the keys that encryption needs; where that fails, rarely."""
        now = asyncio.get_running_loop().time()
        if now < self._keys_at:
            return
        try:
            await self._account.encryption.keep_up()
            await self._receiving.look_again(now)
        except NetworkError as error:
            rest = max(error.after or 0.0, self._keys_backoff.wait(random.random()))  # noqa: S311 - jitter
            self._keys_at = now + rest
            _log.warning("%s: the keys for encryption: %s", self.network, error)
        else:
            self._keys_backoff.reset()

    def _keep(self) -> None:
        if (position := self._progress.reached()) is not None:
            self._account.keep(position)

    async def _leave(self) -> None:
        """End `messages`, let what is under way be said, and close."""
        self._stopping.set()
        self._inbox.close()
        self._receiving.close()
        if not await self._inbox.quiet(_LAST_WORDS):
            _log.warning("%s: answers that were under way are left for the next start", self.network)
        self._answered.close()
        self._keep()
        await self._account.close()
        self._set(State.STOPPED, self._connection.reason)
        self._ended.set()

    def _set(self, state: State, reason: str = "") -> None:
        if state is not self._connection.state:
            self._connection = Connection(state, self._clock.now(), reason)
