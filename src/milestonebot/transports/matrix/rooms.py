"""The rooms of one account: their names in the config, and what was said in them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError
from milestonebot.ports import Room
from milestonebot.transports.matrix.hearing import Listener, heard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from nio import MatrixRoom
    from nio.client.async_client import AsyncClient

    from milestonebot.ports import Message

_log = logging.getLogger(__name__)

_A_PAIR = 2


class Rooms:
    """What nio knows of the rooms, by the names that the config gives them."""

    def __init__(self, network: str, client: AsyncClient) -> None:
        """Read the rooms of `client`."""
        self._network = network
        self._client = client
        self._named: dict[str, str] = {}
        self._entered_at: dict[str, int] = {}

    def name(self, name: str, room_id: str) -> None:
        """Take `name`, an alias or an id of the config, as what `room_id` is called."""
        self._named[room_id] = name

    def room(self, room_id: str) -> Room:
        """Return the room by its name in the config; by its id where it has none."""
        return Room(self._network, self._named.get(room_id, room_id))

    def id_of(self, room: Room) -> str:
        """Return the id of `room`; NetworkError where the account is not in it."""
        for room_id, name in self._named.items():
            if name == room.name:
                return room_id
        if room.name in self._client.rooms:
            return room.name
        raise NetworkError(f"the bot is not in {room}")

    def joined(self) -> frozenset[Room]:
        """Return the rooms that the account is in."""
        return frozenset(map(self.room, self._client.rooms))

    def inviter(self, room_id: str) -> str | None:
        """Return who invited the account into `room_id`."""
        room = self._client.invited_rooms.get(room_id)
        inviter = getattr(room, "inviter", None)
        return inviter if isinstance(inviter, str) else None

    def alias_of(self, room_id: str) -> str | None:
        """Return the alias of a room to which the account is invited."""
        alias = getattr(self._client.invited_rooms.get(room_id), "canonical_alias", None)
        return alias if isinstance(alias, str) else None

    def heard(self, room_id: str, events: list[dict[str, Any]], oldest: datetime) -> Iterator[Message]:
        """Yield what `events` say in `room_id`, since the account entered it and since `oldest`."""
        room = self._client.rooms.get(room_id)
        if room is None:
            return
        listener = self._listener(room)
        for event in events:
            message = self._message(event, room, listener)
            if message is None or message.time < oldest:
                continue
            if message.time.timestamp() * 1000 >= self._entered_at.get(room_id, 0):
                yield message

    @property
    def _user(self) -> str:
        return str(self._client.user_id)

    def _message(self, event: dict[str, Any], room: MatrixRoom, listener: Listener) -> Message | None:
        level = room.power_levels.get_user_level(str(event.get("sender")))
        return heard(event, self.room(room.room_id), listener, private=self._is_private(room), level=level)

    def entered(self, room_id: str, events: list[Any]) -> None:
        """Note when the account came into the room: what was said before was not said to it."""
        for event in events:
            if (
                isinstance(event, dict)
                and (event.get("type"), event.get("state_key")) == ("m.room.member", self._user)
                and isinstance(content := event.get("content"), dict)
                and content.get("membership") == "join"
                and isinstance(at := event.get("origin_server_ts"), int)
            ):
                before = event.get("unsigned")
                previous = before.get("prev_content") if isinstance(before, dict) else None
                # A new display name is a "join" too.
                if not (isinstance(previous, dict) and previous.get("membership") == "join"):
                    self._entered_at[room_id] = at

    def _is_private(self, room: MatrixRoom) -> bool:
        """Tell whether it is a conversation of two, which nobody named."""
        unnamed = room.name is None and room.canonical_alias is None and room.room_id not in self._named
        return unnamed and room.member_count <= _A_PAIR

    def _listener(self, room: MatrixRoom) -> Listener:
        names = [self._user.removeprefix("@").partition(":")[0]]
        if shown := room.user_name(self._user):
            names.append(shown)
        return Listener(self._user, tuple(names))
