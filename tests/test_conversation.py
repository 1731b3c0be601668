"""Between network and bot: order within a room, rooms that wait alone, answers that cannot be said."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from milestonebot.conversation import converse
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Room
from milestonebot.render.plain import render_plain
from tests.asking import bot
from tests.transports.scripted import ScriptedTransport


@pytest.fixture
async def network() -> AsyncIterator[ScriptedTransport]:
    transport = ScriptedTransport()
    running = asyncio.create_task(transport.run())
    talking = asyncio.create_task(converse(bot(), transport))
    yield transport
    await transport.stop()
    await asyncio.gather(running, talking)


async def test_what_is_said_in_a_room_is_answered_in_order(network: ScriptedTransport) -> None:
    asked = [network.say(f"!when essex-{number}") for number in (1, 2, 3, 4)]
    begun = [render_plain(document).partition(":")[0] for document in await network.answers(4)]
    assert begun == ["essex-1", "essex-2", "essex-3", "essex-4"]
    assert [reply_to for _, _, reply_to in network.said] == asked


async def test_what_is_ready_is_said_at_once_but_not_before_what_waits(network: ScriptedTransport) -> None:
    network.prompt = True
    network.say("!when essex-2")
    await network.answers(1)
    again = network.say("!when essex-2")
    to_find = network.say("!when essex-1")
    known = network.say("!when essex-2")
    elsewhere = network.say("!when essex-2", room="#other")
    await network.dealt_with(known)
    asked = [reply_to for _, _, reply_to in network.said[1:]]
    assert asked == [again, elsewhere, to_find, known]


async def test_what_breaks_silences_nobody(
    network: ScriptedTransport, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(network, "send_now", broken)
        network.say("!when essex-1")
        await network.answers(1)
        network.say("!when essex-1")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    network.say("!when essex-2", room="#other")
    await network.answers(2)
    assert "a message could not be answered" in caplog.text
    assert "ZeroDivisionError" in caplog.text


async def test_a_slow_room_waits_alone(network: ScriptedTransport) -> None:
    slow = Room("scripted", "#slow")
    network.hold[slow] = asyncio.Event()
    network.say("!when essex-1", room="#slow")
    network.say("!when essex-2", room="#quick")
    await network.answers(1)
    assert [room.name for room, _, _ in network.said] == ["#quick"]
    network.hold[slow].set()
    await network.answers(2)


async def test_silence_is_done_too(network: ScriptedTransport) -> None:
    silent = network.say("hello")
    asked = network.say("!next")
    await network.dealt_with(asked)
    assert network.finished == [silent, asked]


async def test_what_cannot_be_said_now_is_not_done_and_what_is_refused_is(network: ScriptedTransport) -> None:
    network.failures = [NetworkError("away"), Refused("banned")]
    away = network.say("!when essex-1")
    banned = network.say("!when essex-2")
    last = network.say("!when essex-3")
    await network.answers(1)
    await network.dealt_with(last)
    assert network.finished == [banned, last]
    assert away not in network.finished


async def test_what_was_said_before_the_end_is_answered() -> None:
    transport = ScriptedTransport()
    talking = asyncio.create_task(converse(bot(), transport))
    transport.say("!when essex-1")
    await transport.stop()
    await transport.run()
    await talking
    assert len(transport.said) == 1


async def test_a_room_that_is_flooded_drops_what_is_too_much(
    network: ScriptedTransport, caplog: pytest.LogCaptureFixture
) -> None:
    room = Room("scripted", "#room")
    network.hold[room] = asyncio.Event()
    for _ in range(200):
        network.say("!next")
    network.say("!next", room="#other")
    await network.answers(1)
    network.hold[room].set()
    await network.answers(101)
    assert "too many messages wait there" in caplog.text
