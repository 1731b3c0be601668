"""How dates and counts are worded, in English whatever the machine's locale is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.when import Precision

if TYPE_CHECKING:
    from datetime import date, datetime

    from milestonebot.when import When

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

LONG = 2 * 365 + 1
"""Days from which on a distance is told in years."""

_LONG_MONTHS_AWAY = 24
WEEK = 7
_WORKING_WEEK = 5
_BEGINNING = (0, 6)
"""Monday and Sunday, as `date.weekday` counts them."""

NO_DATE = "no date set"


def day(when: date) -> str:
    """Return `Thu 15 Dec 2011`."""
    return f"{_DAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]} {when.year}"


def dated(when: When | None) -> str:
    """Return `when` as exactly as it is known, and no more exactly.

    `Thu 15 Dec 2011`, `Thu 5 Apr 2012, 14:00 UTC`, `the week of Mon 5 to Fri 9 Dec 2016`,
    `Mon 5 Dec 2011 to Fri 20 Jan 2012`, `April 2012, no day set`, `no date set`.
    """
    if when is None:
        return NO_DATE
    if when.at is not None:
        return f"{day(when.first)}, {when.at:%H:%M} {when.zone}"
    if when.precision is Precision.MONTH:
        return f"{_LONG_MONTHS[when.first.month - 1]} {when.first.year}, no day set"
    if when.first == when.last:
        return day(when.first)
    span = _span(when.first, when.last)
    return f"the week of {span}" if _is_week(when) else span


def short(when: When | None) -> str:
    """Return the same for the cell of a table: `Mon 5 to Fri 9 Dec 2016`, `Apr 2012`."""
    if when is None:
        return NO_DATE
    if when.at is None and when.precision is Precision.MONTH:
        return f"{_MONTHS[when.first.month - 1]} {when.first.year}"
    if when.at is None and when.first != when.last:
        return _span(when.first, when.last)
    return dated(when)


def _is_week(when: When) -> bool:
    """Tell whether a stretch is what people call a week, with its weekend or without."""
    return when.first.weekday() in _BEGINNING and _WORKING_WEEK <= (when.last - when.first).days + 1 <= WEEK


def _span(first: date, last: date) -> str:
    shown = f"{_DAYS[first.weekday()]} {first.day}"
    if (first.month, first.year) != (last.month, last.year):
        shown += f" {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        shown += f" {first.year}"
    return f"{shown} to {day(last)}"


def days_away(when: When, now: datetime) -> int:
    """Return the whole days from today to `when`: negative when it is past, 0 when it may be today.

    A moment counts on the calendar of `now`'s zone, in which "today" and "tomorrow" are said.
    """
    today = now.date()
    if when.at is not None:
        return (_day_here(when, when.at, now) - today).days
    if when.covers(today):
        return 0
    return (when.first - today).days if when.first > today else (when.last - today).days


def _day_here(when: When, moment: datetime, now: datetime) -> date:
    try:
        return moment.astimezone(now.tzinfo).date()
    except OverflowError:  # on the calendar's first and last day, not every zone has one
        return when.first


def away(when: When, now: datetime) -> str:
    """Return `in 37 days`, `5 days ago`, `today`, `tomorrow`, `14 years ago`.

    Where no day is known it may be `this week` or `this month`, and in a longer stretch `now`.
    """
    days = days_away(when, now)
    if days == 0:
        return _within(when)
    if when.precision is Precision.MONTH:
        return _months(when.first, now)
    if abs(days) == 1 and when.first == when.last:
        return "tomorrow" if days > 0 else "yesterday"
    far = count(abs(days), "day") if abs(days) < LONG else count(abs(days) * 100 // 36525, "year")
    return f"in {far}" if days > 0 else f"{far} ago"


def _within(when: When) -> str:
    if when.first == when.last:
        return "today"
    if when.precision is Precision.MONTH:
        return "this month"
    return "this week" if _is_week(when) else "now"


def _months(first: date, now: datetime) -> str:
    """Return how far a month is, in months: no day of it is known."""
    months = (first.year - now.year) * 12 + first.month - now.month
    if abs(months) == 1:
        return "next month" if months > 0 else "last month"
    far = count(abs(months), "month") if abs(months) < _LONG_MONTHS_AWAY else count(abs(months) // 12, "year")
    return f"in {far}" if months > 0 else f"{far} ago"


def weeks(days: int) -> str:
    """Return `5 weeks and 2 days` for 37: how far something is in the unit people plan in."""
    whole, left = divmod(abs(days), WEEK)
    parts = [count(number, unit) for number, unit in ((whole, "week"), (left, "day")) if number]
    return " and ".join(parts)


def count(number: int, noun: str) -> str:
    """Return `1 day`, `19 days`, with thousands set apart."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: list[str], last: str = "and") -> str:
    """Return `a, b and c`."""
    if len(names) < 2:  # noqa: PLR2004 - one name needs no word between
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def sentence(text: str) -> str:
    """Return `text` with a full stop, unless it ends as a sentence does.

    >>> sentence("you are banned"), sentence("is the bot invited?"), sentence("Go away.")
    ('you are banned.', 'is the bot invited?', 'Go away.')
    """
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
