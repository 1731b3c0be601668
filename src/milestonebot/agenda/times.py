"""Local times become moments, also where a clock change skips or doubles them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from milestonebot.when import When

MIDNIGHT = time()
_SECOND = timedelta(seconds=1)


def moment(local: datetime, zone: tzinfo) -> datetime | None:
    """Return, in UTC, the moment at which clocks in `zone` first show the naive time `local`, or later.

    A time that a clock change doubles is its first occurrence; one that it skips is the moment of the
    change, the first after it that there is. None where the calendar ends before it.
    """
    aware = local.replace(tzinfo=zone, fold=0)
    try:
        first = aware.astimezone(UTC)
        if first.astimezone(zone).replace(tzinfo=None) == local:
            return first
        return _change(aware.replace(fold=1).astimezone(UTC), first, zone)
    except OverflowError:
        return None


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the first second after `before`, up to `after`, at which the offset is that of `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def later(moment: datetime, seconds: float) -> datetime:
    """Return the moment so many seconds after `moment`, in UTC; at the ends of the calendar, its last."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if seconds > 0 else datetime.min.replace(tzinfo=UTC)


def on(day: date, at: time, zone: tzinfo) -> datetime | None:
    """Return the moment of the local time `at` on `day`, as `moment` does."""
    return moment(datetime.combine(day, at), zone)


def day_of(when: When, zone: tzinfo) -> date:
    """Return the first day that `when` may be; of a moment, its day on the calendar of `zone`."""
    if when.at is None:
        return when.first
    try:
        return when.at.astimezone(zone).date()
    except OverflowError:
        return when.first


def begins(when: When, zone: tzinfo, at: time = MIDNIGHT) -> datetime | None:
    """Return from when on it may have come: the moment itself, or `at` on its first day."""
    return when.at.astimezone(UTC) if when.at is not None else on(when.first, at, zone)


def over(when: When, zone: tzinfo) -> datetime | None:
    """Return when it is over in `zone`: the moment itself, or the end of its last day."""
    if when.at is not None:
        return when.at.astimezone(UTC)
    try:
        return on(when.last + timedelta(days=1), MIDNIGHT, zone)
    except OverflowError:
        return None
