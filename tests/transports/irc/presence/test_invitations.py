"""Invitations: into rooms that the bot should be in, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.ports import Room
from tests.transports.irc.playing import Play
from tests.transports.irc.running import QUICK, irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]


def refused() -> Play:
    """Be in #release, and not in #nova, which takes invited people alone."""
    play = Play().welcome()
    play.server(":relbot!rel@bot.example JOIN #release", ":s 473 relbot #nova :Cannot join (+i)")
    play.said()
    return play


def test_a_room_that_refused_it_is_entered_when_it_is_invited() -> None:
    play = refused()
    play.server(":ann!a@h INVITE relbot #Nova")
    assert play.later(0.1) == ["JOIN #nova"]


def test_another_room_is_not_entered_and_anothers_invitation_is_not_its_own() -> None:
    play = refused()
    play.server(":ann!a@h INVITE relbot #elsewhere", ":ann!a@h INVITE bob #nova", ":ann!a@h INVITE relbot")
    play.server(":ann!a@h INVITE relbot #release")
    assert play.later(30) == []


def test_invitations_do_not_make_it_ask_while_it_is_asking() -> None:
    play = refused()
    play.server(*[":ann!a@h INVITE relbot #nova"] * 5)
    assert play.later(0.1) == ["JOIN #nova"]
    play.server(":ann!a@h INVITE relbot #nova")
    assert play.later(1) == []


async def test_on_a_real_server(irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} +i")
    await alice.caught_up()
    settings = irc_settings(
        irc_network.ports.plain, nick=nick, rooms=(name,), waits=replace(QUICK, rejoin=600.0)
    )
    async with running(settings, answering=False) as transport:
        await until(lambda: "invite" in transport.absent.get(Room("net", name), "").lower())
        await alice.send(f"INVITE {nick} {name}")
        await until(lambda: Room("net", name) in transport.rooms)
