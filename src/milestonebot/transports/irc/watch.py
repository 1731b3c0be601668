"""Whether the server is still there: who says nothing is asked, and given up after two lost answers."""

from __future__ import annotations

from milestonebot.errors import NetworkError
from milestonebot.transports.irc.said.receipts import FENCE

PROBE = f"PING :{FENCE}alive"
_CHANCES = 2
"""PINGs that may be lost; then the connection is dead."""


class Watch:
    """Counts the silence, in seconds of a clock that never goes back."""

    def __init__(self, wait: float, now: float) -> None:
        """Ask after `wait` seconds of silence, and then every `wait` seconds."""
        self._wait = wait
        self._heard_at = now
        self._asked = 0

    def heard(self, now: float) -> None:
        """Take note that the server said something."""
        self._heard_at = now
        self._asked = 0

    @property
    def deadline(self) -> float:
        """Return when `look` has something to do."""
        return self._heard_at + self._wait * (self._asked + 1)

    def look(self, now: float) -> str | None:
        """Return the line to ask with, or None while there is time; raises NetworkError at the end."""
        if now < self.deadline:
            return None
        if self._asked == _CHANCES:
            raise NetworkError("the server is silent: two PINGs were not answered")
        self._asked += 1
        return PROBE
