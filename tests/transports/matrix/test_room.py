"""The bot in a real room of a real homeserver, asked by an independent client."""

import asyncio
import contextlib
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from milestonebot.bot import Bot
from milestonebot.clock import SystemClock, at
from milestonebot.commands import router
from milestonebot.conversation import converse
from milestonebot.errors import Refused
from milestonebot.ports import State
from milestonebot.secret import Secret
from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.matrix.settings import MatrixSettings
from milestonebot.transports.matrix.transport import MatrixTransport
from tests.asking import shipped
from tests.clients.matrix import MatrixClient
from tests.servers.synapse import Synapse

PASSWORD = "correct horse"  # noqa: S105 - of an account that lives for one test run


class Running:
    """The bot of one account, as `run` starts it."""

    def __init__(self, transport: MatrixTransport, settings: Settings | None = None) -> None:
        self.transport = transport
        clock = at("2011-12-20")
        settings = settings or Settings(default=RoomSettings(limits=None))
        self.bot = Bot(router(), settings, clock, shipped())
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self.tasks = [
            asyncio.create_task(self.transport.run()),
            asyncio.create_task(converse(self.bot, self.transport)),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        async with asyncio.timeout(5):
            await self.transport.stop()
            await asyncio.gather(*self.tasks, return_exceptions=True)

    async def kill(self) -> None:
        """End it at once, as a crash does."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


class House:
    """A homeserver with a person on it, and an account for the bot."""

    def __init__(self, server: Synapse, person: MatrixClient, user: str, folder: Path) -> None:
        self.server = server
        self.person = person
        self.user = user
        self.folder = folder

    def settings(self, **changes: object) -> MatrixSettings:
        values: dict[str, object] = {
            "name": "matrix",
            "homeserver": self.server.url,
            "user": self.user,
            "folder": self.folder,
            "password": Secret(PASSWORD),
            "invites": (f"@*:{self.server.server_name}",),
            "initial_backoff": 0.2,
        }
        return MatrixSettings(**{**values, **changes})  # type: ignore[arg-type]  # by name

    def bot(self, **changes: object) -> Running:
        return Running(MatrixTransport(self.settings(**changes), Settings(), SystemClock()))

    async def room_with_the_bot(self, **settings: object) -> str:
        """Make a room, and wait until the bot has come in by invitation."""
        room = await self.person.create_room(self.user, **(settings or {"name": "release"}))
        await self.person.until(
            room,
            lambda event: (
                event.type == "m.room.member"
                and (event.sender, event.content.get("membership")) == (self.user, "join")
            ),
        )
        return room

    async def answer(self, room: str, text: str, **content: object) -> str:
        asked = await self.person.say(room, text, **content)
        return (await self.person.reply_of(room, self.user, after=asked)).text

    def answers(self, room: str) -> list[str]:
        """Return all that the bot has said in `room`, as far as the person heard."""
        return [
            event.text
            for event in self.person.heard
            if (event.room, event.sender, event.type) == (room, self.user, "m.room.message")
        ]


@pytest.fixture
async def house(homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path) -> House:
    name = unique("bot")
    await homeserver.register(name, PASSWORD)
    person = await homeserver.register(unique("alice"), "pw")
    await person.sync()
    return House(homeserver, person, f"@{name}:{homeserver.server_name}", tmp_path / "state")


async def test_a_question_is_answered_in_html_and_plain_as_a_notice_that_pings_nobody(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot()
        asked = await house.person.say(room, "!milestone essex-2")
        reply = await house.person.reply_of(room, house.user, after=asked)
    assert reply.text.startswith(
        "essex-2 (Essex, 2012.1): released Thu 15 Dec 2011, 5 days ago · 19 blueprints"
    )
    assert reply.content["msgtype"] == "m.notice"
    assert reply.content["format"] == "org.matrix.custom.html"
    assert "<strong>essex-2</strong>" in reply.content["formatted_body"]
    assert reply.content["m.mentions"] == {}
    assert reply.content["m.relates_to"] == {"m.in_reply_to": {"event_id": asked}}


async def test_by_name_and_in_words(house: House) -> None:
    local = house.user.removeprefix("@").partition(":")[0]
    async with house.bot():
        room = await house.room_with_the_bot()
        assert (await house.answer(room, f"{local}: when is essex-3?")).startswith("essex-3: Thu 26 Jan 2012")
        assert (await house.answer(room, f"{house.user}: next")).startswith("essex-3: ")
        pill = f'<a href="https://matrix.to/#/{house.user}">{local}</a>: is essex-2 out?'
        html = {"format": "org.matrix.custom.html", "formatted_body": pill}
        assert (await house.answer(room, f"{local}: is essex-2 out?", **html)).startswith("Yes: essex-2")


async def test_in_a_direct_room_no_prefix_is_needed(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot(is_direct=True)
        assert (await house.answer(room, "what is the next milestone?")).startswith("essex-3: ")


async def test_what_is_not_for_it_is_not_answered(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot()
        person = house.person
        await person.say(room, "hello all")
        await person.say(room, "!next", msgtype="m.notice")
        first = await person.say(room, "never mind")
        await person.edit(room, first, "!next")
        await person.say(room, "!nothing")
        for kind in ("m.room.message", "m.reaction", "org.example.odd"):
            with contextlib.suppress(Exception):
                await person.send(room, kind, {"body": 5, "msgtype": "m.text"})
        await house.answer(room, "!when essex-4")
    assert len(house.answers(room)) == 1


async def test_an_answer_stays_in_its_thread(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot()
        root = await house.person.say(room, "about the release")
        relation = {"rel_type": "m.thread", "event_id": root}
        asked = await house.person.say(room, "!next", **{"m.relates_to": relation})
        reply = await house.person.reply_of(room, house.user, after=asked)
    assert reply.content["m.relates_to"]["rel_type"] == "m.thread"
    assert reply.content["m.relates_to"]["event_id"] == root


async def test_a_long_list_comes_whole_and_folded(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot()
        asked = await house.person.say(room, "!blueprints essex-2")
        reply = await house.person.reply_of(room, house.user, after=asked)
        assert await house.answer(room, "!more") == "There is no more."
    assert reply.content["formatted_body"].count("<a href=") == 19
    assert "<details>" in reply.content["formatted_body"]
    assert reply.text.count("/+spec/") == 19


async def test_hostile_messages_are_survived(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot()
        for text in ("!when " + "x" * 60_000, "!when a\r\nb\u0000c", "!search \u202e\u200b<b>&</b> @room"):
            await house.person.say(room, text)
        await house.person.say(room, "!next")
        await house.person.until(room, lambda event: event.text.startswith("essex-3: "))
    for answer in house.answers(room):
        assert "@room" not in answer
        assert "\u202e" not in answer


async def test_only_those_who_are_allowed_may_invite(house: House) -> None:
    async with house.bot(invites=("@nobody:*", "@*:elsewhere.example")):
        room = await house.person.create_room(house.user)
        left = await house.person.until(
            room,
            lambda event: event.type == "m.room.member" and event.content.get("membership") == "leave",
        )
    assert "operator" in left.content.get("reason", "")


async def test_a_configured_room_is_entered_and_called_by_its_alias(
    house: House, unique: Callable[[str], str]
) -> None:
    name = unique("release")
    alias = f"#{name}:{house.server.server_name}"
    room = await house.person.create_room(preset="public_chat", room_alias_name=name)
    async with house.bot(rooms=(alias, f"#nowhere:{house.server.server_name}")) as running:
        await house.person.until(room, lambda event: event.sender == house.user)
        assert (await house.answer(room, "!next")).startswith("essex-3: ")
        assert {each.name for each in running.transport.rooms} == {alias}
        assert running.transport.connection.state is State.UP
    assert str(running.transport.connection.state) == "stopped"


async def test_the_device_is_kept_in_a_file_of_its_owners_alone(house: House) -> None:
    async with house.bot():
        await house.room_with_the_bot()
    file = house.folder / "session.json"
    before = file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(house.folder.stat().st_mode) == 0o700
    assert PASSWORD not in before
    async with house.bot() as running:
        await house.room_with_the_bot()
        assert running.transport._account.session is not None  # noqa: SLF001 - what the file is about
        assert running.transport._account.session.device_id in before  # noqa: SLF001 - likewise


async def test_a_wrong_password_is_told(house: House) -> None:
    transport = MatrixTransport(house.settings(password=Secret("wrong")), Settings(), SystemClock())
    with pytest.raises(Refused, match="M_FORBIDDEN") as refused:
        await transport.run()
    assert "wrong" not in str(refused.value)
    assert transport.connection.state is State.DOWN
    await transport.stop()


async def test_what_was_asked_while_the_bot_was_down_is_answered_once(house: House) -> None:
    async with house.bot():
        room = await house.room_with_the_bot()
        await house.answer(room, "!when essex-3")
    for milestone in ("essex-1", "essex-2", "essex-4"):
        await house.person.say(room, f"!when {milestone}")
    async with house.bot():
        await house.person.until(room, lambda event: event.text.startswith("essex-4: "))
    async with house.bot():
        await house.answer(room, "!next")
    begun = [answer.partition(":")[0] for answer in house.answers(room)]
    assert begun == ["essex-3", "essex-1", "essex-2", "essex-4", "essex-3"]


async def test_what_was_said_before_the_bot_came_is_not_answered(house: House) -> None:
    room = await house.person.create_room(name="old", preset="public_chat")
    await house.person.say(room, "!when essex-1")
    async with house.bot():
        await house.person.act(room, "invite", user_id=house.user)
        await house.person.until(room, lambda event: event.sender == house.user)
        await house.answer(room, "!when essex-2")
    assert [answer.partition(":")[0] for answer in house.answers(room)] == ["essex-2"]


async def test_a_crash_in_the_middle_answers_everything_once(house: House) -> None:
    crashing = house.bot()
    await crashing.__aenter__()
    room = await house.room_with_the_bot()
    await house.answer(room, "!when essex-1")
    asked = [await house.person.say(room, f"!when essex-{number}") for number in (1, 2, 3, 4)]
    await house.person.reply_of(room, house.user, after=asked[0])
    await crashing.kill()
    async with house.bot():
        await house.person.until(room, lambda event: event.text.startswith("essex-4: "))
        await house.answer(room, "!next")
    replies = [
        event.content["m.relates_to"]["m.in_reply_to"]["event_id"]
        for event in house.person.heard
        if event.room == room and event.sender == house.user and event.type == "m.room.message"
    ]
    assert sorted(replies) == sorted(set(replies))
    assert set(asked) <= set(replies)
