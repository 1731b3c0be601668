"""The password of NickServ: who is told it, how, and who is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.ports import Room
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import NickServ, Sasl
from tests.servers.inspircd import Settings as ServerSettings
from tests.transports.irc.playing import GREETING, IS_SERVICE, NICKSERV, Play
from tests.transports.irc.running import irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import IrcConnection, IrcPerson, NewIrcNetwork
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]

PASSWORD = Secret("hunter2")
SURE = (NickServ(PASSWORD, server="services.test"), NickServ(PASSWORD, command="NICKSERV"))
TOLD = "PRIVMSG NickServ :IDENTIFY hunter2"


def asking(nickserv: NickServ = NICKSERV) -> Play:
    """Come as far as the login."""
    play = Play(nickserv=nickserv)
    play.server(":s CAP * LS :")
    return play


@pytest.mark.parametrize("sign", ["309", "313"])
def test_who_is_marked_as_a_service_is_told(sign: str) -> None:
    play = asking()
    assert play.server(*GREETING)[-1] == "WHOIS NickServ"
    user, _, end = IS_SERVICE
    assert play.server(user, f":s {sign} relbot nickserv :is a Network Service") == []
    assert play.server(end) == [TOLD]


def test_somebody_who_took_the_nick_is_not_told_and_rooms_are_joined(
    caplog: pytest.LogCaptureFixture,
) -> None:
    play = asking()
    play.server(*GREETING)
    user, _, end = IS_SERVICE
    other = ":s 313 relbot ann :is an IRC operator"
    assert play.server(user, other, ":s 318 relbot ann :End", end) == ["JOIN #Release,#nova"]
    assert "nobody whom the network calls a service" in caplog.text
    assert play.later(59) == []
    assert "WHOIS NickServ" in play.later(2), "it is asked again"
    assert play.server(*IS_SERVICE) == [TOLD], "and told when it is back"


def test_nobody_is_told_where_nobody_has_the_nick() -> None:
    play = asking()
    play.server(*GREETING)
    no_one = (":s 401 relbot NickServ :No such nick", ":s 318 relbot NickServ :End")
    assert play.server(*no_one) == ["JOIN #Release,#nova"]


def test_what_was_not_asked_for_tells_nobody() -> None:
    play = asking()
    play.server(*GREETING)
    play.server(*IS_SERVICE)
    assert play.server(*IS_SERVICE) == []


def test_whoever_has_the_nick_later_cannot_speak_for_the_service() -> None:
    play = asking()
    play.server(*GREETING)
    play.server(*IS_SERVICE)
    said = "NOTICE relbot :You are now identified for relbot."
    assert play.server(f":NickServ!thief@elsewhere {said}") == []
    assert play.server(f":NickServ!n@services {said}") == ["JOIN #Release,#nova"]


@pytest.mark.parametrize(
    ("nickserv", "line"),
    [
        (NickServ(PASSWORD, command="NICKSERV"), "NICKSERV IDENTIFY hunter2"),
        (NickServ(PASSWORD, "acc", command="NICKSERV"), "NICKSERV IDENTIFY acc hunter2"),
        (NickServ(PASSWORD, server="services.test"), "PRIVMSG NickServ@services.test :IDENTIFY hunter2"),
        (
            NickServ(PASSWORD, "acc", command="NICKSERV", password_first=True),
            "NICKSERV IDENTIFY hunter2 acc",
        ),
    ],
)
def test_what_reaches_services_alone_needs_no_question(nickserv: NickServ, line: str) -> None:
    assert asking(nickserv).server(*GREETING)[-1] == line


@pytest.mark.parametrize(
    ("nickserv", "refusal"),
    [
        (NickServ(PASSWORD, command="NICKSERV"), ":s 421 relbot NICKSERV :Unknown command"),
        (NickServ(PASSWORD, command="NICKSERV"), ":s 440 relbot :Services is currently down."),
        (NickServ(PASSWORD, server="services.test"), ":s 402 relbot services.test :No such server"),
        (NickServ(PASSWORD, server="services.test"), ":s 401 relbot NickServ@services.test :No such nick"),
    ],
)
def test_where_it_cannot_reach_services_rooms_are_joined_all_the_same(
    nickserv: NickServ, refusal: str, caplog: pytest.LogCaptureFixture
) -> None:
    play = asking(nickserv)
    play.server(*GREETING)
    assert play.server(refusal) == ["JOIN #Release,#nova"]
    assert "not logged in" in caplog.text
    assert "hunter2" not in caplog.text


def test_another_refusal_says_nothing_of_services() -> None:
    play = asking(NickServ(PASSWORD, command="NICKSERV"))
    play.server(*GREETING)
    assert play.server(":s 421 relbot FOO :Unknown command", ":s 401 relbot ann :No such nick") == []


def test_the_nick_is_asked_back_the_same_way() -> None:
    play = asking(NickServ(PASSWORD, "acc", command="NICKSERV", password_first=True))
    play.server(":s 433 * relbot :In use", ":s 001 relbot_ :Welcome", ":s 376 relbot_ :End")
    play.server(":s 900 relbot_ relbot_!r@h acc :Logged in")
    assert "NICKSERV REGAIN relbot" in play.later(1)
    play.server(":NickServ!n@services NOTICE relbot_ :Invalid command. Use /msg NickServ help.")
    assert replace(NICKSERV, command="NICKSERV").sure
    assert not NICKSERV.sure


MORE = ":NickServ!n@services NOTICE relbot_ :Insufficient parameters for \x02REGAIN\x02."


def without_its_nick(nickserv: NickServ | None, sasl: Sasl | None) -> Play:
    """Come in under another nick, be logged in, and ask for the right one."""
    play = Play(nickserv=nickserv, sasl=sasl)
    play.server(":s CAP * LS :", ":s 433 * relbot :In use", ":s 001 relbot_ :Welcome", ":s 376 relbot_ :End")
    play.server(*IS_SERVICE, ":s 900 relbot_ relbot_!r@h acc :Logged in")
    play.later(1)
    return play


def test_services_that_do_not_know_us_by_our_login_are_told_the_password() -> None:
    play = without_its_nick(None, Sasl("acc", PASSWORD))
    assert play.server(MORE) == ["WHOIS NickServ"]
    assert play.server(MORE) == [], "once"
    assert play.server(*IS_SERVICE) == ["PRIVMSG NickServ :REGAIN relbot hunter2"]
    play = without_its_nick(NickServ(PASSWORD, command="NICKSERV"), None)
    assert play.server(MORE) == ["NICKSERV REGAIN relbot hunter2"]


def test_without_a_password_there_is_none_to_tell() -> None:
    play = without_its_nick(None, Sasl("acc", None, mechanisms=("EXTERNAL",)))
    assert play.server(MORE) == []
    assert "WHOIS NickServ" not in play.later(30)


# --- on a real network


@pytest.mark.parametrize("way", [NickServ(PASSWORD), *SURE], ids=["WHOIS", "server", "command"])
async def test_each_way_logs_in_to_atheme(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, way: NickServ
) -> None:
    nick, room = unique("relbot"), unique("#room")
    await irc_network.register(nick, "right")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(room)
    await alice.send(f"MODE {room} +R")
    await alice.caught_up()
    nickserv = replace(way, password=Secret("right"))
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,), nickserv=nickserv)
    async with running(settings, answering=False) as transport:
        await until(lambda: Room("net", room) in transport.rooms)


@pytest.mark.parametrize("way", [NickServ(PASSWORD), *SURE], ids=["WHOIS", "server", "command"])
async def test_a_thief_of_the_nick_is_told_nothing_while_services_are_away(
    new_irc_network: NewIrcNetwork,
    irc_connection: IrcConnection,
    irc_person: IrcPerson,
    way: NickServ,
    caplog: pytest.LogCaptureFixture,
) -> None:
    network = new_irc_network(ServerSettings())
    await asyncio.to_thread(network.services.stop)
    alice = await irc_person(network.ports.fast)
    await alice.join("#room")
    thief = await irc_connection(network.ports.fast)
    await thief.introduce("NickServ")
    settings = irc_settings(network.ports.plain, rooms=("#room",), nickserv=way)
    async with running(settings, answering=False) as transport:
        await until(lambda: Room("net", "#room") in transport.rooms)
        assert not [line for line in await thief.caught_up() if line.nick == "relbot"]
    assert "joining all the same" in caplog.text
