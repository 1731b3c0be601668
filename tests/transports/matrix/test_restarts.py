"""The homeserver goes away and comes back: the bot is there again by itself, and answers once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from milestonebot.ports import State
from tests.servers.fixtures import NewHomeserver
from tests.servers.synapse import Settings, Synapse
from tests.transports.matrix.houses import state
from tests.transports.matrix.test_room import PASSWORD, House


async def test_it_comes_back_by_itself_and_answers_nothing_twice(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, Settings())
    name = unique("bot")
    await server.register(name, PASSWORD)
    house = House(
        server, await server.register("alice", "pw"), f"@{name}:{server.server_name}", tmp_path / "state"
    )
    async with house.bot() as running:
        room = await house.room_with_the_bot()
        await house.answer(room, "!when essex-1")
        for number in (2, 3):
            await house.person.say(room, f"!when essex-{number}")
        await asyncio.to_thread(server.daemon.kill)
        await asyncio.to_thread(server.daemon.start)
        await house.person.say(room, "!when essex-4")
        await house.person.until(room, lambda event: event.text.startswith("essex-4: "), within=40)
        await house.answer(room, "!next")
        assert running.transport.connection.state is State.UP
    begun = [answer.partition(":")[0] for answer in house.answers(room)]
    assert sorted(begun) == ["essex-1", "essex-2", "essex-3", "essex-3", "essex-4"]


async def test_a_logout_is_followed_by_a_new_login_of_the_same_device(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, Settings())
    name = unique("bot")
    account = await server.register(name, PASSWORD)
    person = await server.register("alice", "pw")
    house = House(server, person, account.user, tmp_path / "state")
    async with house.bot() as running:
        room = await house.room_with_the_bot()
        session = running.transport._account.session  # noqa: SLF001 - what this is about
        assert session is not None
        await account.ask("POST", "logout/all", {})
        assert (await house.answer(room, "!next")).startswith("essex-3: ")
        after = running.transport._account.session  # noqa: SLF001 - likewise
        assert after is not None
        assert after.access_token != session.access_token
        assert after.device_id == session.device_id


async def test_after_a_restart_it_is_in_its_rooms_though_nothing_happened_there(
    homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path
) -> None:
    name = unique("bot")
    await homeserver.register(name, PASSWORD)
    person = await homeserver.register(unique("alice"), "pw")
    house = House(homeserver, person, f"@{name}:{homeserver.server_name}", tmp_path / "state")
    async with house.bot() as running:
        room = await house.room_with_the_bot()
        await house.answer(room, "!next")
        await person.say(room, "that was all")
    for _ in range(2):
        async with house.bot() as running:
            await state(running.transport, State.UP)
            assert {each.name for each in running.transport.rooms} == {room}
