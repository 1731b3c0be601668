"""Asks the agenda what is due; a bug that one announcement meets does not stop the others."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot import agenda

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Memory, Planned

_log = logging.getLogger(__name__)


class Looking:
    """Looks again and again, and gives to the outbox what it has not got yet."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._faulty: dict[str, str] = {}
        """What went wrong with an announcement at the last look, by name."""
        self._given: frozenset[str] = frozenset()
        self._kept: frozenset[str] = frozenset()
        """The keys that the last look gave, and those of them that the outbox has for certain."""

    def look(
        self,
        catalog: Catalog,
        announcements: Sequence[Announcement],
        memory: Memory,
        now: datetime,
        zone: str,
    ) -> Planned:
        """Return what `agenda.look` does, less the deliveries that are `kept`.

        What is due stays so until its grace is over: in ten thousand rooms, writing all of it again
        would take most of a second at each look.
        """
        if memory.watermark is not None and memory.watermark > now:
            # The outbox plans anew what the clock gave up while it was ahead.
            self._kept = frozenset()
        planned = self._looked(lambda rules: agenda.look(catalog, rules, memory, now, zone), announcements)
        self._given = frozenset(each.key for each in planned.deliveries)
        # What is withdrawn because of this catalog may be due again by the next.
        self._kept &= self._given
        return replace(
            planned, deliveries=[each for each in planned.deliveries if each.key not in self._kept]
        )

    def kept(self) -> None:
        """Take note that the outbox has what the last look gave."""
        self._kept = self._given

    def wake(
        self, catalog: Catalog, announcements: Sequence[Announcement], memory: Memory, now: datetime
    ) -> datetime | None:
        """Return what `agenda.wake` does; None where a bug prevents it, since looks come all the same."""
        sound = [each for each in announcements if each.name not in self._faulty]
        try:
            return agenda.wake(catalog, sound, memory, now)
        except Exception:  # noqa: BLE001 - what is due is found by the next look; it is logged
            _log.exception("when to look next is not known; it is within a minute")
            return None

    def _looked(
        self, look: Callable[[Sequence[Announcement]], Planned], announcements: Sequence[Announcement]
    ) -> Planned:
        try:
            planned = look(announcements)
        except Exception:  # noqa: BLE001 - whose fault it is, is found out next; it is logged
            self._faulty = self._found_faulty(look, announcements)
        else:
            self._faulty = {}
            return planned
        planned = look([each for each in announcements if each.name not in self._faulty])
        return replace(planned, gone=[name for name in planned.gone if name not in self._faulty])

    def _found_faulty(
        self, look: Callable[[Sequence[Announcement]], Planned], announcements: Sequence[Announcement]
    ) -> dict[str, str]:
        faulty: dict[str, str] = {}
        for each in announcements:
            try:
                look([each])
            except Exception as error:  # noqa: BLE001 - it is logged, once
                problem = faulty[each.name] = f"{type(error).__name__}: {error}"
                if self._faulty.get(each.name) != problem:
                    _log.exception("planning %s went wrong; the others go on", each.name)
        return faulty
