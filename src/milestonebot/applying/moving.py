"""Leaving and entering rooms as another config wants it, beside all else."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from milestonebot.ports import Room, Transport

    Move = tuple[Callable[[Room], Awaitable[None]], Room]

_log = logging.getLogger(__name__)


class Moving:
    """Moves on several networks at once; on each, room by room, and one config after the other."""

    def __init__(self, transports: Mapping[str, Transport]) -> None:
        """Move on `transports`, by name."""
        self._transports = transports
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, leaving: Sequence[Room], entering: Sequence[Room]) -> None:
        """Begin to leave and to enter these rooms; what a network refuses is logged."""
        for network, transport in self._transports.items():
            moves: list[Move] = [(transport.leave, room) for room in leaving if room.network == network]
            moves += [(transport.enter, room) for room in entering if room.network == network]
            if moves:
                task = asyncio.get_running_loop().create_task(self._move(network, moves))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Begin nothing new."""
        for task in self._tasks:
            task.cancel()

    async def _move(self, network: str, moves: Iterable[Move]) -> None:
        async with self._turns[network]:
            for move, room in moves:
                try:
                    await move(room)
                except NetworkError as error:
                    _log.warning("%s: %s", room, error)
                except Exception:  # noqa: BLE001 - one room must not keep the others waiting; it is logged
                    _log.exception("%s: could not be entered or left", room)
