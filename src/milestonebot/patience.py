"""How long to wait for each of many: one timer for all, since each may take as long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Patience(Generic[T]):
    """Waits so many seconds for each; `late` is told whoever took longer, once."""

    def __init__(self, seconds: float, late: Callable[[T], object]) -> None:
        """Wait for nobody yet."""
        self._seconds = seconds
        self._late = late
        self._due: dict[T, float] = {}
        """When it is over for each, the first one first, as the loop counts time."""
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, who: T) -> None:
        """Wait for `who` from now on."""
        loop = asyncio.get_running_loop()
        # Who is waited for anew comes last, as all do.
        self._due.pop(who, None)
        due = self._due[who] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(due, self._ring)

    def end(self, who: T) -> bool:
        """Wait for `who` no more; return whether it was in time."""
        return self._due.pop(who, None) is not None

    def close(self) -> None:
        """Wait for nobody any more."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        over = []
        for who, due in self._due.items():
            if due > now:
                self._timer = loop.call_at(due, self._ring)
                break
            over.append(who)
        for who in over:
            if self.end(who):
                self._late(who)
