"""Announcements on a real Synapse: each key once, whatever is restarted, lost or limited."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from milestonebot.clock import SystemClock
from milestonebot.document import Document, Line, Listing, say
from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.ports import Room, State, Trace
from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.matrix.account.session import Session
from milestonebot.transports.matrix.said.announcing import KEY, Announcing
from milestonebot.transports.matrix.transport import MatrixTransport
from milestonebot.transports.matrix.wire.history import Unreadable
from tests.announcer.playing import SetClock
from tests.clients.matrix import Event
from tests.servers.fixtures import NewHomeserver
from tests.servers.synapse import Settings as SynapseSettings, Synapse
from tests.transports.matrix.faulty import ALICE, BOT, ROOM, Faulty, answer, reset
from tests.transports.matrix.houses import HOME, running, settings_for, state
from tests.transports.matrix.test_room import PASSWORD, House, Running


def now() -> datetime:
    return datetime.now(UTC)


async def new_house(server: Synapse, unique: Callable[[str], str], folder: Path) -> House:
    name = unique("bot")
    await server.register(name, PASSWORD)
    person = await server.register(unique("alice"), "pw")
    await person.sync()
    return House(server, person, f"@{name}:{server.server_name}", folder / "state")


@pytest.fixture
async def house(homeserver: Synapse, unique: Callable[[str], str], tmp_path: Path) -> House:
    return await new_house(homeserver, unique, tmp_path)


async def up(bot: Running, room: str) -> Room:
    """Wait until the bot is in the room; no transport tells, so this looks."""
    where = Room("matrix", room)
    async with asyncio.timeout(30):
        while where not in bot.transport.rooms:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.005)
    return where


async def announced(house: House, room: str) -> list[Event]:
    """Return all announcements that are in the room."""
    last = await house.person.say(room, "that was all")
    await house.person.until(room, lambda event: event.id == last)
    return [event for event in house.person.heard if event.room == room and KEY in event.content]


# --- once


async def test_the_same_key_is_one_event_across_restarts_of_both(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, SynapseSettings())
    house = await new_house(server, unique, tmp_path)
    ids = []
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        (part,) = bot.transport.compose(where, say("essex-3 is out"))
        ids += [await bot.transport.announce(where, part, "k") for _ in range(2)]
    async with house.bot() as bot:
        await up(bot, room)
        ids.append(await bot.transport.announce(where, part, "k"))
        await asyncio.to_thread(server.daemon.kill)
        await asyncio.to_thread(server.daemon.start)
        await state(bot.transport, State.UP, 30)
        ids.append(await patiently(bot.transport, where, part, "k"))
        assert await patiently(bot.transport, where, part, "another") not in ids
    assert len(set(ids)) == 1
    (first, second) = await announced(house, room)
    assert (first.id, first.content[KEY], first.text) == (ids[0], "k", "essex-3 is out")
    assert second.content[KEY] == "another"


async def patiently(transport: MatrixTransport, room: Room, part: str, key: str) -> str | None:
    """Announce for as long as it takes, as the announcer does."""
    async with asyncio.timeout(50):
        while True:
            try:
                return await transport.announce(room, part, key)
            except Refused:
                raise
            except NetworkError as error:
                await asyncio.sleep(error.after or 0.2)


async def test_what_was_said_is_found_by_the_same_device_and_by_a_new_one(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        (part,) = bot.transport.compose(where, say("essex-3 is out"))
        since = now()
        event = await bot.transport.announce(where, part, "k")
        assert await bot.transport.trace(where, part, "k", since) == Trace(said=True, id=event)
    (house.folder / "session.json").unlink()
    async with house.bot() as bot:
        await up(bot, room)
        assert await bot.transport.trace(where, part, "k", since) == Trace(said=True, id=event)
        assert await bot.transport.trace(where, part, "k2", since) == Trace(said=False)
        # Long before, the bot was not there: the history is not looked through to its beginning.
        assert await bot.transport.trace(where, part, "k", now() + timedelta(days=1)) == Trace(said=False)


async def test_among_many_others_it_is_found(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        (part,) = bot.transport.compose(where, say("essex-3 is out"))
        since = now()
        event = await bot.transport.announce(where, part, "k")
        for number in range(120):
            await bot.transport.announce(where, part, f"later {number}")
        assert await bot.transport.trace(where, part, "k", since) == Trace(said=True, id=event)


async def test_where_it_is_not_or_not_any_more_nothing_is_announced(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        (part,) = bot.transport.compose(where, say("news"))
        await house.person.act(room, "kick", user_id=house.user)
        with pytest.raises(NetworkError):
            await bot.transport.announce(where, part, "k")


async def test_where_only_some_may_speak_it_is_said_when_all_may_again(house: House) -> None:
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        (part,) = bot.transport.compose(where, say("news"))
        levels = await house.person.state(room, "m.room.power_levels")
        await house.person.set_state(room, "m.room.power_levels", {**levels, "events_default": 50})
        with pytest.raises(NetworkError, match="M_FORBIDDEN") as raised:
            await bot.transport.announce(where, part, "k")
        assert not isinstance(raised.value, InDoubt | Refused)
        await house.person.set_state(room, "m.room.power_levels", levels)
        assert await bot.transport.announce(where, part, "k")


async def test_put_out_of_a_room_before_a_sync_tells_it_waits(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path, answers=False) as transport:
            server.wrong("/send/", answer(403, {"errcode": "M_FORBIDDEN"}), times=1)
            (part,) = transport.compose(HOME, say("news"))
            with pytest.raises(NetworkError) as raised:
                await transport.announce(HOME, part, "k")
            assert not isinstance(raised.value, InDoubt | Refused)
            assert await transport.announce(HOME, part, "k")


# --- limits


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_thirty_announcements_arrive_in_order_at_synapses_own_limits(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, SynapseSettings(limits="default"))
    house = await new_house(server, unique, tmp_path)
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        for number in range(30):
            (part,) = bot.transport.compose(where, say(f"number {number}"))
            await patiently(bot.transport, where, part, f"k{number}")
    events = await announced(house, room)
    assert [event.text for event in events] == [f"number {number}" for number in range(30)]
    # Ten may be said at once, the others each after five seconds.
    assert events[-1].ts - events[0].ts > 90_000


# --- in the middle of a kill


async def test_killed_in_the_middle_each_arrives_once(
    new_homeserver: NewHomeserver, unique: Callable[[str], str], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(new_homeserver, SynapseSettings())
    house = await new_house(server, unique, tmp_path)
    async with house.bot() as bot:
        room = await house.room_with_the_bot()
        where = await up(bot, room)
        parts = [bot.transport.compose(where, say(f"number {number}"))[0] for number in range(30)]

        async def all_of_them() -> None:
            for number, part in enumerate(parts):
                await patiently(bot.transport, where, part, f"k{number}")

        saying = asyncio.create_task(all_of_them())
        await house.person.until(room, lambda event: event.text == "number 5")
        await asyncio.to_thread(server.daemon.kill)
        await asyncio.to_thread(server.daemon.start)
        await saying
    assert [event.text for event in await announced(house, room)] == [f"number {n}" for n in range(30)]


# --- what is in doubt, on a homeserver that does wrong


@pytest.mark.slow
async def test_an_answer_that_is_lost_is_in_doubt_and_traced(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path, answers=False) as transport:
            (part,) = transport.compose(HOME, say("news"))
            since = now()
            server.wrong("/send/", reset, times=2, after=True)
            with pytest.raises(InDoubt):
                await transport.announce(HOME, part, "k")
            server.wrong("/send/", answer(502, "<html>"), times=1)
            with pytest.raises(InDoubt):
                await transport.announce(HOME, part, "lost")
            server.mend()
            assert (await transport.trace(HOME, part, "k", since)).said
            assert await transport.trace(HOME, part, "lost", since) == Trace(said=False)
            server.wrong("/messages", answer(500, {}), times=1)
            with pytest.raises(NetworkError) as raised:
                await transport.trace(HOME, part, "k", since)
            assert not isinstance(raised.value, InDoubt | Refused)
        assert len(server.said()) == 1


@pytest.mark.parametrize("repeat", [True, False])
async def test_where_no_history_can_be_read_the_config_decides(tmp_path: Path, *, repeat: bool) -> None:
    async with Faulty() as server:
        server.room()
        before = now()
        async with running(server, tmp_path, answers=False, repeat_in_doubt=repeat) as transport:
            (part,) = transport.compose(HOME, say("news"))
            server.wrong("/messages", answer(403, {"errcode": "M_FORBIDDEN"}))
            # This device sent it, if anyone did: saying it again is the same event.
            assert await transport.trace(HOME, part, "k", now()) == Trace(said=False)
            told = await transport.trace(HOME, part, "k", before)
            assert told == Trace(said=not repeat, sure=False)


async def test_what_is_encrypted_for_another_device_tells_nothing(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        sealed = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"}
        before = now()
        await server.add({"type": "m.room.encrypted", "sender": "@bot:faulty.test", "content": sealed})
        async with running(server, tmp_path, answers=False) as transport:
            assert (await transport.trace(HOME, "{}", "k", before)) == Trace(said=False, sure=False)


@pytest.mark.slow
@pytest.mark.parametrize("soft", [True, False])
async def test_after_a_hard_logout_the_device_counts_as_new(tmp_path: Path, *, soft: bool) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path, answers=False) as transport:
            since = now()
            server.log_out(soft=soft)
            await server.add({"type": "m.room.topic", "state_key": "", "sender": ALICE, "content": {}})
            async with asyncio.timeout(10):
                while len(server.asked("login")) < 2:  # noqa: ASYNC110 - no transport tells
                    await asyncio.sleep(0.01)
            await state(transport, State.UP)
            server.wrong("/messages", answer(403, {"errcode": "M_FORBIDDEN"}))
            assert (await transport.trace(HOME, "{}", "k", since)).sure is soft


class Dark:
    """An account, what it says and a room's history: it may say nothing for long, and can read nothing."""

    def __init__(self) -> None:
        self.clock = SetClock(now())
        self.session = Session("", BOT, "DEVICE", "t", 0.0)
        self.user = BOT
        self.limited = True
        self.posted = 0
        parts: Any = self
        self.announcing = Announcing(parts, parts, parts, self.clock)

    async def post(self, *_: object) -> str:
        if self.limited:
            raise NetworkError("slowly", 60.0)
        self.posted += 1
        return "$event"

    async def back(self, *_: object) -> AsyncIterator[dict[str, object]]:
        for event in list[dict[str, object]]():
            yield event
        raise Unreadable("sealed")

    async def trace(self, since: datetime) -> Trace:
        return await self.announcing.trace(HOME, ROOM, "k", since, repeat=True)


