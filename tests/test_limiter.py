from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from milestonebot.limiter import Limiter, Verdict
from milestonebot.settings import Limits

LIMITS = Limits(commands=2, per=30.0, silence=60.0)
ANSWER, NOTICE, SILENCE = Verdict.ANSWER, Verdict.NOTICE, Verdict.SILENCE


def judged(*times: float, limits: Limits | None = LIMITS, limiter: Limiter | None = None) -> list[Verdict]:
    """Return what is done with commands of one person at `times`."""
    limiter = limiter or Limiter()
    return [limiter.judge("a", time, limits) for time in times]


def test_a_flood_is_answered_told_once_and_then_met_with_silence() -> None:
    assert judged(0, 1, 2, 3, 61.9) == [ANSWER, ANSWER, NOTICE, SILENCE, SILENCE]


def test_the_default_is_eight_in_half_a_minute_and_a_minute_s_silence() -> None:
    verdicts = judged(*range(10), 67.9, 68, limits=Limits())
    assert verdicts == [*[ANSWER] * 8, NOTICE, SILENCE, SILENCE, ANSWER]


def test_after_the_silence_all_begins_anew() -> None:
    assert judged(0, 1, 2, 62, 63, 64, 65) == [ANSWER, ANSWER, NOTICE, ANSWER, ANSWER, NOTICE, SILENCE]


def test_what_is_asked_in_silence_does_not_prolong_it() -> None:
    assert judged(0, 0, 0, *range(1, 60), 60)[-1] is ANSWER


def test_a_command_counts_for_its_time_and_no_longer() -> None:
    assert judged(0, 15, 30, 45) == [ANSWER] * 4
    assert judged(0, 15, 29.9) == [ANSWER, ANSWER, NOTICE]


def test_each_person_is_counted_alone() -> None:
    limiter = Limiter()
    assert judged(0, 0, 0, limiter=limiter)[-1] is NOTICE
    assert limiter.judge("b", 0, LIMITS) is ANSWER
    assert limiter.judge(("b", "elsewhere"), 0, LIMITS) is ANSWER


def test_no_limits_are_none() -> None:
    assert set(judged(*[0] * 100, limits=None)) == {ANSWER}


def test_who_asked_long_ago_is_forgotten_first() -> None:
    limiter = Limiter(most=2)
    judged(0, 0, 0, limiter=limiter)
    limiter.judge("b", 1, LIMITS)
    assert limiter.judge("a", 2, LIMITS) is SILENCE  # and so "b" asked longer ago
    limiter.judge("c", 3, LIMITS)
    assert limiter.judge("a", 4, LIMITS) is SILENCE
    limiter.judge("b", 5, LIMITS)
    limiter.judge("c", 6, LIMITS)
    assert limiter.judge("a", 7, LIMITS) is ANSWER


@pytest.mark.parametrize("back", [3600.0, 1e9])
def test_a_clock_that_is_set_back_silences_nobody_for_long(back: float) -> None:
    limiter = Limiter()
    assert judged(0, 1, 2, limiter=limiter)[-1] is NOTICE
    assert judged(-back, limiter=limiter) == [ANSWER]
    limiter = Limiter()
    judged(0, 1, limiter=limiter)
    assert judged(-back, 1 - back, limiter=limiter) == [ANSWER, ANSWER]


TIMES = st.lists(st.floats(0, 20) | st.integers(0, 90), max_size=40).map(
    lambda steps: [sum(steps[: at + 1]) for at in range(len(steps))]
)
ANY_LIMITS = st.builds(Limits, st.integers(1, 4), st.sampled_from([1.0, 30.0]), st.sampled_from([0.5, 60.0]))


@given(TIMES, ANY_LIMITS)
def test_it_does_what_is_promised(times: list[float], limits: Limits) -> None:
    """Against a model that remembers everything."""
    verdicts = judged(*times, limits=limits)
    told, answered = float("-inf"), list[float]()
    for time, verdict in zip(times, verdicts, strict=True):
        if time < told + limits.silence:
            assert verdict is SILENCE
        elif sum(earlier > time - limits.per for earlier in answered) < limits.commands:
            assert verdict is ANSWER
            answered.append(time)
        else:
            assert verdict is NOTICE
            told, answered = time, []


@given(TIMES, ANY_LIMITS)
def test_who_keeps_asking_is_answered_so_often_at_most(times: list[float], limits: Limits) -> None:
    answered = [
        time for time, verdict in zip(times, judged(*times, limits=limits), strict=True) if verdict is ANSWER
    ]
    for start in answered:
        within = [time for time in answered if start <= time < start + min(limits.per, limits.silence)]
        assert len(within) <= limits.commands
