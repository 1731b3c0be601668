"""The console, and the transport of the tests, do what every Transport does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.ports import Nature, Room
from milestonebot.render.plain import render_plain
from milestonebot.transports.console import ConsoleTransport
from tests.transports.contract import Other, TransportContract
from tests.transports.scripted import ScriptedTransport

if TYPE_CHECKING:
    from milestonebot.document import Document


class Typist(Other):
    """A person at a terminal."""

    private_only = True

    def __init__(self) -> None:
        self.room = Room("console", "terminal")
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._seen: asyncio.Queue[str] = asyncio.Queue()
        self.transport = ConsoleTransport(self, self._show, SystemClock(), self.room)

    async def line(self) -> str | None:
        return await self._typed.get()

    def _show(self, document: Document) -> None:
        self._seen.put_nowait(render_plain(document))

    async def say(self, text: str, *, private: bool = False) -> None:
        del private
        self._typed.put_nowait(text)

    async def hear(self) -> str:
        return await self._seen.get()


class TestConsole(TransportContract):
    has_bots = False
    has_rooms = False
    can_break = False

    @pytest.fixture
    def other(self) -> Other:
        return Typist()


class Everybody(Other):
    """The test itself, on the transport of the tests."""

    def __init__(self) -> None:
        self.scripted = self.transport = ScriptedTransport()
        self.room = Room("scripted", "#room")
        self._heard = 0

    async def say(self, text: str, *, private: bool = False) -> None:
        self.scripted.say(text, room="somebody" if private else "#room", private=private)

    async def another_room(self, *, closed: bool = False) -> Room:
        self.scripted.closed["#closed"] = "invite only"
        return Room("scripted", "#closed" if closed else "#other")

    async def say_as_bot(self, text: str) -> None:
        self.scripted.say(text, nature=Nature.NOTICE)

    async def hear(self) -> str:
        self._heard += 1
        return render_plain((await self.scripted.answers(self._heard))[self._heard - 1])


class TestScripted(TransportContract):
    can_break = False

    @pytest.fixture
    def other(self) -> Other:
        return Everybody()
