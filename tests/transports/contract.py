"""What every Transport does, whatever its network: the tests of the port.

A network's own test file makes a class of `TransportContract` with a fixture `other`, an `Other`:
everybody else on that network. It says what people say and hears what the bot says; the tests do
the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import pytest

from milestonebot.conversation import converse
from milestonebot.document import say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Nature, Room, State
from tests.asking import UNLIMITED, bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable
    from typing import TypeVar

    from milestonebot.document import Document
    from milestonebot.ports import Message, Transport

    T = TypeVar("T")

PATIENCE = 20.0
_NOTICED = 2.0
"""Seconds after which a network has noticed that its connection is broken."""
_MOST_PAGES = 20


class Other(ABC):
    """Everybody else on a network, for one test."""

    transport: Transport
    """Not running yet."""
    room: Room
    """Where the bot is to be, with one person."""
    private_only: bool = False
    """Whether the room is between the two alone."""

    @abstractmethod
    async def say(self, text: str, *, private: bool = False) -> None:
        """Let the person say something, in the room or to the bot alone."""

    @abstractmethod
    async def hear(self) -> str:
        """Return the next text that the person sees of the bot, in the room or in private, lines and all."""

    async def say_as_bot(self, text: str) -> None:
        """Let another bot say something in the room, in the way that bots have on the network."""
        raise NotImplementedError

    async def another_room(self, *, closed: bool = False) -> Room:
        """Return a room in which the bot is not, and which it can enter, or cannot."""
        raise NotImplementedError

    async def break_off(self) -> None:
        """Break the bot's connection; it may come back at once."""
        raise NotImplementedError


async def soon(awaited: Awaitable[T]) -> T:
    """Return what is waited for, within reason."""
    async with asyncio.timeout(PATIENCE):
        return await awaited


async def up(transport: Transport, room: Room) -> None:
    """Wait until the transport is in the room; no transport tells, so this looks."""
    async with asyncio.timeout(PATIENCE):
        while room not in transport.rooms:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.001)


async def announce(transport: Transport, room: Room, text: str, key: str) -> None:
    """Announce `text`, part by part."""
    for number, part in enumerate(transport.compose(room, say(text))):
        await transport.announce(room, part, f"{key}#{number}")


@contextlib.asynccontextmanager
async def at_home(other: Other) -> AsyncIterator[asyncio.Task[None]]:
    """Run the transport until it is in its room, and stop it afterwards."""
    run = asyncio.create_task(other.transport.run())
    try:
        await up(other.transport, other.room)
        yield run
        await soon(other.transport.stop())
        await soon(run)
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)


@contextlib.asynccontextmanager
async def answering(other: Other) -> AsyncIterator[None]:
    """Let the real bot answer on the transport."""
    async with at_home(other):
        talk = asyncio.create_task(converse(bot(settings=UNLIMITED), other.transport))
        try:
            yield
            await soon(other.transport.stop())
            await soon(talk)
        finally:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)


