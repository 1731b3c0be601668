"""Whose turn it is, and when."""

import pytest
from hypothesis import given, strategies as st

from milestonebot.transports.irc.settings import PACES
from milestonebot.transports.irc.wire.pacing import Bucket, FairQueue, Urgency


def test_a_burst_goes_at_once_and_then_one_at_a_time() -> None:
    bucket = Bucket(burst=3, every=2.0, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.ready(0.5) == 2.0
    assert bucket.take(2.0)
    assert not bucket.take(3.9)
    assert bucket.take(4.0)


def test_what_is_not_used_is_saved_up_but_not_for_ever() -> None:
    bucket = Bucket(burst=2, every=1.0, now=0.0)
    assert [bucket.take(100.0) for _ in range(3)] == [True, True, False]


def test_what_is_spent_on_credit_is_missing_later() -> None:
    bucket = Bucket(burst=1, every=1.0, now=0.0)
    bucket.spend(0.0)
    bucket.spend(0.0)
    assert bucket.ready(0.0) == 2.0
    assert not bucket.take(1.9)
    assert bucket.take(2.0)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=50), st.integers(1, 9), st.floats(0.1, 5))
def test_no_more_goes_out_than_the_pace_allows(pauses: list[float], burst: int, every: float) -> None:
    bucket, now, taken = Bucket(burst, every, 0.0), 0.0, 0
    for pause in pauses:
        now += pause
        while bucket.take(now):
            taken += 1
        assert taken <= burst + now / every + 1e-6
        ready = bucket.ready(now)
        assert bucket.take(ready), "ready tells when there is a token"
        now, taken = ready, taken + 1


def queue(*items: tuple[Urgency, str, str]) -> FairQueue[str]:
    waiting: FairQueue[str] = FairQueue(100)
    for item in items:
        waiting.put(*item)
    return waiting


def test_the_more_urgent_goes_first() -> None:
    waiting = queue(
        (Urgency.ANNOUNCEMENT, "#a", "news"),
        (Urgency.REPLY, "#a", "answer"),
        (Urgency.CONTROL, "", "JOIN"),
        (Urgency.NOW, "", "PONG"),
    )
    assert waiting.first is Urgency.NOW
    assert waiting.clear() == ["PONG", "JOIN", "answer", "news"]


def test_a_long_answer_in_one_room_does_not_hold_up_another() -> None:
    reply = Urgency.REPLY
    waiting = queue(
        *[(reply, "#long", f"long {n}") for n in range(3)], (reply, "#b", "b"), (reply, "#c", "c")
    )
    assert waiting.clear() == ["long 0", "b", "c", "long 1", "long 2"]


def test_each_target_keeps_its_order() -> None:
    waiting = queue(*[(Urgency.REPLY, f"#{n % 3}", f"{n % 3}{n:03d}") for n in range(60)])
    told = waiting.clear()
    for target in "012":
        assert [each for each in told if each[0] == target] == sorted(
            each for each in told if each[0] == target
        )


def test_it_knows_how_many_wait_and_when_it_is_full() -> None:
    waiting: FairQueue[int] = FairQueue(2)
    assert waiting.first is None
    states = []
    for number in range(2):
        states.append((len(waiting), waiting.full))
        waiting.put(Urgency.REPLY, "#a", number)
    states.append((len(waiting), waiting.full))
    assert [waiting.take(), waiting.take()] == [0, 1]
    states.append((len(waiting), waiting.full))
    assert states == [(0, False), (1, False), (2, True), (0, False)]
    with pytest.raises(IndexError):
        waiting.take()


SERVERS = {"oftc": (5, 1.0), "libera": (5, 0.5), "standard": (5, 2.0)}
"""How many lines each lets through at once, and the seconds for one more: see PACES."""


@pytest.mark.parametrize("name", PACES)
@given(pauses=st.lists(st.floats(0.0, 10.0), min_size=1, max_size=100))
def test_no_server_of_a_preset_ever_lets_a_line_wait(name: str, pauses: list[float]) -> None:
    pace = PACES[name]
    ours, theirs = Bucket(pace.burst, pace.every, 0.0), Bucket(*SERVERS[name], 0.0)
    now = 0.0
    for pause in pauses:
        now += pause
        while ours.take(now):
            # What it has no token for would wait in its queue, which has an end: "RecvQ exceeded".
            assert theirs.take(now)


def test_a_spare_token_leaves_half_to_others() -> None:
    bucket = Bucket(burst=5, every=2.0, now=0.0)
    assert [bucket.take(0.0, spare=True) for _ in range(4)] == [True, True, True, False]
    assert bucket.ready(0.0, spare=True) == 2.0
    assert [bucket.take(0.0) for _ in range(3)] == [True, True, False]
    single = Bucket(burst=1, every=2.0, now=0.0)
    assert single.take(0.0, spare=True)
    assert single.ready(0.0, spare=True) == 2.0


def test_those_of_one_urgency_are_forgotten() -> None:
    waiting = queue(*[(urgency, f"#{n}", urgency.name) for urgency in Urgency for n in range(2)])
    waiting.drop(Urgency.SPARE)
    assert len(waiting) == 8
    assert waiting.clear() == [each for each in ("NOW", "CONTROL", "REPLY", "ANNOUNCEMENT") for _ in range(2)]
