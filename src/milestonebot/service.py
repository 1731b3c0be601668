"""The service: all networks at once, each failing alone, ended in order."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Protocol

from milestonebot.conversation import converse
from milestonebot.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from milestonebot.bot import Bot
    from milestonebot.ports import Transport

_log = logging.getLogger(__name__)

_LEAVING = 4.5
"""Seconds that the networks have to leave; what is left then is cut off."""
_CONFIRMING = 2.0
"""Seconds of these that what is being announced has to be confirmed, before any network is left."""


class Ending(Protocol):
    """What is to be ended before the networks are left."""

    async def stop(self, within: float) -> None:
        """Begin nothing new; let what is under way be confirmed, for so many seconds."""
        ...


async def serve(
    bot: Bot,
    transports: Sequence[Transport],
    stopping: asyncio.Event,
    beginning: Awaitable[Ending] | None = None,
) -> bool:
    """Be on all networks until `stopping` is set; return whether any of them could be used to the end.

    A network that refuses the bot is left alone, or tried again rarely; the others go on. While they
    connect, `beginning` may go on, and what is said to the bot waits for that. It returns what is to be ended
    before the networks; what it raises is raised when they are left.
    """
    loop = asyncio.get_running_loop()
    refusals = _Refusals(len(transports), stopping)
    begun = asyncio.Event()
    attending = [asyncio.create_task(_attend(bot, each, refusals, begun)) for each in transports]
    try:
        announcer = None if beginning is None else await beginning
    except BaseException:
        await _leave(transports, attending, _LEAVING)
        raise
    begun.set()
    told = asyncio.create_task(stopping.wait())
    everything = asyncio.ensure_future(asyncio.gather(*attending))
    waiting: set[asyncio.Future[Any]] = {everything, told}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    leave_by = loop.time() + _LEAVING
    if announcer is not None:
        await announcer.stop(min(_CONFIRMING, _LEAVING))
    if not stopping.is_set():
        return any(await everything)
    _log.info("stopping")
    await _leave(transports, attending, max(0.0, leave_by - loop.time()))
    return True


async def _leave(
    transports: Sequence[Transport], attending: Sequence[asyncio.Task[bool]], within: float
) -> None:
    """Leave all networks; cut off what is left of them after so many seconds."""
    leaving = [asyncio.create_task(each.stop()) for each in transports]
    ending: set[asyncio.Task[Any]] = {*leaving, *attending}
    _, late = await asyncio.wait(ending, timeout=within)
    for task in late:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


class _Refusals:
    """Which networks refuse the bot, or are left: as long as others are not, one may be tried again."""

    def __init__(self, networks: int, stopping: asyncio.Event) -> None:
        self._networks = networks
        self._stopping = stopping
        self._refused: set[str] = set()
        self._by_all = asyncio.Event()

    def add(self, network: str) -> bool:
        """Take note that `network` cannot be used now; return whether another one may be."""
        self._refused.add(network)
        if len(self._refused) == self._networks:
            self._by_all.set()
        return not self._by_all.is_set()

    async def pause(self, network: str, seconds: float) -> bool:
        """Wait before `network` is tried again; return whether that is to be done."""
        ends = [asyncio.create_task(each.wait()) for each in (self._by_all, self._stopping)]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ends:
                each.cancel()
        self._refused.discard(network)
        return not (self._by_all.is_set() or self._stopping.is_set())


async def _attend(bot: Bot, transport: Transport, refusals: _Refusals, begun: asyncio.Event) -> bool:
    """Be on one network, and answer once all has `begun`; return False where it cannot be used any more."""
    answering = asyncio.create_task(_answer(bot, transport, begun))
    try:
        while not await _stayed(transport, refusals):
            pass
    except Refused:
        return False
    except Exception:  # noqa: BLE001 - it is logged with its traceback
        _log.exception("%s: failed, and is left", transport.network)
        refusals.add(transport.network)
        return False
    else:
        if begun.is_set():
            await answering
        return True
    finally:
        answering.cancel()


async def _answer(bot: Bot, transport: Transport, begun: asyncio.Event) -> None:
    await begun.wait()
    await converse(bot, transport)


async def _stayed(transport: Transport, refusals: _Refusals) -> bool:
    """Be on a network until it is left; return False where it is to be tried again, or raise Refused."""
    network = transport.network
    try:
        await transport.run()
    except Refused as error:
        others = refusals.add(network)
        if others and error.after is not None:
            _log.error("%s: %s; trying again in %.0f min", network, error, error.after / 60)
            if await refusals.pause(network, error.after):
                return False
        else:
            _log.error("%s: %s; this network is left", network, error)
        if error.after is not None:
            await transport.stop()
        raise
    return True
