"""Long answers on Matrix: told in pages, gone on with by `!more` or by a click."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table, line, say
from milestonebot.router import Router
from milestonebot.settings import Limits, RoomSettings
from milestonebot.transports.matrix.heard.continuing import MORE, Continuing
from milestonebot.transports.matrix.said.leftovers import MOST, Leftover, Leftovers
from milestonebot.transports.matrix.said.paging import MOST_ITEMS
from tests.clients.matrix import Event
from tests.transports.matrix.faulty import ALICE, BOT, ROOM, Faulty, answer
from tests.transports.matrix.houses import HOME, lists, running
from tests.transports.matrix.paging_on import short_pages
from tests.transports.matrix.phone import Phone
from tests.transports.matrix.test_announcing import house, up
from tests.transports.matrix.test_parts import JSON
from tests.transports.matrix.test_room import House

__all__ = ["house", "lists", "short_pages"]

BOB = "@bob:faulty.test"
THREE_PAGES = MOST_ITEMS * 2 + 10


async def click(server: Faulty, page: str, sender: str = ALICE, key: str = MORE, **more: object) -> str:
    relation = {"rel_type": "m.annotation", "event_id": page, "key": key, **more}
    return await server.add({"type": "m.reaction", "sender": sender, "content": {"m.relates_to": relation}})


async def pages(server: Faulty, number: int) -> list[Any]:
    """Wait for so many messages of the bot, and return their events."""
    await server.until(lambda: len(server.said()) >= number)
    return [
        event for _, event in server.stream if (event["sender"], event["type"]) == (BOT, "m.room.message")
    ]


async def mark(server: Faulty, page: str) -> str:
    """Wait for the bot's own reaction to a message, and return its id."""

    def found() -> list[str]:
        return [
            event["event_id"]
            for _, event in server.stream
            if (event["sender"], event["type"]) == (BOT, "m.reaction")
            and event["content"]["m.relates_to"]
            == {"rel_type": "m.annotation", "event_id": page, "key": MORE}
        ]

    await server.until(lambda: bool(found()))
    (name,) = found()
    return name


async def taken_back(server: Faulty, reaction: str) -> None:
    await server.until(lambda: True)
    async with asyncio.timeout(5):
        while not server.asked(f"/redact/{reaction}"):  # noqa: ASYNC110 - the answer to it comes later
            await asyncio.sleep(0.01)


def things(event: Any) -> list[int]:  # noqa: ANN401 - JSON
    return [int(word.split()[2]) for word in event["content"]["body"].splitlines() if word.startswith("• ")]


@pytest.mark.slow
async def test_a_long_answer_is_gone_on_with_by_a_click_once_in_its_thread(
    tmp_path: Path, lists: Router
) -> None:
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists):
            content = {"msgtype": "m.text", "body": f"!list {THREE_PAGES}"}
            content |= {"m.relates_to": {"rel_type": "m.thread", "event_id": "$root"}}  # type: ignore[dict-item]  # JSON
            asked = await server.add({"type": "m.room.message", "sender": ALICE, "content": content})
            (first,) = await pages(server, 1)
            assert first["content"]["body"].splitlines()[-1] == f"… {MOST_ITEMS + 10} more: !more or {MORE}"
            offered = await mark(server, first["event_id"])
            await click(server, first["event_id"])
            await click(server, first["event_id"], BOB)
            _, second = await pages(server, 2)
            await taken_back(server, offered)
            again = await mark(server, second["event_id"])
            await click(server, second["event_id"], BOB, key=f"{MORE}\ufe0f")
            _, _, third = await pages(server, 3)
            await taken_back(server, again)
            await click(server, third["event_id"])
            await server.say("!when essex-1")
            told = await pages(server, 4)
    assert [each for page in told for each in things(page)] == list(range(THREE_PAGES))
    relations = [event["content"]["m.relates_to"] for event in told[:3]]
    assert [each["m.in_reply_to"]["event_id"] for each in relations] == [
        asked,
        first["event_id"],
        second["event_id"],
    ]
    assert {each["event_id"] for each in relations} == {"$root"}
    assert len(told) == 4
    assert "more" not in third["content"]["body"]


