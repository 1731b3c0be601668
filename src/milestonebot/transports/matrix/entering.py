"""Into which rooms the account goes: those of the config, and those it may be invited to."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.matrix.inviting import is_welcome

if TYPE_CHECKING:
    from milestonebot.transports.matrix.account import Account
    from milestonebot.transports.matrix.rooms import Rooms
    from milestonebot.transports.matrix.settings import MatrixSettings

_log = logging.getLogger(__name__)

_NOT_WELCOME = "This bot comes only where its operator lets it be invited."


class Entering:
    """Enters rooms for one account."""

    def __init__(self, settings: MatrixSettings, account: Account, rooms: Rooms) -> None:
        """Take from `settings` which rooms, and whose invitations are accepted."""
        self._settings = settings
        self._account = account
        self._rooms = rooms

    async def configured(self) -> None:
        """Enter the rooms of the config; one that refuses does not keep the bot out of the others."""
        for name in self._settings.rooms:
            try:
                self._rooms.name(name, await self._account.join(name))
            except Refused as error:
                told = "%s: %s: %s: is the room there, and is the bot invited?"
                _log.error(told, self._settings.name, name, error)
            else:
                _log.info("%s: in %s", self._settings.name, name)

    async def invited(self, room_id: str) -> None:
        """Accept the invitation to `room_id`, or refuse it with the reason."""
        network, inviter = self._settings.name, self._rooms.inviter(room_id)
        try:
            # A room of the config is entered whoever invites: `configured` asks for it by its alias or id.
            if room_id in self._settings.rooms or self._rooms.alias_of(room_id) in self._settings.rooms:
                return
            if inviter is not None and is_welcome(inviter, self._settings.invites):
                await self._account.join(room_id)
                _log.info("%s: in %s, invited by %s", network, room_id, inviter)
            else:
                _log.info("%s: the invitation of %s was refused", network, inviter)
                await self._account.leave(room_id, _NOT_WELCOME)
        except NetworkError as error:
            _log.warning("%s: an invitation: %s", network, error)
