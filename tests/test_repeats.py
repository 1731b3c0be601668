from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from milestonebot.ports import Message, Room, Sender
from milestonebot.repeats import Repeats

IRC, MATRIX, OTHER = Room("oftc", "#nova"), Room("matrix", "#nova:example.org"), Room("oftc", "#swift")
BRIDGED = (frozenset({IRC, MATRIX}),)
THEN = datetime(2011, 12, 20, tzinfo=UTC)


def said(text: str = "!next", room: Room = IRC, name: str = "1") -> Message:
    return Message(room, Sender("somebody"), text, name, THEN)


def test_the_same_message_is_known_the_second_time() -> None:
    repeats = Repeats()
    assert [repeats.known(said()) for _ in range(3)] == [False, True, True]


def test_messages_are_told_apart_by_network_and_id_and_not_by_room_or_text() -> None:
    repeats = Repeats()
    assert not repeats.known(said())
    assert not repeats.known(said(name="2"))
    assert not repeats.known(said(room=MATRIX))
    assert repeats.known(said("!next essex", OTHER))


def test_only_so_many_are_remembered_the_latest() -> None:
    repeats = Repeats()
    for number in range(10_001):
        assert not repeats.known(said(name=str(number)))
    assert repeats.known(said(name="1"))
    assert not repeats.known(said(name="0"))


def test_a_question_that_a_bridge_carries_over_is_told_across() -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said(), 0)
    assert repeats.told_across(said(room=MATRIX), 2)
    assert repeats.told_across(said(room=MATRIX), 59.9)


def test_it_is_the_same_question_whatever_the_bridge_does_to_case_and_spaces() -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said("!Milestone  essex-2 "), 0)
    assert repeats.told_across(said("!milestone essex-2", MATRIX), 1)
    assert not repeats.told_across(said("!milestone essex-3", MATRIX), 1)


def test_a_bridge_that_cuts_long_messages_still_carries_the_same_question() -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said("x" * 600), 0)
    assert repeats.told_across(said("x" * 500, MATRIX), 1)


def test_who_asks_again_on_the_same_side_is_answered_again() -> None:
    repeats = Repeats(BRIDGED)
    assert [repeats.told_across(said(), second) for second in range(3)] == [False] * 3
    assert repeats.told_across(said(room=MATRIX), 3)


def test_what_was_carried_over_does_not_make_the_other_side_the_asker() -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said(), 0)
    assert repeats.told_across(said(room=MATRIX), 1)
    assert not repeats.told_across(said(), 2)
    assert repeats.told_across(said(room=MATRIX), 3)


@pytest.mark.parametrize("later", [60.0, 3600.0])
def test_after_a_minute_it_is_a_question_of_the_other_side(later: float) -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said(), 0)
    assert not repeats.told_across(said(room=MATRIX), later)
    assert repeats.told_across(said(), later + 1)


def test_a_clock_that_is_set_back_silences_no_room_for_long() -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said(), 0)
    assert not repeats.told_across(said(room=MATRIX), -3600)


def test_rooms_that_are_not_bridged_have_nothing_in_common() -> None:
    repeats = Repeats(BRIDGED)
    assert not repeats.told_across(said(), 0)
    assert not repeats.told_across(said(room=OTHER), 0)
    assert not Repeats().told_across(said(room=MATRIX), 0)
    two = Repeats((frozenset({IRC, MATRIX}), frozenset({OTHER, Room("matrix", "#swift")})))
    assert not two.told_across(said(), 0)
    assert not two.told_across(said(room=OTHER), 0)


def test_only_so_many_questions_are_remembered_the_latest() -> None:
    repeats = Repeats(BRIDGED)
    for number in range(10_001):
        repeats.told_across(said(str(number)), 0)
    assert repeats.told_across(said("10000", MATRIX), 0)
    assert not repeats.told_across(said("0", MATRIX), 0)


@given(
    st.lists(
        st.tuples(st.sampled_from([IRC, MATRIX, OTHER]), st.sampled_from("ab"), st.integers(0, 40)),
        max_size=30,
    )
)
def test_of_a_question_within_a_minute_one_side_is_answered(asked: list[tuple[Room, str, int]]) -> None:
    repeats = Repeats(BRIDGED)
    answered: dict[str, tuple[Room, int]] = {}
    now = 0
    for room, text, step in asked:
        now += step
        before = answered.get(text)
        across = repeats.told_across(said(text, room), now)
        if room is OTHER:
            assert not across
            continue
        assert across is (before is not None and before[0] != room and now - before[1] < 60)
        if not across:
            answered[text] = (room, now)
