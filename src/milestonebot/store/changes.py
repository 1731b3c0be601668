"""What each call makes of one delivery: pure, so that several calls can share a transaction.

A delivery that is final stays so, except by `retried`. What a late call tells of its parts is noted
all the same: an operator who drops a delivery that is just being said, and later tries it again,
must not make a second copy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from milestonebot.outbox import PENDING, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from milestonebot.outbox import Delivery

_RETRIED = (Stage.FAILED, Stage.EXPIRED, Stage.WITHDRAWN, Stage.DROPPED)


def claimed(delivery: Delivery, parts: Sequence[str], now: datetime) -> Delivery | None:
    """Return it with its next part about to be written; None where it is not pending any more."""
    if delivery.stage not in PENDING:
        return None
    return replace(
        delivery,
        **_stage(delivery, Stage.SENDING, now),
        attempts=delivery.attempts + 1,
        since=delivery.since or now,
        parts=_fixed(delivery) or tuple(parts),
    )


def part_said(delivery: Delivery, said: int, event: str | None, now: datetime) -> Delivery:
    """Return it with `said` parts arrived and the next about to be written."""
    if delivery.stage is Stage.SENT:
        return delivery
    pending = delivery.stage in PENDING
    complete = delivery.parts is not None and said >= len(delivery.parts)
    return replace(
        delivery,
        **(_stage(delivery, Stage.SENDING, now) if pending else {}),
        said=max(said, delivery.said),
        event=event or delivery.event,
        # All is said: of one that was dropped meanwhile, nothing is in doubt any more.
        since=None if complete and not pending else now,
    )


def postponed(delivery: Delivery, problem: str, now: datetime) -> Delivery:
    """Return it with the part under way surely not said."""
    if delivery.stage is Stage.SENT:
        return delivery
    sure = replace(delivery, since=None)
    sure = replace(sure, parts=_fixed(sure))
    if delivery.stage not in PENDING:
        return sure
    return replace(sure, **_stage(sure, Stage.PLANNED, now), problem=problem)


def finished(delivery: Delivery, stage: Stage, now: datetime, event: str | None, problem: str) -> Delivery:
    """Return it at its final `stage`.

    One that is given up while a part is in doubt stays in doubt, for `retried`: also one that FAILED,
    since a network that refuses to tell whether it was said may be another one when it is tried again.
    """
    if stage in PENDING:
        raise ValueError(f"{stage} is not final")
    new: dict[str, Any] = {}
    if stage is Stage.SENT and delivery.stage is not Stage.SENT:
        new = {"said": len(delivery.parts or ()), "event": event or delivery.event, "since": None}
    if delivery.stage in PENDING:
        new |= _stage(delivery, stage, now) | {"event": event or delivery.event, "problem": problem}
    return replace(delivery, **new) if new else delivery


def retried(delivery: Delivery, until: datetime, now: datetime) -> Delivery | None:
    """Return it pending again; None where it was not given up, or all of it was said nevertheless."""
    if delivery.stage not in _RETRIED or (delivery.parts and delivery.said >= len(delivery.parts)):
        return None
    stage = Stage.PLANNED if delivery.since is None else Stage.SENDING
    moved = _stage(delivery, stage, now)
    return replace(delivery, **moved, until=until, attempts=0, problem="", parts=_fixed(delivery))


def as_good_as_new(delivery: Delivery, planned: Delivery) -> bool:
    """Tell whether what is kept may become what is `planned` now, as if it were new: nothing of it was said.

    It was withdrawn, and is true again; or it expired at a moment that is yet to come: a clock that was
    ahead gave it up.
    """
    expired = delivery.stage is Stage.EXPIRED
    ahead = expired and delivery.at is not None and planned.at is not None and delivery.at > planned.at
    given_up = ahead or delivery.stage is Stage.WITHDRAWN
    return planned.stage is Stage.PLANNED and given_up and delivery.since is None and not delivery.said


def _stage(delivery: Delivery, stage: Stage, now: datetime) -> dict[str, Any]:
    """Return what is new of it when it comes to `stage`: nothing where it is there."""
    return {} if delivery.stage is stage else {"stage": stage, "at": now}


def _fixed(delivery: Delivery) -> tuple[str, ...] | None:
    """Return its parts where they may not change any more: it is in doubt, or partly said."""
    return delivery.parts if delivery.since is not None or delivery.said else None
