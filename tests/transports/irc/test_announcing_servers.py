"""Announcements on real servers, whose connection is cut between a line and the server's word on it."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.document import Document, Strong, line, say
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.ports import Message, Room, Sender, State, Trace
from milestonebot.transports.irc.tracing import KEY_TAG, key_value
from tests.clients.irc import plain
from tests.servers.inspircd import OPER, OPER_PASSWORD
from tests.servers.ngircd import OPER as OLD_OPER, OPER_PASSWORD as OLD_PASSWORD
from tests.transports.irc.running import irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from milestonebot.transports.irc.transport import IrcTransport
    from tests.clients.irc import IrcClient
    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork
    from tests.servers.ngircd import Ngircd

    Unique = Callable[[str], str]

CLOCK = SystemClock()
KEY = "k#0"
NEWS = "essex-2 is tomorrow"
SINCE = CLOCK.now() - timedelta(seconds=1)
HISTORY = "+H 10:1h"


@contextlib.asynccontextmanager
async def bot_in(alice: IrcClient, room: str, nick: str, port: int) -> AsyncIterator[IrcTransport]:
    """Let the bot into Alice's room."""
    settings = irc_settings(port, nick=nick, rooms=(room,))
    async with running(settings, answering=False) as transport:
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        await until(lambda: Room("net", room) in transport.rooms)
        yield transport


async def cut_off(transport: IrcTransport, room: Room, alice: IrcClient, nick: str, part: str) -> None:
    """Say `part`, and lose the connection before the bot has heard the server's word on it."""
    link = transport._staying.link  # noqa: SLF001 - the connection is cut from within, where the bot cannot see it
    assert link is not None
    assert link.out.wire is not None
    link.out.wire.transport.pause_reading()
    saying = asyncio.create_task(transport.announce(room, part, KEY))
    assert (await alice.hear(nick)).text == part
    link.out.wire.transport.abort()
    with pytest.raises(InDoubt):
        await saying
    await until(lambda: transport.connection.state is State.UP and room in transport.rooms)


