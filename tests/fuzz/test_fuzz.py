"""The short form of `python -m tests.fuzz`, and proof that it would see what it looks for."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings as hypothesis_settings, strategies as st

from milestonebot.bot import Bot
from milestonebot.catalog import Catalog
from milestonebot.clock import at
from milestonebot.document import Document, Line, Link, say
from milestonebot.ports import Message, Sender
from milestonebot.router import Command, Router
from tests.asking import shipped
from tests.examples import examples
from tests.fuzz import run
from tests.fuzz.checks import Checks
from tests.fuzz.found import FACTS
from tests.fuzz.messages import COMMANDS
from tests.fuzz.trial import TARGET, WHO, Failed, Trial
from tests.fuzz.world import CHANNEL, TERMINAL, World, hostile_world, settings, shipped_world
from tests.strategies import hostile_text

IDS = count()


def put(bot: Bot, text: str, *, private: bool = True) -> Document | None:
    """Put `text` to `bot`; Failed tells what is wrong with its answer."""
    room = TERMINAL if private else CHANNEL
    message = Message(room, Sender("you"), text, f"test {next(IDS)}", bot.started, private=private)
    return Trial().put(bot, message).document


def bot_over(catalog: Catalog) -> Bot:
    return Bot(shipped_world("test").bot._router, settings(), at("2011-12-20"), catalog)  # noqa: SLF001 - the same commands


def saying(document: Document) -> Bot:
    """Return a bot that says `document` to `!say`, and fails at `!fail`."""
    router = Router()

    @router.command("say")
    async def say_it(_command: Command) -> Document:
        return document

    @router.command("fail")
    async def fail(_command: Command) -> Document:
        raise ZeroDivisionError("in a handler")

    return Bot(router, settings(), at("2011-12-20"), shipped())


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_a_few_thousand_messages_get_clean_answers_or_silence(number: int) -> None:
    result = run.part("short", number, 1000, timed=False)
    assert result.failures == []
    assert result.counts["messages"] == 1000
    assert min(result.counts[what] for what in (run.ANSWERED, run.NOTHING_FOUND, run.SILENCE)) > 100


SHIPPED, HOSTILE = shipped_world("test"), hostile_world("test/1")


@given(hostile_text(120), st.booleans(), st.sampled_from((SHIPPED, HOSTILE)))
def test_any_text_is_answered_cleanly(text: str, private: bool, world: World) -> None:  # noqa: FBT001 - Hypothesis gives it
    put(world.bot, text, private=private)


@given(st.sampled_from(COMMANDS), hostile_text(80), st.sampled_from((SHIPPED, HOSTILE)))
def test_any_arguments_of_any_command_are_answered_cleanly(name: str, text: str, world: World) -> None:
    put(world.bot, f"!{name} {text}", private=False)


@hypothesis_settings(max_examples=examples(20))
@given(st.integers(0, 10**9))
def test_any_facts_are_told_cleanly(seed: int) -> None:
    world = hostile_world(str(seed))
    for command in COMMANDS:
        put(world.bot, f"!{command} {world.names['any'][seed % len(world.names['any'])]}")
        put(world.bot, f"!{command}")


@pytest.mark.parametrize("name", FACTS)
def test_facts_that_were_found_are_told_now(name: str) -> None:
    facts, asked = FACTS[name]
    for text in asked:
        assert put(bot_over(Catalog.of(facts)), text) is not None


# --- it would see what it looks for


def test_the_same_seed_makes_the_same_messages() -> None:
    first, again, other = (
        [message.text for _, _, message in run.messages(seed, 1, 50)] for seed in ("a", "a", "b")
    )
    assert first == again != other


def test_an_exception_is_seen_through_the_apology() -> None:
    with pytest.raises(Failed, match="ZeroDivisionError: in a handler"):
        put(saying(say("fine")), "!fail")


def test_an_answer_that_says_nothing_is_seen() -> None:
    with pytest.raises(Failed, match="says nothing"):
        put(saying(Document((Line(("\u200b",)),))), "!say")


def test_an_answer_that_is_fine_passes() -> None:
    told = say("fine ", Link("here", "https://example.org/"))
    assert put(saying(told), "!say") == told


def test_a_slow_answer_is_told_with_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LIMIT", 0.0)
    (failure, *_) = run.part("short", 0, 3).failures
    assert "ms of CPU" in failure.why
    assert [message.text for _, _, message in run.messages("short", 0, 3)][failure.number] == failure.text


@pytest.mark.parametrize(
    "line",
    [
        *(
            "!milestone",
            "a" * 500,
            "a\x01",
            "a\r\nQUIT",
            "\x02bold",
            "a\u202eb",
            "@room",
            "",
            " a",
            "a\u200bb",
        ),
        *("\ud800", "a\x03", "\x02.quit\x02", "» Traceback (most recent call last)"),
    ],
)
def test_a_line_that_must_not_be_said_on_irc_is_seen(line: str) -> None:
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        Checks().irc(line, WHO, "PRIVMSG", TARGET, ())


@pytest.mark.parametrize(
    "html",
    [
        *(
            "<script>",
            "<p>a",
            "a</p>",
            "<p></strong>",
            '<a href="javascript:x">a</a>',
            "a & b",
            '<p class="a">a</p>',
        ),
        *(
            "<b>a</b>",
            "<p>a < b</p>",
            '"',
            "<img>",
            "a\u202eb",
            "!quit",
            "<p>.quit</p>",
            "&nbsp;",
            "<!-- -->",
        ),
        *('<a href="https://x" onclick="x">a</a>', "<p>&#64;room</p>"),
    ],
)
def test_html_that_must_not_be_said_is_seen(html: str) -> None:
    with pytest.raises(AssertionError):
        Checks().html(html)


@pytest.mark.parametrize(
    "text",
    ["{}", '{"found": true, "text": "a\\u0007", "data": {}}', '{"found": true, "text": "!a", "data": {}}'],
)
def test_data_that_must_not_be_given_is_seen(text: str) -> None:
    with pytest.raises(AssertionError):
        Checks().json(text)


@pytest.mark.parametrize("text", ["\x1b[2J", "\x1b]0;title\x07", "a\x08b", "\x9b31m", "\u202e"])
def test_what_must_not_reach_a_terminal_is_seen(text: str) -> None:
    Checks().terminal("\x1b[1mbold\x1b[0m \x1b]8;id=1;https://example.org/\x1b\\link\x1b]8;;\x1b\\")
    with pytest.raises(AssertionError):
        Checks().terminal(text)
