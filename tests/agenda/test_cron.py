"""cron lines by the local time of a zone, also where its clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from time import thread_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from milestonebot.agenda.cron import fires, latest
from milestonebot.agenda.times import moment
from tests.agenda.planning import utc
from tests.agenda.test_times import RESTLESS


def between(cron: str, where: str, after: str, until: str) -> list[str]:
    return [f"{fire:%d %H:%M}" for fire in fires(cron, where, utc(after), utc(until))]


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "SUN"])
def test_sunday_is_0_or_7_or_its_name(sunday: str) -> None:
    told = between(f"0 14 * * {sunday}", "UTC", "2011-12-17", "2011-12-27")
    assert told == ["18 14:00", "25 14:00"]


def test_what_fires_just_then_is_at_the_end_and_not_at_the_beginning() -> None:
    assert between("0 14 * * *", "UTC", "2011-12-20 14:00", "2011-12-21 14:00") == ["21 14:00"]


def test_it_fires_by_the_clocks_of_its_zone() -> None:
    assert between("0 14 * * *", "AoE", "2011-12-20", "2011-12-21 12:00") == ["20 02:00", "21 02:00"]
    told = between("0 14 * * *", "Europe/Paris", "2012-03-24", "2012-03-26")
    assert told == ["24 13:00", "25 12:00"]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        # Skipped, from 02:00 to 03:00: the moment of the change, 01:00 UTC, once for all of them.
        ("30 2 * * *", ["25 01:00"]),
        ("*/30 * * * *", ["25 00:00", "25 00:30", "25 01:00", "25 01:30", "25 02:00"]),
        ("15 * * * *", ["25 00:15", "25 01:00", "25 01:15"]),
    ],
)
def test_a_skipped_time_fires_once_right_after(cron: str, expected: list[str]) -> None:
    assert between(cron, "Europe/Paris", "2012-03-24 23:45", "2012-03-25 02:10") == expected


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        # 02:00 to 03:00 comes at 00:00 UTC, and again at 01:00.
        ("30 2 * * *", ["28 00:30"]),
        ("*/30 * * * *", ["27 23:30", "28 00:00", "28 00:30", "28 02:00", "28 02:30"]),
        ("0 * * * *", ["28 00:00", "28 02:00"]),
    ],
)
def test_a_doubled_time_fires_once_the_first_time(cron: str, expected: list[str]) -> None:
    assert between(cron, "Europe/Paris", "2012-10-27 23:15", "2012-10-28 02:45") == expected


def test_a_day_that_a_zone_skipped_fires_as_the_next_begins() -> None:
    told = between("0 14 * * *", "Pacific/Apia", "2011-12-29", "2011-12-31 12:00")
    assert told == ["30 00:00", "30 10:00", "31 00:00"]


@pytest.mark.parametrize("cron", ["0 0 */31 2 sun#5", "0 0 31 2 mon#5,*"])
def test_what_never_or_hardly_fires_does_not_hang(cron: str) -> None:
    start = thread_time()
    list(islice(fires(cron, "Europe/Paris", utc("2011-12-20")), 1))
    latest(cron, "Europe/Paris", utc("2011-12-20"), utc("2012-12-20"), 1)
    assert thread_time() - start < 1


def test_at_the_end_of_the_calendar_it_ends() -> None:
    assert list(fires("0 0 1 1 *", "UTC", utc("9998-06-01"))) == [utc("9999-01-01")]
    assert latest("0 0 1 1 *", "UTC", utc("0001-01-02"), utc("0003-01-02"), 9) == [
        utc("0002-01-01"),
        utc("0003-01-01"),
    ]


STARTS = st.datetimes(datetime.fromisoformat("1992-01-01"), datetime.fromisoformat("2036-01-01"))
CRONS = ["*/15 * * * *", "30 2 * * *", "0 * * * *", "45 1,2,3 * * *", "0 14 * * mon", "*/20 0-4 * * *"]


@given(
    st.sampled_from(CRONS),
    st.sampled_from([*RESTLESS, "AoE", "UTC"]),
    STARTS,
    st.integers(0, 5 * 1440),
    st.integers(1, 30),
)
def test_backwards_it_fires_at_the_same_moments(
    cron: str, where: str, start: datetime, minutes: int, most: int
) -> None:
    after = start.replace(tzinfo=ZoneInfo("UTC"))
    until = after + timedelta(minutes=minutes)
    assert latest(cron, where, after, until, most) == list(fires(cron, where, after, until))[-most:]


@given(
    st.sampled_from(RESTLESS),
    STARTS,
    st.integers(0, 3 * 1440),
)
def test_every_local_time_fires(where: str, start: datetime, minutes: int) -> None:
    local = start.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    local -= timedelta(minutes=local.minute % 15)
    due = moment(local, ZoneInfo(where))
    assert due is not None
    found = list(fires("*/15 * * * *", where, due - timedelta(hours=1), due))
    assert found[-1] == due
    assert found == sorted(set(found))


def test_late_in_an_hour_that_comes_twice_all_of_it_has_fired() -> None:
    after, until = utc("2012-10-27 12:00"), utc("2012-10-28 01:10")
    assert latest("*/15 * * * *", "Europe/Paris", after, until, 1) == [utc("2012-10-28 00:45")]
