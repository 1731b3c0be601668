"""A change counts once, and only when it stands still."""

from __future__ import annotations

from hypothesis import given, strategies as st

from milestonebot.applying.watching import Watch


def test_a_change_counts_once_it_has_stood_for_one_look() -> None:
    watch = Watch("a")
    seen = [watch.look(stamps) for stamps in ("a", "b", "c", "c", "c", "a", "a", "a")]
    assert seen == [False, False, False, True, False, False, True, False]


def test_what_was_read_meanwhile_is_no_change() -> None:
    watch = Watch("a")
    assert not watch.look("b")
    watch.dealt_with("b")
    assert [watch.look("b"), watch.look("b")] == [False, False]
    assert [watch.look("a"), watch.look("a")] == [False, True]


@given(st.lists(st.integers(0, 2)))
def test_whatever_happens_the_last_state_that_stands_still_is_dealt_with(looks: list[int]) -> None:
    watch, dealt_with = Watch(0), 0
    for each in [*looks, *looks[-1:] * 2]:
        if watch.look(each):
            assert each != dealt_with
            dealt_with = each
    assert dealt_with == (looks[-1] if looks else 0)