async def test_what_was_limited_for_longer_than_the_homeserver_remembers_is_in_doubt_again() -> None:
    dark = Dark()
    first = dark.clock.now()
    assert await dark.trace(first) == Trace(said=False)
    dark.clock.at += timedelta(hours=22)
    with pytest.raises(NetworkError) as limited:
        await dark.announcing.say(ROOM, "{}", "k")
    assert not isinstance(limited.value, InDoubt)
    dark.limited = False
    dark.clock.at += timedelta(hours=2)
    with pytest.raises(InDoubt):
        await dark.announcing.say(ROOM, "{}", "k")
    assert not dark.posted
    # The core asks again since its last try: that is not all that may stand there.
    assert await dark.trace(dark.clock.now()) == Trace(said=False, sure=False)
    assert await dark.announcing.say(ROOM, "{}", "k") == "$event"
    assert await dark.trace(dark.clock.now()) == Trace(said=False)


# --- what is composed


@pytest.mark.slow
async def test_what_is_composed_is_the_same_each_time_and_folds_what_is_long(tmp_path: Path) -> None:
    async with Faulty() as server:
        settings = Settings(default=RoomSettings(prefix="%"))
        transport = MatrixTransport(settings_for(server, tmp_path), settings, SystemClock())
        items = tuple(Line((f"blueprint {number} ü",)) for number in range(100))
        document = Document((Line(("essex-3 is out",)), Listing(items)), more="overview essex-3")
        (part,) = transport.compose(HOME, document)
        assert transport.compose(HOME, document) == (part,)
        assert KEY not in part
        assert "<details>" in part
        huge = replace(document, blocks=(Listing(items * 1000),))
        (cut,) = transport.compose(HOME, huge)
        assert len(cut.encode()) < 65_536 * 3 / 4
        assert "%overview essex-3" in cut


# --- to one person


async def test_a_person_is_told_in_one_room_of_their_own(house: House) -> None:
    async with house.bot(encryption=False) as bot:
        await up(bot, await house.room_with_the_bot())
        told = [bot.transport.tell(house.person.user, say(f"news {number}")) for number in range(2)]
        await asyncio.gather(*told)
        direct = await house.person.invitation()
        await house.person.act(direct, "join")
        await house.person.until(direct, lambda event: event.text == "news 1")
    (house.folder / "session.json").unlink()
    async with house.bot(encryption=False) as bot:
        await state(bot.transport, State.UP)
        await bot.transport.tell(house.person.user, say("more news"))
        await house.person.until(direct, lambda event: event.text == "more news")
        await house.person.act(direct, "leave")
        await bot.transport.tell(house.person.user, say("come back"))
        assert await house.person.invitation() != direct


async def test_nobody_is_told_where_there_is_nobody(house: House) -> None:
    async with house.bot() as bot:
        await up(bot, await house.room_with_the_bot())
        for nobody in ("alice", "@nobody:elsewhere.example", "@:x"):
            with pytest.raises(NetworkError) as raised:
                await bot.transport.tell(nobody, say("news"))
            assert not isinstance(raised.value, Refused)
