"""How soon the homeserver lets the account send again.

A homeserver limits what one user sends in all rooms together (client-server API, "Rate limiting").
Once it has said so, nothing is sent before it would be taken, and each who asks meanwhile is told a
later moment than the one before: many rooms do not all come back at once, to be refused again.
"""

from __future__ import annotations

_FARTHEST = 60.0
"""Seconds after which one may try in any case: the limit may be gone by then."""


class Quota:
    """The moments at which one more event may be sent; times are seconds of one clock."""

    def __init__(self) -> None:
        """Begin without a limit."""
        self._open_at = 0.0
        self._apart = 0.0
        self._last = 0.0

    def limited(self, now: float, after: float) -> float:
        """Note that the homeserver asks to wait `after` seconds; return how long to wait."""
        self._apart = max(self._apart, after)
        self._open_at = max(self._open_at, now + after)
        return self._next(now)

    def is_limited(self, now: float) -> bool:
        """Tell whether one more would have to wait."""
        return now < self._open_at

    def wait(self, now: float) -> float:
        """Return how long to wait before one more is sent; 0 where it may be sent now."""
        return 0.0 if now >= self._open_at else self._next(now)

    def taken(self) -> None:
        """Note that the homeserver took one: how far apart they must be is to be learnt anew."""
        self._apart = 0.0

    def _next(self, now: float) -> float:
        """Return the seconds to the next moment that nobody was told yet."""
        self._last = max(self._open_at, min(self._last + self._apart, now + _FARTHEST))
        return self._last - now
