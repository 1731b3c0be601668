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

    def __bool__(self) -> bool:
        """Tell whether it is set."""
        return self._event.is_set()

    def set(self) -> None:
        """Let every wait end."""
        self._event.set()

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
        asking = asyncio.ensure_future(request)
        stopping = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else None
        finally:
            asking.cancel()
            stopping.cancel()
