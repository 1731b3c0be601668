"""Announcements: said once under each key, as far as a homeserver can tell.

The transaction id of an announcement follows from its key: on one device that is one event
(client-server API, "Transaction identifiers"), for as long as the homeserver remembers it. The key
also stands in the event, so that the room's history tells what was said by another device or long ago.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.ports import Trace
from milestonebot.transports.matrix.wire.history import Unreadable
from milestonebot.transports.matrix.wire.wire import Forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from milestonebot.ports import Clock, Room
    from milestonebot.transports.matrix.account.account import Account
    from milestonebot.transports.matrix.said.posting import Posting
    from milestonebot.transports.matrix.wire.history import History

_log = logging.getLogger(__name__)

KEY = "org.milestonebot.key"
"""Where an event carries the key of what it says."""
_REMEMBERED = timedelta(hours=23)
"""For how long a transaction id is relied on: Synapse keeps it for a day."""
_MARGIN = timedelta(hours=1)
"""How far the homeserver's clock may be behind."""


def part_of(content: Mapping[str, Any]) -> str:
    """Return `content` as text that is the same whenever it is made."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def transaction_of(key: str) -> str:
    """Return the transaction id under which `key` is said."""
    return sha256(f"key\0{key}".encode(errors="replace")).hexdigest()


class Announcing:
    """Says announcements, and finds them again."""

    def __init__(self, account: Account, posting: Posting, history: History, clock: Clock) -> None:
        """Act for `account`."""
        self._account = account
        self._posting = posting
        self._history = history
        self._clock = clock
        self._relied: dict[str, datetime] = {}
        """By key, since when what was in doubt may stand in a room: only the homeserver knows the attempt."""

    async def say(self, room_id: str, part: str, key: str) -> str:
        """Say `part` under `key` and return the event's id; the errors are those of `Transport.announce`."""
        content = {**json.loads(part), KEY: key}
        since = self._relied.get(key)
        if since is not None and not self._is_remembered(since):
            raise InDoubt("the homeserver may have forgotten by now what was tried before")
        try:
            event = await self._posting.post(room_id, content, transaction_of(key))
        except Forbidden as error:
            # Put out of the room and not told of it yet, or only some may speak, as in a meeting.
            raise NetworkError(f"{error}: the bot may not speak there now") from None
        self._relied.pop(key, None)
        return event

    async def trace(self, room: Room, room_id: str, key: str, since: datetime, *, repeat: bool) -> Trace:
        """Find out whether `key` was said since `since`; `repeat` decides where nothing tells."""
        try:
            event = await self._find(room_id, key, since - _MARGIN)
        except (Refused, Unreadable) as error:
            reason = str(error)
        else:
            return Trace(said=event is not None, id=event)
        since = min(since, self._relied.get(key, since))
        if self._is_remembered(since):
            self._relied[key] = since
            return Trace(said=False)
        self._relied.pop(key, None)
        _log.info("%s: its history does not tell of %s: %s", room, key, reason)
        return Trace(said=not repeat, sure=False)

    def _is_remembered(self, since: datetime) -> bool:
        """Tell whether the homeserver knows what this device sent since then by its transaction ids."""
        session = self._account.session
        age = self._clock.now() - since
        return session is not None and session.made <= since.timestamp() and age < _REMEMBERED

    async def _find(self, room_id: str, key: str, oldest: datetime) -> str | None:
        """Return the id of the account's own event that carries `key`, not older than `oldest`."""
        unreadable = 0
        mine = {"senders": [self._account.user], "types": ["m.room.message", "m.room.encrypted"]}
        async for event in self._history.back(room_id, mine):
            at, name = event.get("origin_server_ts"), event.get("event_id")
            if isinstance(at, int) and at < oldest.timestamp() * 1000:
                break
            readable: dict[str, Any] | None = event
            if event.get("type") == "m.room.encrypted":
                readable = self._account.encryption.opened(room_id, event)
            if readable is None:
                unreadable += 1
                continue
            content = readable.get("content")
            if isinstance(content, dict) and content.get(KEY) == key and isinstance(name, str):
                return name
        if unreadable:
            raise Unreadable(f"{unreadable} messages there are encrypted for another device")
        return None