@pytest.mark.slow
async def test_typed_it_goes_on_too_and_the_click_is_not_offered_any_more(
    tmp_path: Path, lists: Router
) -> None:
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {MOST_ITEMS + 10}")
            (first,) = await pages(server, 1)
            offered = await mark(server, first["event_id"])
            await server.say("!more")
            _, second = await pages(server, 2)
            await taken_back(server, offered)
            await click(server, first["event_id"])
            await server.say("!more")
            *_, last = await pages(server, 3)
    assert things(first) + things(second) == list(range(MOST_ITEMS + 10))
    assert last["content"]["body"] == "There is no more."


async def test_whoever_clicks_goes_on_by_typing(tmp_path: Path, lists: Router) -> None:
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {THREE_PAGES}")
            (first,) = await pages(server, 1)
            await click(server, first["event_id"], BOB)
            await pages(server, 2)
            await server.say("!more", sender=BOB)
            told = await pages(server, 3)
    assert [each for page in told for each in things(page)] == list(range(THREE_PAGES))


async def test_other_reactions_ask_nothing(tmp_path: Path, lists: Router) -> None:
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists):
            asked = await server.say(f"!list {MOST_ITEMS + 10}")
            (first,) = await pages(server, 1)
            await click(server, first["event_id"], key="👍")
            await click(server, asked)
            await click(server, "$nothing")
            await click(server, first["event_id"], rel_type="m.thread")
            await click(server, first["event_id"], sender=BOT)
            await click(server, first["event_id"], key=["x"])  # type: ignore[arg-type]  # hostile
            await click(server, {"x": 1})  # type: ignore[arg-type]  # likewise
            await server.say("!when essex-1")
            told = await pages(server, 2)
    assert len(told) == 2
    assert told[1]["content"]["body"].startswith("essex-1")


@pytest.mark.parametrize(
    ("here", "how"),
    [
        (RoomSettings(limits=None, prefix="?", commands={"more": "next-page"}), f"?next-page or {MORE}"),
        (RoomSettings(limits=None, commands={"more": None}), MORE),
        (RoomSettings(limits=None, prefix=""), MORE),
    ],
)
async def test_what_can_be_typed_here_is_told_and_a_click_works_whatever_that_is(
    tmp_path: Path, lists: Router, here: RoomSettings, how: str
) -> None:
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists, here=here):
            await server.say(f"{here.prefix or '@bot '}list {MOST_ITEMS + 10}")
            (first,) = await pages(server, 1)
            assert first["content"]["body"].splitlines()[-1] == f"… 10 more: {how}"
            await click(server, first["event_id"])
            _, second = await pages(server, 2)
    assert things(second) == list(range(MOST_ITEMS, MOST_ITEMS + 10))


async def test_who_clicks_too_often_is_slowed_and_the_page_stays_for_others(
    tmp_path: Path, lists: Router
) -> None:
    here = RoomSettings(limits=Limits(commands=1, per=60, silence=60))
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists, here=here):
            await server.say(f"!list {MOST_ITEMS + 10}")
            (first,) = await pages(server, 1)
            await click(server, first["event_id"])
            _, slowed = await pages(server, 2)
            await click(server, first["event_id"], BOB)
            *_, second = await pages(server, 3)
    assert "That is a lot at once" in slowed["content"]["body"]
    assert things(second) == list(range(MOST_ITEMS, MOST_ITEMS + 10))


