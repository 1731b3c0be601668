"""Into which rooms the account goes, and out of which.

Those of the config and those that admins name are wanted; others are entered by invitation. Source:
client-server API, "Room membership", "Room aliases"; appendices, "Room IDs".
"""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Room
from milestonebot.transports.matrix.presence.deserted import Deserted
from milestonebot.transports.matrix.presence.errands import Errands
from milestonebot.transports.matrix.presence.inviting import Invitation, invitation_of, is_welcome
from milestonebot.transports.matrix.presence.joining import join

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from milestonebot.transports.matrix.account.account import Account
    from milestonebot.transports.matrix.heard.rooms import Rooms
    from milestonebot.transports.matrix.presence.direct import Direct
    from milestonebot.transports.matrix.settings import MatrixSettings
    from milestonebot.transports.matrix.wire.news import News, RoomNews

_log = logging.getLogger(__name__)

_NOT_WELCOME = "This bot comes only where its operator lets it be invited."
_NOT_ANY_MORE = "I am not to be in this room any more."
_CLOSED = "is the room there, and is the bot invited?"
_PATIENCE = 30.0
"""Seconds for the homeserver to tell in a sync of a room that was entered."""
_SOON, _LATER = 60.0, 3600.0
"""Seconds after which a room that refuses the bot is asked again, at first and in the long run; an alias
that leads to another room by then is followed, too."""
_ROOM = re.compile(r"#[^\s:]+:\S+|!\S+")


