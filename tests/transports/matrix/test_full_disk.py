"""The disk has no room for the session: what is kept already goes on, and nothing new is begun."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.ports import State
from milestonebot.settings import Settings as BotSettings
from milestonebot.transports.matrix import syncing
from milestonebot.transports.matrix.account import session as sessions
from milestonebot.transports.matrix.transport import MatrixTransport
from tests.transports.matrix.faulty import Faulty
from tests.transports.matrix.houses import running, settings_for, state

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.transports.matrix.account.session import Session


def fill(monkeypatch: pytest.MonkeyPatch) -> None:
    def save(_path: Path, _session: Session) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sessions, "save", save)


async def answered(server: Faulty, number: int) -> None:
    await server.say(f"!when essex-{number}")
    await server.until(lambda: len(server.said()) == number)


async def test_it_answers_on_while_its_position_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(syncing, "_KEPT_FOR", 0.0)
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path) as transport:
            with monkeypatch.context() as full:
                fill(full)
                for number in (1, 2, 3):
                    await answered(server, number)
                assert transport.connection.state is State.UP
            told = [each.message for each in caplog.records if "session.json" in each.message]
            assert len(told) == 1
            assert told[0].endswith("session.json cannot be kept: No space left on device")
            assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
            before = json.loads((tmp_path / "session.json").read_text())["next_batch"]
            await answered(server, 4)
        assert json.loads((tmp_path / "session.json").read_text())["next_batch"] != before


async def test_it_begins_with_the_session_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            pass
        with monkeypatch.context() as full:
            fill(full)
            async with running(server, tmp_path) as transport:
                await server.say("!when essex-1")
                await server.until(lambda: len(server.said()) == 1)
                assert transport.connection.state is State.UP
        assert len(server.asked("login")) == 1


@pytest.mark.slow
async def test_a_device_that_cannot_be_kept_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Faulty() as server:
        server.room()
        transport = MatrixTransport(settings_for(server, tmp_path), BotSettings(), SystemClock())
        with monkeypatch.context() as full:
            fill(full)
            task = asyncio.create_task(transport.run())
            async with asyncio.timeout(10):
                while "cannot be kept" not in transport.connection.reason:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
            assert transport.connection.state is State.DOWN
        await state(transport, State.UP)
        await transport.stop()
        await task
