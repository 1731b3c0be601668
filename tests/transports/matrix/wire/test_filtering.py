"""What a homeserver is asked to tell of, and what of it is passed on."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from milestonebot.bot import Bot
from milestonebot.clock import at
from milestonebot.commands import router
from milestonebot.ports import Room
from milestonebot.settings import Settings
from milestonebot.transports.matrix.heard.hearing import Listener, heard
from milestonebot.transports.matrix.heard.receiving import Receiving
from milestonebot.transports.matrix.wire.news import News
from tests.transports.matrix.faulty import ALICE, BOT, ROOM, Faulty, answer
from tests.transports.matrix.houses import running
from tests.transports.matrix.test_room import House, house

__all__ = ["house"]

HERE = Room("matrix", ROOM)
LISTENER = Listener(BOT, ("bot", "Release Bot"))


# --- the filter


async def asked_and_answered(server: Faulty, times: int) -> None:
    for _ in range(times):
        before = len(server.said())
        await server.say("!milestone essex-2")
        await server.until(lambda before=before: len(server.said()) > before)  # type: ignore[misc]  # bound now


async def test_the_filter_is_uploaded_once_and_named_by_its_id(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            await asked_and_answered(server, 3)
    (wanted,) = server.filters
    assert wanted["room"]["timeline"]["not_senders"] == [BOT]
    assert len(server.asked("/filter")) == 1
    assert server.queries[0]["filter"].startswith("{")
    assert {query["filter"] for query in server.queries[1:]} == {"0"}


async def test_a_homeserver_that_takes_no_filter_is_told_it_with_each_sync(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        server.wrong("/filter", answer(403, {"errcode": "M_FORBIDDEN", "error": "?"}))
        async with running(server, tmp_path):
            await asked_and_answered(server, 2)
    assert len(server.asked("/filter")) == 1
    assert all(query["filter"].startswith("{") for query in server.queries)


@pytest.mark.slow
async def test_a_filter_that_the_homeserver_lost_is_done_without(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            await asked_and_answered(server, 1)
            server.filters.clear()
            await asked_and_answered(server, 2)
    assert len(server.asked("/filter")) == 1
    assert server.queries[-1]["filter"].startswith("{")


@pytest.mark.server
async def test_what_the_bot_says_does_not_come_back_though_its_coming_does(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    take = Receiving.take

    def taken(self: Receiving, news: News, since: str | None, oldest: datetime) -> bool:
        told.extend(event for room in news.joined.values() for event in (*room.state, *room.timeline))
        return take(self, news, since, oldest)

    monkeypatch.setattr(Receiving, "take", taken)
    async with house.bot():
        room = await house.room_with_the_bot()
        for _ in range(3):
            await house.answer(room, "!milestone essex-2")
    own = [event for event in told if event["sender"] == house.user]
    assert {event["type"] for event in own} == {"m.room.member"}
    assert any(event["content"]["membership"] == "join" for event in own)
    said = [event for event in told if event["sender"] == house.person.user]
    assert [event["type"] for event in said].count("m.room.message") == len(["asked"] * 3)


@pytest.mark.slow
async def test_a_sync_that_tells_the_same_again_and_again_is_asked_for_once_a_second(tmp_path: Path) -> None:
    async with Faulty() as server:
        server.room()
        async with running(server, tmp_path):
            await asked_and_answered(server, 1)
            event = {**server.stream[0][1], "sender": BOT}
            same = {ROOM: {"timeline": {"events": [event]}}}
            server.wrong("sync", answer(200, {"next_batch": "s0", "rooms": {"join": same}}))
            before = len(server.asked("sync"))
            await asyncio.sleep(1.5)
            assert len(server.asked("sync")) - before <= len(["now", "a second later", "two"])


# --- what concerns the bot


def message(body: str, **content: object) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "sender": ALICE,
        "event_id": "$1",
        "origin_server_ts": 1_324_400_000_000,
        "content": {"msgtype": "m.text", "body": body, **content},
    }


@pytest.fixture(scope="module")
def concerns() -> Callable[[str], bool]:
    bot = Bot(router(), Settings(), at("2011-12-20"))
    by_names = [bot.concerning(HERE, name) for name in LISTENER.names]
    return lambda text: any(each(text) for each in by_names)


@pytest.mark.parametrize(
    "event",
    [
        message("!milestone essex-2"),
        message("bot: next"),
        message("@bot:faulty.test: next"),
        message("Release Bot, next"),
        message("  !next"),
        message("> <@x:y> hi\n\n!next", **{"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}),
    ],
)
def test_what_may_be_for_the_bot_is_heard(event: dict[str, Any], concerns: Callable[[str], bool]) -> None:
    known = heard(event, HERE, LISTENER, private=False, level=0)
    assert known is not None
    assert heard(event, HERE, LISTENER, private=False, level=0, concerns=concerns) == known


@pytest.mark.parametrize(
    "event",
    [
        message("that is no question, is it"),
        message("the bot said: !next"),
        message("!next", msgtype="m.notice"),
        message("!next", **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}),
        {**message("!next"), "sender": BOT},
    ],
)
def test_other_talk_is_passed_over(event: dict[str, Any], concerns: Callable[[str], bool]) -> None:
    assert heard(event, HERE, LISTENER, private=False, level=0) is not None
    assert heard(event, HERE, LISTENER, private=False, level=0, concerns=concerns) is None
