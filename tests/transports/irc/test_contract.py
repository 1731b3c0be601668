"""IRC does what every Transport does: on a scripted server, and on InspIRCd."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.ports import Room
from milestonebot.transports.irc.transport import IrcTransport
from tests.servers.inspircd import OPER, OPER_PASSWORD
from tests.transports.contract import Other, TransportContract
from tests.transports.irc.running import BOT, QUICK, irc_settings
from tests.transports.irc.scripted import Guest, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.clients.irc import IrcClient
    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork

SAYING = ("NOTICE ", "PRIVMSG ")


class Script(Other):
    """A scripted server that lets everybody in and confirms what is said."""

    def __init__(self, server: ScriptedServer) -> None:
        self.room = Room("net", "#Release")
        self.transport = IrcTransport(irc_settings(server.port, rooms=("#Release",)), BOT, SystemClock())
        self._server = server
        self._guest: Guest | None = None
        self._seen: asyncio.Queue[str] = asyncio.Queue()
        self._here = asyncio.Event()

    async def serve(self) -> None:
        while True:
            self._guest = guest = await self._server.guest(within=None)
            with contextlib.suppress(AssertionError):
                await guest.let_in("message-tags", "echo-message")
                self._here.set()
                while line := await guest.line(within=None):
                    line = line[line.index(" ") + 1 :] if line.startswith("@") else line
                    if line.startswith(SAYING):
                        await guest.send(f":relbot!rel@bot.example {line}")
                        self._seen.put_nowait(line.partition(" :")[2])
                    elif line.startswith(("JOIN ", "PART ")):
                        await self._move(guest, *line.split()[:2])
                    elif line.startswith("PING "):
                        await guest.send(f":irc.test PONG irc.test {line.removeprefix('PING ')}")
            self._here.clear()

    async def _move(self, guest: Guest, command: str, room: str) -> None:
        if (command, room) == ("JOIN", "#closed"):
            await guest.send(":irc.test 473 relbot #closed :Cannot join channel (+i)")
        else:
            await guest.send(f":relbot!rel@bot.example {command} {room}")

    async def another_room(self, *, closed: bool = False) -> Room:
        return Room("net", "#closed" if closed else "#Other")

    async def say(self, text: str, *, private: bool = False) -> None:
        await self._here.wait()
        assert self._guest is not None
        await self._guest.say(text, "relbot" if private else "#release")

    async def hear(self) -> str:
        return await self._seen.get()

    async def say_as_bot(self, text: str) -> None:
        assert self._guest is not None
        await self._guest.send(
            f"@bot :robot!r@h PRIVMSG #release :{text}", f":robot!r@h NOTICE #release :{text}"
        )

    async def break_off(self) -> None:
        assert self._guest is not None
        self._guest.drop()
        await self._guest_gone()

    async def _guest_gone(self) -> None:
        while self.room in self.transport.rooms:  # noqa: ASYNC110 - no transport tells
            await asyncio.sleep(0)


class TestOnAScriptedServer(TransportContract):
    @pytest.fixture
    async def other(self) -> AsyncIterator[Other]:
        async with ScriptedServer() as server:
            script = Script(server)
            serving = asyncio.create_task(script.serve())
            yield script
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


class Person(Other):
    """Somebody in a channel of a real network."""

    def __init__(self, network: IrcNetwork, alice: IrcClient, oper: IrcClient, nick: str, room: str) -> None:
        self.room = Room("net", room)
        # A real server takes its time over a JOIN, and the more so the more of them come.
        waits = replace(QUICK, rejoin=5.0, longest_rejoin=5.0)
        settings = irc_settings(network.ports.plain, nick=nick, rooms=(room,), waits=waits)
        self.transport = IrcTransport(settings, BOT, SystemClock())
        self._alice = alice
        self._oper = oper
        self._nick = nick

    async def say(self, text: str, *, private: bool = False) -> None:
        await self._alice.say(self._nick if private else self.room.name, text)

    async def hear(self) -> str:
        return (await self._alice.hear(self._nick)).text

    async def say_as_bot(self, text: str) -> None:
        await self._oper.send(f"NOTICE {self.room.name} :{text}")
        await self._oper.caught_up()

    async def another_room(self, *, closed: bool = False) -> Room:
        name = f"{self.room.name}-other"
        if closed:
            await self._alice.join(name)
            await self._alice.send(f"MODE {name} +i")
            await self._alice.caught_up()
        return Room("net", name)

    async def break_off(self) -> None:
        await self._oper.send(f"KILL {self._nick} :test")
        await self._alice.until("QUIT", where=lambda line: line.nick == self._nick)


class TestOnInspircd(TransportContract):
    @pytest.fixture
    async def other(
        self, irc_network: IrcNetwork, irc_person: IrcPerson, unique: Callable[[str], str]
    ) -> Other:
        room = unique("#room")
        alice, oper = await asyncio.gather(
            irc_person(irc_network.ports.fast), irc_person(irc_network.ports.fast, "oper")
        )
        await oper.become_operator(OPER, OPER_PASSWORD)
        for each in (alice, oper):
            await each.join(room)
        return Person(irc_network, alice, oper, unique("relbot"), room)
