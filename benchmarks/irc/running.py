"""A bot's process on IRC, from its start until its nick is free again."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from benchmarks.running import started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from benchmarks.irc.bots import Bot


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[int]:
    """Start `bot`, and give its process id; end it afterwards. Raises BotFailed as `started` does."""
    async with started(bot.name, bot.command, bot.environment) as process:
        yield process.pid
    # The server may need a moment to find that the nick is free again.
    await asyncio.sleep(0.2)
