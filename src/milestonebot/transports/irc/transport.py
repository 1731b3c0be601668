"""The IRC transport: one network, connected again and again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.ports import Room, Sent
from milestonebot.transports.irc.pages import Layout
from milestonebot.transports.irc.reaching import holder
from milestonebot.transports.irc.staying import Staying
from milestonebot.transports.irc.tracing import KEY_TAG, Taken, Tracer, key_value
from milestonebot.transports.irc.vouching import Vouching
from milestonebot.transports.irc.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from milestonebot.document import Document
    from milestonebot.ports import Clock, Connection, Heeding, Message, Trace
    from milestonebot.render.irc import IrcPage
    from milestonebot.settings import InForce
    from milestonebot.transports.irc.link import Link
    from milestonebot.transports.irc.settings import IrcSettings

_log = logging.getLogger(__name__)

_SURE = "PRIVMSG"
"""What announcements are said with: its refusals are told."""
_MOST_UNHEARD = 10_000
"""Messages that wait to be read; more are dropped, and that is logged."""


class IrcTransport:
    """One IRC network."""

    def __init__(self, settings: IrcSettings, bot_settings: InForce, clock: Clock) -> None:
        """Connect as `settings` say; `bot_settings` tell how each room is answered."""
        self._settings = settings
        self._wanted = Wanted(settings.name, settings.rooms)
        self._clock = clock
        self._said_by = "NOTICE" if settings.notices else "PRIVMSG"
        """What answers are said with."""
        self._heeding: Heeding | None = None
        self._heard: asyncio.Queue[Message | None] = asyncio.Queue()
        self._layout = Layout(bot_settings, formatting=settings.formatting)
        self._vouching = Vouching(settings.name, bot_settings, self._hear)
        self._taken = Taken()
        self._tracer: Tracer | None = None
        self._traced: Link | None = None
        """The connection that `_tracer` looks at."""
        self._staying = Staying(
            settings, bot_settings, clock, self._wanted, self._vouching.hear, self._concerning
        )

    @property
    def network(self) -> str:
        """Return the network's name in the config."""
        return self._settings.name

    @property
    def connection(self) -> Connection:
        """Return the state of its connection now."""
        return self._staying.connection

    @property
    def rooms(self) -> frozenset[Room]:
        """Return the rooms that it is in now, as the config writes them."""
        link = self._staying.link
        if link is None or not link.up:
            return frozenset()
        return frozenset(Room(self.network, name) for name in link.session.rooms)

    @property
    def people(self) -> dict[Room, str]:
        """Return nobody: what is said in private is in no room."""
        return {}

    @property
    def absent(self) -> dict[Room, str]:
        """Return the rooms that it should be in and is not, each with why, where the server has told."""
        return self._wanted.absent(self._staying.link, self.rooms)

    async def enter(self, room: Room) -> None:
        """Join a channel, now and after every new connection."""
        await self._wanted.enter(self._staying.link, room.name)

    async def leave(self, room: Room) -> None:
        """Leave a channel, and do not join it after a new connection either."""
        self._wanted.leave(self._staying.link, room.name)

    async def run(self) -> None:
        """Stay connected until `stop`; raises Refused where the network refuses the very first login."""
        try:
            await self._staying.run()
        finally:
            self._heard.put_nowait(None)

    async def messages(self, heeding: Heeding | None = None) -> AsyncIterator[Message]:
        """Yield what is said in the rooms and in private, each message once, until the network is left."""
        self._heeding = heeding
        while (message := await self._heard.get()) is not None:
            yield message

    async def send(self, room: Room, document: Document, *, reply_to: Message | None = None) -> Sent:
        """Say `document` in at most three lines, in a channel or to a nick; return when they went out."""
        link = self._up()
        target, page, tag = self._reply(link, room, document, reply_to)
        told = [link.out.tell(self._said_by, target, line, confirmed=False, tag=tag) for line in page.lines]
        ids = await asyncio.gather(*told)
        return Sent(id=next((id_ for id_ in ids if id_), None), rest=page.rest)

    def send_now(self, room: Room, document: Document, *, reply_to: Message) -> Sent | None:
        """Say `document` with the next write, where the pace allows that."""
        link = self._staying.link
        if link is None or not link.up:
            return None
        try:
            target, page, tag = self._reply(link, room, document, reply_to)
        except NetworkError:
            # `send` finds it out, and tells.
            return None
        return Sent(rest=page.rest) if link.out.reply(self._said_by, target, page.lines, tag) else None

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        """Return at most three lines; where that is not all, the last names the command for all of it."""
        link = self._up()
        target = self._target(link, room)
        return self._layout.page(link.session, room, _SURE, target, document, document.more).lines

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        """Say one line, after answers, and return when the server has taken it.

        It is a PRIVMSG, since servers do not tell what became of a NOTICE (RFC 2812, section 3.3.2).
        `key` goes along in a tag, where the server passes tags on.
        """
        link = self._up()
        tag = f"{KEY_TAG}={key_value(key)}"
        id_ = await link.out.tell(_SURE, self._target(link, room), part, confirmed=True, tag=tag)
        return self._taken.add(room.name, id_, self._clock.now())

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        """Find out whether a line arrived: from the server's history, or what it played when we joined."""
        link = self._up()
        self._target(link, room)
        if link is not self._traced or self._tracer is None:
            self._traced = link
            self._tracer = Tracer(link, self._settings, self._clock, self._staying.nicks, self._taken)
        return await self._tracer.trace(room.name, part, key, since)

    async def tell(self, account: str, document: Document, *, asked: Message | None = None) -> None:
        """Say `document` to the nick that the server says is logged in to the services account."""
        del asked
        link = self._up()
        nick = await holder(link, account)
        room = Room(self.network, nick)
        page = self._layout.page(link.session, room, _SURE, nick, document, document.more)
        await asyncio.gather(*(link.out.tell(_SURE, nick, line, confirmed=True) for line in page.lines))

    def done(self, message: Message) -> None:
        """Do nothing: a server says nothing again."""

    async def stop(self) -> None:
        """Say what is under way, leave, and return within a few seconds."""
        await self._staying.stop()

    # --- hearing

    def _concerning(self, room: Room, nick: str) -> Callable[[str], bool]:
        return bool if self._heeding is None else self._heeding.concerning(room, nick)

    def _hear(self, message: Message) -> None:
        if self._heard.qsize() >= _MOST_UNHEARD:
            _log.warning("%s: too many messages wait; one is dropped", message.room)
        else:
            self._heard.put_nowait(message)

    # --- saying

    def _up(self) -> Link:
        link = self._staying.link
        if link is None or not link.up:
            raise NetworkError(f"{self.network}: not connected")
        return link

    def _reply(
        self, link: Link, room: Room, document: Document, reply_to: Message | None
    ) -> tuple[str, IrcPage, str]:
        """Return whom an answer is sent to, its lines, and the tag that says what it answers."""
        target = self._target(link, room, reply_to)
        page = self._layout.page(link.session, room, self._said_by, target, document, "more")
        return target, page, "" if reply_to is None else link.session.receiving.reply_tag(reply_to.id)

    def _target(self, link: Link, room: Room, reply_to: Message | None = None) -> str:
        """Return whom a line is sent to."""
        if not link.session.features.is_channel(room.name):
            return room.name
        if room.network != self.network or not link.session.rooms.is_in(room.name):
            raise NetworkError("not in the room now")
        thread = None if reply_to is None else reply_to.thread
        return thread or room.name
