"""Which second copies and losses had to be: the rest are the bot's own fault."""

from __future__ import annotations

import pytest

from tests.chaos.explained import unexplained, unexplained_losses, unrecorded
from tests.chaos.points import Passed, Step
from tests.chaos.tally import Copy

KEY = "n001/irc/#a/2026-11-23T17:00Z"
CLAIMED, RECORDED = Passed(Step.CLAIMED, "irc", KEY), Passed(Step.RECORDED, "irc", KEY)
WRITING = Passed(Step.WRITING, "irc", "#A", "n001w000 n001w001")
PART = Passed(Step.PART_RECORDED, "irc", f"{KEY}#0")
COPY = Copy("irc/#a", "n001w000 n001w001")


@pytest.mark.parametrize(
    ("passed", "explained"),
    [
        ([WRITING, WRITING], True),
        ([CLAIMED, WRITING, CLAIMED, WRITING, RECORDED], True),
        ([WRITING, RECORDED, WRITING], False),
        ([WRITING, PART, WRITING], False),
        ([WRITING], False),
        ([WRITING, Passed(Step.WRITING, "irc", "#b", WRITING.text)], False),
        ([WRITING, Passed(Step.WRITING, "irc", "#a", "n001w002")], False),
        ([WRITING, Passed(Step.RECORDED, "irc", "n002/irc/#a/x"), WRITING], True),
    ],
)
def test_a_second_copy_follows_an_end_before_it_was_recorded(passed: list[Passed], explained: bool) -> None:  # noqa: FBT001 - a column of the table
    assert unexplained([COPY], passed) == ([] if explained else [COPY])


def test_a_loss_is_needed_where_in_doubt_was_skipped() -> None:
    skipped = Passed(Step.TRACED, "irc", f"{KEY}#0", said=True, sure=False)
    lost = {"irc/#a": ["n001w000"], "irc/#b": ["n001w000"]}
    assert unexplained_losses(lost, [skipped]) == ["n001w000 in irc/#b"]
    found = Passed(Step.TRACED, "irc", f"{KEY}#0", said=True, sure=True)
    assert len(unexplained_losses(lost, [found])) == 2


def test_what_is_written_was_claimed_before() -> None:
    assert unrecorded([[CLAIMED, WRITING, PART, WRITING, RECORDED]]) == []
    assert unrecorded([[WRITING, CLAIMED]]) == [WRITING]
    assert unrecorded([[CLAIMED, WRITING, WRITING]]) == [WRITING]
    assert unrecorded([[CLAIMED], [WRITING]]) == [WRITING]
    other = Passed(Step.CLAIMED, "irc", "n001/irc/#b/x")
    assert unrecorded([[other, WRITING]]) == [WRITING]
    request = Passed(Step.WRITING, "matrix", "!a", '{"body":"n001w000"}')
    assert unrecorded([[Passed(Step.CLAIMED, "matrix", "n001/matrix/!a/x"), request, request]]) == []
