"""What one room is yet to get: what the outbox tells of it, and what is known better."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from milestonebot.announcement import Occasion
from milestonebot.announcer.waiting import Waiting
from milestonebot.outbox import Delivery, Stage
from milestonebot.ports import Room

NOW = datetime(2012, 1, 1, tzinfo=UTC)
ROOM = Room("scripted", "#a")


def delivery(name: str, stage: Stage = Stage.PLANNED, said: int = 0) -> Delivery:
    return Delivery(name, "", Occasion.NOTE, ROOM, NOW, NOW, stage=stage, said=said)


ONE, TWO, THREE = delivery("one"), delivery("two"), delivery("three")


def waiting(*deliveries: Delivery) -> Waiting:
    found = Waiting(ROOM)
    found.take(deliveries, set())
    return found


def test_what_is_begun_comes_first_and_the_rest_as_the_outbox_has_it() -> None:
    begun, partly = delivery("begun", Stage.SENDING), delivery("partly", said=1)
    assert list(waiting(ONE, begun, TWO, partly).deliveries) == ["begun", "partly", "one", "two"]


def test_what_is_under_way_stays_first_whatever_the_outbox_told() -> None:
    room = waiting(TWO)
    room.current = "two"
    room.take([ONE, replace(TWO, problem="old")], set())
    assert list(room.deliveries.values()) == [TWO, ONE]
    room.take([], set())
    assert list(room.deliveries) == ["two"]


def test_what_was_touched_meanwhile_is_known_better_here() -> None:
    room = waiting(ONE, TWO)
    room.put_off(NOW, 0.0, None)
    # Since the outbox was asked, an attempt at the first failed, and the third was said.
    room.take([replace(ONE, problem="old"), TWO, THREE], {"one", "three"})
    assert list(room.deliveries.values()) == [ONE, TWO]
    assert room.stale == {"one"}
    # Asked again afterwards, it tells how things are.
    room.take([replace(ONE, problem="new"), TWO], set())
    assert room.first
    assert room.first.problem == "new"
    assert not room.stale


def test_what_may_be_old_stays_so_when_something_comes_before_it() -> None:
    room = waiting(ONE)
    room.put_off(NOW, 0.0, None)
    room.take([delivery("begun", Stage.SENDING), ONE], {"one"})
    assert list(room.deliveries) == ["begun", "one"]
    room.well()
    assert room.stale == {"one"}


def test_it_waits_longer_each_time_and_anew_once_something_went_well() -> None:
    room = waiting(ONE)
    assert room.ready(NOW)
    assert [room.put_off(NOW, 0.0, None) - NOW for _ in range(3)] == [timedelta(seconds=n) for n in (2, 4, 8)]
    assert not room.ready(NOW + timedelta(seconds=7))
    assert room.ready(NOW + timedelta(seconds=8))
    room.well()
    assert room.ready(NOW)
    assert room.put_off(NOW, 0.0, None) - NOW == timedelta(seconds=2)


def test_it_waits_no_less_than_the_network_asks() -> None:
    room = waiting(ONE)
    assert room.put_off(NOW, 0.0, 60.0) - NOW == timedelta(seconds=60)
    assert room.put_off(NOW, 1.0, 60.0) - NOW == timedelta(seconds=66)
    assert room.put_off(NOW, 0.0, 0.5) - NOW == timedelta(seconds=8)


def test_nothing_is_ready_while_one_is_under_way_or_nothing_is_left() -> None:
    room = waiting(ONE)
    room.current = "one"
    assert not room.ready(NOW)
    assert not waiting().ready(NOW)
