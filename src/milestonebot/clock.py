"""Where the time comes from: the machine's clock, or `--at`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, time

from milestonebot.when import When
from milestonebot.zones import zone


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands: `--at 2011-12-20` asks as on that day."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self.at


def at(text: str, zone_name: str = "UTC") -> FixedClock:
    """Return a clock that stands at `text`, a date or a time; a bare date is its first moment.

    What has no zone of its own is read in `zone_name`. Raises ValueError where it is no date, and
    for the first and the last year of the calendar, where other zones may have no date.
    """
    local = zone(zone_name)
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = datetime.combine(When.parse(text).first, time(), local)
    else:
        moment = naive if naive.tzinfo is not None else naive.replace(tzinfo=local)
    if moment.year in (MINYEAR, MAXYEAR):
        msg = f"in the year {moment.year} not every zone has a date; choose another"
        raise ValueError(msg)
    return FixedClock(moment)
