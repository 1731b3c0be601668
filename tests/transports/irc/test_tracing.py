"""Whether a young history proves that a line is missing: the bot's own lines in it may tell."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock, at
from milestonebot.ports import Room, State, Trace
from milestonebot.transports.irc.tracing import KEY_TAG, Taken, key_value, keys_before
from tests.transports.irc.running import became, irc_settings, running, until
from tests.transports.irc.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]

RELEASE = Room("net", "#Release")
TAGS = ("message-tags", "server-time", "batch")
NAME = "countdown/net/#Release/essex-2"
SINCE = at("2026-05-01T12:00:00").now()
CLOCK = SystemClock()


def test_the_parts_before_one_are_those_of_the_same_announcement() -> None:
    assert keys_before("a#b#2") == {key_value("a#b#0"), key_value("a#b#1")}
    for key in ("a#0", "a", "a#", "a#x", "a#1000", "a#-1", "a#²"):
        assert keys_before(key) == set()


def test_what_was_taken_is_told_room_by_room_and_the_oldest_are_forgotten() -> None:
    taken = Taken()
    assert taken.add("#a", "", SINCE) is None
    for number in range(30):
        assert taken.add("#a", str(number), SINCE + timedelta(seconds=number)) == str(number)
    assert taken.before("#a", SINCE + timedelta(seconds=11)) == {"10", "11"}
    assert taken.before("#b", SINCE) == set()


@pytest.mark.parametrize(
    ("key", "played", "sure"),
    [
        (f"{NAME}#1", f"@batch=1;time=2026-05-01T11:59:59Z;{KEY_TAG}={key_value(f'{NAME}#0')} {{us}}", True),
        (f"{NAME}#1", f"@batch=1;time=2026-05-01T11:59:59Z;{KEY_TAG}={key_value('other#0')} {{us}}", False),
        (f"{NAME}#0", f"@batch=1;time=2026-05-01T11:59:59Z;{KEY_TAG}={key_value(f'{NAME}#1')} {{us}}", False),
        (
            f"{NAME}#1",
            f"@batch=1;time=2026-05-01T11:59:59Z;{KEY_TAG}={key_value(f'{NAME}#0')} {{them}}",
            False,
        ),
        # It is no history: a connection of ours that is not dead yet.
        (f"{NAME}#1", f"@{KEY_TAG}={key_value(f'{NAME}#0')} :relbot_!r@h PRIVMSG #release :one", False),
    ],
    ids=["the part before", "another announcement", "a part behind", "another's", "said now"],
)
async def test_the_part_before_proves_that_the_history_goes_back_far_enough(
    key: str, played: str, *, sure: bool
) -> None:
    us, them = (f":{nick}!r@h PRIVMSG #release :one" for nick in ("relbot", "mallory"))
    async with (
        ScriptedServer() as server,
        running(irc_settings(server.port), answering=False) as transport,
    ):
        guest = await server.guest()
        await guest.welcome(*TAGS)
        await guest.until("JOIN ")
        await guest.send(
            ":relbot!rel@bot.example JOIN #Release",
            ":irc.test BATCH +1 chathistory #Release",
            played.format(us=us, them=them),
            ":irc.test BATCH -1",
        )
        await until(lambda: RELEASE in transport.rooms)
        trace = asyncio.create_task(transport.trace(RELEASE, "two", key, SINCE))
        mark = (await guest.until("PING :milestonebot-mark")).removeprefix("PING ")
        await guest.send(f":irc.test PONG irc.test {mark}")
        assert await guest.until("WHOIS ") == "WHOIS relbot_"
        await guest.send(":irc.test 401 relbot relbot_ :No such nick", ":irc.test 318 relbot relbot_ :End")
        assert await trace == Trace(said=False, sure=sure)


async def test_on_a_young_history_what_was_taken_before_proves_it_and_the_missing_line_is_surely_missing(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    room = Room("net", name)
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} +H 10:1h")
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(name,))
    async with running(settings, answering=False) as transport:
        await until(lambda: room in transport.rooms)
        # All of it is said within a moment: the clock alone proves nothing.
        await transport.announce(room, "yesterday's news", "old#0")
        since = CLOCK.now()
        link = transport._staying.link  # noqa: SLF001 - the connection is cut from within, before the line is out
        assert link is not None
        assert link.out.wire is not None
        link.out.wire.transport.abort()
        await became(transport, State.DOWN)
        await until(lambda: transport.connection.state is State.UP and room in transport.rooms)
        assert await transport.trace(room, "news", "new#0", since) == Trace(said=False)
        assert await transport.trace(room, "news", "new#0", since - timedelta(seconds=5)) == Trace(
            said=False, sure=False
        )
