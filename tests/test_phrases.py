from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, strategies as st

from milestonebot import phrases
from milestonebot.when import When
from milestonebot.zones import AOE, zone

NOW = datetime(2011, 12, 20, 17, 3, tzinfo=UTC)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
WHENS = st.one_of(
    DAYS.map(When.day),
    st.tuples(DAYS, DAYS).map(sorted).map(lambda two: When.days(*two)),
    DAYS.map(lambda day: When.month(day.year, day.month)),
)
MOMENTS = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - bounds have to be naive
    datetime(2199, 12, 31),  # noqa: DTZ001 - likewise
    timezones=st.sampled_from([UTC, AOE, timezone(timedelta(hours=14)), zone("Europe/Paris")]),
)


@pytest.mark.parametrize(
    ("text", "told", "short"),
    [
        ("2011-12-15", "Thu 15 Dec 2011", "Thu 15 Dec 2011"),
        ("2012-02-29", "Wed 29 Feb 2012", "Wed 29 Feb 2012"),
        ("2012-04", "April 2012, no day set", "Apr 2012"),
        ("2016-12-05..2016-12-09", "the week of Mon 5 to Fri 9 Dec 2016", "Mon 5 to Fri 9 Dec 2016"),
        ("2011-W50", "the week of Mon 12 to Sun 18 Dec 2011", "Mon 12 to Sun 18 Dec 2011"),
        ("2011-12-11..2011-12-17", "the week of Sun 11 to Sat 17 Dec 2011", "Sun 11 to Sat 17 Dec 2011"),
        ("2012-W05", "the week of Mon 30 Jan to Sun 5 Feb 2012", "Mon 30 Jan to Sun 5 Feb 2012"),
        ("2011-W52", "the week of Mon 26 Dec 2011 to Sun 1 Jan 2012", "Mon 26 Dec 2011 to Sun 1 Jan 2012"),
        ("2012-04-05T14:00+00:00", "Thu 5 Apr 2012, 14:00 UTC", "Thu 5 Apr 2012, 14:00 UTC"),
        ("2012-04-05T09:05-04:00", "Thu 5 Apr 2012, 09:05 UTC-04:00", "Thu 5 Apr 2012, 09:05 UTC-04:00"),
        # What is neither a day nor a week is not called one.
        ("2012-04-16..2012-04-18", "Mon 16 to Wed 18 Apr 2012", "Mon 16 to Wed 18 Apr 2012"),
        ("2012-04-13..2012-04-17", "Fri 13 to Tue 17 Apr 2012", "Fri 13 to Tue 17 Apr 2012"),
        ("2011-12-05..2012-01-20", "Mon 5 Dec 2011 to Fri 20 Jan 2012", "Mon 5 Dec 2011 to Fri 20 Jan 2012"),
    ],
)
def test_a_date_is_told_as_exactly_as_it_is_known(text: str, told: str, short: str) -> None:
    assert phrases.dated(When.parse(text)) == told
    assert phrases.short(When.parse(text)) == short


def test_no_date_is_an_answer() -> None:
    assert phrases.dated(None) == phrases.short(None) == "no date set"


def test_a_moment_is_told_in_the_zone_that_it_was_stated_in() -> None:
    stated = datetime(2012, 4, 5, 23, 59, tzinfo=AOE)
    assert phrases.dated(When.moment(stated)) == "Thu 5 Apr 2012, 23:59 AoE"
    paris = datetime(2012, 4, 5, 14, tzinfo=zone("Europe/Paris"))
    assert phrases.dated(When.moment(paris, "Europe/Paris")) == "Thu 5 Apr 2012, 14:00 Europe/Paris"


@pytest.mark.parametrize(
    ("text", "days", "told"),
    [
        ("2011-12-20", 0, "today"),
        ("2011-12-21", 1, "tomorrow"),
        ("2011-12-19", -1, "yesterday"),
        ("2012-01-26", 37, "in 37 days"),
        ("2011-12-15", -5, "5 days ago"),
        ("2013-12-19", 730, "in 730 days"),
        ("2013-12-20", 731, "in 2 years"),
        ("2026-11-22", 5451, "in 14 years"),
        ("1997-12-20", -5113, "13 years ago"),
        ("2011-12-19..2011-12-23", 0, "this week"),
        ("2011-12", 0, "this month"),
        ("2011-12-20..2012-01-20", 0, "now"),
        # A stretch is as far as the nearer end of it: nobody knows of a "tomorrow" in it.
        ("2011-12-21..2011-12-25", 1, "in 1 day"),
        ("2011-12-12..2011-12-19", -1, "1 day ago"),
        ("2012-01", 12, "next month"),
        ("2011-11", -20, "last month"),
    ],
)
def test_how_far_it_is(text: str, days: int, told: str) -> None:
    assert phrases.days_away(When.parse(text), NOW) == days
    assert phrases.away(When.parse(text), NOW) == told


