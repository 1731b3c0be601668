"""Whom the bot answers, and whom not."""

import logging
from dataclasses import replace

import pytest

from milestonebot.bot import Bot
from milestonebot.catalog import Catalog
from milestonebot.clock import FixedClock, at
from milestonebot.commands import router
from milestonebot.document import Document, say
from milestonebot.errors import UserError
from milestonebot.model import Facts
from milestonebot.ports import Message, Nature, Room
from milestonebot.render.plain import render_plain
from milestonebot.router import Command, Router
from milestonebot.settings import Limits, RoomSettings, Settings
from tests.asking import ROOM, UNLIMITED, bot, message, shipped

OTHER = Room("matrix", "#release:example.org")


async def told(the_bot: Bot, said: Message) -> str | None:
    answer = await the_bot.answer(said)
    return None if answer is None else render_plain(answer)


@pytest.mark.parametrize(
    "text",
    [
        "!next",
        "!NEXT",
        "milestonebot: next",
        "Milestonebot, what is the next milestone?",
        "@milestonebot next",
        "milestonebot: !next?",
        "milestonebot next",
        "!next.",
    ],
)
async def test_it_answers_its_prefix_and_its_name(text: str) -> None:
    assert (await told(bot(), message(text)) or "").startswith("essex-3: ")


@pytest.mark.parametrize(
    "text",
    [
        "next",
        "when is essex-3?",
        "!foo",
        "!",
        "!!!",
        "! next",
        "milestonebot is a nice bot",
        "milestonebots: next",
        "I like milestonebot: it answers",
        "",
    ],
)
async def test_what_is_not_put_to_it_is_not_answered(text: str) -> None:
    assert await told(bot(), message(text)) is None


async def test_in_private_no_prefix_is_needed_and_the_unknown_is_told() -> None:
    assert (await told(bot(), message("next", private=True)) or "").startswith("essex-3: ")
    unknown = await told(bot(), message("!mileston", private=True))
    assert unknown == "There is no command mileston. Did you mean !milestone or !milestones?"


@pytest.mark.parametrize("said", ["more of that please", "milestone 5 is open but 4 is not"])
async def test_a_sentence_that_begins_like_a_command_is_none(said: str) -> None:
    assert (await told(bot(), message(said, private=True)) or "").startswith("I am not sure what you ask.")


async def test_a_pill_counts_as_its_name() -> None:
    assert (await told(bot(), message("when is essex-3?", addressed=True)) or "").startswith("essex-3: ")


@pytest.mark.parametrize("nature", [Nature.NOTICE, Nature.EDIT, Nature.BOT, Nature.OWN])
async def test_notices_edits_bots_and_itself_are_not_answered(nature: Nature) -> None:
    assert await told(bot(), message("!next", nature=nature, private=True)) is None


async def test_a_message_is_answered_once() -> None:
    the_bot, said = bot(), message("!next", name="same")
    assert await told(the_bot, said) is not None
    assert await told(the_bot, said) is None


async def test_a_room_has_its_own_prefix() -> None:
    settings = replace(UNLIMITED, rooms={ROOM: RoomSettings(prefix="%", limits=None)})
    assert await told(bot(settings=settings), message("!next")) is None
    assert await told(bot(settings=settings), message("%next")) is not None


async def test_a_room_renames_and_switches_off_commands_but_by_name_all_work() -> None:
    renamed: dict[str, str | None] = {"help": "mbhelp", "search": None}
    settings = replace(UNLIMITED, rooms={ROOM: RoomSettings(commands=renamed, limits=None)})
    the_bot = bot(settings=settings)
    for silent in ("!help", "!search vm", "!find vm"):
        assert await told(the_bot, message(silent)) is None
    assert "by command" in (await told(the_bot, message("!mbhelp")) or "")
    assert "by command" in (await told(the_bot, message("milestonebot: help")) or "")
    assert "nova-vm-state" in (await told(the_bot, message("milestonebot: search vm state")) or "")


@pytest.mark.parametrize(
    ("asked", "here", "answer"),
    [
        ("!milestone foo", RoomSettings(), "No milestone is called foo. Try !next or !series."),
        ("%milestone foo", RoomSettings(prefix="%"), "No milestone is called foo. Try %next or %series."),
        (
            "!milestone foo",
            RoomSettings(commands={"next": "upcoming"}),
            "No milestone is called foo. Try !upcoming or !series.",
        ),
        (
            "!milestone foo",
            RoomSettings(commands={"next": None}),
            "No milestone is called foo. Try !series.",
        ),
        (
            "!milestone foo",
            RoomSettings(commands={"next": None, "series": None}),
            "No milestone is called foo.",
        ),
        ("!series foo", RoomSettings(), "No series is called foo. Try !series."),
        ("!next foo", RoomSettings(), "No project, group or series is called foo. Try !next or !series."),
        ("!when essex party", RoomSettings(), "No source dates party in Essex. Try !schedule essex."),
        ("milestonebot: !dance", RoomSettings(), "There is no command dance. Try !help."),
        (
            "milestonebot: %dance",
            RoomSettings(prefix="%", commands={"help": "mbhelp"}),
            "There is no command dance. Try %mbhelp.",
        ),
    ],
)
async def test_where_no_name_is_near_it_tells_what_to_type_in_that_room(
    asked: str, here: RoomSettings, answer: str
) -> None:
    settings = replace(UNLIMITED, rooms={ROOM: replace(here, limits=None)})
    said = await bot(settings=settings).answer(message(asked))
    assert said is not None
    assert (render_plain(said), said.data) == (answer, {"suggestions": ()})


