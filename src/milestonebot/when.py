"""A date as precisely as its source states it: a day, a week, a month, or a moment.

The written forms are those of ISO 8601 (dates, week dates, intervals), so that a file, a
JSON answer and a person agree: `2011-12-15`, `2011-W50`, `2016-12-05..2016-12-09`, `2012-04`,
`2012-04-05T14:00+00:00`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a date is known."""

    MOMENT = "moment"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of whole days, from `first` to `last`, both included.

    A fact known only as a week stays a week: nothing here makes a day of it.
    """

    first: date
    last: date
    precision: Precision = Precision.DAY
    at: datetime | None = None
    """The aware moment itself, where the source gives a time; `first` is its local day."""
    zone: str | None = None
    """The name of the zone that `at` was stated in, such as `UTC` or `Europe/Paris`."""

    @classmethod
    def day(cls, day: date) -> When:
        """Return exactly that day."""
        return cls(day, day)

    @classmethod
    def days(cls, first: date, last: date) -> When:
        """Return "some time from `first` to `last`", which is how schedules state a week."""
        if last < first:
            msg = f"{last.isoformat()} is before {first.isoformat()}"
            raise ValueError(msg)
        return cls(first, last, Precision.WEEK) if last > first else cls.day(first)

    @classmethod
    def month(cls, year: int, month: int) -> When:
        """Return "some day of that month"."""
        last = monthrange(year, month)[1]
        return cls(date(year, month, 1), date(year, month, last), Precision.MONTH)

    @classmethod
    def moment(cls, moment: datetime, zone: str | None = None) -> When:
        """Return that aware moment, stated in `zone`; a naive one is a ValueError."""
        if moment.tzinfo is None:
            msg = "a time needs its zone"
            raise ValueError(msg)
        return cls(moment.date(), moment.date(), Precision.MOMENT, moment, zone or moment.tzname())

    @classmethod
    def parse(cls, text: str) -> When:
        """Read one of the written forms; anything else is a ValueError that says what is."""
        return _parse(text.strip())

    def iso(self) -> str:
        """Return the written form, which `parse` reads back; a moment's is to the minute."""
        if self.at is not None:
            return self.at.isoformat(timespec="minutes")
        if self.precision is Precision.MONTH:
            return self.first.isoformat()[: len("2011-12")]
        if self.first != self.last:
            return f"{self.first.isoformat()}..{self.last.isoformat()}"
        return self.first.isoformat()

    def covers(self, day: date) -> bool:
        """Tell whether `day` may be the one."""
        return self.first <= day <= self.last


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:\.\.|/)\s*(\d{4}-\d{2}-\d{2})", re.ASCII)
_LONGEST = len("2011-12-15T14:00:00.000000+00:00:00.000000")
_FORMS = "write 2011-12-15, 2011-W50, 2011-12-12..2011-12-16, 2011-12 or 2011-12-15T14:00+00:00"


def _parse(text: str) -> When:
    try:
        if _DAY.fullmatch(text):
            return When.day(date.fromisoformat(text))
        if (found := _DAYS.fullmatch(text)) is not None:
            return When.days(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
        if (found := _MONTH.fullmatch(text)) is not None:
            return When.month(int(found[1]), int(found[2]))
        if (found := _ISO_WEEK.fullmatch(text)) is not None:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return When.days(monday, monday + timedelta(days=6))
        if len("2011-12-15") < len(text) <= _LONGEST:
            return When.moment(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        # What Python says of a form that it does not know would only repeat the text.
        reason = "" if "isoformat" in str(error) else f" ({error})"
        msg = f"{text[:40]!r} is not a date{reason}; {_FORMS}"
        raise ValueError(msg) from None
    msg = f"{text[:40]!r} is not a date; {_FORMS}"
    raise ValueError(msg)
