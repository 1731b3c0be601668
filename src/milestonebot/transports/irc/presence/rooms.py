"""The rooms that the bot should be in, those that it is in, and when to ask again for the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from milestonebot.transports.irc.settings import Waits

_CALM = 600.0
"""Seconds in a room after which a kick is the first again."""


class _Where(Enum):
    OUT = "out"
    ASKED = "asked"
    IN = "in"


@dataclass(slots=True, eq=False)
class _Place:
    name: str
    where: _Where = _Where.OUT
    due: float = 0.0
    """When to ask for it; while it is asked for, when the answer is overdue."""
    wait: float = 0.0
    since: float = 0.0
    joined: datetime | None = None
    problem: str = ""
    """Why the bot is not in, where that is known."""
    waiting: list[Callable[[str], None]] = field(default_factory=list)
    """Who wants to know how asking for it ends."""

    def tell(self, problem: str) -> None:
        """Tell whoever waits; nothing is told of a room that is joined."""
        waiting, self.waiting = self.waiting, []
        for told in waiting:
            told(problem)


class Rooms:
    """Knows rooms by the names that the config gives them, whichever way the server writes them."""

    def __init__(self, names: Iterable[str], waits: Waits, fold: Callable[[str], str]) -> None:
        """Want `names`; `fold` makes names of one room the same."""
        self._waits = waits
        self._fold = fold
        self._places = {fold(name): _Place(name, wait=waits.rejoin) for name in names}
        self._out = list(self._places.values())
        """Those that the bot is not in: few, and looked at whenever something is heard."""

    def rekey(self) -> None:
        """Compare anew: the server has told which characters are the same."""
        self._places = {self._fold(place.name): place for place in self._places.values()}

    def want(self, name: str, now: float, told: Callable[[str], None]) -> None:
        """Want a room from now on; `told` is called when it is joined, or else with the reason.

        One that is wanted already keeps its name, and is asked for once more.
        """
        place = self._places.get(self._fold(name))
        if place is None:
            place = self._places[self._fold(name)] = _Place(name, wait=self._waits.rejoin)
            self._out.append(place)
        if place.where is _Where.IN:
            told("")
            return
        place.waiting.append(told)
        if place.where is _Where.OUT:
            place.due, place.wait = now, self._waits.rejoin

    def drop(self, name: str) -> bool:
        """Want a room no more; return whether the bot is in it."""
        place = self._places.pop(self._fold(name), None)
        if place is None:
            return False
        if place in self._out:
            self._out.remove(place)
        place.tell("it is not wanted any more")
        return place.where is _Where.IN

    def lost(self, reason: str) -> None:
        """Take note that the connection is gone."""
        for place in self._out:
            place.tell(reason)

    def why_not(self, name: str) -> str:
        """Return why the bot is not in a room that is wanted; empty where nothing is known."""
        place = self._places.get(self._fold(name))
        return "" if place is None else place.problem

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the rooms that the bot is in."""
        return (place.name for place in self._places.values() if place.where is _Where.IN)

    def name(self, channel: str) -> str | None:
        """Return the config's name of a channel that the bot should be in."""
        place = self._places.get(self._fold(channel))
        return None if place is None else place.name

    def is_in(self, name: str) -> bool:
        """Tell whether the bot is in a room, by the very name that the config gives it."""
        place = self._places.get(self._fold(name))
        return place is not None and place.where is _Where.IN and place.name == name

    def joined_at(self, channel: str) -> datetime | None:
        """Return since when, by the server's clock, the bot is in a channel; None where it is not."""
        place = self._places.get(self._fold(channel))
        return place.joined if place is not None and place.where is _Where.IN else None

    @property
    def deadline(self) -> float:
        """Return when to ask for a room; infinity where all are joined."""
        return min((place.due for place in self._out), default=float("inf"))

    def to_join(self, now: float) -> list[str]:
        """Return the rooms to ask for now."""
        due = [place for place in self._out if place.due <= now]
        for place in due:
            place.where = _Where.ASKED
            self._put_off(place, now)
        return [place.name for place in due]

    def joined(self, channel: str, now: float, when: datetime) -> str | None:
        """Take note that the bot is in a channel; return its name, or None where it should not be there."""
        place = self._places.get(self._fold(channel))
        if place is None:
            return None
        if place in self._out:
            self._out.remove(place)
        place.where, place.since, place.joined = _Where.IN, now, when
        place.problem = ""
        place.tell("")
        return place.name

    def left(self, channel: str, now: float, why: str = "") -> str | None:
        """Take note that the bot is out of a channel that it was in; it is asked for later."""
        place = self._places.get(self._fold(channel))
        if place is None or place.where is not _Where.IN:
            return None
        if now - place.since >= _CALM:
            place.wait = self._waits.rejoin
        place.where, place.joined, place.problem = _Where.OUT, None, why
        self._out.append(place)
        self._put_off(place, now)
        return place.name

    def refused(self, channel: str, now: float, why: str = "") -> float | None:
        """Take note that a channel cannot be joined; return after how many seconds it is asked for again."""
        place = self._places.get(self._fold(channel))
        if place is None or place.where is not _Where.ASKED:
            return None
        place.where, place.problem = _Where.OUT, why
        place.tell(why or "the server refuses")
        return place.due - now

    def invited(self, channel: str, now: float) -> None:
        """Ask for a room now that refused us, or that we were kicked from; another is not entered."""
        place = self._places.get(self._fold(channel))
        if place is not None and place.where is _Where.OUT:
            place.due = now

    def hurry(self, now: float) -> None:
        """Ask for the rooms that refused us now, since something is different."""
        for place in self._out:
            if place.where is _Where.OUT:
                place.due, place.wait = now, self._waits.rejoin

    def _put_off(self, place: _Place, now: float) -> None:
        place.due = now + place.wait
        place.wait = min(place.wait * 2, self._waits.longest_rejoin)
