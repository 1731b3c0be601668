"""The rooms of one account: their names in the config, and what was said in them."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError
from milestonebot.ports import Room
from milestonebot.transports.matrix.heard.hearing import Listener, heard
from milestonebot.transports.matrix.heard.levels import Levels
from milestonebot.transports.matrix.heard.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from nio import MatrixRoom
    from nio.client.async_client import AsyncClient

    from milestonebot.ports import Heeding, Message
    from milestonebot.transports.matrix.heard.continuing import Continuing

_log = logging.getLogger(__name__)

_A_PAIR = 2
_SHOWN = 80
"""Characters of a room's name that are told."""
_SPACE = "m.space"
"""The type of rooms that hold other rooms, in which nobody talks."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A room, as those who speak there find it."""

    room: Room
    listener: Listener
    private: bool


class Rooms:
    """What nio knows of the rooms, by the names that the config gives them."""

    def __init__(self, network: str, client: AsyncClient, folder: Path, continuing: Continuing) -> None:
        """Read the rooms of `client`; what they are called is kept in `folder`."""
        self._continuing = continuing
        self.heeding: Heeding | None = None
        """Who knows what of that which is said is for the bot, once somebody listens."""
        self._network = network
        self._client = client
        self._names = Names(folder / "rooms.json")
        self._entered_at: dict[str, int] = {}
        self._levels: defaultdict[str, Levels] = defaultdict(Levels)
        self._successors: dict[str, tuple[str, str]] = {}

    def open(self, wanted: tuple[str, ...]) -> None:
        """Call rooms by the `wanted` names as before the last stop."""
        self._names.open(wanted)

    def name(self, name: str, room_id: str) -> None:
        """Take `name`, an alias or an id of the config, as what `room_id` is called."""
        self._names.set(room_id, name)

    def room(self, room_id: str) -> Room:
        """Return the room by its name in the config; by its id where it has none."""
        return Room(self._network, self._names.of(room_id) or room_id)

    def shown(self, room_id: str) -> str:
        """Return how an operator knows `room_id`: by its alias or name, and the id."""
        room = self._client.rooms.get(room_id)
        known = self._names.of(room_id) or (room and (room.canonical_alias or room.name))
        known = "".join(filter(str.isprintable, known or ""))[:_SHOWN]
        return f"{known} ({room_id})" if known and known != room_id else room_id

    def id_of(self, room: Room) -> str:
        """Return the id of `room`; NetworkError where the account is not in it."""
        for room_id, name in self._names:
            if name == room.name:
                return room_id
        if room.name in self._client.rooms:
            return room.name
        raise NetworkError("not in the room now")

    def has(self, room: Room) -> bool:
        """Tell whether the account is in `room`."""
        return room.name in self._client.rooms or any(room.name == name for _, name in self._names)

    def joined(self) -> frozenset[Room]:
        """Return the rooms that the account is in."""
        return frozenset(map(self.room, self._client.rooms))

    def people(self) -> dict[Room, str]:
        """Return the user ids of those with whom the account is alone in a room that nobody named."""
        private = {id_: room for id_, room in self._client.rooms.items() if self._is_private(room)}
        others = {
            id_: next((each for each in room.users if each != self._user), "")
            for id_, room in private.items()
        }
        return {self.room(id_): user for id_, user in others.items() if user}

    def is_in(self, room_id: str) -> bool:
        """Tell whether the account is in `room_id`."""
        return room_id in self._client.rooms

    def forget(self, room_id: str) -> None:
        """Take note that the account is not in `room_id` any more."""
        self._client.rooms.pop(room_id, None)
        self._names.pop(room_id)
        self._entered_at.pop(room_id, None)
        self._levels.pop(room_id, None)

    def move(self, old: str, new: str) -> None:
        """Take note that what the config calls `old` is `new` now."""
        if (name := self._names.pop(old)) is not None:
            self._names.set(new, name)

    def is_alone(self, room_id: str) -> bool:
        """Tell whether nobody else is in `room_id`, or invited; a room of its own making is not given up."""
        room = self._client.rooms.get(room_id)
        # The summary counts; the members that nio knows may be those who spoke lately.
        summary = None if room is None else room.summary
        alone = summary is not None and summary.joined_member_count == 1 and not summary.invited_member_count
        return alone and not self._levels[room_id].is_creator(self._user)

    def successor(self, room_id: str) -> tuple[str, str] | None:
        """Return the room that replaces `room_id`, and who says so; None where nobody does."""
        return self._successors.get(room_id)

    def heard(self, room_id: str, events: list[dict[str, Any]], oldest: datetime) -> Iterator[Message]:
        """Yield what `events` say in `room_id`, since the account entered it and since `oldest`."""
        room = self._client.rooms.get(room_id)
        if room is None or room.room_type == _SPACE:
            return
        since = max(oldest.timestamp() * 1000, self._entered_at.get(room_id, 0))
        here = _Here(self.room(room_id), self._listener(room), private=self._is_private(room))
        concerns = self._concerns(here)
        for event in events:
            at = event.get("origin_server_ts")
            if isinstance(at, int) and at >= since:
                message = self._message(event, room_id, here, concerns)
                if message is not None:
                    yield message

    @property
    def _user(self) -> str:
        return str(self._client.user_id)

    def _message(
        self, event: dict[str, Any], room_id: str, here: _Here, concerns: Callable[[str], bool] | None
    ) -> Message | None:
        level = self._levels[room_id].of(str(event.get("sender")))
        if event.get("type") == "m.reaction":
            return self._continuing.clicked(event, here.room, self._user, level)
        return heard(event, here.room, here.listener, private=here.private, level=level, concerns=concerns)

    def _concerns(self, here: _Here) -> Callable[[str], bool] | None:
        """Return what tells of a text said `here` whether it may be for the bot; None where nobody knows."""
        if self.heeding is None or here.private:
            return None if self.heeding is None else bool
        each = [self.heeding.concerning(here.room, name) for name in dict.fromkeys(here.listener.names)]
        return each[0] if len(each) == 1 else lambda text: any(concerns(text) for concerns in each)

    def take(self, room_id: str, events: list[dict[str, Any]]) -> None:
        """Take in what state events tell of the room itself: levels, a successor, when the account came."""
        for event in events:
            self._levels[room_id].take(event)
            what = event["type"], event["state_key"]
            if what == ("m.room.tombstone", ""):
                self._take_tombstone(room_id, event)
            elif what == ("m.room.member", self._user):
                self._take_membership(room_id, event)

    def _take_tombstone(self, room_id: str, event: dict[str, Any]) -> None:
        new, mover = event["content"].get("replacement_room"), event.get("sender")
        if isinstance(new, str) and new.startswith("!") and isinstance(mover, str):
            self._successors[room_id] = (new, mover)

    def _take_membership(self, room_id: str, event: dict[str, Any]) -> None:
        """Note when the account came into the room: what was said before was not said to it."""
        at = event.get("origin_server_ts")
        if event["content"].get("membership") != "join" or not isinstance(at, int):
            return
        before = event.get("unsigned")
        previous = before.get("prev_content") if isinstance(before, dict) else None
        # A new display name is a "join" too.
        if not (isinstance(previous, dict) and previous.get("membership") == "join"):
            self._entered_at[room_id] = at

    def _is_private(self, room: MatrixRoom) -> bool:
        """Tell whether it is a conversation of two, which nobody named."""
        unnamed = room.name is None and room.canonical_alias is None and self._names.of(room.room_id) is None
        return unnamed and room.member_count <= _A_PAIR

    def _listener(self, room: MatrixRoom) -> Listener:
        names = [self._user.removeprefix("@").partition(":")[0]]
        if shown := room.user_name(self._user):
            names.append(shown)
        return Listener(self._user, tuple(names))
