"""How long is waited."""

from milestonebot.backoff import Backoff


def test_it_doubles_up_to_the_longest_and_begins_anew() -> None:
    backoff = Backoff(2.0, 300.0)
    assert [backoff.wait(0.0) for _ in range(10)] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    backoff.reset()
    assert backoff.wait(0.0) == 2


def test_chance_takes_up_to_a_third_away() -> None:
    assert Backoff(3.0, 300.0).wait(1.0) == 2.0
    assert Backoff(300.0, 300.0).wait(0.5) == 250.0
