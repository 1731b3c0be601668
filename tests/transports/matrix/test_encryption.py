"""Encrypted rooms on a real Synapse, with another client as the person in them."""

import asyncio
import json
import logging
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from nio import MegolmEvent

from milestonebot.document import say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Room, State, Trace
from tests.asking import message
from tests.clients.matrix import MatrixClient
from tests.servers.fixtures import NewHomeserver
from tests.servers.synapse import Settings
from tests.transports.matrix.houses import state
from tests.transports.matrix.phone import Phone, content
from tests.transports.matrix.test_announcing import announced, house, new_house, now, up
from tests.transports.matrix.test_room import House, Running

__all__ = ["house"]


@pytest.fixture
async def phone(house: House, tmp_path: Path) -> AsyncIterator[Phone]:
    async with Phone(house.server.url, house.person, tmp_path / "phone") as running:
        yield running


async def room_with_the_bot(house: House, phone: Phone, bot: Running) -> Room:
    room = await phone.encrypted_room(house.user)
    await phone.joined(room, house.user)
    return await up(bot, room)


async def raw(house: House, room: str) -> list[str]:
    """Return the types of all that the bot sent, as the homeserver sees them."""
    last = await house.person.say(room, "that was all")
    await house.person.until(room, lambda event: event.id == last)
    return [
        event.type
        for event in house.person.heard
        if event.room == room and event.sender == house.user and event.type != "m.room.member"
    ]


async def test_questions_are_answered_and_announcements_made_that_the_homeserver_cannot_read(
    house: House, phone: Phone
) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        asked = await phone.say(where.name, "!when essex-3")
        reply = await phone.says(house.user, "essex-3: ")
        assert content(reply)["m.relates_to"]["m.in_reply_to"]["event_id"] == asked
        (part,) = bot.transport.compose(where, say("essex-3 is out"))
        since = now()
        event = await bot.transport.announce(where, part, "k")
        assert await bot.transport.announce(where, part, "k") == event
        heard = await phone.says(house.user, "essex-3 is out")
        assert content(heard)["org.milestonebot.key"] == "k"
        assert await bot.transport.trace(where, part, "k", since) == Trace(said=True, id=event)
        assert await bot.transport.trace(where, part, "k2", since) == Trace(said=False)
    assert await raw(house, where.name) == ["m.room.encrypted"] * 2
    assert not phone.unreadable(where.name)


async def test_the_keys_outlive_a_restart(house: House, phone: Phone) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        await phone.say(where.name, "!when essex-1")
        await phone.says(house.user, "essex-1: ")
        (part,) = bot.transport.compose(where, say("news"))
        since = now()
        event = await bot.transport.announce(where, part, "k")
    await phone.say(where.name, "!when essex-2")
    async with house.bot() as bot:
        await phone.says(house.user, "essex-2: ")
        await up(bot, where.name)
        assert await bot.transport.trace(where, part, "k", since) == Trace(said=True, id=event)
        assert await bot.transport.announce(where, part, "k") == event
    kept = {each.name: stat.S_IMODE(each.stat().st_mode) for each in house.folder.iterdir()}
    assert set(kept.values()) == {0o600}
    assert {"crypto.db", "crypto.key", "session.json"} <= set(kept)


async def test_people_who_come_later_can_read_what_is_said_then(
    house: House, phone: Phone, tmp_path: Path
) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        await phone.say(where.name, "!when essex-1")
        await phone.says(house.user, "essex-1: ")
        second = await MatrixClient.log_in(house.server.port, house.person.user, "pw")
        async with Phone(house.server.url, second, tmp_path / "second") as other:
            await other.look()
            await phone.say(where.name, "!next")
            await phone.says(house.user, "essex-3: ")
            await other.says(house.user, "essex-3: ")


async def test_a_key_that_comes_late_is_asked_for_and_waited_for(house: House, phone: Phone) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        room, olm = where.name, phone.client.olm
        assert olm is not None
        await phone.client.joined_members(room)
        await phone.client.keys_claim(phone.client.get_missing_sessions(room))
        sharing = list(olm.share_group_session_parallel(room, [house.user], ignore_unverified_devices=True))
        olm.outbound_group_sessions[room].shared = True
        await phone.say(room, "!when essex-1")
        await house.person.say(room, "!when essex-2")
        await phone.says(house.user, "essex-2: ")
        for _, messages in sharing:
            await house.person.ask("PUT", f"sendToDevice/m.room.encrypted/{uuid4()}", messages)
        await phone.says(house.user, "essex-1: ")


async def test_what_is_not_trusted_by_the_config_gets_no_keys(house: House, phone: Phone) -> None:
    async with house.bot(trusted=frozenset({"of-nobody"})) as bot:
        where = await room_with_the_bot(house, phone, bot)
        await phone.say(where.name, "!when essex-1")
        await phone.until(lambda room, event: room == where.name and isinstance(event, MegolmEvent))
        assert not await announced(house, where.name)
    assert phone.client.olm is not None
    mine = phone.client.olm.account.identity_keys["ed25519"]
    async with house.bot(trusted=frozenset({mine})) as bot:
        await up(bot, where.name)
        await phone.say(where.name, "!when essex-2")
        await phone.says(house.user, "essex-2: ")


