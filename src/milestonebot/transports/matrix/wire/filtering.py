"""What the homeserver is asked to tell of: only what is read.

A filter that was uploaded is named by its id, so that neither side writes and reads it anew with each sync.
Source: client-server API, "Filtering", `POST /user/{userId}/filter`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from milestonebot.transports.matrix.wire.wire import Wire

_log = logging.getLogger(__name__)

_STATE = (
    "m.room.canonical_alias",
    "m.room.create",
    "m.room.encryption",
    "m.room.member",
    "m.room.name",
    "m.room.power_levels",
    "m.room.tombstone",
)
_SAID = ("m.reaction", "m.room.encrypted", "m.room.message")
_NOT_BEFORE = 3600.0
"""Seconds after which a filter is uploaded again, where the homeserver did not take it or lost it."""


class Filtering:
    """The filter of one account."""

    def __init__(self, wire: Wire) -> None:
        """Upload it over `wire`."""
        self._wire = wire
        self._id: str | None = None
        self._user = ""
        self._next = 0.0

    async def of(self, user: str, *, whole: bool) -> str:
        """Return the filter of a sync of `user`: its id, where it need not be `whole` and has one."""
        if whole:
            return json.dumps(_wanted(user))
        if user != self._user:
            self._id, self._user, self._next = None, user, 0.0
        if self._id is None and asyncio.get_running_loop().time() >= self._next:
            self._next = asyncio.get_running_loop().time() + _NOT_BEFORE
            self._id = await self._uploaded(user)
        return self._id or json.dumps(_wanted(user))

    def refused(self) -> None:
        """Take note that a sync was refused: perhaps the homeserver does not know the filter any more."""
        self._id = None

    async def _uploaded(self, user: str) -> str | None:
        try:
            told = await self._wire.ask("POST", ("user", user, "filter"), _wanted(user))
        except NetworkError as error:
            _log.debug("the filter could not be uploaded: %s", error)
            return None
        name = told.get("filter_id")
        # An id that begins so would be taken for a filter.
        return name if isinstance(name, str) and name and not name.startswith("{") else None


def _wanted(user: str) -> dict[str, Any]:
    """Return a filter that leaves out what is not read, such as what `user` itself says.

    What it leaves out of a timeline a homeserver tells among the room's state, where it is that.
    """
    return {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": 100, "types": [*_SAID, *_STATE], "not_senders": [user]},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
            "state": {"lazy_load_members": True, "types": list(_STATE)},
        },
    }
