"""A bot's process, from its start to its end."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from benchmarks.irc.bots import Bot

_END = 10.0
"""Seconds in which a bot that is asked to end has to."""


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[int]:
    """Start `bot`, and give its process id; end it afterwards."""
    process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command; starting it is what is timed
        bot.command, env=bot.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, _END)
        if process.poll() is None:
            process.kill()
            process.wait()
        # The server may need a moment to find that the nick is free again.
        await asyncio.sleep(0.2)
