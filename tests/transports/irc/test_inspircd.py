"""End to end on a modern network, InspIRCd with Atheme: the real bot, and people with another client."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from milestonebot.clock import SystemClock
from milestonebot.document import say
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.ports import Rights, Room, State
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import NickServ, Sasl, Server
from milestonebot.transports.irc.transport import IrcTransport
from tests.clients.irc import Closed, IrcClient, plain
from tests.servers.inspircd import OPER, OPER_PASSWORD, Settings as ServerSettings
from tests.transports.irc.running import BOT, became, irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.clients.line import Line
    from tests.servers.fixtures import IrcPerson, NewIrcNetwork
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]

BOT_CLOCK = SystemClock()
ESSEX_2 = "\x02essex-2\x02 (Essex, 2012.1): released Thu 15 Dec 2011, 5 days ago"


@contextlib.asynccontextmanager
async def bot_beside(
    alice: IrcClient,
    room: str,
    nick: str,
    *ports: int,
    **changed: Any,  # noqa: ANN401 - any field of the settings
) -> AsyncIterator[IrcTransport]:
    """Let Alice into the room, then the bot; go on when she has seen it come."""
    if not any(line.command == "366" and room in line.parameters for line in alice.heard):
        await alice.join(room)
    async with running(irc_settings(*ports, **{"nick": nick, "rooms": (room,), **changed})) as transport:
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        yield transport


async def said_by(alice: IrcClient, nick: str) -> list[Line]:
    """Return what a nick said until now, as far as the server knows."""
    return [
        line
        for line in await alice.caught_up()
        if line.nick == nick and line.command in ("PRIVMSG", "NOTICE")
    ]


# --- answering


async def test_it_answers_over_tls_and_logged_in_as_people_ask(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(irc_network.authority.certificate))
    nick, room, account = unique("relbot"), unique("#Room"), unique("account")
    await irc_network.register(account, "right")
    alice = await irc_person(irc_network.ports.fast)
    servers = (Server("localhost", irc_network.ports.tls),)
    sasl = Sasl(account, Secret("right"), required=True)
    async with bot_beside(alice, room, nick, servers=servers, sasl=sasl):
        await alice.say(room, "!milestone essex-2")
        answer = await alice.hear(nick, target=room)
        assert answer.command == "NOTICE"
        assert answer.text.startswith(ESSEX_2)
        await alice.say(room.upper(), f"{nick}: when is essex-3?")
        assert (await alice.hear(nick, target=room)).text.startswith("\x02essex-3\x02: Thu 26 Jan 2012")
        await alice.say(room, "milestonebot, what is the next milestone?")
        assert (await alice.hear(nick, target=room)).text.startswith("\x02essex-3\x02")
        await alice.say(nick, "next")
        assert (await alice.hear(nick, target=alice.nick)).text.startswith("\x02essex-3\x02")
        whois = await alice.whois(nick)
        assert [line.parameters[2] for line in whois if line.command == "330"] == [account]
        assert [line for line in whois if line.command == "335"], "it is marked as a bot"
        assert [line for line in whois if line.command == "671"], "its connection is secure"


async def test_a_long_answer_is_three_whole_lines_and_more(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    async with bot_beside(alice, room, nick, irc_network.ports.plain):
        told = ""
        for question in ("!overview essex-2", "!more", "!more"):
            await alice.say(room, question)
            lines = [await alice.hear(nick, target=room) for _ in range(3)]
            assert await said_by(alice, nick) == []
            assert lines[-1].text.endswith("!more)")
            for line in lines:
                assert len(line.raw) <= 510
                assert line.text.count("\x02") % 2 == 0
            told += "".join(line.text for line in lines)
        # Of the 19 blueprints none was cut: a cut line would have lost the end of a link.
        assert told.count("<https://blueprints.launchpad.net/") == told.count(">") >= 10


async def test_text_is_cut_by_bytes_where_the_server_would_cut_and_nothing_is_lost(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    words = [f"é{number:05d}ü" for number in range(110)]
    async with bot_beside(alice, room, nick, irc_network.ports.plain) as transport:
        sent = await transport.send(Room("net", room), say(" ".join(words)))
        assert sent.rest is None
        lines = [await alice.hear(nick, target=room) for _ in range(3)]
        assert " ".join(line.text for line in lines).split() == words
        assert max(len(line.raw) for line in lines) > 500


async def test_a_notice_history_other_rooms_and_itself_are_not_answered(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(room)
    await alice.send(f"MODE {room} +H 10:1h")
    await alice.say(room, "!milestone essex-2")
    await alice.caught_up()
    async with bot_beside(alice, room, nick, irc_network.ports.plain):
        await alice.send(f"NOTICE {room} :!milestone essex-2", f"NOTICE {nick} :next")
        await alice.say(nick, "\x01PING 1\x01")
        assert (await alice.hear(nick)).text == "\x01PING 1\x01"
        assert await said_by(alice, nick) == []
        # It understands its own answer, were it to hear it: "!more" is in it.
        await alice.say(room, "!overview essex-2")
        assert [(await alice.hear(nick)).command for _ in range(3)] == ["NOTICE"] * 3
        assert await said_by(alice, nick) == []


@pytest.mark.parametrize(
    "typed",
    [
        b"!milestone a\rQUIT :b",
        b"!milestone a\x00b",
        b"!milestone \xff\xfe\xe9",
        b"!milestone \x01\x02\x03\x04\x1b[2J",
        b"!milestone " + b"x" * 65_536,
        "!milestone \u202eessex\u200b-2 @room".encode(),
    ],
    ids=["CR", "NUL", "no UTF-8", "control characters", "64 KiB", "bidirectional"],
)
async def test_whatever_is_typed_the_answer_is_clean_and_the_bot_stays(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, typed: bytes
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice, mallory = await irc_person(irc_network.ports.fast), await irc_person(irc_network.ports.fast)
    await mallory.join(room)
    async with bot_beside(alice, room, nick, irc_network.ports.plain):
        await mallory.send_bytes(b"PRIVMSG " + room.encode() + b" :" + typed + b"\r\n")
        with contextlib.suppress(Closed):
            await mallory.caught_up()
        await alice.say(room, "!milestone essex-2")
        answers = [await alice.hear(nick, target=room)]
        while not answers[-1].text.startswith(ESSEX_2):
            answers.append(await alice.hear(nick, target=room))
        for answer in answers:
            assert not set(answer.text) & set("\x00\x01\x03\x04\r\n\x1b\u202e\u200b")
        assert not [line for line in alice.heard if line.command == "QUIT" and line.nick == nick]


# --- who asks


async def test_the_network_vouches_for_account_and_rights(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room, account = unique("relbot"), unique("#room"), unique("account")
    await irc_network.register(account, "right")
    owner = await irc_person(irc_network.ports.fast)
    await owner.join(room)
    alice = await irc_person(irc_network.ports.fast, sasl=plain(account, "right"))
    await alice.join(room)
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,))
    async with running(settings, answering=False) as transport:
        await owner.until("JOIN", where=lambda line: line.nick == nick)
        heard = transport.messages()
        await alice.say(room, "one")
        await owner.say(room, "two")
        first, second = await anext(heard), await anext(heard)
        assert (first.sender.account, first.sender.rights) == (account, Rights.NONE)
        assert (second.sender.account, second.sender.rights) == (None, Rights.MODERATOR)
        await owner.send(f"MODE {room} +v-o {alice.nick} {owner.nick}")
        await owner.caught_up()
        await alice.say(room, "three")
        assert (await anext(heard)).sender.rights is Rights.VOICE
        await owner.say(room, "four")
        assert (await anext(heard)).sender.rights is Rights.NONE


# --- what the network takes


async def test_what_is_said_under_a_key_is_confirmed_or_refused_by_the_network(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast, capabilities=("message-tags",))
    async with bot_beside(alice, room, nick, irc_network.ports.plain) as transport:
        id_ = await transport.announce(Room("net", room), "news", "k")
        heard = await alice.hear(nick, target=room)
        assert heard.text == "news"
        assert id_ == heard.tags["msgid"]
        await alice.send(f"MODE {room} +m")
        await alice.caught_up()
        with pytest.raises(NetworkError, match="404") as moderated:
            await transport.announce(Room("net", room), "more news", "k2")
        assert not isinstance(moderated.value, (Refused, InDoubt))
        await alice.send(f"MODE {room} -m")
        await alice.caught_up()
        await transport.announce(Room("net", room), "more news", "k2")
        with pytest.raises(Refused, match="401"):
            await transport.announce(Room("net", "nobody"), "news", "k3")
        with pytest.raises(NetworkError, match="not in the room"):
            await transport.announce(Room("net", "#elsewhere"), "news", "k4")


# --- logging in


async def test_a_wrong_password_is_a_refusal(irc_network: IrcNetwork, unique: Unique) -> None:
    account = unique("account")
    await irc_network.register(account, "right")
    sasl = Sasl(account, Secret("wrong"), required=True)
    transport = IrcTransport(irc_settings(irc_network.ports.plain, nick=account, sasl=sasl), BOT, BOT_CLOCK)
    with pytest.raises(Refused, match="SASL"):
        await transport.run()
    assert transport.connection.state is State.STOPPED


async def test_without_requirement_a_wrong_password_leaves_it_without_an_account(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room, account = unique("relbot"), unique("#room"), unique("account")
    await irc_network.register(account, "right")
    alice = await irc_person(irc_network.ports.fast)
    async with bot_beside(alice, room, nick, irc_network.ports.plain, sasl=Sasl(account, Secret("wrong"))):
        await alice.say(room, "!milestone essex-2")
        assert (await alice.hear(nick)).text.startswith(ESSEX_2)


async def test_nickserv_lets_it_into_a_room_for_those_with_an_account(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, caplog: pytest.LogCaptureFixture
) -> None:
    nick, room = unique("relbot"), unique("#room")
    await irc_network.register(nick, "right")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(room)
    await alice.send(f"MODE {room} +R")
    await alice.caught_up()
    async with bot_beside(alice, room, nick, irc_network.ports.plain, nickserv=NickServ(Secret("right"))):
        await alice.say(room, "!milestone essex-2")
        assert (await alice.hear(nick)).text.startswith(ESSEX_2)
    assert "cannot be joined" not in caplog.text


async def test_a_wrong_password_of_nickserv_is_told_in_the_log(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, caplog: pytest.LogCaptureFixture
) -> None:
    nick, room = unique("relbot"), unique("#room")
    await irc_network.register(nick, "right")
    alice = await irc_person(irc_network.ports.fast)
    async with bot_beside(alice, room, nick, irc_network.ports.plain, nickserv=NickServ(Secret("hunter2"))):
        assert "NickServ refuses the login" in caplog.text
    assert "hunter2" not in caplog.text


# --- TLS


async def test_a_server_that_nobody_vouches_for_is_sent_nothing(
    irc_network: IrcNetwork, unique: Unique, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(irc_network.authority.certificate))
    servers = (Server("localhost", irc_network.ports.untrusted),)
    async with running(irc_settings(servers=servers, nick=unique("relbot"))) as transport:
        await until(lambda: "its certificate is not trusted" in transport.connection.reason)


async def test_a_pin_takes_the_place_of_the_authority(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    right = irc_network.certificate.fingerprint
    servers = (Server("127.0.0.1", irc_network.ports.tls, fingerprints=("ab" * 32, right.upper())),)
    async with bot_beside(alice, room, nick, servers=servers):
        await alice.say(room, "!milestone essex-2")
        assert (await alice.hear(nick)).text.startswith(ESSEX_2)


# --- coming back


async def test_after_a_kick_it_comes_back(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    async with bot_beside(alice, room, nick, irc_network.ports.plain):
        await alice.send(f"KICK {room} {nick} :Go")
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        await alice.say(room, "!milestone essex-2")
        assert (await alice.hear(nick)).text.startswith(ESSEX_2)


async def test_a_ban_is_outwaited(irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(room)
    await alice.send(f"MODE {room} +b {nick}!*@*")
    await alice.caught_up()
    async with running(irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,))) as transport:
        await became(transport, State.UP)
        assert transport.rooms == frozenset()
        await alice.send(f"MODE {room} -b {nick}!*@*")
        await alice.until("JOIN", where=lambda line: line.nick == nick)


async def test_after_a_kill_it_comes_back(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    oper = await irc_person(irc_network.ports.fast, "oper")
    await oper.become_operator(OPER, OPER_PASSWORD)
    async with bot_beside(alice, room, nick, irc_network.ports.plain):
        for _ in range(2):
            await oper.send(f"KILL {nick} :Again")
            await alice.until("QUIT", where=lambda line: line.nick == nick)
            await alice.until("JOIN", where=lambda line: line.nick == nick)
            await alice.say(room, "!milestone essex-2")
            assert (await alice.hear(nick)).text.startswith(ESSEX_2)
            assert await said_by(alice, nick) == []


async def test_a_nick_in_use_is_taken_when_it_is_free(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    room = unique("#room")
    alice, ghost = (
        await irc_person(irc_network.ports.fast),
        await irc_person(irc_network.ports.fast, "relbot"),
    )
    await alice.join(room)
    await ghost.join(room)
    nick = ghost.nick
    async with running(irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,))):
        await alice.until("JOIN", where=lambda line: line.nick == f"{nick}_")
        await alice.say(room, f"{nick}_: when is essex-3?")
        assert (await alice.hear(f"{nick}_")).text.startswith("\x02essex-3\x02")
        await ghost.send("QUIT")
        await alice.until("NICK", where=lambda line: line.text == nick)
        await alice.say(room, f"{nick}: when is essex-3?")
        assert (await alice.hear(nick)).text.startswith("\x02essex-3\x02")


@pytest.mark.parametrize("crash", [False, True], ids=["restarted", "killed"])
async def test_it_outlives_the_server_and_answers_nothing_twice(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson, *, crash: bool
) -> None:
    network = new_irc_network(ServerSettings())
    await network.register("relbot", "right")
    alice = await irc_person(network.ports.fast)
    sasl = Sasl("relbot", Secret("right"), required=True)
    async with bot_beside(alice, "#room", "relbot", network.ports.plain, sasl=sasl) as transport:
        await alice.say("#room", "!milestone essex-2")
        assert (await alice.hear("relbot")).text.startswith(ESSEX_2)
        await asyncio.to_thread(network.kill if crash else network.stop)
        await became(transport, State.DOWN)
        await asyncio.to_thread(network.start)
        alice = await irc_person(network.ports.fast)
        await alice.send("JOIN #room")
        names = await alice.until("353")
        if "relbot" not in names.text:
            await alice.until("JOIN", where=lambda line: line.nick == "relbot")
        await alice.say("#room", "!milestone essex-2")
        assert (await alice.hear("relbot")).text.startswith(ESSEX_2)
        assert await said_by(alice, "relbot") == []
        assert transport.rooms == {Room("net", "#room")}