async def test_a_click_works_after_a_restart_and_in_what_a_sync_left_out(
    tmp_path: Path, lists: Router
) -> None:
    async with Faulty() as server:
        server.room(ROOM, ALICE, BOB)
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {THREE_PAGES}")
            (first,) = await pages(server, 1)
            offered = await mark(server, first["event_id"])
        await click(server, first["event_id"])
        for _ in range(150):
            await server.say("hello")
        async with running(server, tmp_path, more=lists):
            _, second = await pages(server, 2)
            await taken_back(server, offered)
        server.forget_transactions()
        async with running(server, tmp_path, more=lists):
            await click(server, first["event_id"])
            await click(server, second["event_id"])
            told = await pages(server, 3)
    assert [each for page in told for each in things(page)] == list(range(THREE_PAGES))


async def test_where_the_bot_may_not_react_a_person_can(tmp_path: Path, lists: Router) -> None:
    async with Faulty() as server:
        server.room()
        server.wrong("/send/m.reaction", answer(403, {"errcode": "M_FORBIDDEN"}))
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {MOST_ITEMS + 10}")
            (first,) = await pages(server, 1)
            await click(server, first["event_id"])
            told = await pages(server, 2)
    assert [each for page in told for each in things(page)] == list(range(MOST_ITEMS + 10))


