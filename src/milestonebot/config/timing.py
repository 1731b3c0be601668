"""Days before a date, times of day, and dates of notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from milestonebot.sources.fields import YEARS

_DAYS = re.compile(r"([0-9]{1,4})\s*([dw])", re.ASCII)
_MOST_DAYS = 366
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_FORMS = "write 2026-12-01, 2026-12-01T14:00 or 2026-12-01T14:00+01:00"


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A day, or a moment of it."""

    day: date
    moment: datetime | None = None

    def at(self, usual: time) -> datetime:
        """Return its moment; of a day, at its `usual` time. It may be naive."""
        return self.moment or datetime.combine(self.day, usual)


def noon() -> time:
    """Return when something is said whose time of day nobody set."""
    return time(12)


def _days(value: object) -> int:
    found = _DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        shown = f"; {value} would be seconds elsewhere" if type(value) is int else ""
        raise ValueError(f"expected whole days, as 14d, 2w or 0d{shown}")
    days = int(found[1]) * (7 if found[2] == "w" else 1)
    if days > _MOST_DAYS:
        raise ValueError("expected a year at most")
    return days


def _some(value: object) -> object:
    if type(value) is int:
        raise ValueError(f"expected a list of whole days: write [{value}d]")
    return value


def _each_once(days: list[int]) -> list[int]:
    twice = [each for each in days if days.count(each) > 1]
    if twice:
        raise ValueError(f"{twice[0]}d stands twice")
    return days


def _time(value: object) -> time:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        where = "from 00:00 to 23:59" if isinstance(value, str) else 'in quotes: "14:00"'
        raise ValueError(f"expected a time of day, {where}")
    return time(int(found[1]), int(found[2]))


def _date(value: object) -> StatedDate:
    if type(value) is date:
        stated = StatedDate(value)
    elif isinstance(value, str) and _DATE.fullmatch(value.strip()):
        stated = _read(value.strip())
    else:
        raise ValueError(f"expected a date; {_FORMS}")
    if stated.day.year not in YEARS:
        raise ValueError(f"the year {stated.day.year} is none of {YEARS.start} to {YEARS.stop - 1}")
    return stated


def _read(text: str) -> StatedDate:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no date: {error}") from None
    return StatedDate(read.date(), read if len(text) > len("2026-12-01") else None)


Days = Annotated[int, PlainValidator(_days, json_schema_input_type=str)]
"""Whole days."""
Before = Annotated[
    list[Days], Field(min_length=1, max_length=50), AfterValidator(_each_once), BeforeValidator(_some)
]
At = Annotated[time, PlainValidator(_time, json_schema_input_type=str)]
"""A time of day, to the minute."""
NoteDate = Annotated[StatedDate, PlainValidator(_date, json_schema_input_type=str)]
