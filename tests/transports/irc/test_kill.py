"""An operator throws the bot out (KILL) while it announces, and while it answers: on a real server."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcer import Announcer
from milestonebot.catalog import Catalog
from milestonebot.clock import SystemClock
from milestonebot.outbox import PENDING, Stage
from milestonebot.ports import Room, State
from milestonebot.settings import Settings
from milestonebot.transports.irc.settings import Pace
from tests.announcer.kept import KeptOutbox
from tests.clients.irc import Closed
from tests.servers.inspircd import OPER, OPER_PASSWORD
from tests.transports.irc.running import irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from milestonebot.transports.irc.transport import IrcTransport
    from tests.clients.irc import IrcClient
    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]

CLOCK = SystemClock()
LINES = 12


def announcing(transport: IrcTransport, outbox: KeptOutbox) -> Announcer:
    """Announce on one network, in real time."""
    loop = asyncio.get_running_loop()
    jobs: set[asyncio.Task[None]] = set()

    async def run(job: Callable[[], Awaitable[None]]) -> None:
        await job()

    def wake(job: Callable[[], Awaitable[None]]) -> None:
        task = loop.create_task(run(job))
        jobs.add(task)
        task.add_done_callback(jobs.discard)

    def alarm(moment: datetime, job: Callable[[], Awaitable[None]]) -> None:
        loop.call_later(max(0.0, (moment - CLOCK.now()).total_seconds()), wake, job)

    return Announcer(
        outbox,
        clock=CLOCK,
        settings=Settings(),
        announcements=(),
        transports=[transport],
        catalog=Catalog,
        alarm=alarm,
    )


async def operator(irc_network: IrcNetwork, irc_person: IrcPerson) -> IrcClient:
    """Return somebody who may KILL."""
    oper = await irc_person(irc_network.ports.fast, "oper")
    await oper.become_operator(OPER, OPER_PASSWORD)
    return oper


async def back(transport: IrcTransport, rooms: list[Room]) -> None:
    """Wait until the bot is in its rooms again, by itself."""
    await until(lambda: transport.connection.state is State.UP and transport.rooms == set(rooms))


@pytest.mark.parametrize("kind", ["history", "repeat", "skip"])
async def test_a_kill_in_the_middle_of_announcements_loses_none_and_repeats_none_that_can_be_traced(
    irc_network: IrcNetwork,
    irc_person: IrcPerson,
    unique: Unique,
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nick, rooms = unique("relbot"), [Room("net", unique("#room")) for _ in range(3)]
    alice, oper = await irc_person(irc_network.ports.fast), await operator(irc_network, irc_person)
    for room in rooms:
        await alice.join(room.name)
        if kind == "history":
            await alice.send(f"MODE {room.name} +H 50:1h")
    await alice.caught_up()
    settings = irc_settings(
        irc_network.ports.fast,
        nick=nick,
        rooms=tuple(room.name for room in rooms),
        repeat_in_doubt=kind != "skip",
    )
    outbox = KeptOutbox()
    async with running(settings, answering=False) as transport:
        await back(transport, rooms)
        announcer = announcing(transport, outbox)
        for number in range(LINES):
            await announcer.announce(rooms, f"news {number}", f"n{number}", "net/boss")
        for _ in range(2):
            # In the midst of the round, with one line under way in each room.
            for _ in range(4):
                await alice.hear(nick)
            await oper.send(f"KILL {nick} :Mistaken for somebody else")
            await alice.until("QUIT", where=lambda line: line.nick == nick)
        await until(lambda: all(each.stage not in PENDING for each in outbox.deliveries.values()))
        await back(transport, rooms)
        await alice.caught_up()
        await announcer.stop(1.0)
    assert {each.stage for each in outbox.deliveries.values()} == {Stage.SENT}
    told = Counter(
        (line.parameters[0], line.text)
        for line in alice.heard
        if line.command == "PRIVMSG" and line.nick == nick
    )
    doubted = sum("nothing tells whether" in record.getMessage() for record in caplog.records)
    expected = {(room.name, f"news {number}") for room in rooms for number in range(LINES)}
    lost, twice = expected - told.keys(), sum(count - 1 for count in told.values())
    assert told.keys() <= expected
    if kind == "history":
        # The history tells of each, however young it is.
        assert (lost, twice, doubted) == (set(), 0, 0)
    elif kind == "repeat":
        assert not lost
        assert twice <= doubted
    else:
        assert twice == 0
        assert len(lost) <= doubted
    for room in rooms:
        texts = [
            line.text
            for line in alice.heard
            if line.nick == nick and line.parameters[0] == room.name and line.command == "PRIVMSG"
        ]
        assert list(dict.fromkeys(texts)) == [
            each for each in (f"news {n}" for n in range(LINES)) if each in texts
        ]


async def test_a_kill_in_the_middle_of_200_lines_of_answers_is_survived_and_what_was_not_out_is_logged(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, caplog: pytest.LogCaptureFixture
) -> None:
    nick, name, questions = unique("relbot"), unique("#room"), 67
    alice, oper = await irc_person(irc_network.ports.fast), await operator(irc_network, irc_person)
    await alice.join(name)
    settings = irc_settings(irc_network.ports.fast, nick=nick, rooms=(name,), pace=Pace(5, 0.02))
    async with running(settings) as transport:
        await back(transport, [Room("net", name)])
        await alice.send(*[f"PRIVMSG {name} :!overview essex-2" for _ in range(questions)])
        for _ in range(60):
            await alice.hear(nick, target=name)
        await oper.send(f"KILL {nick} :Mistaken for somebody else")
        await alice.until("QUIT", where=lambda line: line.nick == nick)
        lines = len([line for line in alice.heard if line.nick == nick and line.command == "NOTICE"])
        await until(lambda: lines // 3 + unanswered(caplog) >= questions - 1)
        # It is back by itself, answers what is asked now, and nothing of before.
        await back(transport, [Room("net", name)])
        await alice.say(name, "!when essex-3")
        assert (await alice.hear(nick, target=name)).text.startswith("\x02essex-3\x02")
        assert not [line for line in await alice.caught_up() if line.nick == nick]
    assert lines // 3 + unanswered(caplog) <= questions + 1


def unanswered(caplog: pytest.LogCaptureFixture) -> int:
    """Return how many answers the log tells of that were not said."""
    return sum("the answer could not be said" in record.getMessage() for record in caplog.records)


async def test_it_comes_back_from_one_kill_after_the_other(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice, oper = await irc_person(irc_network.ports.fast), await operator(irc_network, irc_person)
    await alice.join(name)
    async with running(irc_settings(irc_network.ports.fast, nick=nick, rooms=(name,))) as transport:
        for _ in range(5):
            await back(transport, [Room("net", name)])
            await oper.send(f"KILL {nick} :Again")
            with contextlib.suppress(Closed):
                await alice.until("QUIT", where=lambda line: line.nick == nick)
        await alice.until("JOIN", where=lambda line: line.nick == nick)
        await alice.say(name, "!when essex-3")
        assert (await alice.hear(nick, target=name)).text.startswith("\x02essex-3\x02")
