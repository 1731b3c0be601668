from datetime import date

import pytest
from hypothesis import given, strategies as st

from milestonebot.sources.post.dates import YEARS, day_of, phrases

TUESDAY = date(2011, 12, 20)


def told(text: str, *, ahead: bool = False, published: date | None = TUESDAY) -> list[str | None]:
    found = phrases(text, published, ahead=ahead)
    return [each.dating.when.iso() if each.dating.when is not None else None for each in found]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("It was released on December 15th, 2011.", "2011-12-15"),
        ("released on Thursday, 15 December 2011", "2011-12-15"),
        ("on Thursday, December 15th, 2011", "2011-12-15"),
        ("the 15th of December, 2011", "2011-12-15"),
        ("out 2011-12-15!", "2011-12-15"),
        ("Dec. 15, 2011", "2011-12-15"),
        ("in December 2011", "2011-12"),
        ("Sept 22, 2011", "2011-09-22"),
        ("today", "2011-12-20"),
        ("Yesterday", "2011-12-19"),
        ("last week", "2011-12-12..2011-12-18"),
        ("earlier this week", "2011-12-19..2011-12-25"),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, when: str) -> None:
    assert told(text) == [when]


@pytest.mark.parametrize(
    ("text", "past", "to_come"),
    [
        ("December 15", "2011-12-15", "2012-12-15"),
        ("on 26 January", "2011-01-26", "2012-01-26"),
        ("December 20th", "2011-12-20", "2011-12-20"),
        ("February 29", "2008-02-29", "2012-02-29"),
    ],
)
def test_a_year_that_is_left_out_is_the_nearest_and_told(text: str, past: str, to_come: str) -> None:
    assert told(text) == [past]
    assert told(text, ahead=True) == [to_come]
    (phrase,) = phrases(text, TUESDAY)
    assert phrase.dating.remark == f"the year is not told; {past[:4]} is inferred from the day of the post"


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("on Thursday", "perhaps 2011-12-15 is meant"),
        ("last Tuesday", "perhaps 2011-12-13 is meant"),
        ("two weeks ago", "this tells no day"),
        ("last month", "this tells no day"),
        ("on February 30, 2011", "there is no such day"),
        ("on 2011-02-30", "there is no such day"),
    ],
)
def test_what_is_no_day_is_told_and_not_made_one(text: str, remark: str) -> None:
    (phrase,) = phrases(text, TUESDAY)
    assert phrase.dating.when is None
    assert (phrase.dating.remark or "").endswith(remark)


def test_a_weekday_to_come_is_behind_the_post() -> None:
    (phrase,) = phrases("This Thursday we publish it", TUESDAY, ahead=True)
    assert phrase.dating.remark == "a weekday alone is no date; perhaps 2011-12-22 is meant"


@pytest.mark.parametrize(
    "text", ["you may 3 times", "Marching 5", "in December", "release 2011.3", "15/12/2011", "Mayhem 3"]
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("text", ["today", "last week", "December 15"])
def test_without_the_posts_own_day_nothing_is_inferred(text: str) -> None:
    assert told(text, published=None) == [None]


def test_several_dates_are_told_in_order() -> None:
    text = "last week, January 26th, 2012, and 2012-03-01"
    found = phrases(text, TUESDAY)
    assert [text[each.start : each.end] for each in found] == [
        "last week",
        "January 26th, 2012",
        "2012-03-01",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2011-12-20 17:03",
        "2011-12-20T23:03:00-08:00",
        "Tue, 20 Dec 2011 17:03:00 +0100",
        "December 20th, 2011",
        "20 December 2011",
    ],
)
def test_a_header_names_a_day(text: str) -> None:
    assert day_of(text) == TUESDAY


@pytest.mark.parametrize(
    "text", [None, "", "20/12/2011", "soon", "1899-01-01", "Tue, 99 Dec 2011 1:1", "9" * 400, "2011-12"]
)
def test_or_it_names_none(text: str | None) -> None:
    assert day_of(text) is None


@given(st.text(max_size=60), st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.booleans())
def test_any_text_can_be_read(text: str, published: date, ahead: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    day_of(text)
    phrases(text, published, ahead=ahead)


@pytest.mark.parametrize(
    ("text", "published"),
    [("last week", date(1970, 1, 5)), ("yesterday", date(1970, 1, 1)), ("this week", date(2199, 12, 31))],
)
def test_nothing_is_counted_beyond_the_years_that_a_file_may_have(text: str, published: date) -> None:
    assert told(text, published=published) == [None]


PARTS = st.sampled_from(
    [*"0123456789-, ", "Feb", "December", "last", "this", "week", "today", "th", "on", "Friday"]
)


@given(
    st.lists(PARTS, max_size=12).map("".join), st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.booleans()
)
def test_no_date_is_out_of_range(text: str, published: date, ahead: bool) -> None:  # noqa: FBT001 - likewise
    for phrase in phrases(text, published, ahead=ahead):
        when = phrase.dating.when
        assert when is None or (when.first.year in YEARS and when.last.year in YEARS)
