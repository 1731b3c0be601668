"""What nio is told of a sync: the state of the rooms, and all about keys; messages are read without it.

nio ends a whole sync at the first event that it did not expect. It is given all at once, which is
quick, and where that fails one event at a time: then it goes without the odd one alone.
"""

from __future__ import annotations

import logging
from itertools import count
from typing import TYPE_CHECKING, Any

from nio import SyncResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nio.client.async_client import AsyncClient

    from milestonebot.transports.matrix.news import News, RoomNews

Json = dict[str, Any]

_log = logging.getLogger(__name__)


class Learning:
    """Keeps nio's client informed."""

    def __init__(self, client: AsyncClient) -> None:
        """Inform `client`."""
        self._client = client
        self._numbers = count()

    async def take(self, news: News) -> None:
        """Let nio take note of `news`."""
        keys = news.keys
        for event in keys["to_device"]:
            await self._told({"to_device": {"events": [event]}}, event.get("type"))
        rooms = {room_id: _joined(each, each.state_events) for room_id, each in news.joined.items()}
        lists = {"device_lists": keys["device_lists"]}
        if not await self._told({"rooms": {"join": rooms}, **lists}, "a sync"):
            for room_id, each in news.joined.items():
                for event in each.state_events:
                    one = {"rooms": {"join": {room_id: _joined(each, [event])}}, **lists}
                    await self._told(one, event.get("type"))
        if (olm := self._client.olm) is not None:
            # nio takes none left for none told.
            left = keys["device_one_time_keys_count"].get("signed_curve25519")
            olm.uploaded_key_count = olm.uploaded_key_count if left is None else left

    async def _told(self, told: Json, what: object) -> bool:
        """Tell nio, and return whether it took it."""
        # A position that nio has had already would be passed over.
        whole = {**_NOTHING, **told, "next_batch": f"part {next(self._numbers)}"}
        whole["rooms"] = {**_NOTHING["rooms"], **whole["rooms"]}
        try:
            response = SyncResponse.from_dict(whole)
            if not isinstance(response, SyncResponse):
                _log.debug("nio does not understand %s", what)
                return False
            await self._client.receive_response(response)
        except Exception:  # noqa: BLE001 - nio lets through whatever an odd event raises
            _log.debug("nio does not understand %s", what, exc_info=True)
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
