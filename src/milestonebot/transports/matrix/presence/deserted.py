"""Rooms that everybody else has left, or that have moved. Source: client-server API, "Room upgrades"."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.transports.matrix.presence.inviting import is_welcome
from milestonebot.transports.matrix.presence.joining import join

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.transports.matrix.account.account import Account
    from milestonebot.transports.matrix.heard.rooms import Rooms
    from milestonebot.transports.matrix.settings import MatrixSettings

_log = logging.getLogger(__name__)

_ALONE = "Nobody else is here any more."
_MOVED = "The room has moved."


class Deserted:
    """Leaves such rooms for one account, and follows those that have moved."""

    def __init__(self, settings: MatrixSettings, account: Account, rooms: Rooms) -> None:
        """Take from `settings` who may invite, and so lead the bot from room to room."""
        self._settings = settings
        self._account = account
        self._rooms = rooms
        self._moved: set[str] = set()

    def is_one(self, room_id: str) -> bool:
        """Tell whether nobody else is in the room, or it has moved and that was not seen yet."""
        moved = self._rooms.successor(room_id) is not None and room_id not in self._moved
        return moved or self._rooms.is_alone(room_id)

    async def leave(self, room_id: str, is_wanted: Callable[[], bool]) -> None:
        """Leave a room in which nobody else is, if it is not wanted; follow one that has moved."""
        wanted = is_wanted()
        successor = self._rooms.successor(room_id)
        try:
            if self._rooms.is_alone(room_id) and not wanted:
                await self._account.leave(room_id, _ALONE)
                self._rooms.forget(room_id)
                _log.info("%s: left %s: nobody else is there", self._settings.name, room_id)
            elif successor is not None and room_id not in self._moved:
                self._moved.add(room_id)
                await self._follow(room_id, *successor, wanted=wanted)
        except NetworkError as error:
            _log.warning("%s: %s: %s", self._settings.name, room_id, error)

    async def _follow(self, room_id: str, successor: str, mover: str, *, wanted: bool) -> None:
        """Go from a room to its successor, where `mover` might invite the bot or the room is wanted."""
        network, name = self._settings.name, self._rooms.shown(room_id)
        if not wanted and not is_welcome(mover, self._settings.invites):
            _log.info("%s: %s moved to %s, by %s who may not invite", network, name, successor, mover)
            return
        joined = await join(self._account, successor, via=mover.partition(":")[2])
        _log.info("%s: %s moved to %s", network, name, joined)
        self._rooms.move(room_id, joined)
        await self._account.leave(room_id, _MOVED)
        self._rooms.forget(room_id)
