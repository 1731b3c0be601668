"""Where the bot goes and what it leaves, on a real Synapse."""

import asyncio
from collections.abc import Callable
from urllib.parse import quote

import pytest

from milestonebot.bot import Question
from milestonebot.document import Document, say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Message, Nature, Rights, Room, State
from tests.clients.matrix import Event
from tests.transports.matrix.houses import state
from tests.transports.matrix.test_announcing import house, up
from tests.transports.matrix.test_room import House, Running

__all__ = ["house"]


def membership(user: str, wanted: str) -> Callable[[Event], bool]:
    return lambda event: (
        event.type == "m.room.member"
        and event.content.get("membership") == wanted
        and (event.sender == user or wanted in ("invite", "ban"))
    )


async def upgraded(house: House, room: str) -> str:
    told = await house.person.ask("POST", f"rooms/{quote(room)}/upgrade", {"new_version": "11"})
    new: str = told["replacement_room"]
    return new


def rights(bot: Running) -> list[Rights]:
    """Return the rights of all who ask something from now on, as it is heard."""
    heard: list[Rights] = []
    hear = bot.bot.hear

    def listen(message: Message) -> Question | Document | None:
        if message.nature is Nature.TEXT:
            heard.append(message.sender.rights)
        return hear(message)

    bot.bot.hear = listen  # type: ignore[method-assign]  # to see what is heard
    return heard


async def gone(bot: Running, room: str) -> None:
    """Wait until the bot is not in the room; no transport tells, so this looks."""
    async with asyncio.timeout(20):
        while room in {each.name for each in bot.transport.rooms}:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


