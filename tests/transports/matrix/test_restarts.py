"""The homeserver goes away and comes back: the bot is there again by itself, and answers once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from milestonebot.ports import State
from tests.clients.matrix import Event
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


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_three_hundred_commands_of_sixty_people_while_it_was_down_are_each_answered_once(
    homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path
) -> None:
    name = unique("bot")
    await homeserver.register(name, PASSWORD)
    person = await homeserver.register(unique("alice"), "pw")
    house = House(homeserver, person, f"@{name}:{homeserver.server_name}", tmp_path / "state")
    async with house.bot():
        room = await house.room_with_the_bot(name="release", preset="public_chat")
        await house.answer(room, "!when essex-1")
    people = await asyncio.gather(*(homeserver.register(unique("person"), "pw") for _ in range(60)))
    await asyncio.gather(*(each.act(room, "join") for each in people))
    asked: list[str] = []
    for number in range(5):
        asked += await asyncio.gather(*(each.say(room, f"!when essex-{number % 4 + 1}") for each in people))
    async with house.bot():
        last = await person.say(room, "!next")
        await person.until(room, lambda event: _answered(event) == last, within=120)
    async with house.bot():
        last = await person.say(room, "!next")
        await person.until(room, lambda event: _answered(event) == last)
    answered = Counter(_answered(event) for event in person.heard if event.sender == house.user)
    assert {each: answered[each] for each in asked} == dict.fromkeys(asked, 1)


async def test_killed_in_the_middle_of_a_hundred_answers_none_is_lost_and_none_said_twice(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, Settings())
    name = unique("bot")
    await server.register(name, PASSWORD)
    person = await server.register("alice", "pw")
    house = House(server, person, f"@{name}:{server.server_name}", tmp_path / "state")
    async with house.bot():
        room = await house.room_with_the_bot(name="release")
        asked = []
        for number in range(100):
            asked.append(await person.say(room, f"!when essex-{number % 4 + 1}"))
            if number % 20 == 0:  # a sync tells no more than a hundred events
                await person.sync()
        await person.until(room, lambda event: _answered(event) == asked[10])
        await asyncio.to_thread(server.daemon.kill)
        await asyncio.to_thread(server.daemon.start)
        await person.until(room, lambda event: _answered(event) == asked[-1], within=50)
    answered = Counter(_answered(event) for event in person.heard if event.sender == house.user)
    assert {each: answered[each] for each in asked} == dict.fromkeys(asked, 1)


def _answered(event: Event) -> str:
    """Return the id of what the event answers; nothing where it answers nothing."""
    relation = event.content.get("m.relates_to", {})
    name: str = relation.get("m.in_reply_to", {}).get("event_id", "")
    return name