async def test_where_it_is_unsure_it_shows_commands_by_their_names_in_the_room() -> None:
    here = RoomSettings(prefix="%", commands={"help": "mbhelp", "next": None}, limits=None)
    the_bot = bot(settings=replace(UNLIMITED, rooms={ROOM: here}))
    answer = await told(the_bot, message("milestonebot: what on earth is going on"))
    assert (answer or "").endswith("; try when is essex-3?, next or %mbhelp")


async def test_a_flood_gets_one_notice_and_then_silence() -> None:
    settings = Settings(default=RoomSettings(limits=Limits(commands=8, per=30, silence=60)))
    the_bot = Bot(router(), settings, at("2011-12-20"), shipped())
    answers = [await told(the_bot, message("!next", who="eager")) for _ in range(20)]
    assert all((answer or "").startswith("essex-3") for answer in answers[:8])
    assert answers[8] == "That is a lot at once. I will be quiet for you for a while."
    assert answers[9:] == [None] * 11
    assert await told(the_bot, message("!next", who="patient")) is not None
    the_bot.clock = FixedClock(at("2011-12-20T00:01:01").now())
    assert await told(the_bot, message("!next", who="eager")) is not None


async def test_what_is_not_for_it_does_not_count_as_a_flood() -> None:
    the_bot = Bot(router(), Settings(), at("2011-12-20"), shipped())
    for _ in range(50):
        await the_bot.answer(message("hello all", who="talker"))
    assert await told(the_bot, message("!next", who="talker")) is not None


async def test_a_bridged_question_is_answered_where_it_was_asked_once() -> None:
    settings = replace(UNLIMITED, bridged=(frozenset({ROOM, OTHER}),))
    the_bot = bot(settings=settings)
    assert await told(the_bot, message("!next", room=ROOM)) is not None
    assert await told(the_bot, message("!next", room=OTHER, who="bridge")) is None
    assert await told(the_bot, message("!next", room=ROOM)) is not None
    the_bot.clock = FixedClock(at("2011-12-20T00:05:00").now())
    assert await told(the_bot, message("!next", room=OTHER)) is not None


async def test_while_the_catalog_is_read_it_says_so() -> None:
    the_bot = Bot(router(), UNLIMITED, at("2011-12-20"))
    assert (
        await told(the_bot, message("!next")) == "I am still reading my data. Please ask again in a moment."
    )


async def test_an_empty_catalog_answers_everything() -> None:
    the_bot = Bot(router(), UNLIMITED, at("2011-12-20"), Catalog.of(Facts()))
    for name in router().routes:
        assert await told(the_bot, message(f"!{name} essex-2")) is not None
        assert await told(the_bot, message(f"!{name}")) is not None


async def test_a_bug_is_apologised_for_without_detail_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    broken = Router()

    @broken.command("break")
    async def break_(_command: Command) -> Document:
        """Break."""
        raise ZeroDivisionError("a secret")

    @broken.command("complain")
    async def complain(_command: Command) -> Document:
        """Complain."""
        raise UserError("Type it again.")

    the_bot = Bot(broken, UNLIMITED, at("2011-12-20"), shipped())
    with caplog.at_level(logging.ERROR):
        assert await told(the_bot, message("!break")) == "Sorry, that went wrong on my side. It is in my log."
    assert "ZeroDivisionError" in caplog.text
    assert await told(the_bot, message("!complain")) == "Type it again."


async def test_today_is_the_configured_zones() -> None:
    late = at("2011-12-25T23:30").now()
    for zone, days in (("UTC", "in 32 days"), ("Asia/Tokyo", "in 31 days"), ("AoE", "in 32 days")):
        the_bot = Bot(router(), replace(UNLIMITED, zone=zone), FixedClock(late), shipped())
        assert days in (await told(the_bot, message("!when essex-3")) or "")


async def test_what_was_left_is_kept_for_a_bounded_number_of_people() -> None:
    the_bot = bot()
    first = message("!help", who="person 0")
    for number in range(1001):
        the_bot.keep(message("!help", who=f"person {number}"), say("rest"))
    assert the_bot.take(first) is None
    assert the_bot.take(message("!help", who="person 1000")) is not None


async def test_what_holds_in_rooms_that_the_config_does_not_name_is_kept_once() -> None:
    the_bot = bot()
    for number in range(50):
        await the_bot.answer(message("next", room=Room("oftc", f"person{number}"), private=True))
    assert the_bot.commands(Room("oftc", "one")) is the_bot.commands(Room("oftc", "another"))