def test_a_day_is_a_day_on_the_calendar_of_who_asks() -> None:
    """Summer time makes days of 23 and 25 hours, and "tomorrow" may begin in a minute."""
    paris = zone("Europe/Paris")
    late = datetime(2012, 3, 24, 23, 59, tzinfo=paris)
    assert phrases.away(When.day(date(2012, 3, 25)), late) == "tomorrow"
    assert phrases.away(When.day(date(2012, 3, 26)), late) == "in 2 days"
    assert (
        phrases.away(When.day(date(2012, 10, 28)), datetime(2012, 10, 27, 0, 1, tzinfo=paris)) == "tomorrow"
    )


def test_a_day_is_not_over_before_it_is_over_anywhere_on_earth() -> None:
    moment = datetime(2012, 4, 6, 11, 59, tzinfo=UTC)
    release = When.day(date(2012, 4, 5))
    assert phrases.away(release, moment) == "yesterday"
    assert phrases.away(release, moment.astimezone(AOE)) == "today"
    assert phrases.away(release, (moment + timedelta(minutes=1)).astimezone(AOE)) == "yesterday"


def test_a_moment_falls_on_the_calendar_of_who_asks() -> None:
    deadline = When.moment(datetime(2012, 4, 5, 23, 59, tzinfo=AOE))
    noon = datetime(2012, 4, 5, 12, tzinfo=UTC)
    assert phrases.away(deadline, noon) == "tomorrow"  # 6 April, 11:59 UTC
    assert phrases.away(deadline, noon.astimezone(AOE)) == "today"
    assert phrases.away(deadline, noon.astimezone(zone("Asia/Tokyo"))) == "tomorrow"


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_calendar_s_ends_are_told_in_every_zone(moment: datetime) -> None:
    for here in (AOE, UTC, zone("Asia/Tokyo")):
        days = phrases.days_away(When.moment(moment), NOW.astimezone(here))
        assert abs(days - (moment.date() - NOW.date()).days) <= 1
        assert "years" in phrases.away(When.moment(moment), NOW.astimezone(here))


@given(MOMENTS, MOMENTS)
def test_a_moment_is_as_far_whatever_zone_it_was_stated_in(moment: datetime, now: datetime) -> None:
    days = phrases.days_away(When.moment(moment), now)
    assert days == phrases.days_away(When.moment(moment.astimezone(UTC)), now)
    assert abs(timedelta(days=days) - (moment - now)) < timedelta(days=1, hours=2)


@given(WHENS, DAYS)
def test_the_distance_is_none_exactly_where_it_may_be_today(when: When, today: date) -> None:
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    days = phrases.days_away(when, now)
    assert (days == 0) is when.covers(today)
    assert (days > 0) is (when.first > today)
    if days:
        assert when.covers(today + timedelta(days=days))
        assert not when.covers(today + timedelta(days=days - (1 if days > 0 else -1)))


@given(DAYS, DAYS)
@example(date(2011, 12, 20), date(2013, 12, 20))
def test_the_words_say_the_distance(day: date, today: date) -> None:
    now = datetime(today.year, today.month, today.day, tzinfo=UTC)
    days, told = phrases.days_away(When.day(day), now), phrases.away(When.day(day), now)
    assert told.startswith("in ") == (days > 1)
    assert told.endswith(" ago") == (days < -1)
    if (found := re.search(r"([\d,]+) (day|year)s?\b", told)) is not None:
        number = int(found[1].replace(",", ""))
        assert number == abs(days) if found[2] == "day" else number <= abs(days) / 365.25 < number + 1.01
        assert (found[2] == "year") == (abs(days) >= phrases.LONG)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (37, "5 weeks and 2 days"),
        (-37, "5 weeks and 2 days"),
        (7, "1 week"),
        (8, "1 week and 1 day"),
        (14, "2 weeks"),
        (6, "6 days"),
    ],
)
def test_weeks(days: int, told: str) -> None:
    assert phrases.weeks(days) == told


@given(st.integers(1, 4000))
def test_weeks_and_days_add_up(days: int) -> None:
    units = {"week": 7, "day": 1}
    found = re.findall(r"(\d+) (week|day)s?", phrases.weeks(days))
    assert sum(int(number) * units[unit] for number, unit in found) == days


def test_counts_have_their_plural_and_thousands_apart() -> None:
    assert phrases.count(0, "day") == "0 days"
    assert phrases.count(1, "blueprint") == "1 blueprint"
    assert phrases.count(1_234_567, "blueprint") == "1,234,567 blueprints"


def test_a_list_reads_as_one_speaks() -> None:
    assert phrases.listed([]) == ""
    assert phrases.listed(["a"]) == "a"
    assert phrases.listed(["a", "b"]) == "a and b"
    assert phrases.listed(["a", "b", "c"], "or") == "a, b or c"


def test_a_sentence_ends_once() -> None:
    ends = ["banned", "invited?", "Go away.", "no!", "and so on…"]
    assert [*map(phrases.sentence, ends)] == ["banned.", "invited?", "Go away.", "no!", "and so on…"]
