"""The bot on a homeserver that does wrong: rare requests, recovery by itself, nothing lost, nothing twice."""

import asyncio
import itertools
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from milestonebot.document import say
from milestonebot.errors import NetworkError
from milestonebot.ports import State
from tests.transports.matrix.faulty import ALICE, BOT, ROOM, Fault, Faulty, answer, hang, reset, truncated
from tests.transports.matrix.houses import HOME, running, state

LONG = 3.0
"""Seconds for which each fault lasts."""


def error(code: str, **more: object) -> dict[str, object]:
    return {"errcode": code, "error": "?", **more}


SYNC_FAULTS: dict[str, Fault] = {
    "500": answer(500, error("M_UNKNOWN")),
    "502 in HTML": answer(502, "<html>Bad Gateway"),
    "HTML in place of JSON": answer(200, "<html>Welcome"),
    "JSON of another kind": answer(200, []),
    "JSON of no sync": answer(200, {}),
    "a position of another kind": answer(200, {"next_batch": 5, "rooms": {}}),
    "403": answer(403, error("M_FORBIDDEN")),
    "404": answer(404, error("M_NOT_FOUND")),
    "truncated": truncated,
    "reset": reset,
    "hang": hang,
    "429 with retry_after_ms": answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=1500)),
    "429 with Retry-After": answer(429, "<html>", **{"Retry-After": "1"}),
    "401": answer(401, error("M_UNKNOWN_TOKEN")),
    "401 soft": answer(401, error("M_UNKNOWN_TOKEN", soft_logout=True)),
}


@pytest.mark.slow
async def test_under_any_fault_of_a_sync_it_asks_rarely_and_recovers_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.wire.wire._PATIENCE", 1.0)
    monkeypatch.setattr("milestonebot.transports.matrix.syncing._POLL", 0)
    numbers = itertools.count()

    async def suffer(name: str, fault: Fault) -> None:
        async with Faulty() as server:
            server.room()
            async with running(server, tmp_path / str(next(numbers))) as transport:
                server.wrong("sync", fault)
                await state(transport, State.DOWN, 5)
                before = len(server.requests)
                await server.say("!when essex-1")
                await asyncio.sleep(LONG)
                asked = len(server.requests) - before
                assert asked <= LONG + 1, f"{name}: {asked} requests in {LONG} s: {server.requests[before:]}"
                assert transport.connection.reason, name
                server.mend()
                await server.until(lambda: bool(server.said()))
                await state(transport, State.UP)
            (reply,) = server.said()
            assert reply["body"].startswith("essex-1: "), name

    async with asyncio.TaskGroup() as tasks:
        for name, fault in SYNC_FAULTS.items():
            tasks.create_task(suffer(name, fault), name=name)


@dataclass
class Trouble:
    fault: Fault
    after: bool = False


@pytest.mark.slow
@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(answer(500, {})),
        Trouble(answer(502, "<html>"), after=True),
        Trouble(answer(200, "<html>"), after=True),
        Trouble(reset, after=True),
        Trouble(truncated, after=True),
        Trouble(answer(429, error("M_LIMIT_EXCEEDED", retry_after_ms=300))),
        Trouble(answer(401, error("M_UNKNOWN_TOKEN", soft_logout=True))),
    ],
)
async def test_an_answer_whose_sending_fails_arrives_once(tmp_path: Path, trouble: Trouble) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            server.wrong("/send/", trouble.fault, times=2, after=trouble.after)
            await server.say("!when essex-1")
            await server.say("!when essex-2")
            await server.until(lambda: len(server.said()) == 2)
        assert [reply["body"][:7] for reply in server.said()] == ["essex-1", "essex-2"]


