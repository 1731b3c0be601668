"""What is to be done about rooms: one thing after another, beside the sync, which waits for none of it.

A homeserver may take a minute to tell that a room of another server cannot be reached.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Errand = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


class Errands:
    """Done in order, each once; urgent ones before the others.

    There is at most one for each name, so that they are not more than there are rooms.
    """

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._urgent: dict[tuple[str, ...], Errand] = {}
        self._others: dict[tuple[str, ...], Errand] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def add(self, name: tuple[str, ...], errand: Errand, *, urgent: bool = False) -> None:
        """Do `errand` when it is its turn; it takes the place of another of that `name`."""
        (self._urgent if urgent else self._others)[name] = errand
        if not self._closed and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._work())

    def close(self) -> None:
        """Do no more."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        while waiting := self._urgent or self._others:
            name = next(iter(waiting))
            errand = waiting.pop(name)
            try:
                await errand()
            except Exception:  # noqa: BLE001 - one room must not keep the bot from the others; it is logged
                _log.exception("%s could not be done", " ".join(name))
