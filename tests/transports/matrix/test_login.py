"""Logins that end: by a short lifetime, an administrator, another password."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from milestonebot.clock import SystemClock
from milestonebot.errors import Refused
from milestonebot.ports import State
from milestonebot.secret import Secret
from milestonebot.settings import Settings as BotSettings
from milestonebot.transports.matrix.transport import MatrixTransport
from tests.clients.matrix import MatrixClient
from tests.servers.fixtures import NewHomeserver
from tests.servers.synapse import Settings
from tests.transports.matrix.faulty import Faulty
from tests.transports.matrix.houses import running, settings_for, state
from tests.transports.matrix.test_announcing import new_house


async def test_a_session_that_ends_every_few_seconds_is_renewed_and_nothing_is_lost(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, Settings(session_lifetime="4s"))
    house = await new_house(server, unique, tmp_path)
    devices, tokens = set[str](), set[str]()
    async with house.bot():
        room = await house.room_with_the_bot()
        for number in range(12):
            await log_in_again(house.person)
            await house.answer(room, f"!when essex-{number % 4 + 1}")
            session = json.loads((house.folder / "session.json").read_text())
            devices.add(session["device_id"])
            tokens.add(session["access_token"])
            await asyncio.sleep(0.7)
    assert len(devices) == 1
    assert len(tokens) > 1
    replies = [
        event.content["m.relates_to"]["m.in_reply_to"]["event_id"]
        for event in house.person.heard
        if event.sender == house.user and event.type == "m.room.message"
    ]
    assert len(replies) == len(set(replies)) == 12


async def log_in_again(person: MatrixClient) -> None:
    """Renew the person's own session, which ends as soon."""
    name = person.user.removeprefix("@").partition(":")[0]
    person.token = (await MatrixClient.log_in(person.port, name, "pw", device=person.device)).token


@pytest.mark.slow
async def test_a_changed_password_is_told_and_tried_again_rarely(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path) as transport:
            server.password = "another"  # noqa: S105 - of an account in memory
            server.log_out(soft=False)
            await server.say("!when essex-1")
            async with asyncio.timeout(10):
                told = "M_FORBIDDEN (see to user and password)"
                while told not in transport.connection.reason:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
            assert transport.connection.state is State.DOWN
            before = len(server.requests)
            await asyncio.sleep(2)
            assert len(server.requests) - before <= 3
            server.password = "pw"  # noqa: S105 - likewise
            await server.until(lambda: bool(server.said()))
            await state(transport, State.UP)


async def test_a_session_that_works_is_never_replaced(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        for _ in range(3):
            async with running(server, tmp_path):
                pass
        # The account is the same by whatever address, and however the config writes it.
        async with running(server, tmp_path, homeserver=server.url.replace("127.0.0.1", "localhost")):
            pass
        assert len(server.asked("login")) == 1


async def test_a_token_is_used_as_it_is_and_a_new_one_of_the_config_is_taken(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        server.tokens |= {"first", "second"}
        async with running(server, tmp_path, password=None, access_token=Secret("first")):
            pass
        server.tokens.remove("first")
        async with running(server, tmp_path, password=None, access_token=Secret("second")) as transport:
            assert transport.connection.state is State.UP
        assert not server.asked("login")
        kept = json.loads((tmp_path / "session.json").read_text())
        assert (kept["access_token"], kept["device_id"]) == ("second", "DEVICE")


@pytest.mark.slow
async def test_a_token_that_ends_is_told_and_waited_for(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        server.tokens.add("first")
        async with running(server, tmp_path, password=None, access_token=Secret("first")) as transport:
            server.log_out(soft=False)
            await server.say("!when essex-1")
            async with asyncio.timeout(10):
                while "make a new one" not in transport.connection.reason:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
            assert transport.connection.state is State.DOWN


@pytest.mark.parametrize(
    "changes", [{"password": Secret("wrong")}, {"password": None, "access_token": Secret("x")}]
)
async def test_a_very_first_login_that_is_refused_is_told_and_may_be_tried_again_rarely(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    async with Faulty() as server:
        settings = settings_for(server, tmp_path, **changes)
        transport = MatrixTransport(settings, BotSettings(), SystemClock())
        rests = []
        for _ in range(6):
            with pytest.raises(Refused) as raised:
                await transport.run()
            rests.append(raised.value.after or 0)
            assert "wrong" not in str(raised.value)
            assert transport.connection.state is State.DOWN
            assert transport.connection.reason == str(raised.value)
        assert all(200 <= rest <= 3600 for rest in rests)
        assert rests[0] <= 300
        assert rests[-1] >= 2400
        await transport.stop()
        assert transport.connection.state is State.STOPPED


@pytest.mark.slow
async def test_a_password_is_read_anew_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("wrong")
    async with Faulty() as server:
        server.room()
        settings = settings_for(server, tmp_path / "state", password=Secret("wrong", file.read_text))
        transport = MatrixTransport(settings, BotSettings(), SystemClock())
        with pytest.raises(Refused):
            await transport.run()
        file.write_text("pw")
        running = asyncio.create_task(transport.run())
        await state(transport, State.UP)
        server.password = "another"  # noqa: S105 - of an account in memory
        file.write_text("another")
        server.log_out(soft=False)
        await server.say("hello")
        async with asyncio.timeout(10):
            while len(server.asked("login")) < 3:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        await state(transport, State.UP)
        await transport.stop()
        await running


@pytest.mark.slow
async def test_a_token_is_read_anew_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first")
    async with Faulty() as server:
        server.room()
        server.tokens |= {"first"}
        token = Secret("first", file.read_text)
        async with running(
            server, tmp_path / "state", password=None, access_token=token, max_backoff=0.2
        ) as transport:
            server.log_out(soft=False)
            await server.say("!when essex-1")
            await state(transport, State.DOWN)
            server.tokens |= {"second"}
            file.write_text("second")
            await server.until(lambda: bool(server.said()))
            await server.say("!when essex-2")
            await server.until(lambda: len(server.said()) == 2)
            assert transport.connection.state is State.UP


async def test_a_file_of_before_counts_as_of_a_device_that_is_new(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            pass
        file = tmp_path / "session.json"
        kept = json.loads(file.read_text())
        made = kept.pop("made")
        file.write_text(json.dumps({**kept, "later": "unknown"}))
        async with running(server, tmp_path):
            pass
        assert json.loads(file.read_text())["made"] > made
        assert len(server.asked("login")) == 1
