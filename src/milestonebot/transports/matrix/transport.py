"""One Matrix account as a chat network: what the core asks, put to the parts that do it."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Nature, Sent, State
from milestonebot.transports.matrix.account.account import Account
from milestonebot.transports.matrix.heard.answered import Answered
from milestonebot.transports.matrix.heard.continuing import MORE, Continuing
from milestonebot.transports.matrix.heard.inbox import Inbox
from milestonebot.transports.matrix.heard.progress import Progress
from milestonebot.transports.matrix.heard.receiving import Receiving
from milestonebot.transports.matrix.heard.rooms import Rooms
from milestonebot.transports.matrix.presence.direct import Direct
from milestonebot.transports.matrix.presence.entering import Entering
from milestonebot.transports.matrix.said.announcing import Announcing, part_of
from milestonebot.transports.matrix.said.answering import Answering
from milestonebot.transports.matrix.said.attaching import Attaching
from milestonebot.transports.matrix.said.posting import Posting
from milestonebot.transports.matrix.said.reacting import Reacting
from milestonebot.transports.matrix.said.saying import content_of, page_of
from milestonebot.transports.matrix.syncing import Syncing
from milestonebot.transports.matrix.wire.history import History
from milestonebot.transports.matrix.wire.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from milestonebot.document import Document
    from milestonebot.ports import Clock, Connection, Heeding, Message, Room, Trace
    from milestonebot.settings import InForce
    from milestonebot.transports.matrix.settings import MatrixSettings

_log = logging.getLogger(__name__)

_PATIENCE = 600.0
"""Seconds for which an answer is tried again at least, while the homeserver is away."""
_LAST_WORDS = 3.0
"""Seconds that answers under way have when the bot stops."""

_RARELY, _LONGEST = 300.0, 3600.0
"""Seconds after which a login that was refused is tried again, at first and in the long run: homeservers
lock accounts with which that is tried too often."""


class MatrixTransport:
    """A chat network as `ports.Transport` describes it."""

    def __init__(self, settings: MatrixSettings, bot_settings: InForce, clock: Clock) -> None:
        """Take what the config says; `run` connects."""
        self._settings = settings
        self._bot_settings = bot_settings
        self._account = Account(settings, clock)
        wire, encryption = self._account.wire, self._account.encryption
        history = History(wire)
        self._stopping = Stopping()
        self._posting = Posting(wire, encryption)
        patience = max(_PATIENCE, settings.max_age)
        self._answering = Answering(self._posting, self._stopping, patience, lambda: self._syncing.is_up)
        self._attaching = Attaching(wire, self._posting, encryption, self._stopping)
        self._reacting = Reacting(wire, self._posting)
        self._announcing = Announcing(self._account, self._posting, history, clock)
        self._direct = Direct(self._account, wire)
        self._continuing = Continuing(wire, self._posting, self._stopping, settings.folder)
        self._rooms = Rooms(settings.name, self._account.client, settings.folder, self._continuing)
        self._progress = Progress()
        self._answered = Answered(settings.folder / "answered.txt")
        self._inbox = Inbox()
        self._receiving = Receiving(
            rooms=self._rooms,
            history=history,
            encryption=encryption,
            progress=self._progress,
            answered=self._answered,
            inbox=self._inbox,
            stopping=self._stopping,
        )
        self._entering = Entering(settings, self._account, self._rooms, self._direct)
        self._syncing = Syncing(
            settings,
            self._account,
            entering=self._entering,
            receiving=self._receiving,
            progress=self._progress,
            stopping=self._stopping,
            clock=clock,
        )
        self._ended = asyncio.Event()
        self._running = False
        self._refusals = Backoff(_RARELY, _LONGEST)

    @property
    def network(self) -> str:
        """Return the network's name in the config."""
        return self._settings.name

    @property
    def connection(self) -> Connection:
        """Return the state of the sync."""
        return self._syncing.connection

    @property
    def rooms(self) -> frozenset[Room]:
        """Return the rooms that the account is in, while it is connected."""
        return self._rooms.joined() if self._syncing.is_up else frozenset()

    @property
    def people(self) -> Mapping[Room, str]:
        """Return with whom the direct rooms are shared."""
        return self._rooms.people()

    @property
    def absent(self) -> Mapping[Room, str]:
        """Return the rooms that it should be in and is not, each with the reason."""
        return self._entering.absent(self.rooms)

    async def enter(self, room: Room) -> None:
        """Be in `room`, an alias or an id, from now on."""
        await self._entering.enter(room.name, up=self._syncing.is_up)

    async def leave(self, room: Room) -> None:
        """Leave `room`, and stay out of it unless somebody invites the bot."""
        await self._entering.leave(room.name, up=self._syncing.is_up)

    async def run(self) -> None:
        """Log in, enter the configured rooms, and sync until `stop`.

        Raises Refused where the very first login is refused; after so many seconds, it may be tried again.
        """
        self._running = True
        try:
            self._answered.open()
            self._rooms.open(self._settings.rooms)
            self._continuing.open()
            await self._syncing.run()
        except Refused as error:
            self._running = False
            raise Refused(str(error), self._refusals.wait(random.random())) from None  # noqa: S311 - jitter
        finally:
            if self._running:
                await self._leave()

    async def messages(self, heeding: Heeding | None = None) -> AsyncIterator[Message]:
        """Yield what is said, until the account is left."""
        self._rooms.heeding = heeding
        async for message in self._inbox.messages():
            if self._may_be_asked(message):
                self._reacting.begin(self._rooms.id_of(message.room), message)
            yield message

    async def send(self, room: Room, document: Document, *, reply_to: Message | None = None) -> Sent:
        """Say a page of `document` in `room`; an answer to the same message is said once.

        While the homeserver is away or limits, an answer is tried again.
        """
        prefixes, ask = self._prefixes(room), (self._bot_settings.of(room).typed("more"), MORE)
        if reply_to is None:
            content, rest = page_of(document, None, prefixes, None, ask)
            return Sent(await self._posting.post(self._id_of(room), content), rest)
        if self.connection.state is State.STOPPED:
            raise NetworkError(f"{self.network} is not connected")
        try:
            room_id = self._rooms.id_of(room)
        except NetworkError as error:
            raise Refused(str(error)) from None
        before = self._continuing.page_of(reply_to)
        if reply_to.rest is not None and before is None:
            # Two clicked at once: what they want to see is there.
            return Sent()
        content, rest = page_of(document, reply_to, prefixes, before, ask)
        goes_on = self._continuing.goes_on(document)
        try:
            event = await self._answering.say(room_id, content, reply_to)
        except Refused:
            self._reacting.fail(reply_to)
            raise
        self._continuing.told(room_id, event, document, rest, reply_to)
        if rest is not None and not goes_on:
            self._attaching.begin(room_id, document, reply_to)
        return Sent(event, rest)

    def send_now(self, room: Room, document: Document, *, reply_to: Message) -> Sent | None:
        """Do nothing: a homeserver is always waited for."""
        del room, document, reply_to
        return None

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

    async def tell(self, account: str, document: Document, *, asked: Message | None = None) -> None:
        """Say `document` to the user id `account`, in the direct room with them."""
        if not self._syncing.is_up:
            raise NetworkError(f"{self.network} is not connected")
        seals = self._account.encryption.seals
        asked_in = None if asked is None else self._rooms.id_of(asked.room)
        sealed = asked_in is not None and seals(asked_in)
        room_id, encrypted = await self._direct.room_with(account, sealed=sealed)
        await self._entering.until(lambda: self._rooms.is_in(room_id) and seals(room_id) >= encrypted)
        prefixes = self._prefixes(self._rooms.room(room_id))
        try:
            await self._posting.post(room_id, content_of(document, None, prefixes))
        except Refused as error:
            raise NetworkError(f"{account} cannot be told: {error}") from None
        if asked is not None and asked_in is not None:
            await self._reacting.answer_elsewhere(asked_in, asked)

    def done(self, message: Message) -> None:
        """Take note that `message` is dealt with."""
        self._answered.add(message.id)
        self._reacting.end(message)
        self._progress.done(message.id)
        self._inbox.done(message)

    async def stop(self) -> None:
        """Leave within a few seconds; answers under way are said first."""
        self._stopping.set()
        if self._running:
            await self._ended.wait()
        elif not self._ended.is_set():
            self._running = True
            await self._leave()

    async def _leave(self) -> None:
        """End `messages`, let what is under way be said, and close."""
        self._stopping.set()
        self._inbox.close()
        self._receiving.close()
        self._entering.close()
        self._attaching.close()
        if not await self._inbox.quiet(_LAST_WORDS):
            _log.warning("%s: answers that were under way are left for the next start", self.network)
        self._answered.close()
        await asyncio.gather(self._reacting.close(), self._continuing.close())
        self._syncing.keep()
        await self._account.close()
        self._syncing.set(State.STOPPED, self.connection.reason)
        self._ended.set()

    def _may_be_asked(self, message: Message) -> bool:
        """Tell whether `message` looks as if it were a question to the bot, which alone knows."""
        put_to_it = (
            message.private or message.addressed or message.text.startswith(self._prefixes(message.room))
        )
        said = message.nature is Nature.TEXT and message.rest is None
        return said and put_to_it and self._rooms.has(message.room)

    def _id_of(self, room: Room) -> str:
        if not self._syncing.is_up:
            raise NetworkError(f"{self.network} is not connected")
        return self._rooms.id_of(room)

    def _prefixes(self, room: Room) -> tuple[str, ...]:
        return (self._bot_settings.of(room).prefix,)
