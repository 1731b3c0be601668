"""The count itself: it sees what is lost, what came again, what came too early and what came astray."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from tests.chaos.notes import Note, Schedule, expected, planned
from tests.chaos.tally import tallied

WANTED = {"irc/#a": ["n000w000", "n000w001", "n001w000"]}
WHOLE = ["n000w000 n000w001", "n001w000"]


def test_each_once_in_order_is_once() -> None:
    tally = tallied(WANTED, {"irc/#a": WHOLE})
    assert tally.once
    assert tally.heard == 2
    assert tally.told() == []


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        ([], ["lost in irc/#a: n000w000 n000w001 n001w000"]),
        (["n000w000 n000w001"], ["lost in irc/#a: n001w000"]),
        (["n000w000", "n001w000"], ["lost in irc/#a: n000w001"]),
        ([*WHOLE, "n001w000"], ["came again in irc/#a: n001w000"]),
        (["n000w000 n000w001", "n000w001", "n001w000"], ["came again in irc/#a: n000w001"]),
        (["n001w000", "n000w000 n000w001"], ["out of order: irc/#a"]),
        (["n000w001 n000w000", "n001w000"], ["out of order: irc/#a"]),
        ([*WHOLE, "n777w000"], ["not for irc/#a: n777w000"]),
        ([*WHOLE, "an error"], ["not for irc/#a: an error"]),
    ],
)
def test_what_is_wrong_is_told(heard: list[str], told: list[str]) -> None:
    tally = tallied(WANTED, {"irc/#a": heard})
    assert tally.told() == told
    assert not tally.once


def test_what_is_said_elsewhere_is_wrong() -> None:
    assert tallied(WANTED, {"irc/#a": WHOLE, "irc/#b": ["n000w000"]}).told() == ["not for irc/#b: n000w000"]


def test_each_room_gets_as_many_notes_and_no_two_at_once() -> None:
    rooms = [f"irc/#{name}" for name in "abcdefg"]
    schedule = Schedule(datetime(2026, 11, 23, tzinfo=UTC), 4.0, each=10, together=3)
    notes = planned(Random("seed"), rooms, schedule)
    assert sum(len(note.rooms) for note in notes) == 70
    assert len({note.moment for note in notes}) == len(notes)
    for room in rooms:
        assert len([note for note in notes if room in note.rooms]) == 10
    assert notes == planned(Random("seed"), rooms, schedule)
    assert notes != planned(Random("other"), rooms, schedule)


def test_what_is_expected_stands_in_the_order_of_the_moments() -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    notes = [Note(0, moment, ("irc/#a",), 2), Note(1, moment, ("irc/#a", "irc/#b"), 1)]
    assert expected(notes) == {"irc/#a": ["n000w000", "n000w001", "n001w000"], "irc/#b": ["n001w000"]}