async def test_a_line_that_arrived_is_found_in_what_is_played_at_the_join(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    room = Room("net", name)
    alice = await irc_person(irc_network.ports.fast, capabilities=("message-tags",))
    await alice.join(name)
    await alice.send(f"MODE {name} {HISTORY}")
    async with bot_in(alice, name, nick, irc_network.ports.plain) as transport:
        await cut_off(transport, room, alice, nick, NEWS)
        said = next(line for line in alice.heard if line.text == NEWS)
        assert said.tags[KEY_TAG] == key_value(KEY)
        trace = await transport.trace(room, NEWS, KEY, SINCE)
        assert trace == Trace(said=True, id=said.tags["msgid"])
        # By its tag alone: the text is the same.
        assert not (await transport.trace(room, NEWS, "another key", SINCE)).said


async def test_a_line_that_did_not_arrive_is_surely_not_in_what_is_played(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} {HISTORY}")
    await alice.say(name, "long before")
    await alice.caught_up()
    async with bot_in(alice, name, nick, irc_network.ports.plain) as transport:
        later = CLOCK.now() + timedelta(seconds=90)
        assert await transport.trace(Room("net", name), NEWS, KEY, later) == Trace(said=False)


async def test_without_history_it_is_in_doubt(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    async with bot_in(alice, name, nick, irc_network.ports.plain) as transport:
        await cut_off(transport, Room("net", name), alice, nick, NEWS)
        trace = await transport.trace(Room("net", name), NEWS, KEY, SINCE)
    assert trace == Trace(said=False, sure=False)


async def test_a_ghost_is_outlived(irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique) -> None:
    name = unique("#room")
    alice, oper, ghost = [
        await irc_person(irc_network.ports.fast, word, capabilities=("message-tags",))
        for word in ("alice", "oper", "relbot")
    ]
    await oper.become_operator(OPER, OPER_PASSWORD)
    for each in (alice, ghost):
        await each.join(name)
    settings = irc_settings(
        irc_network.ports.plain, nick=ghost.nick, rooms=(name,), username=ghost.nick, realname=ghost.nick
    )
    async with running(settings, answering=False) as transport:
        room = Room("net", name)
        await until(lambda: room in transport.rooms)
        trace = asyncio.create_task(transport.trace(room, NEWS, KEY, CLOCK.now()))
        await ghost.send(f"@{KEY_TAG}={key_value(KEY)} PRIVMSG {name} :{NEWS}")
        said = await alice.hear(ghost.nick)
        await oper.send(f"KILL {ghost.nick} :Ghost")
        assert await trace == Trace(said=True, id=said.tags["msgid"])


async def test_the_holder_of_an_account_is_told(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name, account = unique("relbot"), unique("#room"), unique("account")
    await irc_network.register(account, "right")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    async with bot_in(alice, name, nick, irc_network.ports.plain) as transport:
        with pytest.raises(NetworkError, match="nobody in its rooms is logged in"):
            await transport.tell(account, say("it failed"))
        admin = await irc_person(irc_network.ports.fast, "boss", sasl=plain(account, "right"))
        await admin.join(name)
        await transport.tell(account.upper(), say("it failed"))
        heard = await admin.hear(nick, target=admin.nick)
        assert (heard.command, heard.text) == ("PRIVMSG", "it failed")


async def test_an_old_server_leaves_it_in_doubt(
    old_irc_server: Ngircd, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice, oper = await irc_person(old_irc_server.plain), await irc_person(old_irc_server.plain, "oper")
    await oper.become_operator(OLD_OPER, OLD_PASSWORD)
    await alice.join(name)
    async with bot_in(alice, name, nick, old_irc_server.plain) as transport:
        room = Room("net", name)
        assert transport.compose(room, say(NEWS)) == (NEWS,)
        await cut_off(transport, room, alice, nick, NEWS)
        assert await transport.trace(room, NEWS, KEY, SINCE) == Trace(said=False, sure=False)
        with pytest.raises(NetworkError, match="nobody is there who is logged in as"):
            await transport.tell(alice.nick, say("it failed"))


async def unlearn(transport: IrcTransport, room: str) -> None:
    """Let the bot not know that the room takes no formatting, as when the mode is set while it speaks."""
    link = transport._staying.link  # noqa: SLF001 - as above
    assert link is not None
    await until(lambda: link.session.receiving.is_plain(room))
    link.session.attendance.looks.forget(room)


async def test_an_answer_that_is_refused_for_its_formatting_is_said_without(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} +c")
    async with bot_in(alice, name, nick, irc_network.ports.plain) as transport:
        await unlearn(transport, name)
        document = Document((line(Strong("essex-2"), " is tomorrow"),))
        message = Message(Room("net", name), Sender("ann"), "!x", "1AA~1", CLOCK.now())
        await transport.send(message.room, document, reply_to=message)
        heard = await alice.hear(nick)
        assert (heard.command, heard.text) == ("NOTICE", NEWS)


async def test_a_room_without_colours_gets_none(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} +c")
    async with bot_in(alice, name, nick, irc_network.ports.plain) as transport:
        await unlearn(transport, name)
        room, document = Room("net", name), Document((line(Strong("essex-2"), " is tomorrow"),))
        with pytest.raises(NetworkError, match="404") as refused:
            await transport.announce(room, transport.compose(room, document)[0], KEY)
        assert not isinstance(refused.value, (Refused, InDoubt))
        await transport.announce(room, transport.compose(room, document)[0], KEY)
        assert (await alice.hear(nick)).text == NEWS
        message = Message(room, Sender("ann"), "!x", "1AA~1", CLOCK.now())
        await transport.send(room, document, reply_to=message)
        assert (await alice.hear(nick)).text == NEWS
