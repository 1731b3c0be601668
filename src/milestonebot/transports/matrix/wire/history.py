"""What was said in a room before: its timeline, read backwards.

Source: client-server API, `GET /rooms/{roomId}/messages`, and "Filtering".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from milestonebot.errors import InDoubt, NetworkError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from milestonebot.transports.matrix.wire.wire import Wire

_PAGE = 100
_MOST_PAGES = 500


class Unreadable(NetworkError):
    """The history is there, and cannot be read."""


class History:
    """The past of the rooms that an account is in."""

    def __init__(self, wire: Wire) -> None:
        """Read over `wire`."""
        self._wire = wire

    async def back(
        self, room_id: str, wanted: Mapping[str, Any], start: str | None = None, end: str | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield the events of `room_id` that the filter `wanted` lets through, the latest first.

        It begins at the position `start`, or at the end of what is there, and goes on to the position
        `end` for as long as it is asked. Raises NetworkError where it cannot be read now, Refused or
        Unreadable where it never can.
        """
        query = {"dir": "b", "limit": str(_PAGE), "filter": json.dumps(wanted)}
        if end is not None:
            query["to"] = end
        position = start
        for _ in range(_MOST_PAGES):
            page = await self._page(room_id, query if position is None else {**query, "from": position})
            events = page.get("chunk")
            for event in events if isinstance(events, list) else []:
                if isinstance(event, dict):
                    yield event
            asked, position = position, page.get("end")
            if not isinstance(position, str) or position == asked:
                return
        raise Unreadable("it goes on for too long")

    async def _page(self, room_id: str, query: Mapping[str, str]) -> dict[str, Any]:
        try:
            return await self._wire.ask("GET", ("rooms", room_id, "messages"), query=query)
        except InDoubt as error:
            # Reading changes nothing: it may be asked again without a doubt.
            raise NetworkError(str(error), error.after) from None
