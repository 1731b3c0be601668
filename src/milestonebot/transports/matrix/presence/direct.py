"""Rooms between the account and one person.

They are kept where every client keeps them: in the account data `m.direct` (client-server API,
"Direct Messaging").
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.matrix.presence.inviting import is_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.transports.matrix.account.account import Account
    from milestonebot.transports.matrix.wire.wire import Wire


_ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}
"""What makes a room encrypted (client-server API, `m.room.encryption`); few homeservers do it themselves."""


class Direct:
    """The direct rooms of one account."""

    def __init__(self, account: Account, wire: Wire) -> None:
        """Look them up for `account` over `wire`."""
        self._account = account
        self._wire = wire
        self._one_at_a_time = asyncio.Lock()

    async def room_with(self, person: str, *, sealed: bool = False) -> tuple[str, bool]:
        """Return the id of the room with `person`, found or made, and whether it is encrypted.

        One that is encrypted is preferred, where the bot has keys; where it must be `sealed`, no other will
        do. Raises NetworkError where none can be had.
        """
        if not is_user(person):
            raise NetworkError(f"{person!r} is no user id")
        # Two at once would make two rooms.
        async with self._one_at_a_time:
            try:
                kept = await self._kept()
                found = await self._found(kept, person)
                if found is not None and (found[1] or not sealed):
                    return found
                made = await self._made(kept, person)
                return made, await self._is_encrypted(made)
            except Refused as error:
                raise NetworkError(f"no room with {person} can be had: {error}") from None

    async def _found(self, kept: dict[str, Any], person: str) -> tuple[str, bool] | None:
        """Return the room to take of those with `person`, and whether it is encrypted; None where none is."""
        second = None
        for room_id in _rooms(kept, person):
            if await self._is_there(room_id, person):
                found = room_id, await self._is_encrypted(room_id)
                if found[1] == self._account.can_encrypt:
                    return found
                second = second or found
        return second

    async def _is_encrypted(self, room_id: str) -> bool:
        """Ask the homeserver whether `room_id` is encrypted; its syncs may not have told yet."""
        if self._account.encryption.seals(room_id):
            return True
        try:
            await self._wire.ask("GET", ("rooms", room_id, "state", "m.room.encryption"))
        except Refused:
            return False
        return True

    async def keep(self, person: str, room_id: str) -> None:
        """Take note that `room_id` is a room with `person`, who made it."""
        async with self._one_at_a_time:
            kept = await self._kept()
            if room_id not in _rooms(kept, person):
                await self._keep(kept, person, room_id)

    async def _kept(self) -> dict[str, Any]:
        try:
            return await self._wire.ask("GET", self._path)
        except Refused:
            return {}

    async def _is_there(self, room_id: str, person: str) -> bool:
        """Tell whether both are in the room, or `person` is invited."""
        path = ("rooms", room_id, "state", "m.room.member")
        try:
            theirs = await self._wire.ask("GET", (*path, person))
            own = await self._wire.ask("GET", (*path, self._account.user))
        except Refused:
            return False
        return theirs.get("membership") in ("join", "invite") and own.get("membership") == "join"

    async def _made(self, kept: dict[str, Any], person: str) -> str:
        wanted: dict[str, Any] = {"preset": "trusted_private_chat", "is_direct": True, "invite": [person]}
        if self._account.can_encrypt:
            wanted["initial_state"] = [_ENCRYPTION]
        room_id = (await self._wire.ask("POST", ("createRoom",), wanted)).get("room_id")
        if not isinstance(room_id, str):
            raise NetworkError("the homeserver's answer was not understood")
        await self._keep(kept, person, room_id)
        return room_id

    async def _keep(self, kept: dict[str, Any], person: str, room_id: str) -> None:
        rooms = [room_id, *_rooms(kept, person)]
        await self._wire.ask("PUT", self._path, {**kept, person: rooms})

    @property
    def _path(self) -> tuple[str, ...]:
        return ("user", self._account.user, "account_data", "m.direct")


def _rooms(kept: dict[str, Any], person: str) -> Iterator[str]:
    """Yield the rooms that are kept as those with `person`; the data may be of any form."""
    rooms = kept.get(person)
    if isinstance(rooms, list):
        yield from (room for room in rooms if isinstance(room, str))
