"""What is done about rooms holds up nothing else, and what they are called is known after a restart."""

import asyncio
import json
from pathlib import Path

import pytest

from milestonebot.bot import Bot
from milestonebot.clock import SystemClock, at
from milestonebot.commands import router
from milestonebot.conversation import converse
from milestonebot.ports import Room, State
from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.matrix.heard.names import Names
from milestonebot.transports.matrix.presence.errands import Errands
from milestonebot.transports.matrix.transport import MatrixTransport
from tests.asking import shipped
from tests.transports.matrix.faulty import ROOM, Faulty, answer, hang
from tests.transports.matrix.houses import running, settings_for, state

ALIAS = "#release:faulty.test"


async def test_a_room_that_hangs_holds_up_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.presence.entering._SOON", 0.0)
    async with Faulty() as server:
        server.room()
        server.wrong("directory/room", hang)
        async with running(server, tmp_path, rooms=(ALIAS, "#other:faulty.test")) as transport:
            async with asyncio.timeout(5):
                for number in range(3):
                    await server.say("!when essex-1")
                    await server.until(lambda number=number: len(server.said()) > number)  # type: ignore[misc]  # bound
            assert len(server.asked("directory")) == 1
            server.mend()
            server.wrong("directory/room", answer(200, {"room_id": ROOM, "servers": []}))
            assert transport.connection.state is State.UP


async def test_where_the_homeserver_limits_a_room_is_entered_as_soon_as_it_may_be(tmp_path: Path) -> None:
    async with Faulty() as server:
        limit = {"errcode": "M_LIMIT_EXCEEDED", "error": "?", "retry_after_ms": 50}
        server.wrong("directory/room", answer(200, {"room_id": "!new:faulty.test"}))
        server.wrong("join/", answer(429, limit), times=4)
        async with running(server, tmp_path, rooms=(ALIAS,)) as transport:
            async with asyncio.timeout(5):
                while any(transport.absent.values()) or len(server.asked("join/")) < 5:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
        assert len(server.asked("join/")) == 5


@pytest.mark.slow
@pytest.mark.parametrize("welcome", [True, False])
async def test_an_invitation_that_could_not_be_answered_is_answered_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, welcome: bool
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.presence.entering._SOON", 0.1)
    async with Faulty() as server:
        server.room()
        path = "join/!new" if welcome else "!new:faulty.test/leave"
        server.wrong(path, answer(500, {}), times=2)
        async with running(server, tmp_path, invites=("@*:faulty.test",) if welcome else ()):
            await server.invite("!new:faulty.test")
            async with asyncio.timeout(10):
                while len(server.asked(path)) < 3:
                    await server.say("hello")
                    await asyncio.sleep(0.1)
        assert len(server.asked(path)) == 3


async def test_after_a_restart_a_room_is_known_by_its_name_before_it_is_told(tmp_path: Path) -> None:
    home = Room("matrix", ALIAS)
    ours = Settings(rooms={home: RoomSettings(prefix="?", limits=None)})

    async def once(server: Faulty, answers: int) -> None:
        transport = MatrixTransport(settings_for(server, tmp_path, rooms=(ALIAS,)), ours, SystemClock())
        bot = Bot(router(), ours, at("2011-12-20"), shipped())
        tasks = [asyncio.create_task(transport.run()), asyncio.create_task(converse(bot, transport))]
        await state(transport, State.UP)
        async with asyncio.timeout(5):
            while home not in transport.rooms:  # noqa: ASYNC110 - no transport tells
                await asyncio.sleep(0.01)
        await server.say("?when essex-2")
        await server.until(lambda: len(server.said()) == answers)
        await transport.stop()
        await asyncio.gather(*tasks)

    async with Faulty() as server:
        server.room()
        server.wrong("directory/room", answer(200, {"room_id": ROOM}), times=1)
        await once(server, 1)
        server.wrong("directory/room", hang)
        await server.say("?when essex-1")
        await once(server, 3)
        assert [reply["body"][:7] for reply in server.said()] == ["essex-2", "essex-1", "essex-2"]


async def test_errands_are_done_once_each_and_one_that_breaks_stops_no_other() -> None:
    done: list[str] = []
    first = asyncio.Event()

    def errand(name: str) -> object:
        async def do() -> None:
            if name == "first":
                await first.wait()
            done.append(name)
            if name == "broken":
                raise RuntimeError

        return do

    errands = Errands()
    for name in ("first", "broken", "last", "last"):
        errands.add((name,), errand(name))  # type: ignore[arg-type]  # a function
        await asyncio.sleep(0)
    errands.add(("urgent",), errand("urgent"), urgent=True)  # type: ignore[arg-type]  # likewise
    first.set()
    while len(done) < 4:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    assert done == ["first", "urgent", "broken", "last"]
    errands.close()
    errands.add(("late",), errand("late"))  # type: ignore[arg-type]  # likewise
    await asyncio.sleep(0)
    assert "late" not in done


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"!a:b": 5}', '{"!a:b": ["x"]}'])
def test_names_that_are_damaged_are_none(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "rooms.json"
    file.write_text(damage)
    names = Names(file)
    names.open((ALIAS,))
    assert not list(names)


def test_a_name_leads_to_one_room_and_only_wanted_ones_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "rooms.json"
    names = Names(file)
    names.set("!a:b", ALIAS)
    names.set("!b:b", ALIAS)
    names.set("!c:b", "#other:b")
    assert json.loads(file.read_text()) == {"!b:b": ALIAS, "!c:b": "#other:b"}
    again = Names(file)
    again.open((ALIAS,))
    assert list(again) == [("!b:b", ALIAS)]
    assert again.pop("!b:b") == ALIAS
    assert json.loads(file.read_text()) == {}
