"""Channels with a key (mode +k): the bot joins with the config's, and shows it to nobody else."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.ports import Room
from milestonebot.secret import Secret
from milestonebot.settings import Live, RoomSettings
from tests.transports.irc.playing import GREETING, Play
from tests.transports.irc.running import BOT, QUICK, irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]

KEY = "sesame-hunter2"
RIGHT = RoomSettings(limits=None, key=Secret(KEY))
WRONG = RoomSettings(limits=None, key=Secret("wrong-hunter2"))


def joined(play: Play) -> list[str]:
    """Return what the bot asks for when it is welcome."""
    play.server(":irc.test CAP * LS :")
    return [line for line in play.server(*GREETING) if line.startswith("JOIN")]


def test_a_room_with_a_key_is_asked_for_with_it_and_the_others_together() -> None:
    play = Play(rooms=("#one", "#locked", "#two"))
    play.keys["#locked"] = "sesame"
    assert joined(play) == ["JOIN #locked sesame", "JOIN #one,#two"]


def test_the_key_is_the_one_in_force_when_it_asks_again() -> None:
    play = Play(rooms=("#locked",))
    assert joined(play) == ["JOIN #locked"]
    play.server(":s 475 relbot #locked :Cannot join channel (+k)")
    play.keys["#locked"] = "sesame"
    assert play.later(61) == ["JOIN #locked sesame"]


async def test_on_a_real_server(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    nick, name = unique("relbot"), unique("#locked")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} +k {KEY}")
    await alice.caught_up()
    room = Room("net", name)
    live = Live(replace(BOT, rooms={room: WRONG}))
    settings = irc_settings(
        irc_network.ports.plain, nick=nick, rooms=(name,), waits=replace(QUICK, rejoin=600.0)
    )
    async with running(settings, live, answering=False) as transport:
        await until(lambda: "key" in transport.absent.get(room, "").lower())
        assert "cannot be joined" in caplog.text
        live.now = replace(BOT, rooms={room: RIGHT})
        await transport.enter(room)
        assert room in transport.rooms
    assert "hunter2" not in caplog.text
