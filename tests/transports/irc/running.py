"""The real transport, running for a test."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from milestonebot.clock import SystemClock
from milestonebot.conversation import converse
from milestonebot.settings import Live, RoomSettings, Settings
from milestonebot.transports.irc.settings import IrcSettings, Server, Waits
from milestonebot.transports.irc.transport import IrcTransport
from tests.asking import bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from milestonebot.ports import Clock, State

BOT = Settings(default=RoomSettings(limits=None))
QUICK = Waits(
    connect=5.0,
    register=5.0,
    identify=5.0,
    reconnect=0.01,
    longest_reconnect=0.05,
    rejoin=0.05,
    longest_rejoin=0.1,
)
PATIENCE = 30.0


def irc_settings(*ports: int, **changed: Any) -> IrcSettings:  # noqa: ANN401 - any of its fields
    """Return settings for servers on ports of this machine, with no limits to wait for."""
    servers = tuple(Server("127.0.0.1", port, tls=False) for port in ports)
    settings = IrcSettings("net", "relbot", servers, rooms=("#Release", "#nova"), pace=None, waits=QUICK)
    return replace(settings, **changed)


async def until(true: Callable[[], bool]) -> None:
    """Wait for what nobody tells: this looks, and lets others go on between."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - that is what it is for
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def running(
    settings: IrcSettings,
    bot_settings: Settings | Live = BOT,
    clock: Clock | None = None,
    *,
    answering: bool = True,
) -> AsyncIterator[IrcTransport]:
    """Run the transport, and, if `answering`, the real bot on it; stop it at the end of the test."""
    transport = IrcTransport(settings, bot_settings, clock or SystemClock())
    tasks = [asyncio.create_task(transport.run())]
    if answering:
        now = bot_settings.now if isinstance(bot_settings, Live) else bot_settings
        tasks.append(asyncio.create_task(converse(bot(settings=now), transport)))
    try:
        yield transport
        async with asyncio.timeout(PATIENCE):
            await transport.stop()
            await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def became(transport: IrcTransport, state: State) -> None:
    """Wait until the transport is in a state."""
    await until(lambda: transport.connection.state is state)
