"""When something is repeated, as crontab(5) writes it: five fields, and what is wrong with one of them."""

from __future__ import annotations

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

_FIELDS = (
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31, or L for the last"),
    ("month", "1 to 12, or jan to dec"),
    ("day of the week", "0 to 7, where 0 and 7 are Sunday, or sun to sat"),
)
_LONGEST = 200
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_FORM = 'minute hour day month weekday, as "0 14 * * mon"'


def cron(text: str) -> str:
    """Return `text` where it is five fields that name some moment; ValueError tells what is wrong."""
    fields = text.split()
    if len(fields) != len(_FIELDS) or len(text) > _LONGEST:
        raise ValueError(f"expected five fields, {_FORM}; {len(fields)} stand here")
    for index, (field, (name, range_)) in enumerate(zip(fields, _FIELDS, strict=True)):
        if not _fires(" ".join(field if index == other else "*" for other in range(len(_FIELDS)))):
            raise ValueError(f"the {name} {field[:40]!r} is not {range_}, nor a list, a range or steps of it")
    if not _fires(text):
        raise ValueError(f"{text[:60]!r} names no day that any calendar has")
    return " ".join(fields)


def _fires(text: str) -> bool:
    try:
        next(CronSim(text, _SOME_DAY))
    except (CronSimError, StopIteration):
        return False
    return True
