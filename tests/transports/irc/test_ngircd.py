"""End to end on an old server, ngIRCd: no accounts, no tags, no echoes, and a lone CR ends a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.document import say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Rights, Room
from milestonebot.transports.irc.settings import Server
from tests.transports.irc.running import irc_settings, running

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import IrcPerson
    from tests.servers.ngircd import Ngircd

    Unique = Callable[[str], str]


async def test_it_answers_on_an_old_server_over_tls(
    old_irc_server: Ngircd, irc_person: IrcPerson, unique: Unique, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(old_irc_server.authority.certificate))
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(old_irc_server.plain)
    await alice.join(room)
    servers = (Server("localhost", old_irc_server.tls),)
    async with running(irc_settings(servers=servers, nick=nick, rooms=(room,))):
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        await alice.say(room, "!milestone essex-2")
        assert (await alice.hear(nick, target=room)).text.startswith(
            "\x02essex-2\x02 (Essex, 2012.1): released"
        )
        await alice.say(nick, "when is essex-3?")
        assert (await alice.hear(nick, target=alice.nick)).text.startswith("\x02essex-3\x02: Thu 26 Jan 2012")


async def test_a_lone_cr_in_what_is_said_or_in_facts_runs_no_command(
    old_irc_server: Ngircd, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(old_irc_server.plain)
    await alice.join(room)
    async with running(irc_settings(old_irc_server.plain, nick=nick, rooms=(room,))) as transport:
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        text = f"facts\rPRIVMSG {alice.nick} :injected\nQUIT :injected\0 end"
        await transport.send(Room("net", room), say(text))
        line = await alice.hear(nick)
        assert line.text == f"facts PRIVMSG {alice.nick} :injected QUIT :injected end"
        await alice.say(room, "!milestone a\u2028b\u0085c")
        assert "called" in (await alice.hear(nick)).text
        assert [line for line in await alice.caught_up() if line.nick == nick] == []


async def test_a_pong_confirms_and_refusals_are_told(
    old_irc_server: Ngircd, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, room = unique("relbot"), unique("#room")
    alice = await irc_person(old_irc_server.plain)
    await alice.join(room)
    async with running(
        irc_settings(old_irc_server.plain, nick=nick, rooms=(room,)), answering=False
    ) as transport:
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        assert await transport.announce(Room("net", room), "news", "k") is None
        assert (await alice.hear(nick)).text == "news"
        heard = transport.messages()
        await alice.say(room, "hello")
        assert (await anext(heard)).sender.rights is Rights.MODERATOR
        await alice.send(f"MODE {room} +m")
        await alice.caught_up()
        with pytest.raises(NetworkError, match="404") as moderated:
            await transport.announce(Room("net", room), "news", "k")
        assert not isinstance(moderated.value, Refused)
        with pytest.raises(Refused, match="401"):
            await transport.announce(Room("net", "nobody"), "news", "k")