@pytest.mark.parametrize("damage", ["crypto.db", "crypto.key", "key"])
async def test_lost_keys_are_told_and_nothing_is_said_unencrypted(
    house: House, phone: Phone, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
    before = json.loads((house.folder / "session.json").read_text())
    if damage == "key":
        (house.folder / "crypto.key").write_text("0" * 64)
    else:
        (house.folder / damage).unlink()
    with caplog.at_level(logging.ERROR):
        async with house.bot() as bot:
            await up(bot, where.name)
            assert "keys are lost" in bot.transport.connection.reason
            with pytest.raises(Refused):
                await bot.transport.announce(where, "{}", "k")
            plain = await house.room_with_the_bot()
            assert (await house.answer(plain, "!next")).startswith("essex-3: ")
    assert "begins as a new device" in caplog.text
    assert json.loads((house.folder / "session.json").read_text())["device_id"] == before["device_id"]
    assert await raw(house, where.name) == []


async def test_a_new_device_cannot_read_the_past_and_the_config_decides(house: House, phone: Phone) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        (part,) = bot.transport.compose(where, say("news"))
        since = now()
        await bot.transport.announce(where, part, "k")
    for each in house.folder.iterdir():
        each.unlink()
    for repeat in (True, False):
        async with house.bot(repeat_in_doubt=repeat) as bot:
            await up(bot, where.name)
            told = await bot.transport.trace(where, part, "k", since)
            assert told == Trace(said=not repeat, sure=False)


async def test_after_a_hard_logout_the_keys_are_there_again(
    house: House, phone: Phone, tmp_path: Path
) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        account = MatrixClient(house.server.port, house.user, "", session(house)["access_token"])
        await account.ask("POST", "logout/all", {})
        await phone.until(lambda _, __: session(house)["access_token"] != account.token)
        async with asyncio.timeout(20):
            while session(house)["device_id"] not in await keys(house):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.1)
        # nio itself never takes back a device that was gone once; a client that sees it first does.
        second = await MatrixClient.log_in(house.server.port, house.person.user, "pw")
        async with Phone(house.server.url, second, tmp_path / "second") as other:
            await other.look()
            await other.say(where.name, "!when essex-1")
            await other.says(house.user, "essex-1: ")


async def keys(house: House) -> dict[str, object]:
    """Return the bot's devices that have keys, by name."""
    told = await house.person.ask("POST", "keys/query", {"device_keys": {house.user: []}})
    return told["device_keys"].get(house.user, {})  # type: ignore[no-any-return]  # its form is known


def session(house: House) -> dict[str, str]:
    return json.loads((house.folder / "session.json").read_text())  # type: ignore[no-any-return]  # its form is known


async def test_where_encryption_is_off_nothing_is_said_in_encrypted_rooms(house: House, phone: Phone) -> None:
    async with house.bot(encryption=False) as bot:
        where = await room_with_the_bot(house, phone, bot)
        with pytest.raises(NetworkError):
            await bot.transport.announce(where, "{}", "k")
    assert not (house.folder / "crypto.db").exists()
    assert await raw(house, where.name) == []


async def test_a_direct_room_that_the_homeserver_encrypts_is_written_to_encrypted(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, Settings(encrypted="all"))
    house = await new_house(server, unique, tmp_path)
    async with Phone(server.url, house.person, tmp_path / "phone") as phone:
        async with house.bot() as bot:
            await state(bot.transport, State.UP)
            await bot.transport.tell(phone.user, say("news"))
            room = await house.person.invitation()
            await house.person.act(room, "join")
            await bot.transport.tell(phone.user, say("more news"))
            await phone.says(house.user, "more news")
        assert set(await raw(house, room)) >= {"m.room.encrypted"}
        assert "m.room.message" not in await raw(house, room)


async def test_a_direct_room_that_the_bot_makes_is_encrypted(house: House, phone: Phone) -> None:
    async with house.bot() as bot:
        await state(bot.transport, State.UP)
        await bot.transport.tell(house.person.user, say("for you alone"))
        room = await house.person.invitation()
        await house.person.act(room, "join")
        assert (await house.person.state(room, "m.room.encryption"))["algorithm"] == "m.megolm.v1.aes-sha2"
        await phone.joined(room, house.person.user)
        await bot.transport.tell(house.person.user, say("once more"))
        await phone.says(house.user, "once more")
        sent = await raw(house, room)
        assert sent.count("m.room.encrypted") == 2
        assert "m.room.message" not in sent


async def test_what_is_asked_encrypted_is_never_answered_in_a_plain_room(house: House, phone: Phone) -> None:
    async with house.bot() as bot:
        where = await room_with_the_bot(house, phone, bot)
        plain = await house.room_with_the_bot(is_direct=True)
        await up(bot, plain)
        async with asyncio.timeout(20):
            while not house.answers(plain):
                await bot.transport.tell(phone.user, say("nothing secret"))
                await house.person.sync()
        asked = message("!networks", room=where, name=await phone.say(where.name, "!networks"))
        await bot.transport.tell(phone.user, say("a secret"), asked=asked)
        sealed = await house.person.invitation()
        await house.person.act(sealed, "join")
        await phone.joined(sealed, phone.user)
        shown = await phone.until(
            lambda room, event: room == where.name and event.source["type"] == "m.reaction"
        )
        assert shown.source["content"]["m.relates_to"]["event_id"] == asked.id
        # From then on it is preferred.
        await bot.transport.tell(phone.user, say("more news"))
        await phone.says(house.user, "more news")
        assert set(house.answers(plain)) == {"nothing secret"}
        assert (await raw(house, sealed)).count("m.room.encrypted") == 2
