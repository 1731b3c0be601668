"""What the bot tells other clients when they ask (CTCP: modern.ircdocs.horse/ctcp)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import __version__
from milestonebot.transports.irc.wire.pacing import Bucket

if TYPE_CHECKING:
    from milestonebot.ports import Clock

_AT_ONCE = 3
_EVERY = 10.0
"""Seconds between two answers; whoever asks in between is not answered."""
_LONGEST = 100
"""Characters of a PING that are given back."""


class Ctcp:
    """Answers VERSION, PING, TIME, SOURCE and CLIENTINFO, seldom."""

    def __init__(self, clock: Clock, source_code: str | None, now: float) -> None:
        """Count from `now`, in seconds of any clock."""
        self._clock = clock
        self._source_code = source_code
        self._bucket = Bucket(_AT_ONCE, _EVERY, now)

    def answer(self, request: str, now: float) -> str | None:
        """Return what a NOTICE says to `request`, or None for silence."""
        name, _, parameter = request.partition(" ")
        name = name.upper()
        told = self._told(name, parameter)
        if told is None or not self._bucket.take(now):
            return None
        return f"\x01{name} {told}\x01"

    def _told(self, name: str, parameter: str) -> str | None:
        match name:
            case "VERSION":
                return f"milestonebot {__version__}"
            case "PING":
                told = "".join(each for each in parameter[:_LONGEST] if each.isprintable())
                return told if len(told.encode()) <= _LONGEST else None
            case "TIME":
                return self._clock.now().strftime("%a, %d %b %Y %H:%M:%S %z")
            case "SOURCE":
                return self._source_code
            case "CLIENTINFO":
                return "ACTION CLIENTINFO PING TIME VERSION" + (" SOURCE" if self._source_code else "")
            case _:
                return None
