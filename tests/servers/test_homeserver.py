import asyncio
from collections.abc import Callable

import pytest

from tests.clients.matrix import MatrixClient, MatrixError
from tests.servers.fixtures import NewHomeserver
from tests.servers.synapse import SERVER, Settings, Synapse

Unique = Callable[[str], str]


async def two_in_a_room(homeserver: Synapse, unique: Unique) -> tuple[MatrixClient, MatrixClient, str]:
    alice = await homeserver.register(unique("alice"), "password")
    bob = await homeserver.register(unique("bob"), "password")
    room = await alice.create_room(bob.user)
    assert await bob.invitation() == room
    await bob.act(room, "join")
    return alice, bob, room


async def test_two_users_talk(homeserver: Synapse, unique: Unique) -> None:
    alice, bob, room = await two_in_a_room(homeserver, unique)
    question = await alice.say(room, "hello")
    heard = await bob.until(room, lambda event: event.id == question)
    assert (heard.sender, heard.text) == (alice.user, "hello")
    answer = await bob.say(room, "hello yourself")
    assert (await alice.reply_of(room, bob.user, after=question)).id == answer
    assert await alice.members(room) == {alice.user, bob.user}


async def test_a_message_can_be_edited_and_taken_back(homeserver: Synapse, unique: Unique) -> None:
    alice, bob, room = await two_in_a_room(homeserver, unique)
    event = await alice.say(room, "helo")
    edit = await alice.edit(room, event, "hello")
    heard = await bob.until(room, lambda heard: heard.id == edit)
    assert heard.content["m.relates_to"]["rel_type"] == "m.replace"
    await alice.redact(room, event)
    await bob.until(room, lambda heard: heard.type == "m.room.redaction")


async def test_a_user_logs_in_with_a_password(homeserver: Synapse, unique: Unique) -> None:
    name = unique("alice")
    first = await homeserver.register(name, "right")
    again = await MatrixClient.log_in(homeserver.port, name, "right", device=first.device)
    assert (again.user, again.device) == (f"@{name}:{SERVER}", first.device)
    with pytest.raises(MatrixError, match="M_FORBIDDEN"):
        await MatrixClient.log_in(homeserver.port, name, "wrong")


async def test_the_usual_limits_are_lifted(homeserver: Synapse, unique: Unique) -> None:
    alice, _, room = await two_in_a_room(homeserver, unique)
    said = [await alice.say(room, str(number)) for number in range(20)]
    assert len(set(said)) == 20


async def test_the_usual_limits_are_there_for_who_wants_them(new_homeserver: NewHomeserver) -> None:
    homeserver = new_homeserver(Settings(limits="default"))
    alice = await homeserver.register("alice", "password")
    room = await alice.create_room()
    saying = [alice.say(room, str(number)) for number in range(20)]
    answers = await asyncio.gather(*saying, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, MatrixError)]
    assert len(refused) >= 5
    assert {answer.errcode for answer in refused} == {"M_LIMIT_EXCEEDED"}
    assert min(answer.body["retry_after_ms"] for answer in refused) > 0


async def test_a_session_can_run_out(new_homeserver: NewHomeserver) -> None:
    homeserver = new_homeserver(Settings(session_lifetime="1s"))
    alice = await homeserver.register("alice", "password")
    with pytest.raises(MatrixError) as refused:
        await alice.invitation()
    assert refused.value.errcode == "M_UNKNOWN_TOKEN"
    assert refused.value.body["soft_logout"] is True


async def test_rooms_are_plain(homeserver: Synapse, unique: Unique) -> None:
    alice = await homeserver.register(unique("alice"), "password")
    room = await alice.create_room()
    with pytest.raises(MatrixError, match="M_NOT_FOUND"):
        await alice.state(room, "m.room.encryption")


async def test_rooms_are_encrypted_where_that_is_set(new_homeserver: NewHomeserver) -> None:
    homeserver = new_homeserver(Settings(encrypted="all"))
    alice = await homeserver.register("alice", "password")
    room = await alice.create_room()
    assert "algorithm" in await alice.state(room, "m.room.encryption")


async def test_a_restart_keeps_users_rooms_and_messages(new_homeserver: NewHomeserver) -> None:
    homeserver = new_homeserver(Settings())
    alice = await homeserver.register("alice", "password")
    room = await alice.create_room()
    await asyncio.to_thread(homeserver.daemon.kill)
    with pytest.raises(ConnectionRefusedError):
        await alice.sync()
    await asyncio.to_thread(homeserver.daemon.start)
    event = await alice.say(room, "still here")
    assert (await alice.until(room, lambda heard: heard.id == event)).text == "still here"
