"""The bot on the homeserver of the tests' own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from milestonebot.bot import Bot
from milestonebot.clock import SystemClock, at
from milestonebot.commands import router
from milestonebot.conversation import converse
from milestonebot.document import Document, Listing, line
from milestonebot.ports import Room, State
from milestonebot.router import Command, Router
from milestonebot.secret import Secret
from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.matrix.settings import MatrixSettings
from milestonebot.transports.matrix.transport import MatrixTransport
from tests.asking import shipped
from tests.transports.matrix.faulty import BOT, PASSWORD, ROOM, Faulty

HOME = Room("matrix", ROOM)


def settings_for(server: Faulty, folder: Path, **changes: object) -> MatrixSettings:
    values: dict[str, object] = {
        "name": "matrix",
        "homeserver": server.url,
        "user": BOT,
        "folder": folder,
        "password": Secret(PASSWORD),
        "initial_backoff": 0.1,
        "max_backoff": 1.0,
    }
    return MatrixSettings(**{**values, **changes})  # type: ignore[arg-type]  # by name


@contextlib.asynccontextmanager
async def running(  # noqa: PLR0913 - most of it is rarely given
    server: Faulty,
    folder: Path,
    *,
    answers: bool = True,
    up: bool = True,
    more: Router | None = None,
    here: RoomSettings = RoomSettings(limits=None),  # noqa: B008 - it never changes
    **changes: object,
) -> AsyncIterator[MatrixTransport]:
    """Run the bot until it is up, and stop it afterwards; it knows `more` commands; rooms are as `here`."""
    settings = Settings(default=here)
    transport = MatrixTransport(settings_for(server, folder, **changes), settings, SystemClock())
    bot = Bot(
        router().include(more) if more else router(),
        settings,
        at("2011-12-20"),
        shipped() if answers else None,
    )
    tasks = [asyncio.create_task(transport.run())]
    if answers:
        tasks.append(asyncio.create_task(converse(bot, transport)))
    try:
        if up:
            await state(transport, State.UP)
        yield transport
    finally:
        async with asyncio.timeout(10):
            await transport.stop()
            await asyncio.gather(*tasks, return_exceptions=True)


async def state(transport: MatrixTransport, wanted: State, within: float = 20) -> None:
    """Wait until the transport is in a state; no transport tells, so this looks."""
    async with asyncio.timeout(within):
        while transport.connection.state is not wanted:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.005)


@pytest.fixture
def lists() -> Router:
    """A command that lists as many things as it is told."""
    more = Router()

    @more.command("list", usage="COUNT")
    async def listed(command: Command) -> Document:
        """List things."""
        items = tuple(line(f"thing {number}") for number in range(int(command.text)))
        return Document((Listing(items, line(f"{command.text} things:")),))

    return more