class TransportContract:
    """The tests; what a network cannot do at all is said by its class, with the reason beside it."""

    has_bots: ClassVar[bool] = True
    has_rooms: ClassVar[bool] = True
    """Whether there are other rooms than the one."""
    can_break: ClassVar[bool] = True

    # --- hearing

    async def test_a_message_carries_room_sender_text_id_and_time(self, other: Other) -> None:
        async with at_home(other):
            await other.say("hello, all")
            message = await soon(anext(other.transport.messages()))
        assert message.room == other.room
        assert message.room.network == other.transport.network
        assert message.text == "hello, all"
        assert message.sender.name
        assert message.id
        assert message.time.utcoffset() is not None
        assert message.nature is Nature.TEXT
        assert message.private is other.private_only
        assert not message.addressed

    async def test_messages_come_in_order_each_once_and_with_ids_of_their_own(self, other: Other) -> None:
        async with at_home(other):
            heard: list[Message] = []
            said = [f"number {number}" for number in range(5)]
            messages = other.transport.messages()
            for text in said:
                await other.say(text)
            while len(heard) < len(said):
                heard.append(await soon(anext(messages)))
                other.transport.done(heard[-1])
        assert [message.text for message in heard] == said
        assert len({message.id for message in heard}) == len(said)

    async def test_what_is_said_to_it_alone_is_private_and_so_is_the_answer(self, other: Other) -> None:
        async with at_home(other):
            await other.say("psst", private=True)
            message = await soon(anext(other.transport.messages()))
            assert message.private
            assert message.room.network == other.transport.network
            await soon(other.transport.send(message.room, say("only you"), reply_to=message))
            assert "only you" in await soon(other.hear())

    async def test_what_it_says_itself_is_no_question(self, other: Other) -> None:
        async with at_home(other):
            await soon(other.transport.send(other.room, say("!milestone essex-2")))
            await soon(other.hear())
            await other.say("after that")
            messages = other.transport.messages()
            while (message := await soon(anext(messages))).text != "after that":
                assert message.nature is not Nature.TEXT

    async def test_what_another_bot_says_is_no_question(self, other: Other) -> None:
        if not self.has_bots:
            pytest.skip("there are no bots")
        async with at_home(other):
            await other.say_as_bot("!milestone essex-2")
            await other.say("after that")
            messages = other.transport.messages()
            while (message := await soon(anext(messages))).text != "after that":
                assert message.nature is not Nature.TEXT

    # --- saying

    async def test_what_it_says_arrives_and_nothing_is_left_of_it(self, other: Other) -> None:
        async with at_home(other):
            sent = await soon(other.transport.send(other.room, say("first")))
            assert sent.rest is None
            assert "first" in await soon(other.hear())
            await soon(announce(other.transport, other.room, "second", "a key that stays"))
            assert "second" in await soon(other.hear())

    async def test_an_answer_is_said_now_or_else_waited_for(self, other: Other) -> None:
        async with at_home(other):
            await other.say("hello, all")
            message = await soon(anext(other.transport.messages()))
            sent = other.transport.send_now(message.room, say("first"), reply_to=message)
            if sent is None:
                sent = await soon(other.transport.send(message.room, say("first"), reply_to=message))
            assert sent.rest is None
            assert "first" in await soon(other.hear())
            await soon(other.transport.send(message.room, say("second"), reply_to=None))
            assert "second" in await soon(other.hear())
        assert other.transport.send_now(message.room, say("third"), reply_to=message) is None

    async def test_of_a_long_text_nothing_is_lost(self, other: Other) -> None:
        words = [f"word{number}" for number in range(400)]
        seen = ""
        async with at_home(other):
            left: Document | None = say(" ".join(words))
            for _ in range(_MOST_PAGES):
                if left is not None:
                    left = (await soon(other.transport.send(other.room, left))).rest
            assert left is None
            while words[-1] not in seen.split():
                seen += f" {await soon(other.hear())}"
        assert [word for word in seen.split() if word.startswith("word")] == words

    async def test_what_goes_out_is_clean(self, other: Other) -> None:
        async with at_home(other):
            facts = "one\r\ntwo\rQUIT :x\nthree\0\x1b[2J\u202e\u200bfour @room"
            await soon(other.transport.send(other.room, say(facts, " end of it")))
            seen = await soon(other.hear())
            while "end of it" not in seen:
                seen += await soon(other.hear())
        assert not set(seen) & set("\r\0\x1b\u202e\u200b")
        assert "@room" not in seen

    async def test_where_it_is_not_nothing_can_be_said(self, other: Other) -> None:
        if not self.has_rooms:
            pytest.skip("there is one room only")
        async with at_home(other):
            elsewhere = Room(other.room.network, "#another-room-that-is-not-there")
            with pytest.raises(NetworkError) as raised:
                await soon(announce(other.transport, elsewhere, "x", "k"))
            # Whoever logs it says in which room.
            assert str(elsewhere) not in str(raised.value)

    # --- being connected

    async def test_it_tells_where_it_is_and_how_it_is_connected(self, other: Other) -> None:
        told = [(other.transport.connection, other.transport.rooms)]
        async with at_home(other):
            told.append((other.transport.connection, other.transport.rooms))
        told.append((other.transport.connection, other.transport.rooms))
        assert [rooms for _, rooms in told] == [frozenset(), {other.room}, frozenset()]
        before, during, after = (connection for connection, _ in told)
        assert before.state in (State.DOWN, State.CONNECTING)
        assert (during.state, after.state) == (State.UP, State.STOPPED)
        assert all(connection.since.utcoffset() is not None for connection, _ in told)

    async def test_stopping_ends_run_and_messages_and_may_be_asked_for_twice(self, other: Other) -> None:
        async with at_home(other) as run:
            reading = asyncio.create_task(_all(other.transport))
            await asyncio.sleep(0)
            await soon(asyncio.gather(other.transport.stop(), other.transport.stop()))
            await soon(run)
            assert await soon(reading) == []

    async def test_stopped_before_it_ran_it_does_not_run(self, other: Other) -> None:
        await soon(other.transport.stop())
        await soon(other.transport.run())
        assert other.transport.connection.state is State.STOPPED

    async def test_when_it_is_down_nothing_can_be_said(self, other: Other) -> None:
        if not self.has_rooms:
            pytest.skip("a terminal shows what it is given")
        with pytest.raises(NetworkError):
            await soon(announce(other.transport, other.room, "too early", "k"))
        async with at_home(other):
            pass
        with pytest.raises(NetworkError):
            await soon(announce(other.transport, other.room, "too late", "k"))

    async def test_it_comes_back_by_itself(self, other: Other) -> None:
        if not self.can_break:
            pytest.skip("there is no connection that could break")
        async with answering(other):
            for _ in range(2):
                await other.break_off()
                await up(other.transport, other.room)
                await other.say("!milestone essex-2")
                assert "essex-2" in await soon(other.hear())

    # --- coming and going

    async def test_it_enters_a_room_and_leaves_it(self, other: Other) -> None:
        if not self.has_rooms:
            pytest.skip("there is one room only")
        async with at_home(other):
            transport, elsewhere = other.transport, await other.another_room()
            await soon(transport.enter(elsewhere))
            assert transport.rooms == {other.room, elsewhere}
            await soon(transport.enter(elsewhere))
            await soon(announce(transport, elsewhere, "here I am", "k"))
            await soon(transport.leave(elsewhere))
            assert transport.rooms == {other.room}
            assert transport.absent == {}
            with pytest.raises(Refused):
                await soon(transport.leave(elsewhere))

    async def test_a_room_that_does_not_let_it_in_is_absent_with_the_reason(self, other: Other) -> None:
        if not self.has_rooms:
            pytest.skip("there is one room only")
        async with at_home(other):
            transport, closed = other.transport, await other.another_room(closed=True)
            with pytest.raises(NetworkError) as refusal:
                await soon(transport.enter(closed))
            assert not isinstance(refusal.value, Refused)
            assert set(transport.absent) == {closed}
            assert transport.absent[closed]
            await soon(transport.leave(closed))
            assert transport.absent == {}

    async def test_what_is_no_room_is_refused_and_changes_nothing(self, other: Other) -> None:
        async with at_home(other):
            for name in ("nobody", "#a,0", "#a\r\nQUIT", ""):
                with pytest.raises(Refused):
                    await soon(other.transport.enter(Room(other.room.network, name)))
            assert other.transport.rooms == {other.room}
            assert other.transport.absent == {}

    async def test_where_it_is_to_be_holds_while_it_is_away(self, other: Other) -> None:
        if not self.has_rooms:
            pytest.skip("there is one room only")
        transport, elsewhere = other.transport, await other.another_room()
        with pytest.raises(NetworkError):
            await soon(transport.enter(elsewhere))
        assert set(transport.absent) == {other.room, elsewhere}
        async with at_home(other):
            await up(transport, elsewhere)
            if self.can_break:
                await soon(transport.leave(other.room))
                await other.break_off()
                # One that logs in again at once is never seen to be away.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_NOTICED):
                        while transport.rooms:  # noqa: ASYNC110 - no transport tells
                            await asyncio.sleep(0.001)
                await up(transport, elsewhere)
                assert transport.rooms == {elsewhere}
                assert transport.absent == {}

    # --- the bot on it

    async def test_the_bot_answers_in_the_room_in_private_by_name_and_in_words(self, other: Other) -> None:
        async with answering(other):
            await other.say("!milestone essex-2")
            assert "released Thu 15 Dec 2011" in await soon(other.hear())
            await other.say("milestonebot: when is essex-3?")
            assert "Thu 26 Jan 2012" in await soon(other.hear())
            await other.say("next", private=True)
            assert "essex-3" in await soon(other.hear())

    async def test_the_bot_answers_once(self, other: Other) -> None:
        async with answering(other):
            for number in (1, 2, 3, 4):
                await other.say(f"!when essex-{number}")
            answers = [await soon(other.hear()) for _ in range(4)]
        assert [f"essex-{number}" in answer for number, answer in enumerate(answers, 1)] == [True] * 4


async def _all(transport: Transport) -> list[Message]:
    return [message async for message in transport.messages()]
