"""All occasions: what a day says over the Essex calendar, and what no input can break."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from milestonebot.agenda import coming
from milestonebot.announcement import Announcement, Occasion
from milestonebot.clock import at
from milestonebot.config import load_config
from milestonebot.document import Document
from milestonebot.render.data import render_json
from milestonebot.render.plain import render_plain
from milestonebot.settings import RoomSettings
from milestonebot.wording import worded
from tests import asking, catalogs
from tests.wording.said import ROOM, delivery, document, rule, said

if TYPE_CHECKING:
    from milestonebot.outbox import Delivery

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


def test_a_note_is_its_text() -> None:
    note = rule(Occasion.NOTE, text="One\nTwo {milestone}")
    assert said(Occasion.NOTE, catalogs.essex(), "2011-12-20", {"text": "as planned"}, note) == [
        "One",
        "Two {milestone}",
    ]


def test_what_is_announced_by_hand_is_its_text() -> None:
    now = datetime(2011, 12, 20, tzinfo=UTC)
    told = worded(
        delivery(Occasion.NOTE, {"text": "The gate is broken"}), None, catalogs.essex(), now, RoomSettings()
    )
    assert render_plain(told) == "The gate is broken"


def test_the_example_over_the_essex_calendar() -> None:
    """Each countdown and release of config.example.yaml from the day of the post to the release."""
    config = load_config(EXAMPLE, {})
    rules = {each.name: each for each in config.announcements}
    told: list[str] = []
    for each in coming(asking.shipped(), config.announcements, _day("2011-12-20"), _day("2012-04-06")):
        if each.occasion in (Occasion.COUNTDOWN, Occasion.RELEASED) and each.room.name == "#general":
            first = _said(each, rules[each.announcement])[0]
            first = re.sub(r", today · next: ([^,]+), .*", r" · \1", first)
            told.append(f"{each.due:%m-%d %H:%M} {first}")
    assert told == [
        "01-12 14:00 essex-3 is in 14 days: Thu 26 Jan 2012",
        "01-19 14:00 essex-3 is in 7 days: Thu 26 Jan 2012",
        "01-25 14:00 essex-3 is tomorrow: Thu 26 Jan 2012",
        "01-26 14:00 essex-3 is today: Thu 26 Jan 2012",
        "01-26 14:00 essex-3 is out: released Thu 26 Jan 2012 · essex-4",
        "02-16 14:00 essex-4 is in 14 days: Thu 1 Mar 2012",
        "02-23 14:00 essex-4 is in 7 days: Thu 1 Mar 2012",
        "02-29 14:00 essex-4 is tomorrow: Thu 1 Mar 2012",
        "03-01 14:00 essex-4 is today: Thu 1 Mar 2012",
        "03-01 14:00 essex-4 is out: released Thu 1 Mar 2012 · Essex 2012.1 release",
        "03-22 14:00 Essex 2012.1 release is in 14 days: Thu 5 Apr 2012",
        "03-29 14:00 Essex 2012.1 release is in 7 days: Thu 5 Apr 2012",
        "04-04 14:00 Essex 2012.1 release is tomorrow: Thu 5 Apr 2012",
        "04-05 14:00 Essex 2012.1 release is today: Thu 5 Apr 2012",
        "04-05 14:00 Essex 2012.1 release is out: released Thu 5 Apr 2012 · folsom-1",
    ]


def test_every_announcement_of_a_year_is_told_by_programs_too() -> None:
    config = load_config(EXAMPLE, {})
    rules = {each.name: each for each in config.announcements}
    for each in coming(asking.shipped(), config.announcements, _day("2011-06-01"), _day("2012-06-01")):
        document = worded(each, rules[each.announcement], asking.shipped(), each.due, RoomSettings())
        assert render_json(document)
        assert document.found


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["2012-01-26", "2012-W04"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
_ABOUT: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(
        [
            "subject",
            "group",
            "series",
            "project",
            "milestone",
            "date",
            "days",
            "old",
            "new",
            "source",
            "text",
            "fire",
        ]
    ),
    _JSON,
)


@given(
    st.sampled_from(Occasion),
    _ABOUT
    | _ABOUT.map(lambda about: {"changes": [about, about]})
    | _ABOUT.map(lambda about: {"changes": about}),
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis wants naive bounds
    st.none() | st.sampled_from(["UTC", "AoE", "Pacific/Kiritimati"]),
)
def test_whatever_was_planned_is_worded(
    occasion: Occasion, about: dict[str, Any], now: datetime, zone: str | None
) -> None:
    of = Announcement("rule", occasion, (ROOM,), zone=zone, text="x") if zone is not None else None
    document = worded(delivery(occasion, about), of, catalogs.essex(), now, RoomSettings())
    assert isinstance(document, Document)
    assert render_plain(document) or occasion is Occasion.NOTE


def test_a_stranger_s_words_stay_words() -> None:
    told = document(Occasion.NOTE, catalogs.essex(), "2011-12-20", {"text": "a\x1b[31m\x03b"})
    assert "\x1b" not in render_plain(told)


def _said(each: Delivery, of: Announcement) -> list[str]:
    return render_plain(worded(each, of, asking.shipped(), each.due, RoomSettings())).splitlines()


def _day(day: str) -> datetime:
    return at(day).now()
