"""Dates as posts write them: "December 15th, 2011", "last week", "today".

Nothing is made more exact than it is written. A year that is left out is that of the nearest
such day before the post, or after it for what is still to come, and the remark says so.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.utils import parsedate
from typing import TYPE_CHECKING, Final, NamedTuple

from milestonebot.sources.post.findings import Dating
from milestonebot.when import When

if TYPE_CHECKING:
    from collections.abc import Callable

YEARS: Final = range(1970, 2200)
"""Years that a post may speak of; another number is none."""

_YEAR_LONG = "January February March April May June July August September October November December"
_WEEK_LONG = "mon tue wed thu fri sat sun"
_MONTHS: Final = {name[:3].lower(): number for number, name in enumerate(_YEAR_LONG.split(), start=1)}
_WEEKDAYS: Final = {name: number for number, name in enumerate(_WEEK_LONG.split())}
MONTH: Final = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _YEAR_LONG.split()) + "|Sept"
"""Finds the names of months, long and short."""
_MONTH: Final = rf"(?P<month>{MONTH})\b"
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_YEAR: Final = r"(?P<year>(?:19|2[01])\d\d)\b"
_WEEKDAY: Final = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"

_SOME: Final = r"(?:a|one|two|three|four|five|six|\d{1,3}|a few|a couple of|some)"


class Phrase(NamedTuple):
    """Words that tell a date, at these characters of a sentence."""

    start: int
    end: int
    dating: Dating


class Told(NamedTuple):
    """What a phrase is read by: when the post was published, and whether it looks ahead."""

    published: date | None
    ahead: bool


def phrases(text: str, published: date | None, *, ahead: bool = False) -> list[Phrase]:
    """Return what `text` says of dates, in order; where two readings overlap, the fuller one."""
    told = Told(published, ahead)
    found: list[Phrase] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < each.end and each.start < match.end() for each in found):
                continue
            if (dating := read(match, told)) is not None:
                found.append(Phrase(match.start(), match.end(), dating))
    return sorted(found)


def day_of(text: str | None) -> date | None:
    """Return the day that a header names, in the local time of its writer; None where it names none."""
    if not text:
        return None
    try:
        if (mail := parsedate(text)) is not None and mail[0] in YEARS:
            return date(*mail[:3])
    except (ValueError, OverflowError, IndexError):
        pass
    whens = (phrase.dating.when for phrase in phrases(text, None))
    return next((when.first for when in whens if when is not None and when.first == when.last), None)


def _full(match: re.Match[str], _: Told) -> Dating | None:
    found = match.groupdict()
    month = _MONTHS.get(found["month"][:3].lower()) or int(found["month"])
    day = _made(int(found["year"]), month, int(found["day"]))
    return Dating(match[0], When.day(day)) if day else Dating(match[0], None, "there is no such day")


def _yearless(match: re.Match[str], told: Told) -> Dating | None:
    month, number = _MONTHS[match["month"][:3].lower()], int(match["day"])
    if not 1 <= number <= 31:  # noqa: PLR2004 - days of a month
        return None
    if told.published is None:
        return Dating(match[0], None, "the year is not told, nor when the post was published")
    years = range(told.published.year - 4, told.published.year + 5)
    days = [day for year in years if (day := _made(year, month, number)) is not None]
    if told.ahead:
        near = min((day for day in days if day >= told.published), default=None)
    else:
        near = max((day for day in days if day <= told.published), default=None)
    if near is None:
        return None
    remark = f"the year is not told; {near.year} is inferred from the day of the post"
    return Dating(match[0], When.day(near), remark)


def _month(match: re.Match[str], _: Told) -> Dating | None:
    year = int(match["year"])
    return Dating(match[0], When.month(year, _MONTHS[match["month"][:3].lower()])) if year in YEARS else None


def _near(match: re.Match[str], told: Told) -> Dating:
    words = match[0].lower()
    if told.published is None:
        return Dating(match[0], None, "the post does not tell when it was published")
    day = told.published - timedelta(days=1 if words == "yesterday" else 0)
    when = When.day(day) if day.year in YEARS else None
    return Dating(match[0], when, f"counted from the day of the post, {told.published.isoformat()}")


def _week(match: re.Match[str], told: Told) -> Dating:
    if told.published is None:
        return Dating(match[0], None, "the post does not tell when it was published")
    back = 7 if match["which"].lower() == "last" else 0
    monday = told.published - timedelta(days=told.published.weekday() + back)
    sunday = monday + timedelta(days=6)
    when = When.days(monday, sunday) if monday.year in YEARS and sunday.year in YEARS else None
    return Dating(
        match[0], when, f"the week is counted from the day of the post, {told.published.isoformat()}"
    )


def _weekday(match: re.Match[str], told: Told) -> Dating:
    remark = "a weekday alone is no date"
    if told.published is not None:
        ahead = (_WEEKDAYS[match["weekday"][:3].lower()] - told.published.weekday()) % 7
        near = told.published + timedelta(days=ahead if told.ahead or not ahead else ahead - 7)
        if match["which"].lower() == "last" and near == told.published:
            near -= timedelta(days=7)
        remark += f"; perhaps {near.isoformat()} is meant"
    return Dating(match[0], None, remark)


def _vague(match: re.Match[str], _: Told) -> Dating:
    return Dating(match[0], None, "this tells no day")


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


_READ: Final[tuple[tuple[str, Callable[[re.Match[str], Told], Dating | None]], ...]] = (
    (r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", _full),
    (rf"\b{_MONTH}\.? ?{_DAY},? ?(?:of )?{_YEAR}", _full),
    (rf"\b{_DAY} (?:of )?{_MONTH}\.?,? ?{_YEAR}", _full),
    (rf"\b{_MONTH}\.?,? {_YEAR}", _month),
    (rf"\b{_MONTH}\.? {_DAY}", _yearless),
    (rf"\b{_DAY} (?:of )?{_MONTH}", _yearless),
    (r"(?i)\b(?:today|tonight|this (?:morning|afternoon|evening)|yesterday)\b", _near),
    (r"(?i)\b(?P<which>last|this) week\b", _week),
    (rf"(?i)\b(?P<which>last|this|on|next) {_WEEKDAY}(?!,? (?:the )?(?:\d|{MONTH}))", _weekday),
    (rf"(?i)\b{_SOME} (?:days?|weeks?|months?) ago\b|\blast month\b|\brecently\b", _vague),
)
"""Each form and what reads it, the fuller before those that are parts of it."""
_FORMS: Final = tuple((re.compile(form, re.ASCII), read) for form, read in _READ)
