"""The wish to stop, which cuts every wait short."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class Stopping:
    """Set once, for good."""

    def __init__(self) -> None:
        """Begin unset."""
        self._event = asyncio.Event()
        self._ends: set[asyncio.Timeout] = set()

    def __bool__(self) -> bool:
        """Tell whether it is set."""
        return self._event.is_set()

    def set(self) -> None:
        """Let every wait end."""
        self._event.set()
        while self._ends:
            self._ends.pop().reschedule(asyncio.get_running_loop().time())

    async def pause(self, seconds: float) -> None:
        """Wait; not at all when the bot stops."""
        if seconds > 0:
            try:
                async with asyncio.timeout(seconds):
                    await self._event.wait()
            except TimeoutError:
                return

    async def unless(self, request: Coroutine[object, object, T]) -> T | None:
        """Return what `request` returns; None when the bot stops first."""
        end = asyncio.timeout(0 if self else None)
        try:
            async with end:
                self._ends.add(end)
                return await request
        except TimeoutError:
            if end.expired():
                return None
            raise
        finally:
            self._ends.discard(end)
