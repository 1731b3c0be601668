"""When a cron line fires, by the local time of a zone; each local time once.

cronsim walks naive local times, so that it decides nothing about clock changes: docs/decisions/cron.md.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from milestonebot.agenda.times import moment
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_SECOND = timedelta(seconds=1)


def fires(cron: str, zone_name: str, after: datetime, until: datetime | None = None) -> Iterator[datetime]:
    """Yield, in UTC and in order, when it fires after `after`, up to and including `until`."""
    place = zone(zone_name)
    last = after
    for local in _walk(cron, after.astimezone(place).replace(tzinfo=None)):
        fire = moment(local, place)
        if fire is None or (until is not None and fire > until):
            return
        if fire > last:
            yield fire
            last = fire


def latest(cron: str, zone_name: str, after: datetime, until: datetime, most: int) -> list[datetime]:
    """Return the last `most` moments, in UTC and in order, at which it fires after `after`, up to `until`."""
    return list(islice(_backwards(cron, zone_name, after, until), most))[::-1]


def _backwards(cron: str, zone_name: str, after: datetime, until: datetime) -> Iterator[datetime]:
    here = until.astimezone(zone(zone_name))
    # Late in an hour that comes twice, all of that hour has fired.
    ahead = _offset(here, 0) - _offset(here, 1)
    start = here.replace(tzinfo=None) + max(ahead, timedelta()) + _SECOND
    last = None
    for local in _walk(cron, start, reverse=True):
        fire = moment(local, zone(zone_name))
        if fire is None or fire <= after:
            return
        if fire <= until and fire != last:
            yield fire
            last = fire


def _walk(cron: str, start: datetime, *, reverse: bool = False) -> Iterator[datetime]:
    """Yield the naive local times that `cron` names after `start`, or before it, without end.

    It ends where there is none within 50 years, or in the calendar. Raises CronSimError for what is no
    cron line.
    """
    from cronsim import CronSim  # noqa: PLC0415 - only announcements by cron need it

    try:
        yield from CronSim(cron, start, reverse=reverse)
    except OverflowError:
        return


def _offset(local: datetime, fold: int) -> timedelta:
    return local.replace(fold=fold).utcoffset() or timedelta()