async def test_a_room_that_moves_is_followed_and_left(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with house.bot() as bot:
        room = await house.room_with_the_bot(name="rele\x1base", preset="public_chat")
        await up(bot, room)
        new = await upgraded(house, room)
        await house.person.until(new, membership(house.user, "join"))
        await house.person.until(room, membership(house.user, "leave"))
        assert f"matrix: release ({room}) moved to {new}" in caplog.text
        assert (await house.answer(new, "!next")).startswith("essex-3: ")


async def test_a_configured_room_keeps_its_name_when_it_moves(
    house: House, unique: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    name = unique("moving")
    alias = f"#{name}:{house.server.server_name}"
    room = await house.person.create_room(preset="public_chat", room_alias_name=name)
    async with house.bot(rooms=(alias,), invites=()) as bot:
        await up(bot, alias)
        new = await upgraded(house, room)
        await house.person.until(new, membership(house.user, "join"))
        await house.person.until(room, membership(house.user, "leave"))
        await up(bot, alias)
        where = Room("matrix", alias)
        async with asyncio.timeout(20):
            while True:
                try:
                    await bot.transport.announce(where, bot.transport.compose(where, say("news"))[0], "k")
                    break
                except NetworkError:
                    await asyncio.sleep(0.1)
        await house.person.until(
            new, lambda event: event.text == "news" if "body" in event.content else False
        )
    assert f"matrix: {alias} ({room}) moved to {new}" in caplog.text


async def test_a_room_that_is_entered_by_two_at_once_is_told_once(
    house: House, unique: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    alias = f"#{(name := unique('both'))}:{house.server.server_name}"
    await house.person.create_room(preset="public_chat", room_alias_name=name)
    async with house.bot() as bot:
        await state(bot.transport, State.UP)
        where = Room("matrix", alias)
        await asyncio.gather(bot.transport.enter(where), bot.transport.enter(where))
    assert caplog.text.count(f"matrix: in {alias}\n") == 1


async def test_a_room_that_is_moved_by_a_stranger_is_not_followed(house: House) -> None:
    async with house.bot(invites=("@nobody:example.org", house.person.user)) as bot:
        room = await house.room_with_the_bot(name="release", preset="public_chat")
        await up(bot, room)
    async with house.bot(invites=()) as bot:
        await up(bot, room)
        new = await upgraded(house, room)
        await house.person.until(room, lambda event: event.type == "m.room.tombstone")
        await house.person.say(room, "that was all")
        other = await house.person.create_room(house.user)
        await house.person.until(other, membership(house.user, "leave"))
    assert house.user not in await house.person.members(new)


async def test_a_room_in_which_nobody_else_is_is_left(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        await up(bot, room)
        await house.person.act(room, "leave")
        await gone(bot, room)


@pytest.mark.parametrize("action", ["kick", "ban"])
async def test_a_room_that_it_is_put_out_of_is_left_and_told(house: House, action: str) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        await up(bot, room)
        await house.person.act(room, action, user_id=house.user, reason="enough")
        await gone(bot, room)
        with pytest.raises(NetworkError):
            await bot.transport.announce(Room("matrix", room), "{}", "k")


async def test_a_configured_room_that_it_is_put_out_of_is_told_and_entered_again(
    house: House, unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.presence.entering._SOON", 0.5)
    name = unique("kicked")
    alias = f"#{name}:{house.server.server_name}"
    room = await house.person.create_room(preset="public_chat", room_alias_name=name)
    async with house.bot(rooms=(alias,)) as bot:
        where = await up(bot, alias)
        await house.person.act(room, "ban", user_id=house.user, reason="enough")
        await gone(bot, alias)
        assert "banned by" in bot.transport.absent[where]
        assert "enough" in bot.transport.absent[where]
        await house.person.act(room, "unban", user_id=house.user)
        for _ in range(3):
            await house.person.say(room, "never mind")
        second = await house.room_with_the_bot()
        await house.answer(second, "!next")
        await up(bot, alias)
        assert where not in bot.transport.absent


async def test_rooms_are_entered_and_left_while_it_runs(house: House, unique: Callable[[str], str]) -> None:
    name = unique("named")
    alias = f"#{name}:{house.server.server_name}"
    room = await house.person.create_room(preset="public_chat", room_alias_name=name)
    where = Room("matrix", alias)
    async with house.bot() as bot:
        await up(bot, await house.room_with_the_bot())
        await bot.transport.enter(where)
        assert where in bot.transport.rooms
        assert (await house.answer(room, "!next")).startswith("essex-3: ")
        await bot.transport.leave(where)
        assert where not in bot.transport.rooms
        left = await house.person.until(room, membership(house.user, "leave"))
        assert left.content["reason"] == "I am not to be in this room any more."
        with pytest.raises(Refused):
            await bot.transport.leave(where)
        with pytest.raises(Refused):
            await bot.transport.enter(Room("matrix", "nova"))
        nowhere = Room("matrix", f"#nowhere:{house.server.server_name}")
        with pytest.raises(NetworkError) as raised:
            await bot.transport.enter(nowhere)
        assert not isinstance(raised.value, Refused)
        assert set(bot.transport.absent) == {nowhere}


async def test_in_a_space_nothing_is_answered(house: House) -> None:
    async with house.bot() as bot:
        space = await house.room_with_the_bot(name="all rooms", creation_content={"type": "m.space"})
        await up(bot, space)
        await house.person.say(space, "!when essex-1")
        room = await house.room_with_the_bot()
        await house.answer(room, "!next")
    assert not house.answers(space)


async def test_a_direct_room_is_known_as_such_and_used_to_tell(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot(is_direct=True)
        await up(bot, room)
        async with asyncio.timeout(20):
            while not house.answers(room):
                await bot.transport.tell(house.person.user, say("news"))
                await house.person.sync()
        assert not house.person.invites
        assert bot.transport.people == {Room("matrix", room): house.person.user}


async def test_rights_are_those_of_the_room_now(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot(name="release", room_version="11")
        await up(bot, room)
        heard = rights(bot)
        await house.answer(room, "!next")
        levels = await house.person.state(room, "m.room.power_levels")
        levels["users"] |= {house.user: 100}
        await house.person.set_state(room, "m.room.power_levels", levels)
        levels["users"].pop(house.person.user)
        await house.person.set_state(room, "m.room.power_levels", levels)
        await house.answer(room, "!next")
    assert heard == [Rights.OWNER, Rights.NONE]


async def test_whoever_made_a_room_of_the_newest_version_owns_it(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot(name="release", room_version="12")
        heard = rights(bot)
        await house.answer(room, "!next")
    assert heard == [Rights.OWNER]


async def test_rooms_that_cannot_be_entered_keep_it_out_of_no_other(
    house: House, unique: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    banned = await house.person.create_room(preset="public_chat")
    await house.person.act(banned, "ban", user_id=house.user)
    closed = await house.person.create_room(preset="private_chat")
    away, wrong = "#release:127.0.0.1:1", "!nowhere:example.org"
    name = unique("open")
    fine = f"#{name}:{house.server.server_name}"
    await house.person.create_room(preset="public_chat", room_alias_name=name)
    async with house.bot(rooms=(banned, away, closed, wrong, fine), invites=()) as bot:
        await up(bot, fine)
        told = {where.name: why for where, why in bot.transport.absent.items()}
        assert set(told) == {banned, away, closed, wrong}
        assert all(told.values())
        logged = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
        for room in told:
            assert sum(room in line for line in logged) == 1
        await house.person.act(closed, "invite", user_id=house.user)
        await up(bot, closed)
        await house.answer(closed, "!next")


async def test_an_invitation_is_known_by_any_alias_of_the_config(
    house: House, unique: Callable[[str], str]
) -> None:
    name = unique("closed")
    alias = f"#{name}:{house.server.server_name}"
    room = await house.person.create_room(preset="private_chat", name="closed")
    path = f"directory/room/{quote(alias)}"
    await house.person.ask("PUT", path, {"room_id": room})
    async with house.bot(rooms=(alias,), invites=()) as bot:
        async with asyncio.timeout(20):
            while not any(bot.transport.absent.values()):  # noqa: ASYNC110 - no transport tells
                await asyncio.sleep(0.01)
        await house.person.act(room, "invite", user_id=house.user)
        await up(bot, alias)
