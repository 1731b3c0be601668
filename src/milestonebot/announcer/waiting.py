"""What one room is yet to get, in order, and how it fares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.outbox import Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import datetime

    from milestonebot.outbox import Delivery
    from milestonebot.ports import Room

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 300.0


def _backoff() -> Backoff:
    return Backoff(_FIRST_WAIT, _LONGEST_WAIT)


@dataclass(slots=True)
class Waiting:
    """The pending deliveries of one room."""

    room: Room
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    """By key, in the order in which the room gets them."""
    current: str | None = None
    """The key of the one that is under way; empty while only what is owed is recorded."""
    stale: set[str] = field(default_factory=set)
    """Those of which the outbox may know more than stands here, by key."""
    owed: Callable[[], Awaitable[None]] | None = None
    """What has happened in the room and could not be recorded yet."""
    problem: str = ""
    failed: datetime | None = None
    again: datetime | None = None
    """When the last attempt failed, and when the next one may be made."""
    backoff: Backoff = field(default_factory=_backoff)

    @property
    def first(self) -> Delivery | None:
        """The one whose turn it is."""
        return next(iter(self.deliveries.values()), None)

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self.current is not None

    def ready(self, now: datetime) -> bool:
        """Tell whether there is something to attempt now; a clock that was set back does not hold it up."""
        waits = self.failed is not None and self.again is not None and self.failed <= now < self.again
        return bool(self.deliveries or self.owed) and not self.busy and not waits

    def put_off(self, now: datetime, chance: float, after: float | None) -> datetime:
        """Note that an attempt failed; return when the next one may be made.

        `after` are the seconds that the network asks for; `chance`, from 0 to 1, spreads the rooms.
        """
        seconds = self.backoff.wait(chance)
        if after is not None:
            seconds = max(seconds, after * (1 + chance / 10))
        self.failed, self.again = now, now + timedelta(seconds=seconds)
        self.stale |= self.deliveries.keys()
        return self.again

    def well(self) -> None:
        """Note that something went well: nothing holds up what comes next."""
        self.failed = self.again = None
        self.problem = ""
        self.backoff.reset()

    def take(self, pending: Iterable[Delivery], touched: set[str]) -> None:
        """Take over what the outbox tells; of what was `touched` since it was asked, more is known here."""
        told = {each.key: each for each in sorted(pending, key=_begun_last)}
        taken: dict[str, Delivery] = {}
        if self.current is not None and self.current in self.deliveries:
            taken[self.current] = self.deliveries[self.current]
        for name, delivery in told.items():
            if name not in touched:
                taken.setdefault(name, delivery)
            elif name in self.deliveries:
                taken.setdefault(name, self.deliveries[name])
        self.stale &= touched & taken.keys()
        self.deliveries = taken


def _begun_last(delivery: Delivery) -> bool:
    """Sort what is begun before all that is not: it is settled before anything new is said."""
    return not (delivery.stage is Stage.SENDING or delivery.said)
