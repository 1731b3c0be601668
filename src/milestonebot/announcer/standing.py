"""Whether a delivery is still to be made: true, in time, and not overtaken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.agenda import withdrawal
from milestonebot.announcement import Occasion
from milestonebot.outbox import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.announcer.waiting import Waiting
    from milestonebot.catalog import Catalog
    from milestonebot.outbox import Delivery
    from milestonebot.ports import Clock

_SETTLING = timedelta(minutes=15)
"""For so long after the start, and after it came into doubt, it is looked for although its grace is over."""


class Standing:
    """Goes by the announcements of the config, the catalog and the clock of now."""

    def __init__(
        self,
        clock: Clock,
        announcements: Sequence[Announcement],
        catalog: Callable[[], Catalog],
    ) -> None:
        """Take `catalog` as what gives the snapshot of the moment."""
        self._catalog = catalog
        self._settle_until = clock.now() + _SETTLING
        self.heed(announcements)

    def heed(self, announcements: Sequence[Announcement]) -> None:
        """Go by other announcements from now on."""
        self._named = {each.name: each for each in announcements}
        self._rooms = {each.name: frozenset(each.rooms) for each in announcements}

    def rule(self, delivery: Delivery) -> Announcement | None:
        """Return the announcement that `delivery` is made by; None for one by hand, or that is gone."""
        return self._named.get(delivery.announcement)

    def ended(self, waiting: Waiting, delivery: Delivery, now: datetime) -> tuple[Stage, str] | None:
        """Return why nothing (more) of it is said `now`: it is too late, or not true any more."""
        if not delivery.said:
            why = self._why_untrue(delivery, now)
            if why is not None:
                return Stage.WITHDRAWN, why
        if now >= delivery.until:
            last = waiting.problem or delivery.problem
            return (
                Stage.EXPIRED,
                f"its grace is over; the last problem: {last}" if last else "its grace is over",
            )
        later = None if delivery.said else _overtaking(delivery, waiting)
        if later is not None:
            return Stage.EXPIRED, f"overtaken by {later.key}"
        return None

    def patient_until(self, delivery: Delivery) -> datetime:
        """Return when it ends for want of an answer: with its grace, but what is in doubt has some more."""
        if delivery.since is None:
            return delivery.until
        return max(delivery.until, self._settle_until, delivery.since + _SETTLING)

    def _why_untrue(self, delivery: Delivery, now: datetime) -> str | None:
        """Return why it is not true any more."""
        rule = self._named.get(delivery.announcement)
        here = rule is not None and delivery.room in self._rooms[rule.name]
        return withdrawal(delivery, rule, self._catalog(), now, here=here)


def _overtaking(delivery: Delivery, waiting: Waiting) -> Delivery | None:
    """Return the countdown for the same subject and date that is pending in the room after it."""
    if delivery.occasion is not Occasion.COUNTDOWN:
        return None
    stem = delivery.key.rpartition("/")[0]
    return next(
        (
            each
            for each in waiting.deliveries.values()
            if each.due > delivery.due and each.key.rpartition("/")[0] == stem
        ),
        None,
    )
