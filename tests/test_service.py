"""The service: several networks, one failing alone, a clean end; and the state folder it holds."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from milestonebot.errors import MilestonebotError, Refused, StoreError
from milestonebot.outbox import Stage
from milestonebot.ports import Room, State
from milestonebot.service import Ending, serve
from milestonebot.state import held
from tests.announcer.playing import SetClock, World
from tests.asking import bot
from tests.transports.scripted import NOW, ScriptedTransport


async def given(ending: Ending) -> Ending:
    """Begin with nothing to wait for."""
    return ending


async def test_a_network_that_refuses_or_breaks_leaves_the_others_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    good = ScriptedTransport("good")
    stopping = asyncio.Event()
    others = [ScriptedTransport("wrong", refused=True), ScriptedTransport("broken", broken=True)]
    serving = asyncio.create_task(serve(bot(), [*others, good], stopping))
    good.say("!next")
    await good.answers(1)
    stopping.set()
    assert await serving
    assert "wrong: the login is wrong; this network is left" in caplog.text
    assert "broken: failed" in caplog.text


async def test_where_no_network_can_be_used_it_ends_and_says_so() -> None:
    wrong = ScriptedTransport("wrong", refused=True)
    assert not await serve(bot(), [wrong], asyncio.Event())


class Locked(ScriptedTransport):
    """Refuses so many times, and may be tried again."""

    def __init__(self, name: str, times: int, after: float = 0.0) -> None:
        super().__init__(name)
        self.times = times
        self.after = after
        self.runs = 0
        self.left = False

    async def stop(self) -> None:
        self.left = True
        await super().stop()

    async def run(self) -> None:
        self.runs += 1
        if self.runs <= self.times:
            raise Refused("the login is wrong", self.after)
        await super().run()


async def test_while_others_can_be_used_a_refused_login_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    locked, good, stopping = Locked("locked", 3), ScriptedTransport("good"), asyncio.Event()
    serving = asyncio.create_task(serve(bot(), [locked, good], stopping))
    async with asyncio.timeout(5):
        while locked.runs < 4:  # noqa: ASYNC110 - no transport tells
            await asyncio.sleep(0)
        locked.say("!next")
        await locked.answers(1)
    stopping.set()
    assert await serving
    assert caplog.text.count("locked: the login is wrong; trying again in 0 min") == 3


async def test_where_all_refuse_it_ends_at_once_though_some_might_be_tried_again() -> None:
    one, two = Locked("one", 9, 3600), Locked("two", 9, 3600)
    async with asyncio.timeout(5):
        wrong = ScriptedTransport("wrong", refused=True)
        assert not await serve(bot(), [one, two, wrong], asyncio.Event())
    assert one.left
    assert two.left


async def test_a_network_that_waits_to_be_tried_again_does_not_hold_up_the_end() -> None:
    locked, good, stopping = Locked("locked", 1, 3600), ScriptedTransport("good"), asyncio.Event()
    serving = asyncio.create_task(serve(bot(), [locked, good], stopping))
    good.say("!next")
    await good.answers(1)
    stopping.set()
    async with asyncio.timeout(2):
        assert await serving


async def test_it_stops_though_a_network_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stubborn(ScriptedTransport):
        async def stop(self) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr("milestonebot.service._LEAVING", 0.05)
    stopping = asyncio.Event()
    serving = asyncio.create_task(serve(bot(), [Stubborn()], stopping))
    stopping.set()
    async with asyncio.timeout(5):
        assert await serving


def test_the_state_folder_is_private_and_held_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "state"
    with held(folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "lock").stat().st_mode) == 0o600
        with (
            pytest.raises(MilestonebotError, match=f"process {os.getpid()}.*runs on the state folder"),
            held(folder),
        ):
            pass
    with held(folder):
        pass


def test_a_state_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MilestonebotError, match="cannot be used"), held(tmp_path / "file" / "state"):
        pass


class Saying:
    """An announcer that is in the midst of saying something."""

    def __init__(self, network: ScriptedTransport) -> None:
        self.network = network
        self.was_up: bool | None = None
        self.within = 0.0

    async def stop(self, within: float) -> None:
        self.within = within
        await asyncio.sleep(0)
        self.was_up = self.network.connection.state is State.UP


async def test_what_is_being_announced_is_confirmed_before_networks_are_left() -> None:
    network, stopping = ScriptedTransport(), asyncio.Event()
    announcer = Saying(network)
    serving = asyncio.create_task(serve(bot(), [network], stopping, given(announcer)))
    network.say("!next")
    await network.answers(1)
    stopping.set()
    assert await serving
    assert announcer.was_up
    assert 0 < announcer.within < 4.5


async def test_networks_connect_while_it_begins_and_what_is_said_meanwhile_is_answered_after() -> None:
    network, stopping, opened = ScriptedTransport(), asyncio.Event(), asyncio.Event()

    async def begin() -> Ending:
        await opened.wait()
        return Saying(network)

    serving = asyncio.create_task(serve(bot(), [network], stopping, begin()))
    network.say("!next")
    for _ in range(20):
        await asyncio.sleep(0)
    assert network.connection.state is State.UP
    assert not network.said
    opened.set()
    await network.answers(1)
    stopping.set()
    assert await serving


async def test_where_it_cannot_begin_the_networks_are_left_at_once_and_the_reason_is_told() -> None:
    network = ScriptedTransport()

    async def begin() -> Ending:
        while network.connection.state is not State.UP:  # noqa: ASYNC110 - no transport tells
            await asyncio.sleep(0)
        network.say("!next")
        raise StoreError("the disk is full")

    async with asyncio.timeout(1):
        with pytest.raises(StoreError, match="the disk is full"):
            await serve(bot(), [network], asyncio.Event(), begin())
    assert network.connection.state is not State.UP
    assert not network.said


async def test_the_announcer_is_stopped_too_where_no_network_can_be_used() -> None:
    wrong = ScriptedTransport("wrong", refused=True)
    announcer = Saying(wrong)
    assert not await serve(bot(), [wrong], asyncio.Event(), given(announcer))
    assert announcer.was_up is False


async def test_it_stops_in_time_though_what_is_announced_is_never_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("milestonebot.service._LEAVING", 0.1)
    monkeypatch.setattr("milestonebot.service._CONFIRMING", 0.05)
    room = Room("scripted", "#room")
    network, stopping = ScriptedTransport(), asyncio.Event()
    network.hold[room] = asyncio.Event()
    network.connect()
    world = World(SetClock(NOW), (), [network])
    serving = asyncio.create_task(serve(bot(), [network], stopping, given(world.announcer)))
    await world.announcer.announce([room], "hello", "1", "scripted/rm")
    while not network.announced:  # noqa: ASYNC110 - no transport tells
        await asyncio.sleep(0)
    stopping.set()
    async with asyncio.timeout(5):
        assert await serving
    (delivery,) = await world.outbox.pending()
    assert delivery.stage is Stage.SENDING
