"""Those who see what arrives: an IRC client in all channels, and a Matrix user who reads rooms back."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.clients.irc import Closed, IrcClient

if TYPE_CHECKING:
    from tests.clients.line import Line
    from tests.clients.matrix import MatrixClient

_CAPABILITIES = ("batch", "message-tags", "server-time")
"""With them a server tells apart what it plays back and what is said now."""


class IrcObserver:
    """Sits in channels, as their operator, and keeps what the bot says there."""

    def __init__(self, port: int, rooms: list[str], nick: str, modern: bool) -> None:  # noqa: FBT001 - one of two servers
        self._port = port
        self._rooms = rooms
        self._nick = nick
        self._modern = modern
        self._client: IrcClient | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ponged = asyncio.Event()
        self.heard: dict[str, list[str]] = defaultdict(list)
        """What was said by others, by channel."""

    async def join(self, *, history: bool) -> None:
        """Enter the channels before the bot does; with `history`, the server is to keep what is said."""
        self._client = client = await IrcClient.connect(self._port)
        await client.introduce(self._nick, capabilities=_CAPABILITIES if self._modern else ())
        for room in self._rooms:
            await client.join(room)
            if history:
                await client.send(f"MODE {room} +H 50:1d")
        await client.caught_up()
        self._reading = asyncio.create_task(self._read(client))

    async def caught_up(self) -> None:
        """Return when all is heard that the server had taken before."""
        assert self._client is not None
        self._ponged.clear()
        await self._client.send("PING :caught-up")
        await asyncio.wait_for(self._ponged.wait(), 30)

    async def outlive(self) -> None:
        """Hear all that a server had still sent that has died."""
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=30)

    async def leave(self) -> None:
        """Close the connection; what was heard stays."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def _read(self, client: IrcClient) -> None:
        with contextlib.suppress(Closed):
            while True:
                self._take(await client.receive())

    def _take(self, line: Line) -> None:
        if line.command == "PONG":
            self._ponged.set()
        elif line.command in {"PRIVMSG", "NOTICE"} and "!" in line.source and "batch" not in line.tags:
            self.heard[line.parameters[0].lower()].append(line.text)


class MatrixObserver:
    """Owns rooms, and reads back what one user said in them."""

    def __init__(self, person: MatrixClient, user: str) -> None:
        self._person = person
        self._user = user
        self.rooms: list[str] = []

    async def make_rooms(self, count: int) -> None:
        """Make rooms, to which the user is invited."""
        for number in range(count):
            self.rooms.append(await self._person.create_room(self._user, name=f"chaos {number}"))

    async def heard(self) -> dict[str, list[str]]:
        """Return what the user said, by room, from the first to the last event."""
        return {room: await self._heard_in(room) for room in self.rooms}

    async def _heard_in(self, room: str) -> list[str]:
        texts: list[str] = []
        start = ""
        while True:
            query = {"dir": "f", "limit": 500} | ({"from": start} if start else {})
            page = await self._person.ask("GET", f"rooms/{quote(room)}/messages", query=query)
            texts += [
                event["content"].get("body", "")
                for event in page["chunk"]
                if event["sender"] == self._user and event["type"] in {"m.room.message", "m.room.encrypted"}
            ]
            if not page["chunk"] or "end" not in page:
                return texts
            start = page["end"]
