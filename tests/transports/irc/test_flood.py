"""Flood limits of a real server, and far more to say than they let through at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.document import Document, line
from milestonebot.ports import Room
from milestonebot.transports.irc.settings import Pace
from tests.servers.inspircd import Settings as ServerSettings
from tests.transports.irc.running import irc_settings, running, until

if TYPE_CHECKING:
    from tests.servers.fixtures import IrcPerson, NewIrcNetwork

TAKES = ServerSettings(at_once=50, a_second=40)
"""What would take minutes on a public network takes seconds; lines that are not taken yet may be 10 KiB."""
A_LITTLE_SLOWER = Pace(8, 1 / 36)
"""As the presets are to what their networks take; the server counts whole seconds."""
LINES = 201


@pytest.mark.parametrize("fakelag", [True, False], ids=["read slowly", "dropped for Excess Flood"])
async def test_two_hundred_lines_and_a_ping_in_the_middle_arrive_in_order(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson, *, fakelag: bool
) -> None:
    network = new_irc_network(replace(TAKES, fakelag=fakelag))
    alice = await irc_person(network.ports.fast)
    await alice.join("#room")
    settings = irc_settings(network.ports.plain, rooms=("#room",), pace=A_LITTLE_SLOWER)
    async with running(settings, answering=False) as transport:
        room = Room("net", "#room")
        await until(lambda: room in transport.rooms)
        link = transport._staying.link  # noqa: SLF001 - that it is the same at the end is seen
        saying = [
            asyncio.create_task(
                transport.send(room, Document(tuple(line(f"{n + m} {'x' * 150}") for m in range(3))))
            )
            for n in range(0, LINES, 3)
        ]
        # InspIRCd itself asks only who is silent: a person does.
        await alice.hear("relbot")
        await alice.say("relbot", "\x01PING middle\x01")
        heard = [(await alice.hear("relbot")).text for _ in range(LINES)]
        await asyncio.gather(*saying)
        assert 0 < heard.index("\x01PING middle\x01") < 50, "it does not wait for the rest"
        heard.remove("\x01PING middle\x01")
        assert [text.partition(" ")[0] for text in heard] == [str(number) for number in range(1, LINES)]
        assert transport._staying.link is link, "the same connection"  # noqa: SLF001 - as above
    # It left by itself.
    left = await alice.until("QUIT", where=lambda each: each.nick == "relbot")
    assert "Leaving" in left.text


async def test_without_a_pace_such_a_server_would_have_dropped_it(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(TAKES)
    alice = await irc_person(network.ports.fast)
    await alice.join("#room")
    async with running(irc_settings(network.ports.plain, rooms=("#room",)), answering=False) as transport:
        room = Room("net", "#room")
        await until(lambda: room in transport.rooms)
        many = [transport.send(room, Document((line(f"{n} {'x' * 150}"),))) for n in range(LINES)]
        await asyncio.gather(*many, return_exceptions=True)
        left = await alice.until("QUIT", where=lambda each: each.nick == "relbot")
        assert "RecvQ exceeded" in left.text
