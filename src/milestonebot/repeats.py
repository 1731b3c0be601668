"""What was already heard: the same message again, or the same question over a bridge."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from milestonebot.ports import Message, Room

K = TypeVar("K")
V = TypeVar("V")

_MOST = 10_000
_BRIDGED_WITHIN = 60.0
"""Seconds in which a bridge carries a message over."""
_COMPARED = 500


class Repeats:
    """Remembers the latest messages; times are seconds of any one clock."""

    def __init__(self, bridged: Iterable[frozenset[Room]] = ()) -> None:
        """Take rooms of one set in `bridged` as one room."""
        self.bridge(bridged)
        self._ids: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._asked: OrderedDict[tuple[frozenset[Room], str], tuple[Room, float]] = OrderedDict()

    def bridge(self, bridged: Iterable[frozenset[Room]]) -> None:
        """Take rooms of one set as one room, from now on."""
        self._set_of = {room: rooms for rooms in bridged for room in rooms}

    def known(self, message: Message) -> bool:
        """Tell whether `message` was heard before, and remember it."""
        name = (message.room.network, message.id)
        if name in self._ids:
            return True
        _put(self._ids, name, None)
        return False

    def told_across(self, message: Message, now: float) -> bool:
        """Tell whether the question was just asked on another side of a bridge, and remember it."""
        rooms = self._set_of.get(message.room) if self._set_of else None
        if rooms is None:
            return False
        name = (rooms, " ".join(message.text[:_COMPARED].casefold().split()))
        room, asked_at = self._asked.get(name, (message.room, now))
        if room != message.room and abs(now - asked_at) < _BRIDGED_WITHIN:
            return True
        self._asked.pop(name, None)
        _put(self._asked, name, (message.room, now))
        return False


def _put(remembered: OrderedDict[K, V], name: K, value: V) -> None:
    remembered[name] = value
    if len(remembered) > _MOST:
        remembered.popitem(last=False)