async def test_a_reaction_that_fails_at_first_is_tried_again_and_so_is_taking_it_back(
    tmp_path: Path, lists: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.transports.matrix.heard.continuing._BETWEEN", 0.01)
    async with Faulty() as server:
        server.room()
        server.wrong("/send/m.reaction", answer(500, {}), times=2)
        server.wrong("/redact/", answer(500, {}), times=2)
        async with running(server, tmp_path, more=lists):
            await server.say(f"!list {MOST_ITEMS + 10}")
            (first,) = await pages(server, 1)
            await mark(server, first["event_id"])
            await server.say("!more")
            redactions = [("m.room.redaction", BOT)]
            await server.until(
                lambda: (
                    [(e["type"], e["sender"]) for _, e in server.stream if "redact" in e["type"]]
                    == redactions
                )
            )
            assert len(server.asked("/redact/")) == 3


# --- on a real Synapse


@pytest.mark.usefixtures("short_pages")
async def test_on_synapse_each_click_brings_a_page(house: House) -> None:
    person = house.person
    async with house.bot():
        room = await house.room_with_the_bot()
        asked = await person.say(room, "!blueprints essex-2")
        page = await person.reply_of(room, house.user, after=asked)
        links = page.content["formatted_body"].count("<a href=")
        while f"or {MORE}" in page.text:
            offer = await person.until(room, offers(house, page.id))
            relation = {"rel_type": "m.annotation", "event_id": page.id, "key": MORE}
            await person.send(room, "m.reaction", {"m.relates_to": relation})
            page = await person.until(room, next_page(house, page.id))
            await person.until(room, lambda event, of=offer.id: redacts(event) == of)  # type: ignore[misc]  # bound
            links += page.content["formatted_body"].count("<a href=")
        assert links == 19
        assert await house.answer(room, "!more") == "There is no more."


@pytest.mark.usefixtures("short_pages")
async def test_in_an_encrypted_room_a_click_brings_an_encrypted_page(house: House, tmp_path: Path) -> None:
    async with Phone(house.server.url, house.person, tmp_path / "phone") as phone, house.bot() as bot:
        room = await phone.encrypted_room(house.user)
        await phone.joined(room, house.user)
        await up(bot, room)
        await phone.say(room, "!blueprints essex-2")
        first = await phone.says(house.user, "essex-2")
        offer = await house.person.until(room, offers(house, first.event_id))
        assert offer.type == "m.reaction"
        relation = {"rel_type": "m.annotation", "event_id": first.event_id, "key": MORE}
        await house.person.send(room, "m.reaction", {"m.relates_to": relation})
        second = await phone.says(house.user, "… ")
        assert second.decrypted
        assert second.source["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == first.event_id
    said = [event.type for event in house.person.heard if event.room == room and event.sender == house.user]
    assert "m.room.message" not in said


def offers(house: House, page: str) -> Callable[[Event], bool]:
    offer = {"rel_type": "m.annotation", "event_id": page, "key": MORE}
    return lambda event: event.sender == house.user and event.content.get("m.relates_to") == offer


def next_page(house: House, page: str) -> Callable[[Event], bool]:
    def is_it(event: Event) -> bool:
        relation = event.content.get("m.relates_to", {})
        return event.sender == house.user and relation.get("m.in_reply_to", {}).get("event_id") == page

    return is_it


def redacts(event: Event) -> object:
    """Return the event that `event` takes back."""
    return event.content.get("redacts") if event.type == "m.room.redaction" else None


# --- what is kept

WHOLE = Document(
    (
        line("a", Strong("b"), Faint("c"), Code("d"), Link("e", "https://example.org"), Bar(1, 2)),
        Listing((line("x"),), line("title")),
        Table(((line("1"), line("2")),), None, ("h", "i")),
    ),
    found=False,
)


def test_what_is_left_is_read_back_as_it_was(tmp_path: Path) -> None:
    kept = Leftovers(tmp_path / "pages.json")
    kept.change(None, "$a", Leftover("!r", WHOLE, "$thread"))
    assert kept.mark("$a", "$mark")
    assert not kept.mark("$b", "$mark")
    again = Leftovers(tmp_path / "pages.json")
    again.open()
    assert again.get("$a") == Leftover("!r", WHOLE, "$thread", "$mark")
    assert (tmp_path / "pages.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{", '{"$a": 5}', '{"$a": {}}', json.dumps({"$a": {"room_id": "x", "rest": {"": "x"}}})],
)
def test_a_damaged_file_keeps_nothing(tmp_path: Path, damage: str) -> None:
    (tmp_path / "pages.json").write_text(damage)
    kept = Leftovers(tmp_path / "pages.json")
    kept.open()
    assert kept.get("$a") is None


@given(JSON, JSON, JSON)
def test_no_reaction_is_too_odd(relation: Any, name: Any, at: Any) -> None:  # noqa: ANN401 - hostile
    parts: Any = None
    continuing = Continuing(parts, parts, parts, Path("nowhere"))
    continuing._leftovers._by_event["$a"] = Leftover(ROOM, WHOLE)  # noqa: SLF001 - what a page leaves
    for content in (relation, {"m.relates_to": relation}):
        event = {"type": "m.reaction", "content": content, "event_id": "$c", "sender": ALICE}
        assert continuing.clicked(event, HOME, BOT, 0) is None
    click = {"m.relates_to": {"rel_type": "m.annotation", "key": MORE, "event_id": "$a"}}
    odd = {"type": "m.reaction", "content": click, "event_id": name, "sender": name, "origin_server_ts": at}
    message = continuing.clicked(odd, HOME, BOT, 0)
    assert message is None or message.rest is WHOLE


def test_what_is_left_of_all_is_bounded(tmp_path: Path) -> None:
    kept = Leftovers(tmp_path / "pages.json")
    rest = Document((Listing(tuple(line(str(number)) for number in range(2000))),))
    for number in range(4):
        kept.change(None, f"${number}", Leftover("!r", rest))
    assert [kept.get(f"${number}") is None for number in range(4)] == [True, True, False, False]
    huge = Document((Listing(tuple(line(str(number)) for number in range(9000))),))
    kept.change(None, "$huge", Leftover("!r", huge))
    assert kept.get("$huge") is not None
    assert kept.get("$3") is None


def test_of_too_many_the_oldest_goes(tmp_path: Path) -> None:
    kept = Leftovers(tmp_path / "none" / "pages.json")
    for number in range(MOST):
        assert kept.change(None, f"${number}", Leftover("!r", say("x"))) == []
    (gone,) = kept.change(None, "$last", Leftover("!r", Document((Line(("y",)),)), mark="$m"))
    assert gone.mark is None
    assert kept.get("$0") is None
    assert kept.get("$last") is not None
