"""What the bot itself has said before, as far as a room plays it back to those who join."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.transports.irc.wire.lines import moment, without_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.wire.lines import Line

SLACK = timedelta(seconds=60)
"""How far the clocks of bot and server may be apart; some servers play whole seconds only."""
_MOST = 200
"""Lines of our own that are kept for a room."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    text: str
    key: str
    """The value of the line's own tag."""
    since: datetime
    nicks: Collection[str]
    """Under which we may have said it."""


def found(lines: Iterable[Line], wanted: Wanted, key_tag: str, clock: Clock) -> Line | None:
    """Return the line that is wanted: by its own tag, or, where the line has none, by its text."""
    text = without_codes(wanted.text)
    for line in lines:
        if line.nick not in wanted.nicks:
            continue
        key = line.tags.get(key_tag)
        late = moment(line, clock) >= wanted.since - SLACK
        if key == wanted.key or (key is None and late and without_codes(line.last) == text):
            return line
    return None


@dataclass(slots=True)
class _Heard:
    oldest: datetime | None = None
    ours: deque[Line] = field(default_factory=lambda: deque(maxlen=_MOST))


class Played:
    """Keeps our own lines, room by room: those that were played back, and a ghost's."""

    def __init__(self, fold: Callable[[str], str], clock: Clock, nicks: Collection[str]) -> None:
        """Take for ours what was said under one of `nicks`."""
        self._fold = fold
        self._clock = clock
        self._nicks = nicks
        self._rooms: dict[str, _Heard] = {}

    def forget(self, room: str) -> None:
        """Begin anew with a room: the bot has just come, and what is played comes now."""
        self._rooms[self._fold(room)] = _Heard()

    def hear(self, line: Line, *, past: bool) -> None:
        """Take what is said in a room that the bot is in; `past` is what is played back."""
        here = self._rooms.get(self._fold(line.param(0)))
        if here is None:
            return
        if past and "time" in line.tags:
            when = moment(line, self._clock)
            here.oldest = when if here.oldest is None else min(here.oldest, when)
        if line.nick in self._nicks:
            here.ours.append(line)

    def ours(self, room: str) -> Collection[Line]:
        """Return what we said in `room`."""
        here = self._rooms.get(self._fold(room))
        return () if here is None else here.ours

    def reaches(self, room: str, since: datetime) -> bool:
        """Tell whether what was played goes back to before `since`."""
        here = self._rooms.get(self._fold(room))
        return here is not None and here.oldest is not None and here.oldest <= since - SLACK
