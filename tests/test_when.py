from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, strategies as st

from milestonebot.when import Precision, When

DAYS = st.dates()
TWO_DAYS = st.tuples(DAYS, DAYS).map(sorted)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(timezones=OFFSETS)


def test_a_day_is_that_day() -> None:
    when = When.parse("2011-12-15")
    assert when == When.day(date(2011, 12, 15)) == When(date(2011, 12, 15), date(2011, 12, 15), Precision.DAY)


@pytest.mark.parametrize("text", ["2011-W50", "2011W50", "2011-12-12..2011-12-18", "2011-12-12/2011-12-18"])
def test_a_week_is_told_by_number_or_by_its_days(text: str) -> None:
    assert When.parse(text) == When(date(2011, 12, 12), date(2011, 12, 18), Precision.WEEK)


def test_a_stretch_of_one_day_is_a_day() -> None:
    assert When.parse("2011-12-15..2011-12-15") == When.day(date(2011, 12, 15))


@pytest.mark.parametrize(
    ("text", "last"),
    [("2012-02", date(2012, 2, 29)), ("2011-02", date(2011, 2, 28)), ("2011-12", date(2011, 12, 31))],
)
def test_a_month_stays_a_month(text: str, last: date) -> None:
    when = When.parse(text)
    assert (when.first, when.last, when.precision) == (last.replace(day=1), last, Precision.MONTH)


def test_a_time_keeps_its_moment_and_its_zone() -> None:
    when = When.parse("2012-04-05T14:00+02:00")
    assert when.precision is Precision.MOMENT
    assert when.at == datetime(2012, 4, 5, 12, 0, tzinfo=UTC)
    assert (when.first, when.last, when.zone) == (date(2012, 4, 5), date(2012, 4, 5), "UTC+02:00")


def test_the_day_of_a_moment_is_the_one_in_its_own_zone() -> None:
    aoe = timezone(timedelta(hours=-12), "AoE")
    when = When.moment(datetime(2012, 4, 5, 23, 59, tzinfo=aoe))
    assert (when.first, when.zone) == (date(2012, 4, 5), "AoE")
    assert When.moment(datetime(2012, 4, 5, tzinfo=UTC), "Europe/London").zone == "Europe/London"


def test_a_time_may_be_as_exact_as_it_can_be_written() -> None:
    text = "2012-04-05T14:00:00.123456+05:30:21.123456"
    assert When.parse(text).at == datetime.fromisoformat(text)


def test_spaces_around_it_do_not_matter() -> None:
    assert When.parse(" 2011-12-12 .. 2011-12-16\n") == When.days(date(2011, 12, 12), date(2011, 12, 16))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "soon",
            "2011",
            "2011-13",
            "2011-00",
            "2011-12-32",
            "2011-02-29",
            "11-12-15",
            "15.12.2011",
        ),
        *("2011-W54", "2011-W00", "2012-W53", "9999-W52", "0000-01-01", "0000-01", "2011-12-16..2011-12-12"),
        *("2011-12-15..", "..2011-12-15", "2011-12-15T14:00", "2011-12-15T25:00+00:00", "2011-12-15 14:00"),
        *("٢٠١١-١٢-١٥", "2011-12-15\0", "x" * 100_000, "2011-12-15T14:00+99:00", "\ud800"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date.*write 2011-12-15, 2011-W50") as caught:
        When.parse(text)
    assert len(str(caught.value)) < 400


def test_a_time_without_a_zone_says_that_it_is_the_zone_that_lacks() -> None:
    with pytest.raises(ValueError, match="a time needs its zone"):
        When.parse("2011-12-15T14:00")
    with pytest.raises(ValueError, match="a time needs its zone"):
        When.moment(datetime(2011, 12, 15))  # noqa: DTZ001 - this is the mistake


def test_a_stretch_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="2011-12-12 is before 2011-12-16"):
        When.days(date(2011, 12, 16), date(2011, 12, 12))


@given(DAYS)
@example(date(999, 12, 31))
def test_a_day_is_read_back_as_it_is_written(day: date) -> None:
    assert When.parse(When.day(day).iso()) == When.day(day)


@given(TWO_DAYS)
def test_a_stretch_is_read_back_as_it_is_written(days: list[date]) -> None:
    when = When.days(*days)
    assert When.parse(when.iso()) == when


@given(st.integers(1, 9999), st.integers(1, 12))
@example(999, 12)
def test_a_month_is_read_back_as_it_is_written(year: int, month: int) -> None:
    when = When.month(year, month)
    assert When.parse(when.iso()) == when


@given(MOMENTS)
def test_a_moment_is_read_back_to_the_minute(moment: datetime) -> None:
    when = When.moment(moment.replace(second=0, microsecond=0))
    assert When.parse(when.iso()) == when
    assert When.moment(moment).iso() == when.iso()


@given(st.integers(1, 9998), st.integers(1, 53))
def test_an_iso_week_begins_on_its_monday(year: int, week: int) -> None:
    try:
        when = When.parse(f"{year:04}-W{week:02}")
    except ValueError:
        assert week == 53
        return
    assert when.first.isocalendar()[:2] == (year, week)
    assert (when.first.weekday(), when.last - when.first) == (0, timedelta(days=6))


@given(DAYS, TWO_DAYS)
def test_a_stretch_covers_the_days_in_it(day: date, days: list[date]) -> None:
    assert When.days(*days).covers(day) is (days[0] <= day <= days[1])


@given(st.text(max_size=30) | st.text("0123456789-WT:+./Z ", max_size=30))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        when = When.parse(text)
    except ValueError:
        return
    assert when.first <= when.last
    assert When.parse(when.iso()).first == when.first