async def test_an_answer_that_is_refused_does_not_hold_up_the_next(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            server.wrong("/send/", answer(403, error("M_FORBIDDEN")), times=1)
            await server.say("!when essex-1")
            await server.say("!when essex-2")
            await server.until(lambda: bool(server.said()))
        assert [reply["body"][:7] for reply in server.said()] == ["essex-2"]


# --- gaps


@pytest.mark.slow
async def test_of_a_gap_of_a_thousand_events_nothing_is_lost_nor_answered_twice(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            await server.say("!when essex-1")
            await server.until(lambda: len(server.said()) == 1)
        for number in range(1000):
            await server.say(f"!when essex-{number % 4 + 1}" if number % 10 == 0 else "hello")
        asked = [event["event_id"] for _, event in server.stream if event["content"]["body"].startswith("!")]
        server.wrong("/messages", answer(500, {}), times=2)
        async with running(server, tmp_path):
            await server.say("!when essex-4")
            await server.until(lambda: len(server.said()) == 102)
        async with running(server, tmp_path):
            await server.say("!when essex-3")
            await server.until(lambda: len(server.said()) == 103)
    answered = [reply["m.relates_to"]["m.in_reply_to"]["event_id"] for reply in server.said()]
    assert answered[:101] == asked
    assert len(set(answered)) == 103


async def test_what_is_too_old_in_a_gap_is_passed_over(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            pass
        content = {"msgtype": "m.text", "body": "!when essex-1"}
        old = {"type": "m.room.message", "sender": ALICE, "content": content, "origin_server_ts": 1000}
        for _ in range(300):
            await server.add(old)
        await server.say("!when essex-2")
        async with running(server, tmp_path):
            await server.until(lambda: bool(server.said()))
        assert len(server.asked("/messages")) == 1
    assert [reply["body"][:7] for reply in server.said()] == ["essex-2"]


async def test_a_gap_that_cannot_be_read_does_not_silence_the_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            pass
        for _ in range(150):
            await server.say("hello")
        server.wrong("/messages", answer(403, error("M_FORBIDDEN")))
        with caplog.at_level(logging.ERROR):
            async with running(server, tmp_path):
                await server.say("!when essex-2")
                await server.until(lambda: bool(server.said()))
        assert "cannot be read" in caplog.text


@pytest.mark.slow
async def test_while_one_room_is_behind_others_are_answered(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        other = server.room("!other:faulty.test")
        async with running(server, tmp_path):
            pass
        for _ in range(150):
            await server.say("hello")
        server.wrong("/messages", answer(500, {}))
        async with running(server, tmp_path):
            await server.say("!when essex-1")
            await server.say("!when essex-2", other)
            await server.until(lambda: bool(server.said(other)))
            assert not server.said()
            server.mend()
            await server.until(lambda: bool(server.said()))


async def test_what_the_homeserver_tells_twice_is_answered_once(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            await server.say("!when essex-1")
            await server.until(lambda: len(server.said()) == 1)
            server.stream.append(server.stream[0])
            await server.say("!when essex-2")
            await server.until(lambda: len(server.said()) == 2)
        # The kept position is lost, and the transaction ids of before too.
        file = tmp_path / "session.json"
        file.write_text(file.read_text().replace('"next_batch": "s', '"next_batch": "s0", "was": "s'))
        server.forget_transactions()
        async with running(server, tmp_path):
            await server.say("!when essex-3")
            await server.until(lambda: len(server.said()) == 3)
    assert [reply["body"][:7] for reply in server.said()] == ["essex-1", "essex-2", "essex-3"]


# --- hostile events

HOSTILE: list[Any] = [
    {},
    {"type": None},
    {"type": "m.room.message"},
    {"type": "m.room.message", "sender": ALICE, "content": None},
    {"type": "m.room.message", "sender": ALICE, "content": []},
    {"type": "m.room.message", "sender": 7, "content": {"msgtype": "m.text", "body": "!next"}},
    {"type": "m.room.message", "sender": ALICE, "content": {"msgtype": ["m.text"], "body": "!next"}},
    {"type": "m.room.message", "sender": ALICE, "content": {"msgtype": "m.text", "body": {"a": 1}}},
    {"type": "m.room.message", "sender": ALICE, "content": {"msgtype": "m.text", "body": "\ud800"}},
    {
        "type": "m.room.message",
        "sender": ALICE,
        "content": {"m.relates_to": 5, "msgtype": "m.text", "body": ""},
    },
    {"type": "m.room.message", "sender": "", "content": {"msgtype": "m.text", "body": "x" * 60_000}},
    {
        "type": "m.room.message",
        "sender": ALICE,
        "content": {"msgtype": "m.text", "body": "x"},
        "origin_server_ts": -1,
    },
    {
        "type": "m.room.message",
        "sender": ALICE,
        "content": {"msgtype": "m.text", "body": "x"},
        "origin_server_ts": 2**80,
    },
    {"type": "m.room.message", "sender": ALICE, "content": {"msgtype": "m.text", "body": "x"}, "event_id": 9},
    {"type": "m.room.encrypted", "sender": ALICE, "content": {}},
    {"type": "m.room.encrypted", "sender": ALICE, "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
    {
        "type": "m.room.encrypted",
        "sender": ALICE,
        "content": {
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": "x",
            "sender_key": "x",
            "session_id": "x",
            "device_id": "x",
        },
    },
    {"type": "m.room.member", "sender": ALICE, "state_key": BOT, "content": {"membership": 5}},
    {"type": "m.room.member", "sender": ALICE, "state_key": None, "content": {"membership": "join"}},
    {"type": "m.room.member", "sender": ALICE, "state_key": ALICE, "content": {"displayname": {"x": []}}},
    {"type": "m.room.power_levels", "sender": ALICE, "state_key": "", "content": {"users": {ALICE: "many"}}},
    {"type": "m.room.power_levels", "sender": ALICE, "state_key": "", "content": {"users": [ALICE]}},
    {"type": "m.room.tombstone", "sender": ALICE, "state_key": "", "content": {"replacement_room": 5}},
    {"type": "m.room.tombstone", "sender": "x", "state_key": "", "content": {"replacement_room": "!new:y"}},
    {"type": "m.room.create", "sender": ALICE, "state_key": "", "content": {"room_version": [12]}},
    {"type": "m.room.canonical_alias", "sender": ALICE, "state_key": "", "content": {"alias": 3}},
    {"type": "m.room.name", "sender": ALICE, "state_key": "", "content": {"name": None}},
    {"type": "m.room.encryption", "sender": ALICE, "state_key": "x", "content": "x"},
    {"type": "m.reaction", "sender": ALICE, "content": {"m.relates_to": {"rel_type": 1}}},
    {"type": "m.room.redaction", "sender": ALICE, "content": {}, "redacts": {}},
    {"type": "x" * 300, "sender": ALICE, "content": {"deep": [[[[[[[[[[1]]]]]]]]]]}},
    "no event",
    7,
    None,
    [],
]


async def test_hostile_events_harm_nothing(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path) as transport:
            for number, event in enumerate(HOSTILE):
                if isinstance(event, dict):
                    await server.add(event)
                else:
                    server.stream.append((ROOM, event))
                await server.say("!when essex-1")
                await server.until(lambda number=number: len(server.said()) == number + 1)  # type: ignore[misc]  # bound
            assert transport.connection.state is State.UP
    assert all(reply["body"].startswith("essex-1: ") for reply in server.said())


# --- keys


async def test_where_keys_cannot_be_exchanged_plain_rooms_go_on_and_it_asks_rarely(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        server.wrong("keys/", answer(500, {}))
        async with running(server, tmp_path):
            for number in range(20):
                await server.say("!when essex-1")
                await server.until(lambda number=number: len(server.said()) == number + 1)  # type: ignore[misc]  # bound
        asked = server.asked("keys/")
        assert 1 <= len(asked) <= asked[-1].at - asked[0].at + 1


@pytest.mark.slow
async def test_where_the_exchange_of_keys_hangs_plain_rooms_go_on(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        server.wrong("keys/", hang)
        async with running(server, tmp_path), asyncio.timeout(5):
            for number in range(3):
                await server.say("!when essex-1")
                await server.until(lambda number=number: len(server.said()) == number + 1)  # type: ignore[misc]  # bound
        assert len(server.asked("keys/")) == 1


async def test_a_room_key_that_did_not_go_out_is_not_used(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        server.encrypt()
        async with running(server, tmp_path, answers=False) as transport:
            server.wrong("keys/query", answer(500, {}))
            with pytest.raises(NetworkError) as raised:
                await transport.announce(HOME, transport.compose(HOME, say("news"))[0], "k")
            assert type(raised.value) is NetworkError
        assert not server.asked("/send/")


# --- while it works


@pytest.mark.slow
async def test_an_answer_that_takes_long_is_announced_by_a_reaction_that_goes_again(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path, answers=False) as transport:
            messages = transport.messages()
            asked = await server.say("!when essex-1")
            await server.say("!when essex-2")
            first, second = [await anext(messages) for _ in range(2)]
            await server.until(lambda: bool(reactions(server)))
            assert reactions(server) == [{"rel_type": "m.annotation", "event_id": asked, "key": "👀"}]
            assert not server.asked("/redact/")
            transport.done(first)
            transport.done(second)
        assert len(server.asked("/redact/")) == 1
        assert len(reactions(server)) == 1


@pytest.mark.slow
async def test_where_no_answer_can_be_given_in_the_end_a_reaction_tells_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.transport._PATIENCE", 3.5)
    async with Faulty() as server:
        server.room()
        server.wrong("/send/m.room.message", answer(500, {}))
        async with running(server, tmp_path, max_age=3.5):
            asked = await server.say("!when essex-1")
            await server.until(lambda: len(reactions(server)) == 2)
        shown = [(each["event_id"], each["key"]) for each in reactions(server)]
        assert shown == [(asked, "👀"), (asked, "❓")]
        assert len(server.asked("/redact/")) == 1


@pytest.mark.slow
async def test_what_is_answered_at_once_or_not_asked_gets_no_reaction(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room("!room:faulty.test", ALICE, "@bob:faulty.test")
        async with running(server, tmp_path, answers=False) as transport:
            messages = transport.messages()
            await server.say("!when essex-1")
            transport.done(await anext(messages))
            await server.say("hello")
            later = await anext(messages)
            await asyncio.sleep(1.2)
            transport.done(later)
        assert not reactions(server)


def reactions(server: Faulty) -> list[Any]:
    return [event["content"]["m.relates_to"] for _, event in server.stream if event["type"] == "m.reaction"]