class Entering:
    """Enters and leaves rooms for one account."""

    def __init__(self, settings: MatrixSettings, account: Account, rooms: Rooms, direct: Direct) -> None:
        """Take from `settings` which rooms, and whose invitations are accepted."""
        self._settings = settings
        self._account = account
        self._rooms = rooms
        self._direct = direct
        self._deserted = Deserted(settings, account, rooms)
        self._wanted = dict.fromkeys(settings.rooms, "")
        """By name, with why the account is not in it."""
        self._unwanted: set[str] = set()
        """Rooms to leave as soon as there is a connection."""
        self._in: dict[str, str] = {}
        """The rooms that were entered and not left: two may enter one at once, and one of them tells."""
        self._backoff = Backoff(_SOON, _LATER)
        self._next = 0.0
        self._going = False
        """Whether the bot is on its way into the rooms that are wanted."""
        self._unanswered: dict[str, Invitation] = {}
        """Invitations to rooms that could be neither entered nor refused yet."""
        self._errands = Errands()
        self._synced = asyncio.Event()

    def absent(self, here: Collection[Room]) -> dict[Room, str]:
        """Return the rooms that are wanted and not in `here`, each with why."""
        wanted = {Room(self._settings.name, name): why for name, why in self._wanted.items()}
        return {room: why for room, why in wanted.items() if room not in here}

    async def enter(self, name: str, *, up: bool) -> None:
        """Want the room `name`, and return when a sync has told of it; `up` tells whether there are any."""
        if not _ROOM.fullmatch(name) or not name.isprintable():
            raise Refused(f"{name} is no room of {self._settings.name}: write its alias, #name:server")
        self._wanted.setdefault(name, "")
        self._unwanted.discard(name)
        if not up:
            raise NetworkError(f"{self._settings.name} is not connected")
        try:
            room_id = await self._entered(name)
        except Refused as error:
            raise NetworkError(f"{error}: {_CLOSED}") from None
        await self.until(lambda: self._rooms.is_in(room_id))

    async def until(self, told: Callable[[], bool]) -> None:
        """Wait until syncs have `told` something; NetworkError where they do not."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not told():
                    await self._synced.wait()
        except TimeoutError:
            raise NetworkError("the homeserver has not told of the room yet") from None

    async def leave(self, name: str, *, up: bool) -> None:
        """Want the room `name` no more, and leave it."""
        room = Room(self._settings.name, name)
        if name not in self._wanted and room not in self._rooms.joined():
            raise Refused(f"{room}: neither in the room nor to be in it")
        self._wanted.pop(name, None)
        self._unwanted.add(name)
        if not up:
            raise NetworkError(f"{room.network} is not connected; it is left as soon as that is")
        await self._leave(name)

    def look_after(self, news: News, now: float) -> bool:
        """Begin what a sync and the passing of time ask for; `now` is the loop's time.

        Returns whether there was anything of which the next sync may tell.
        """
        for room_id, each in news.left.items():
            self._unanswered.pop(room_id, None)
            self._out_of(room_id, each, now)
        for room_id, events in news.invited.items():
            invitation = invitation_of(events, self._account.user)
            invited = partial(self._invited, room_id, invitation)
            self._errands.add(("an invitation to", room_id), invited, urgent=True)
        for room_id in news.joined:
            if self._deserted.is_one(room_id):
                wanted = partial(self._is_wanted, room_id)
                leaving = partial(self._deserted.leave, room_id, wanted)
                self._errands.add(("leaving", room_id), leaving, urgent=True)
        if due := now >= self._next and not self._going:
            self._go_where_wanted()
        self._synced.set()
        self._synced.clear()
        return due or bool(news.invited)

    def close(self) -> None:
        """Enter and leave no more."""
        self._errands.close()

    def _go_where_wanted(self) -> None:
        """Begin to leave and enter what is wanted; a room that refuses does not keep it out of the others."""
        self._going = True
        for room_id, invitation in self._unanswered.items():
            self._errands.add(("an invitation to", room_id), partial(self._invited, room_id, invitation))
        self._unanswered = {}
        for name in self._unwanted:
            self._errands.add(("leaving", name), partial(self._try, name, self._go_out))
        for name in self._wanted:
            self._errands.add(("entering", name), partial(self._try, name, self._enter))
        self._errands.add(("having gone",), self._gone)

    async def _try(self, name: str, move: Callable[[str], Awaitable[None]]) -> None:
        try:
            await move(name)
        except NetworkError as error:
            hint = f": {_CLOSED}" if isinstance(error, Refused) else ""
            _log.error("%s: %s: %s%s", self._settings.name, name, error, hint)

    async def _gone(self) -> None:
        """Take note that every room was tried; ask those that refuse again, rarely."""
        whole = not (self._unwanted or self._unanswered or any(self._wanted.values()))
        self._next = asyncio.get_running_loop().time() + (_LATER if whole else self._backoff.wait(0))
        self._going = False

    async def _go_out(self, name: str) -> None:
        """Leave a room, if it is still unwanted."""
        if name in self._unwanted:
            await self._leave(name)

    async def _enter(self, name: str) -> None:
        """Enter a room, if it is still wanted."""
        if name in self._wanted:
            await self._entered(name)

    async def _entered(self, name: str) -> str:
        """Return the id of the room `name`, in which the account is then."""
        try:
            room_id = await self._account.resolved(name) if name.startswith("#") else name
            if room_id is None or not self._rooms.is_in(room_id):
                room_id = await join(self._account, name)
                if self._in.get(name) != room_id:
                    _log.info("%s: in %s", self._settings.name, name)
                self._in[name] = room_id
        except NetworkError as error:
            if name in self._wanted:
                self._wanted[name] = str(error)
            raise
        self._rooms.name(name, room_id)
        if name in self._wanted:
            self._wanted[name] = ""
        return room_id

    async def _leave(self, name: str) -> None:
        """Leave a room that the account is in; what the homeserver refuses is not tried again."""
        try:
            room_id = self._rooms.id_of(Room(self._settings.name, name))
        except NetworkError:
            self._unwanted.discard(name)
            return
        try:
            await self._account.leave(room_id, _NOT_ANY_MORE)
        except Refused as error:
            _log.warning("%s: %s: leaving: %s", self._settings.name, name, error)
        self._unwanted.discard(name)
        self._rooms.forget(room_id)
        self._in.pop(name, None)
        _log.info("%s: out of %s, in which it is not to be any more", self._settings.name, name)

    def _out_of(self, room_id: str, news: RoomNews, now: float) -> None:
        """Take note that the account was removed from a room, or left it."""
        if not self._rooms.is_in(room_id):
            return
        name, why = self._rooms.room(room_id).name, news.why_out(self._account.user)
        _log.warning("%s: out of %s: %s", self._settings.name, name, why)
        self._rooms.forget(room_id)
        self._in.pop(name, None)
        if name in self._wanted:
            self._wanted[name] = why
            self._backoff.reset()
            self._next = min(self._next, now + self._backoff.wait(0))

    def _is_wanted(self, room_id: str) -> bool:
        return self._rooms.room(room_id).name in self._wanted

    async def _invited(self, room_id: str, invitation: Invitation) -> None:
        """Accept the invitation to `room_id`, or refuse it with the reason."""
        network, inviter = self._settings.name, invitation.inviter
        try:
            name = await self._wanted_as(room_id, invitation)
            if name is not None:
                # A room that is wanted is entered whoever invites.
                await self._entered(name)
            elif inviter is not None and is_welcome(inviter, self._settings.invites):
                await join(self._account, room_id)
                _log.info("%s: in %s, invited by %s", network, room_id, inviter)
                if invitation.direct:
                    await self._direct.keep(inviter, room_id)
            else:
                _log.info("%s: the invitation of %s was refused", network, inviter)
                await self._account.leave(room_id, _NOT_WELCOME)
        except Refused as error:
            _log.warning("%s: an invitation: %s", network, error)
        except NetworkError as error:
            _log.warning("%s: an invitation: %s; it is answered later", network, error)
            self._unanswered[room_id] = invitation
            self._next = min(self._next, asyncio.get_running_loop().time() + self._backoff.wait(0))

    async def _wanted_as(self, room_id: str, invitation: Invitation) -> str | None:
        """Return the name by which the room is wanted, also where the invitation does not tell that alias."""
        for name in (room_id, *invitation.aliases):
            if name in self._wanted:
                return name
        for name in [each for each, why in self._wanted.items() if why and each.startswith("#")]:
            with suppress(NetworkError):
                if await self._account.resolved(name) == room_id:
                    return name
        return None
