"""What nio is told of a sync: the state of the rooms, and all about keys; messages are read without it.

nio ends a whole sync at the first event that it did not expect, and holds up everything for as long
as it reads: 70 µs for an event, a third of a second for fifty rooms of a hundred members. So it is
given some events of one room at a time, and where that fails one event: then it goes without the odd
one alone.
"""

from __future__ import annotations

import asyncio
import logging
from itertools import count
from typing import TYPE_CHECKING, Any

from nio import SyncResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nio.client.async_client import AsyncClient

    from milestonebot.transports.matrix.wire.news import News, RoomNews

Json = dict[str, Any]

_log = logging.getLogger(__name__)


_AT_ONCE = 100
"""Events that nio is given before others get their turn."""
_WANTED = frozenset(
    (
        "m.room.canonical_alias",
        "m.room.create",
        "m.room.encryption",
        "m.room.member",
        "m.room.name",
    )
)
"""What of a room's state is read from nio's rooms; the rest is read elsewhere, or not at all."""


class Learning:
    """Keeps nio's client informed."""

    def __init__(self, client: AsyncClient) -> None:
        """Inform `client`."""
        self._client = client
        self._numbers = count()

    async def take(self, news: News) -> None:
        """Let nio take note of `news`; others get their turn in between."""
        keys = news.keys
        for event in keys["to_device"]:
            await self._told({"to_device": {"events": [event]}})
        if self._concerns(keys["device_lists"]):
            await self._told({"device_lists": keys["device_lists"]})
        for room_id, each in news.joined.items():
            events = [event for event in each.state_events if event["type"] in _WANTED]
            new = any(self._is_new(room_id, event) for event in events)
            if not (new or self._counts_anew(room_id, each)):
                # Of a room in which people merely talk nothing is to be learnt.
                continue
            for start in range(0, max(len(events), 1), _AT_ONCE):
                some = events[start : start + _AT_ONCE]
                if not await self._told_of(room_id, each, some):
                    for event in some:
                        await self._told_of(room_id, each, [event])
                await asyncio.sleep(0)
        if (olm := self._client.olm) is not None:
            # nio takes none left for none told.
            left = keys["device_one_time_keys_count"].get("signed_curve25519")
            olm.uploaded_key_count = olm.uploaded_key_count if left is None else left

    def _concerns(self, lists: dict[str, list[str]]) -> bool:
        """Tell whether devices changed whose keys matter: a homeserver tells of those in plain rooms, too."""
        users = {user for each in lists.values() for user in each}
        return bool(users) and any(
            room.encrypted and not users.isdisjoint(room.users) for room in self._client.rooms.values()
        )

    def _is_new(self, room_id: str, event: Json) -> bool:
        """Tell whether nio has to know `event`; a homeserver tells again and again who is speaking."""
        room = self._client.rooms.get(room_id)
        if room is None or event["type"] != "m.room.member":
            return True
        known, content = room.users.get(event["state_key"]), event["content"]
        return not (
            known is not None
            and not known.invited
            and content.get("membership") == "join"
            and known.display_name == content.get("displayname")
        )

    def _counts_anew(self, room_id: str, news: RoomNews) -> bool:
        """Tell whether nio does not know the room, or how many are in it."""
        room = self._client.rooms.get(room_id)
        if room is None or (summary := room.summary) is None:
            return room is None or bool(news.summary)
        known = (summary.joined_member_count, summary.invited_member_count)
        names = ("m.joined_member_count", "m.invited_member_count")
        return any(news.summary.get(name, count) != count for name, count in zip(names, known, strict=True))

    async def _told_of(self, room_id: str, news: RoomNews, events: list[Json]) -> bool:
        return await self._told({"rooms": {**_NOTHING["rooms"], "join": {room_id: _joined(news, events)}}})

    async def _told(self, told: Json) -> bool:
        """Tell nio, and return whether it took it."""
        # A position that nio has had already would be passed over.
        whole = {**_NOTHING, **told, "next_batch": f"part {next(self._numbers)}"}
        try:
            response = SyncResponse.from_dict(whole)
            if not isinstance(response, SyncResponse):
                _log.debug("nio does not understand a part of a sync")
                return False
            await self._client.receive_response(response)
        except Exception:  # noqa: BLE001 - nio lets through whatever an odd event raises
            _log.debug("nio does not understand a part of a sync", exc_info=True)
            return False
        return True


_NOTHING: Json = {
    "rooms": {"join": {}, "invite": {}, "leave": {}},
    "to_device": {"events": []},
    "device_lists": {"changed": [], "left": []},
    "device_one_time_keys_count": {},
    "presence": {"events": []},
}


def _joined(news: RoomNews, events: list[Json]) -> Json:
    return {
        "state": {"events": list(_whole(events))},
        "timeline": {"events": [], "limited": False, "prev_batch": ""},
        "ephemeral": {"events": []},
        "account_data": {"events": []},
        "summary": news.summary,
    }


def _whole(events: list[Json]) -> Iterator[Json]:
    """Yield `events` with what nio asks for of each."""
    for event in events:
        yield {"event_id": "", "origin_server_ts": 0, **event}
