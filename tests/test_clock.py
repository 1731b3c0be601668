from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from milestonebot.clock import FixedClock, SystemClock, at
from milestonebot.zones import AOE, zone


def test_the_machine_s_clock_is_aware_and_goes_on() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert timedelta() <= second - first < timedelta(minutes=1)


def test_a_fixed_clock_stands() -> None:
    moment = datetime(2011, 12, 20, 9, tzinfo=UTC)
    assert FixedClock(moment).now() is FixedClock(moment).now() is moment


def test_a_bare_date_is_its_first_moment() -> None:
    assert at("2011-12-20").now() == datetime(2011, 12, 20, tzinfo=UTC)
    assert at(" 2011-12-20 ").now().tzinfo is UTC


def test_a_date_is_read_in_the_zone_of_the_bot() -> None:
    paris = at("2011-12-20", "Europe/Paris").now()
    assert (paris, paris.date()) == (datetime(2011, 12, 19, 23, tzinfo=UTC), date(2011, 12, 20))
    aoe = at("2011-12-20", "AoE").now()
    assert (aoe, aoe.tzinfo) == (datetime(2011, 12, 20, 12, tzinfo=UTC), AOE)


def test_a_time_is_read_in_the_zone_of_the_bot_unless_it_has_its_own() -> None:
    assert at("2011-12-20T09:30", "AoE").now() == datetime(2011, 12, 20, 21, 30, tzinfo=UTC)
    assert at("2011-12-20 09:30+01:00", "AoE").now() == datetime(2011, 12, 20, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2011-W50", date(2011, 12, 12)),
        ("2011-12-12..2011-12-16", date(2011, 12, 12)),
        ("2011-12", date(2011, 12, 1)),
    ],
)
def test_of_a_longer_stretch_it_is_the_first_day(text: str, day: date) -> None:
    assert at(text, "Asia/Tokyo").now() == datetime(day.year, day.month, day.day, tzinfo=zone("Asia/Tokyo"))


@pytest.mark.parametrize("text", ["", "soon", "2011-12-32", "2011-13", "2011-12-20T25:00", "12-20"])
def test_what_is_no_date_is_told_with_what_is(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date.*write 2011-12-15"):
        at(text)


def test_a_zone_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match="no time zone is called 'Mars'"):
        at("2011-12-20", "Mars")


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00+05:00", "9999-12-31T23:00-05:00", "0001-01-01", "9999-12-31"]
)
def test_a_time_that_other_zones_have_no_date_for_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="year"):
        at(text, "Asia/Tokyo")


@given(
    st.text(max_size=30) | st.text("0123456789-T:+.W ", max_size=30),
    st.sampled_from(["UTC", "AoE", "Asia/Tokyo"]),
)
def test_any_text_is_a_moment_or_a_value_error(text: str, name: str) -> None:
    try:
        now = at(text, name).now()
    except ValueError:
        return
    assert now.tzinfo is not None
    for other in (UTC, AOE, zone("Asia/Tokyo")):
        assert now.astimezone(other) == now
