"""Finding out whether a line arrived whose connection was cut before the server confirmed it.

Each announcement carries a tag of its own, which servers keep in their history with the line.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from milestonebot.errors import Refused
from milestonebot.ports import Trace
from milestonebot.transports.irc.login.identity import alternatives
from milestonebot.transports.irc.said import inquiries
from milestonebot.transports.irc.said.played import SLACK, Wanted, found

if TYPE_CHECKING:
    from collections.abc import Collection

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.link import Link
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.wire.lines import Line

_log = logging.getLogger(__name__)

KEY_TAG = "+milestonebot/key"
"""A client-only tag of our own (IRCv3 message-tags: `+`, a vendor, a name)."""
_LIKELY = 2
"""Of the nicks that we try: those that an earlier process most probably had, the first and `nick_`."""
_MOST_PAGES = 50
_LAST = 20
"""Lines of our own that are remembered of each room."""
_MOST_ROOMS = 10_000
_PAGE = 100
"""Lines of history that are asked for at once."""


def key_value(key: str) -> str:
    """Return what the tag says for `key`: always as long, and of characters that need no escape."""
    return sha256(key.encode()).hexdigest()[:32]


class Taken:
    """Remembers which lines the network has taken, room by room, and since when that was known."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._rooms: dict[str, deque[tuple[str, datetime]]] = {}

    def add(self, room: str, id_: str, now: datetime) -> str | None:
        """Take note that a line was taken by `now`; return its id, or None where that is empty."""
        if id_ and (room in self._rooms or len(self._rooms) < _MOST_ROOMS):
            self._rooms.setdefault(room, deque(maxlen=_LAST)).append((id_, now))
        return id_ or None

    def before(self, room: str, since: datetime) -> set[str]:
        """Return the ids of those that were taken before `since`, by the clock that `since` is of."""
        return {id_ for id_, when in self._rooms.get(room, ()) if when <= since}


def keys_before(key: str) -> set[str]:
    """Return what the tags of the parts before `key` say, which is `name#number` for a part of several.

    Each was taken before the next was tried.
    """
    name, sign, number = key.rpartition("#")
    parts = int(number) if sign and number.isascii() and number.isdigit() and len(number) < 4 else 0  # noqa: PLR2004 - an announcement has a few lines
    return {key_value(f"{name}#{part}") for part in range(parts)}


class Tracer:
    """Looks for a line in what one connection can tell."""

    def __init__(
        self, link: Link, settings: IrcSettings, clock: Clock, former: Collection[str], taken: Taken
    ) -> None:
        """Ask on `link`; `former` are the nicks under which this process was there before."""
        self._taken = taken
        self._link = link
        self._settings = settings
        self._clock = clock
        tries = alternatives(settings.nick)
        self._nicks = {*former, *tries}
        self._ghosts = {*former, *tries[:_LIKELY]}
        """Nicks under which an earlier connection may still be there."""

    async def trace(self, room: str, part: str, key: str, since: datetime) -> Trace:
        """Return what became of `part`; raises NetworkError where that cannot be found out now."""
        wanted = Wanted(part, key_value(key), since, self._nicks)
        # Behind its answer, all that was played when we joined has come.
        await self._link.ask(inquiries.mark())
        await self._outlive_ghosts(since)
        session = self._link.session
        line = found(session.played.ours(room), wanted, KEY_TAG, self._clock)
        sure = line is not None or self._reaches(room, key, since)
        if not sure and session.keeps_history:
            try:
                line, sure = await self._in_history(room, wanted), True
            except Refused as error:
                _log.warning("%s/%s: no history: %s", self._settings.name, room, error)
        if sure:
            return Trace(said=line is not None, id=None if line is None else line.tags.get("msgid"))
        return Trace(said=not self._settings.repeat_in_doubt, sure=False)

    def _reaches(self, room: str, key: str, since: datetime) -> bool:
        """Tell whether what was played when we joined goes back to before `since`.

        Its oldest line tells, as far as clocks may be trusted; or a line of our own that had been taken
        before: nothing that came after it is missing.
        """
        played = self._link.session.played
        if played.reaches(room, since):
            return True
        keys, ids = keys_before(key), self._taken.before(room, since)
        past = [line.tags for line in played.ours(room) if "batch" in line.tags]
        return any(tags.get(KEY_TAG) in keys or tags.get("msgid") in ids for tags in past)

    async def _in_history(self, room: str, wanted: Wanted) -> Line | None:
        """Read page by page what was said since (IRCv3 draft/chathistory)."""
        features = self._link.session.features
        most = min(features.history or _PAGE, _PAGE)
        after = inquiries.timestamp((wanted.since - SLACK).astimezone(UTC))
        for _ in range(_MOST_PAGES):
            page = await self._link.ask(inquiries.history(features, room, after, most))
            line = found(page, wanted, KEY_TAG, self._clock)
            if line is not None or not page:
                return line
            before, after = after, self._reference(page[-1])
            if after in {"", before}:
                break
        return None

    def _reference(self, line: Line) -> str:
        kinds = self._link.session.features.references
        if "msgid" in kinds and line.tags.get("msgid"):
            return f"msgid={line.tags['msgid']}"
        time = line.tags.get("time", "")
        return f"timestamp={time}" if time else ""

    async def _outlive_ghosts(self, since: datetime) -> None:
        """Wait until no earlier connection of ours is left that could still say what it was told to.

        A server drops a dead connection when it does not answer a PING; none keeps one longer than
        `waits.ghost`.
        """
        loop = asyncio.get_running_loop()
        came = self._link.ready_at or loop.time()
        for nick in sorted(self._ghosts):
            while await self._is_ghost(nick, since):
                if loop.time() - came >= self._settings.waits.ghost:
                    _log.warning("%s: %s stays, and is none of ours", self._settings.name, nick)
                    break
                _log.info("%s: waiting until %s, an earlier connection, is gone", self._settings.name, nick)
                await asyncio.sleep(self._settings.waits.look)
            self._ghosts.discard(nick)

    async def _is_ghost(self, nick: str, since: datetime) -> bool:
        session = self._link.session
        if session.me.is_me(nick):
            return False
        lines = {line.command: line for line in await self._link.ask(inquiries.whois(session.features, nick))}
        user = lines.get(inquiries.WHOIS_USER)
        if user is None or _came_after(lines.get(inquiries.WHOIS_IDLE), since):
            return False
        account = lines.get(inquiries.WHOIS_ACCOUNT)
        if account is not None and session.account is not None:
            return session.features.fold(account.param(2)) == session.features.fold(session.account)
        # A server may cut the username, and puts a sign before one that it has not verified.
        cut = user.param(2).lstrip("~^+=-")
        return bool(cut) and self._settings.username.startswith(cut) and user.last == self._settings.realname


def _came_after(idle: Line | None, since: datetime) -> bool:
    """Tell whether 317 says that it signed on after `since`; then it has said nothing of before."""
    told = "" if idle is None else idle.param(3)
    if not (told.isascii() and told.isdigit() and len(told) < 12):  # noqa: PLR2004 - seconds of some millennia
        return False
    return datetime.fromtimestamp(int(told), UTC) > since + SLACK
