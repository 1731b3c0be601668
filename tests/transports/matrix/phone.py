"""A person's client that can encrypt: nio's own, driven by hand."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from nio import Event, MegolmEvent, RoomSendResponse, SyncResponse
from nio.client.async_client import AsyncClient, AsyncClientConfig

from tests.clients.matrix import MatrixClient


class Phone:
    """One device of one person. `async with` starts it."""

    def __init__(self, url: str, account: MatrixClient, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        config = AsyncClientConfig(max_timeouts=0, pickle_key="of the tests")
        self.client = AsyncClient(url, account.user, account.device, str(folder), config)
        self._account = account
        self.heard: list[tuple[str, Event]] = []

    @property
    def user(self) -> str:
        return str(self.client.user_id)

    async def __aenter__(self) -> Self:
        self.client.restore_login(self._account.user, self._account.device, self._account.token)
        await self.look()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def look(self, wait: int = 0) -> None:
        """Sync once, and exchange keys."""
        response = await self.client.sync(wait, {"room": {"timeline": {"limit": 1000}}})
        assert isinstance(response, SyncResponse)
        for room_id, info in response.rooms.join.items():
            self.heard += [(room_id, event) for event in info.timeline.events if isinstance(event, Event)]
        await self.client.send_to_device_messages()
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()

    async def until(self, where: Callable[[str, Event], bool], within: float = 30) -> Event:
        """Return the first event, heard before or to come, that fulfils a condition."""
        try:
            async with asyncio.timeout(within):
                while True:
                    for room_id, event in self.heard:
                        if where(room_id, event):
                            return event
                    await self.look(500)
        except TimeoutError:
            heard = "\n".join(str(event.source) for _, event in self.heard[-10:])
            raise AssertionError(f"no such event in {within} s; the last that came:\n{heard}") from None

    async def says(self, user: str, begin: str) -> Event:
        """Return the message of `user` that begins so, decrypted."""
        return await self.until(
            lambda _, event: event.sender == user and str(content(event).get("body", "")).startswith(begin)
        )

    async def encrypted_room(self, *people: str, **settings: Any) -> str:  # noqa: ANN401 - those of createRoom
        state = [
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }
        ]
        room = await self._account.create_room(
            *people, **{"name": "release", "initial_state": state, **settings}
        )
        await self.until(
            lambda room_id, event: room_id == room and event.source.get("type") == "m.room.encryption"
        )
        return room

    async def joined(self, room: str, user: str) -> None:
        """Wait until somebody has come in, and their keys are known."""

        def is_it(room_id: str, event: Event) -> bool:
            source = event.source
            joined = source.get("content", {}).get("membership") == "join"
            return (room_id, source.get("state_key")) == (room, user) and joined

        await self.until(is_it)
        await self.look()

    async def say(self, room: str, body: str) -> str:
        answer = await self.client.room_send(
            room, "m.room.message", {"msgtype": "m.text", "body": body}, ignore_unverified_devices=True
        )
        assert isinstance(answer, RoomSendResponse), answer
        return str(answer.event_id)

    def unreadable(self, room: str) -> list[Event]:
        return [event for room_id, event in self.heard if room_id == room and isinstance(event, MegolmEvent)]


def content(event: Event) -> dict[str, Any]:
    told = event.source.get("content")
    return told if isinstance(told, dict) else {}
