"""Local times become moments, whatever the clocks of a zone do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, strategies as st

from milestonebot.agenda.times import begins, day_of, moment, on, over
from milestonebot.when import When
from milestonebot.zones import AOE, zone
from tests.agenda.planning import utc

local = datetime.fromisoformat
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
RESTLESS = [
    *("Europe/Paris", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia"),
    *("Africa/Casablanca", "Antarctica/Troll", "Asia/Tehran", "America/St_Johns", "Pacific/Kwajalein"),
]


@pytest.mark.parametrize(
    ("where", "shown", "expected"),
    [
        ("UTC", "2012-03-25 02:30", "2012-03-25 02:30"),
        ("AoE", "2012-03-25 02:30", "2012-03-25 14:30"),
        # Skipped: the first moment after it that there is.
        ("Europe/Paris", "2012-03-25 02:00", "2012-03-25 01:00"),
        ("Europe/Paris", "2012-03-25 02:30", "2012-03-25 01:00"),
        ("Europe/Paris", "2012-03-25 02:59", "2012-03-25 01:00"),
        ("Europe/Paris", "2012-03-25 03:00", "2012-03-25 01:00"),
        ("America/Santiago", "2024-09-08 00:30", "2024-09-08 04:00"),
        ("Australia/Lord_Howe", "2024-10-06 02:15", "2024-10-05 15:30"),
        ("Pacific/Apia", "2011-12-30 14:00", "2011-12-30 10:00"),
        # Doubled: the first.
        ("Europe/Paris", "2012-10-28 02:30", "2012-10-28 00:30"),
        ("Australia/Lord_Howe", "2024-04-07 01:45", "2024-04-06 14:45"),
    ],
)
def test_a_local_time_is_one_moment(where: str, shown: str, expected: str) -> None:
    assert moment(local(shown), zone(where)) == utc(expected)


LOCAL = st.datetimes(local("1970-01-02"), local("2037-12-30")).map(lambda at: at.replace(microsecond=0))


@given(LOCAL, st.sampled_from(ZONES) | st.sampled_from(RESTLESS))
def test_it_is_the_first_moment_at_which_clocks_show_it_or_later(shown: datetime, where: str) -> None:
    place = ZoneInfo(where)
    found = moment(shown, place)
    assert found is not None
    assert found.astimezone(place).replace(tzinfo=None) >= shown
    before = (found - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
    assert before < shown


@given(LOCAL, LOCAL, st.sampled_from(RESTLESS))
def test_later_local_times_are_never_earlier_moments(one: datetime, other: datetime, where: str) -> None:
    first, second = sorted((one, other))
    place = ZoneInfo(where)
    earlier, later = moment(first, place), moment(second, place)
    assert earlier is not None
    assert later is not None
    assert earlier <= later


def test_where_the_calendar_ends_there_is_no_moment() -> None:
    assert moment(local("9999-12-31 23:00"), AOE) is None
    assert on(date.max, time(23), AOE) is None
    assert over(When.day(date.max), UTC) is None
    assert moment(local("0001-01-01"), ZoneInfo("Asia/Tokyo")) is None


def test_a_day_begins_and_ends_in_its_zone() -> None:
    day = When.parse("2011-12-15")
    assert begins(day, AOE) == utc("2011-12-15 12:00")
    assert over(day, AOE) == utc("2011-12-16 12:00")
    assert over(When.parse("2011-12-12..2011-12-16"), UTC) == utc("2011-12-17")


def test_a_moment_is_itself_in_every_zone_and_its_day_is_not() -> None:
    stated = When.parse("2011-12-15T22:00+00:00")
    tokyo = ZoneInfo("Asia/Tokyo")
    assert begins(stated, tokyo, time(14)) == over(stated, tokyo) == utc("2011-12-15 22:00")
    assert day_of(stated, tokyo) == date(2011, 12, 16)
    assert day_of(stated, AOE) == date(2011, 12, 15)
