"""The service: several networks, one failing alone, a clean end; and the state folder it holds."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from milestonebot.errors import MilestonebotError
from milestonebot.service import serve
from milestonebot.state import held
from tests.asking import bot
from tests.transports.scripted import ScriptedTransport


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
