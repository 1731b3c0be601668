"""What is forgotten, and what never is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from milestonebot.announcement import Occasion
from milestonebot.outbox import PENDING, Stage
from milestonebot.store import open_outbox
from milestonebot.store.pruning import KEPT
from tests.store.made import START, delivery, keys, planned

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from milestonebot.outbox import Delivery

DAY = timedelta(days=1)
LATER = START + KEPT + DAY


class At:
    """A clock that stands still."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment at which it stands."""
        return self._now


async def left(
    place: Path | str, *deliveries: Delivery, now: datetime = LATER, watermark: datetime = LATER
) -> list[str]:
    """Return the keys of what is left of `deliveries` after it was opened at `now`."""
    outbox = await open_outbox(place, clock=At(START))
    await outbox.add(planned(*deliveries, watermark=watermark))
    await outbox.close()
    outbox = await open_outbox(place, clock=At(now))
    found = sorted(keys(await outbox.listed()))
    await outbox.close()
    return found


def old(key: str, stage: Stage = Stage.SENT, **others: Any) -> Delivery:  # noqa: ANN401 - any field
    return replace(delivery(key, stage=stage, at=START, until=START), **others)


LAST = old("last", at=LATER)
"""What was said last, by which age is told."""


async def test_what_was_final_for_long_is_forgotten(place: Path | str) -> None:
    finals = [old(stage.value, stage) for stage in Stage if stage not in PENDING]
    recent = old("recent", at=START + 2 * DAY)
    assert await left(place, *finals, recent, LAST) == ["last", "recent"]


@pytest.mark.parametrize("stage", PENDING)
async def test_what_is_pending_is_never_forgotten(place: Path | str, stage: Stage) -> None:
    assert await left(place, old("pending", stage), LAST) == ["last", "pending"]


async def test_what_may_still_be_within_its_grace_is_kept(place: Path | str) -> None:
    assert await left(place, old("graceful", until=LATER), LAST) == ["graceful", "last"]


async def test_a_release_is_never_forgotten(place: Path | str) -> None:
    # Its key holds no date: where one is corrected years later, nothing else keeps it from being said again.
    assert await left(place, old("release", occasion=Occasion.RELEASED), LAST) == ["last", "release"]


@pytest.mark.parametrize(("now", "watermark"), [(LATER, START), (START, LATER)])
async def test_a_clock_that_is_wrong_once_makes_nothing_forgotten(
    place: Path | str, now: datetime, watermark: datetime
) -> None:
    assert await left(place, old("one"), LAST, now=now, watermark=watermark) == ["last", "one"]


async def test_a_clock_that_was_wrong_for_long_makes_nothing_forgotten(place: Path | str) -> None:
    # What fell due meanwhile had expired; all that was said is of the time before.
    missed = old("missed", Stage.EXPIRED, at=LATER)
    assert await left(place, old("one"), missed) == ["missed", "one"]


async def test_a_running_bot_forgets_too_beside_what_it_writes(place: Path | str) -> None:
    outbox = await open_outbox(place, clock=At(START))
    await outbox.add(planned(old("one"), old("two"), LAST, watermark=LATER))
    added, pruned = await asyncio.gather(
        outbox.add(planned(delivery("new", due=LATER), watermark=LATER)), outbox.prune(LATER)
    )
    assert (list(added), pruned) == (["new"], 2)
    assert await outbox.prune(LATER) == 0
    assert sorted(keys(await outbox.listed())) == ["last", "new"]
    await outbox.close()


async def test_who_only_looks_forgets_nothing(place: Path | str) -> None:
    outbox = await open_outbox(place, clock=At(START))
    await outbox.add(planned(old("one"), LAST, watermark=LATER))
    await outbox.close()
    outbox = await open_outbox(place, exclusive=False, clock=At(LATER))
    assert sorted(keys(await outbox.listed())) == ["last", "one"]
    await outbox.close()
