"""Words for many rooms: made once where all is the same, and made anew where anything is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Announcement, Occasion
from milestonebot.catalog import Catalog
from milestonebot.ports import Room
from milestonebot.settings import RoomSettings
from milestonebot.wording import worded
from milestonebot.wording.wordings import Wordings
from tests import catalogs
from tests.wording.said import about, delivery, rule

if TYPE_CHECKING:
    from milestonebot.outbox import Delivery

NOW = datetime(2012, 1, 25, 23, 59, 59, 250_000, tzinfo=UTC)
RULE = rule(Occasion.COUNTDOWN)
ESSEX = catalogs.essex()
HERE = RoomSettings()
ESSEX_3 = delivery(Occasion.COUNTDOWN, about("essex-3"))
BEFORE = (ESSEX_3, RULE, ESSEX, NOW, HERE)


@pytest.mark.parametrize(
    "again",
    [
        (replace(ESSEX_3, room=Room("oftc", "#nova"), about=about("essex-3")), *BEFORE[1:]),
        (*BEFORE[:3], NOW + timedelta(milliseconds=700), HERE),
        (*BEFORE[:4], RoomSettings(prefix="%", commands={"overview": "landed"})),
    ],
    ids=["another room", "the same second", "settings that no words depend on"],
)
def test_what_says_the_same_is_the_very_same_document(
    again: tuple[Delivery, Announcement, Catalog, datetime, RoomSettings],
) -> None:
    wordings = Wordings()
    assert wordings.of(*again) is wordings.of(*BEFORE)
    assert wordings.of(*BEFORE) == worded(*BEFORE)


@pytest.mark.parametrize(
    "now",
    [
        (delivery(Occasion.COUNTDOWN, about("essex-2")), *BEFORE[1:]),
        (delivery(Occasion.RELEASED, about("essex-3")), *BEFORE[1:]),
        (ESSEX_3, None, *BEFORE[2:]),
        (ESSEX_3, rule(Occasion.COUNTDOWN, say="soon: {milestone}"), *BEFORE[2:]),
        (ESSEX_3, rule(Occasion.COUNTDOWN, zone="Asia/Tokyo"), *BEFORE[2:]),
        (*BEFORE[:2], Catalog(), *BEFORE[3:]),
        (*BEFORE[:3], NOW + timedelta(milliseconds=750), HERE),
        (*BEFORE[:3], NOW - timedelta(days=1), HERE),
        (*BEFORE[:4], RoomSettings(group="nova")),
    ],
    ids=["milestone", "occasion", "no rule", "say", "zone", "catalog", "midnight", "set back", "group"],
)
def test_words_are_made_anew_where_anything_is_different(
    now: tuple[Delivery, Announcement | None, Catalog, datetime, RoomSettings],
) -> None:
    wordings = Wordings()
    before = wordings.of(*BEFORE)
    assert wordings.of(*now) is not before
    assert wordings.of(*now) == worded(*now)
    assert wordings.of(*BEFORE) == worded(*BEFORE)
