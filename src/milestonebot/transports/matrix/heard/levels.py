"""Power levels: what each person may do in a room. Pure: events are plain JSON.

Source: client-server API, `m.room.power_levels`, `m.room.create`; "Room version 12", by which the
creators of a room stand above all levels. nio adds new levels to old ones, so that who lost a level
would keep it, and knows no creators; hence this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CREATOR = 1_000_000
"""The level of those who made a room, above any that can be given."""
_OLD_CREATOR = 100
"""The level of whoever made a room of an older version, until levels are set."""
_LAST_OLD_VERSION = 11


class Levels:
    """The levels of one room."""

    def __init__(self) -> None:
        """Begin with nobody above the others."""
        self._creators: dict[str, int] = {}
        self._users: dict[str, int] = {}
        self._default = 0
        self._set = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Take in an event of the room's state; others, and malformed ones, are passed over."""
        content, sender = event.get("content"), event.get("sender")
        if event.get("state_key") != "" or not isinstance(content, dict) or not isinstance(sender, str):
            return
        if event.get("type") == "m.room.create":
            above = _is_new(content.get("room_version"))
            more = content.get("additional_creators") if above else []
            creators = [sender, *(more if isinstance(more, list) else [])]
            self._creators = {each: CREATOR if above else _OLD_CREATOR for each in creators if _is_text(each)}
        elif event.get("type") == "m.room.power_levels":
            users = content.get("users")
            users = users if isinstance(users, dict) else {}
            self._users = {
                user: number for user, level in users.items() if (number := _number(level)) is not None
            }
            self._default = _number(content.get("users_default")) or 0
            self._set = True

    def is_creator(self, user: str) -> bool:
        """Tell whether `user` made the room."""
        return user in self._creators

    def of(self, user: str) -> int:
        """Return the level of `user`."""
        above = self._creators.get(user, 0)
        if above == CREATOR or not self._set:
            return above
        return self._users.get(user, self._default)


def _is_new(version: object) -> bool:
    """Tell whether a room of `version` has creators who stand above its levels; without one it is old."""
    if version is None:
        return False
    return not (isinstance(version, str) and version.isdecimal() and int(version) <= _LAST_OLD_VERSION)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _number(level: object) -> int | None:
    """Return a level; old rooms may write it as text."""
    if isinstance(level, str) and level.strip().removeprefix("-").isdecimal():
        return int(level)
    return level if isinstance(level, int) and not isinstance(level, bool) else None
