"""What admins do is in the log, each on one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.errors import Refused
from milestonebot.operating import Applied
from milestonebot.ports import Room, Sender
from tests.commands.test_operating import Operator, bot, typed

if TYPE_CHECKING:
    from milestonebot.ports import Message


async def logged(caplog: pytest.LogCaptureFixture, asked: Message, operator: Operator) -> list[str]:
    with caplog.at_level("INFO", "milestonebot.recording"):
        await bot(operator).answer(asked)
    return [each.getMessage() for each in caplog.records if each.name == "milestonebot.recording"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!join #nova", "join #nova: I am in oftc/#Nova."),
        (
            "!part oftc/#nova",
            "part oftc/#nova: I am out of oftc/#Nova. My config names it, so after a restart",
        ),
        ("!join #nova sesame", "join #nova: "),
        ("!leave #nova", "part #nova: I am out of oftc/#Nova. My config names it, so after a restart"),
        ("!networks", "networks:"),
        ("!reload", "reload: I have read all anew; nothing has changed."),
        ("!announce #nvoa: x", "announce #nvoa: x: There is no target #nvoa."),
    ],
)
async def test_who_did_what_where_and_what_came_of_it(
    caplog: pytest.LogCaptureFixture, text: str, expected: str
) -> None:
    (told,) = await logged(caplog, typed(text), Operator())
    assert told.startswith(f"oftc/release-manager, in #here: {expected}")
    assert "sesame" not in told


async def test_what_fails_is_told_too_and_what_is_said_in_private(caplog: pytest.LogCaptureFixture) -> None:
    operator = Operator(error=Refused("#nova is no channel of oftc"))
    asked = replace(typed("!join #nova"), room=Room("oftc", "rm"), private=True)
    assert await logged(caplog, asked, operator) == [
        "oftc/release-manager, in private: join #nova: #nova is no channel of oftc."
    ]


async def test_in_the_log_names_stand_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    operator = Operator(error=Refused("kicked by @op:example.org"))
    (told,) = await logged(caplog, typed("!part matrix/@x:example.org"), operator)
    assert "part matrix/@x:example.org: kicked by @op:example.org." in told


async def test_nothing_that_is_typed_makes_a_second_line_or_a_long_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = "!part oftc/#no\nva \x1b[31m\u202e" + "x" * 900
    (told,) = await logged(caplog, typed(text), Operator(applied=Applied(problems=["a\nb"])))
    assert told.isprintable()
    assert len(told) < 800


async def test_of_a_reload_it_is_told_that_there_are_mistakes(caplog: pytest.LogCaptureFixture) -> None:
    (told,) = await logged(caplog, typed("!reload"), Operator(applied=Applied(problems=["a"], refused=True)))
    assert told == "oftc/release-manager, in #here: reload: 1 mistake; nothing is changed"


async def test_what_others_ask_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    for asked in (replace(typed("!join #nova"), sender=Sender("rm", "somebody")), typed("!next")):
        assert await logged(caplog, asked, Operator()) == []
