"""The durable list of deliveries, as the core sees it: what is planned, under way, and done."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from milestonebot.announcement import Occasion
    from milestonebot.ports import Room


class Stage(StrEnum):
    """How far a delivery is. The first two are pending; the others are final."""

    PLANNED = "planned"
    """Nothing of it is written, or nothing beyond the parts that are known to have arrived."""
    SENDING = "sending"
    """Its next part may have been written: whether it arrived is in doubt until that is recorded."""
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    """Its milestone moved, or its announcement is gone: where it is due again, it is planned anew."""
    DROPPED = "dropped"
    """An operator took it out, for good."""
    EXPIRED = "expired"
    """It could not be made within its grace."""
    FAILED = "failed"
    """The network refuses it for good."""


PENDING = (Stage.PLANNED, Stage.SENDING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One announcement on its way to one room. All moments are aware, in UTC."""

    key: str
    """What it is; never changes, and stands once in the outbox."""
    announcement: str
    """The name of the rule; empty for what an admin announces by hand."""
    occasion: Occasion
    room: Room
    due: datetime
    until: datetime
    """When its grace is over."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What its words are made from at sending time, as JSON values."""
    stage: Stage = Stage.PLANNED
    attempts: int = 0
    since: datetime | None = None
    """When the attempt began whose outcome is not known."""
    parts: tuple[str, ...] | None = None
    """What is said, part by part; fixed by the first attempt to say it, for as long as it is in doubt
    or partly said."""
    said: int = 0
    """How many parts have arrived."""
    event: str | None = None
    """The id that the network gave the last part that arrived."""
    at: datetime | None = None
    """When it came to its stage."""
    problem: str = ""
    """Why the last attempt failed, or why it came to its end."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was last known of one dated thing, so that news is noticed across restarts."""

    when: str | None
    """The believed date as `When.iso` writes it; None is "no date set"."""
    out: bool
    """Whether it was known to be released."""
    source: str = ""
    """Who said so."""
    turn: int = 0
    """How often its date has changed: with the name it makes the change's own id."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What planning remembers."""

    watermark: datetime | None = None
    """Up to when all that is due is planned; None before the first time."""
    started: Mapping[str, datetime] = field(default_factory=dict)
    """Since when each announcement is known, by name: nothing of before that is said."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """By subject, as `agenda` writes its name."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What one look at the catalog amounts to; kept whole or not at all."""

    watermark: datetime
    deliveries: Sequence[Delivery] = ()
    """Those whose key is known already are left as they are. But what was withdrawn is planned anew, and
    what a clock gave up that was ahead (it expired at a moment that is yet to come): nothing of either was
    said, nor may have been."""
    started: Mapping[str, datetime] = field(default_factory=dict)
    """Announcements that are new."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """What is new or has changed."""
    gone: Collection[str] = ()
    """Subjects and names of announcements to forget."""


class Outbox(Protocol):
    """Where deliveries are kept. Each method returns when what it did is durable.

    Every method raises StoreError where the database cannot be used: then nothing has been kept.
    """

    async def memory(self) -> Memory:
        """Return what planning remembers."""
        ...

    async def add(self, planned: Planned) -> Sequence[str]:
        """Keep `planned` in one transaction; return the keys of the deliveries that are new."""
        ...

    async def pending(self) -> Sequence[Delivery]:
        """Return all that is planned or under way, in the order in which each room is to get it."""
        ...

    async def find(self, key: str) -> Delivery | None:
        """Return the delivery under `key`."""
        ...

    async def listed(
        self, stages: Collection[Stage] = (), room: Room | None = None, most: int = 100
    ) -> Sequence[Delivery]:
        """Return deliveries, the latest due first; of any stage and room where none is named."""
        ...

    async def claim(self, key: str, parts: Sequence[str], now: datetime) -> bool:
        """Note that the next of `parts` is about to be written; return False where that may not be.

        It may not where the delivery is not pending any more. `since` becomes `now`, unless an earlier
        attempt is in doubt: then it stays.
        """
        ...

    async def part_said(self, key: str, said: int, event: str | None, now: datetime) -> None:
        """Note that `said` parts have arrived, and that the next is about to be written."""
        ...

    async def postpone(self, key: str, problem: str, now: datetime) -> None:
        """Note that the part under way was surely not said: it is planned again."""
        ...

    async def finish(
        self,
        key: str,
        stage: Stage,
        now: datetime,
        *,
        event: str | None = None,
        problem: str = "",
    ) -> None:
        """Bring a pending delivery to its final `stage`."""
        ...

    async def retry(self, key: str, until: datetime, now: datetime) -> bool:
        """Plan a delivery again that was given up; return False where it is none of these."""
        ...

    async def prune(self, now: datetime) -> int:
        """Forget what ended so long before `now` that it can never be due again; return how many."""
        ...

    async def close(self) -> None:
        """Let go of the database."""
        ...
