"""Answers that hold for a while: what many ask is found once."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from milestonebot.catalog import Catalog
    from milestonebot.document import Document

_MOST = 256
"""Answers that are remembered; those that were not asked for the longest are forgotten."""


class Answers:
    """Those of one catalog, for as long as no time goes by that could change any of them.

    Answers tell how many days away something is, on the calendar of the zone in which they are asked
    for, and of what is dated to the minute whether it is out. So they hold until that zone's midnight,
    or until the next of these minutes.
    """

    def __init__(self, catalog: Catalog | None, now: datetime) -> None:
        """Remember what is answered from `catalog` from `now` on, a moment in the zone of the answers."""
        self._catalog = catalog
        self._begin = now.timestamp()
        self._end = min((_midnight(now), *_minutes(catalog, self._begin)))
        self._known: OrderedDict[Hashable, Document] = OrderedDict()

    def hold(self, catalog: Catalog | None, now: float) -> bool:
        """Tell whether they are the answers from `catalog` at `now`, in seconds since the epoch."""
        return catalog is self._catalog and self._begin <= now < self._end

    def get(self, asked: Hashable) -> Document | None:
        """Return what was answered to that."""
        found = self._known.get(asked)
        if found is not None:
            self._known.move_to_end(asked)
        return found

    def keep(self, asked: Hashable, document: Document) -> None:
        """Answer that by `document` from now on."""
        self._known[asked] = document
        if len(self._known) > _MOST:
            self._known.popitem(last=False)


def _midnight(now: datetime) -> float:
    """Return when the day ends; `now` itself on a day of which clocks repeat or skip a part."""
    end = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return end.timestamp() if end.utcoffset() == now.utcoffset() else now.timestamp()


def _minutes(catalog: Catalog | None, now: float) -> Iterator[float]:
    """Yield when each thing is out that is dated to the minute, and is not out yet."""
    for timeline in catalog.timelines.values() if catalog is not None else ():
        for each in timeline:
            if each.when is not None and each.when.at is not None and each.when.at.timestamp() > now:
                yield each.when.at.timestamp()
