from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from milestonebot.names import key
from milestonebot.statuses import DEFINITION, IMPLEMENTATION, PRIORITY, STATES, matching_status, state


def test_the_words_are_launchpad_s() -> None:
    assert len(IMPLEMENTATION) == 13
    assert len(PRIORITY) == 6
    assert len(DEFINITION) == 8
    for words in (IMPLEMENTATION, PRIORITY, DEFINITION):
        assert len({key(word) for word in words}) == len(words)


@pytest.mark.parametrize("status", IMPLEMENTATION)
def test_a_status_is_known_however_it_is_spelt(status: str) -> None:
    for text in (status, status.upper(), status.lower().replace(" ", "-"), status.replace(" ", "")):
        assert matching_status(text) == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("done", "Implemented"),
        ("Landed", "Implemented"),
        ("finished", "Implemented"),
        ("review", "Needs Code Review"),
        ("in review", None),
        ("", None),
        ("-", None),
        ("nova", None),
    ],
)
def test_what_people_say_for_a_status(text: str, status: str | None) -> None:
    assert matching_status(text) == status


@pytest.mark.parametrize(
    ("counted", "statuses"),
    [
        ("implemented", ["Implemented", "Informational", "implemented", "done"]),
        (
            "started",
            [
                "Started",
                "Slow progress",
                "Good progress",
                "Beta Available",
                "Needs Code Review",
                "Deployment",
            ],
        ),
        ("blocked", ["Blocked", "Needs Infrastructure"]),
        ("not started", ["Not started", "Deferred"]),
        ("unknown", ["Unknown", None, "", "-", "Half done", "\0"]),
    ],
)
def test_what_a_status_counts_as(counted: str, statuses: list[str | None]) -> None:
    assert {state(status) for status in statuses} == {counted}


def test_every_status_counts_as_one_of_the_states() -> None:
    assert {state(status) for status in IMPLEMENTATION} == set(STATES)
    assert STATES == ("implemented", "started", "blocked", "not started", "unknown")


@given(st.text())
def test_any_text_has_a_state(text: str) -> None:
    assert state(text) in STATES
    assert (matching_status(text) is None) or state(text) == state(matching_status(text))
