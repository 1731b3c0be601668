"""Matrix does what every Transport does, on a real Synapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.ports import Room
from milestonebot.secret import Secret
from milestonebot.transports.matrix.settings import MatrixSettings
from milestonebot.transports.matrix.transport import MatrixTransport
from tests.asking import UNLIMITED
from tests.clients.matrix import MatrixClient
from tests.transports.contract import Other, TransportContract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clients.matrix import Event
    from tests.servers.synapse import Synapse

PASSWORD = "correct horse"  # noqa: S105 - of an account that lives for one test


class People(Other):
    """A person in a room with the bot, who can also write to it alone."""

    def __init__(
        self, server: Synapse, account: MatrixClient, person: MatrixClient, room: str, folder: Path
    ) -> None:
        self._account = account
        self._person = person
        self._public = room
        self._direct: str | None = None
        self._seen = 0
        self.room = Room("matrix", room)
        settings = MatrixSettings(
            name="matrix",
            homeserver=server.url,
            user=account.user,
            folder=folder,
            password=Secret(PASSWORD),
            rooms=(room,),
            invites=(person.user,),
            initial_backoff=0.1,
        )
        self.transport = MatrixTransport(settings, UNLIMITED, SystemClock())

    async def say(self, text: str, *, private: bool = False) -> None:
        await self._person.say(await self._alone() if private else self._public, text)

    async def say_as_bot(self, text: str) -> None:
        await self._person.say(self._public, text, msgtype="m.notice")

    async def another_room(self, *, closed: bool = False) -> Room:
        preset = "private_chat" if closed else "public_chat"
        return Room("matrix", await self._person.create_room(name="other", preset=preset))

    async def hear(self) -> str:
        def is_next(event: Event) -> bool:
            said = event.type == "m.room.message" and event.sender == self._account.user
            return said and self._person.heard.index(event) >= self._seen

        rooms = [room for room in (self._direct, self._public) if room is not None]
        event = await self._person.until(rooms[0], is_next)
        self._seen = self._person.heard.index(event) + 1
        return event.text

    async def break_off(self) -> None:
        name = self._account.user.removeprefix("@").partition(":")[0]
        account = await MatrixClient.log_in(self._account.port, name, PASSWORD)
        await account.ask("POST", "logout/all", {})

    async def _alone(self) -> str:
        if self._direct is None:
            self._direct = await self._person.create_room(self._account.user, is_direct=True)
            await self._person.until(
                self._direct,
                lambda event: (
                    event.type == "m.room.member"
                    and (event.sender, event.content.get("membership")) == (self._account.user, "join")
                ),
            )
        return self._direct


class TestMatrix(TransportContract):
    @pytest.fixture
    async def other(self, homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path) -> Other:
        account = await homeserver.register(unique("bot"), PASSWORD)
        person = await homeserver.register(unique("alice"), "pw")
        room = await person.create_room(name="release", preset="public_chat")
        await person.sync()
        return People(homeserver, account, person, room, tmp_path / "state")
