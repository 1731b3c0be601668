"""Encrypted events whose key is not there yet: it often comes a little later than they do.

Source: client-server API, "Sharing keys between devices".
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from milestonebot.transports.matrix.account.encryption import Encryption

Json = dict[str, Any]

_log = logging.getLogger(__name__)

_GRACE = 600.0
"""Seconds for which a key is waited for."""
_MOST = 1000
"""Events that wait; more are given up at once."""


@dataclass(frozen=True, slots=True)
class _Kept:
    room_id: str
    event: Json
    oldest: datetime
    until: float


class Sealed:
    """The events that wait for their keys."""

    def __init__(self, encryption: Encryption) -> None:
        """Open them with the keys of `encryption`."""
        self._encryption = encryption
        self._kept: dict[str, _Kept] = {}
        self._unasked: list[str] = []

    def __bool__(self) -> bool:
        """Tell whether any event waits."""
        return bool(self._kept)

    def open(self, room_id: str, event: Json) -> Json | None:
        """Return `event` as it can be read; None where its key is missing."""
        return event if event.get("type") != "m.room.encrypted" else self._encryption.opened(room_id, event)

    def keep(self, room_id: str, event: Json, oldest: datetime) -> str | None:
        """Let `event` wait for its key, and return its id; None where it is not waited for."""
        name, at = event.get("event_id"), event.get("origin_server_ts")
        if not isinstance(name, str) or not isinstance(at, int) or at < oldest.timestamp() * 1000:
            return None
        if len(self._kept) >= _MOST or event.get("sender") == self._encryption.user:
            return None
        until = asyncio.get_running_loop().time() + _GRACE
        self._kept[name] = _Kept(room_id, event, oldest, until)
        self._unasked.append(name)
        return name

    def opened(self) -> Iterator[tuple[str, Json, str]]:
        """Yield the rooms, the events and the ids of those whose key has come."""
        for name, kept in list(self._kept.items()):
            if (event := self._encryption.opened(kept.room_id, kept.event)) is not None:
                yield kept.room_id, event, name

    def oldest(self, name: str) -> datetime:
        """Return the age limit of when the event of that id was told."""
        return self._kept[name].oldest

    def forget(self, name: str) -> None:
        """Wait no more for the key of an event."""
        self._kept.pop(name, None)

    def given_up(self, now: float) -> list[str]:
        """Return the ids of those that have waited long enough, and forget them."""
        late = [name for name, kept in self._kept.items() if kept.until <= now]
        for name in late:
            kept = self._kept.pop(name)
            told = "%s: what %s said could not be read: its key never came (%s)"
            _log.warning(told, kept.room_id, kept.event.get("sender"), name)
        return late

    async def ask(self) -> None:
        """Ask for the keys that were not asked for yet."""
        while self._unasked:
            kept = self._kept.get(self._unasked.pop(0))
            if kept is not None:
                try:
                    await self._encryption.ask_for_key(kept.room_id, kept.event)
                except NetworkError as error:
                    _log.warning("%s: a key could not be asked for: %s", kept.room_id, error)
                    return
