"""Countdowns: true when they are said, and as exact as the date is known."""

from __future__ import annotations

import pytest

from milestonebot.announcement import Occasion
from milestonebot.catalog import Catalog
from milestonebot.model import Facts
from milestonebot.settings import RoomSettings
from milestonebot.wording import worded
from tests import catalogs
from tests.catalogs import milestone
from tests.wording.said import about, delivery, document, rule, said

COUNTDOWN = Occasion.COUNTDOWN
ESSEX_3 = about("essex-3", "2012-01-26", days=7)


def one(when: str | None, name: str = "essex-3", **given: bool) -> Catalog:
    return Catalog.of(Facts(milestones=(milestone(name, when, "essex", **given),)))  # type: ignore[arg-type]  # `released` alone is given


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2012-01-12T14:00", "essex-3 is in 14 days: Thu 26 Jan 2012"),
        ("2012-01-19T14:00", "essex-3 is in 7 days: Thu 26 Jan 2012"),
        ("2012-01-19T23:59", "essex-3 is in 7 days: Thu 26 Jan 2012"),
        ("2012-01-20T00:00", "essex-3 is in 6 days: Thu 26 Jan 2012"),
        ("2012-01-25T14:00", "essex-3 is tomorrow: Thu 26 Jan 2012"),
        ("2012-01-26T14:00", "essex-3 is today: Thu 26 Jan 2012"),
        ("2012-01-27T01:00", "essex-3 was due yesterday: Thu 26 Jan 2012"),
    ],
)
def test_it_is_true_when_it_is_said(now: str, expected: str) -> None:
    assert said(COUNTDOWN, catalogs.essex(), now, ESSEX_3) == [expected]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "is tomorrow"),
        ("Pacific/Kiritimati", "is today"),
        ("AoE", "is tomorrow"),
        ("Asia/Tokyo", "is today"),
    ],
)
def test_today_is_that_of_the_announcement(zone: str, expected: str) -> None:
    (line,) = said(COUNTDOWN, catalogs.essex(), "2012-01-25T20:00", ESSEX_3, rule(COUNTDOWN, zone=zone))
    assert line == f"essex-3 {expected}: Thu 26 Jan 2012"


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        (
            "2012-01-23..2012-01-27",
            "2012-01-16",
            "is due some day in the week of Mon 23 to Fri 27 Jan 2012, which begins in 7 days",
        ),
        (
            "2012-01-23..2012-01-27",
            "2012-01-23",
            "is this week, some day in the week of Mon 23 to Fri 27 Jan 2012",
        ),
        (
            "2012-01-23..2012-01-27",
            "2012-01-27",
            "is this week, some day in the week of Mon 23 to Fri 27 Jan 2012",
        ),
        ("2012-01-23..2012-01-27", "2012-01-28", "was due 1 day ago: the week of Mon 23 to Fri 27 Jan 2012"),
        ("2012-01-23..2012-03-02", "2012-02-01", "is due some day from Mon 23 Jan 2012 to Fri 2 Mar 2012"),
        ("2012-01", "2011-12-20", "is next month: January 2012, no day set"),
        (None, "2011-12-20", "has no date set"),
    ],
)
def test_a_week_stays_a_week(when: str | None, now: str, expected: str) -> None:
    (line,) = said(COUNTDOWN, one(when), now, about("essex-3", when))
    expected = expected.replace("from Mon 23 Jan 2012", "from Mon 23 Jan")
    assert line == f"essex-3 {expected}"


def test_a_moment_is_told_in_the_zone_of_the_announcement() -> None:
    catalog = one("2012-04-05T14:00+00:00")
    told = about("essex-3", "2012-04-05T14:00+00:00")
    assert said(COUNTDOWN, catalog, "2012-04-04T14:00", told) == [
        "essex-3 is tomorrow: Thu 5 Apr 2012, 14:00 UTC"
    ]
    tokyo, hawaii = rule(COUNTDOWN, zone="Asia/Tokyo"), rule(COUNTDOWN, zone="Pacific/Honolulu")
    assert said(COUNTDOWN, catalog, "2012-04-05T10:00", told, tokyo) == [
        "essex-3 is today: Thu 5 Apr 2012, 23:00 Asia/Tokyo"
    ]
    assert said(COUNTDOWN, catalog, "2012-04-05T11:00", told, hawaii) == [
        "essex-3 is today: Thu 5 Apr 2012, 04:00 Pacific/Honolulu"
    ]


def test_what_is_out_already_is_not_told_to_be_due() -> None:
    (line,) = said(COUNTDOWN, one("2012-01-26", released=True), "2012-01-27", ESSEX_3)
    assert line == "essex-3 was released yesterday: Thu 26 Jan 2012"


def test_a_version_and_a_release_are_told_by_their_titles() -> None:
    told = about("essex-release", "2012-04-05")
    assert said(COUNTDOWN, catalogs.essex(), "2012-04-04", told) == [
        "Essex 2012.1 release is tomorrow: Thu 5 Apr 2012"
    ]


def test_the_group_is_named_where_there_are_several_and_the_room_is_about_none() -> None:
    catalog = catalogs.two_groups()
    told = about("essex-3")
    assert said(COUNTDOWN, catalog, "2012-01-25", told) == ["openstack essex-3 is tomorrow: Thu 26 Jan 2012"]
    here = RoomSettings(group="openstack")
    assert said(COUNTDOWN, catalog, "2012-01-25", told, settings=here) == [
        "essex-3 is tomorrow: Thu 26 Jan 2012"
    ]


def test_words_of_ones_own() -> None:
    say = "{milestone} {series} {version} {project}|{group}|{date}|{when}|{days}|{source} {{x}}"
    (line,) = said(COUNTDOWN, catalogs.essex(), "2012-01-25", ESSEX_3, rule(COUNTDOWN, say=say))
    assert line == "essex-3 essex 2012.1 |openstack|Thu 26 Jan 2012|tomorrow|1|test {x}"


def test_what_the_catalog_has_no_more_is_told_as_it_was_planned() -> None:
    assert said(COUNTDOWN, Catalog.of(Facts()), "2012-01-19", ESSEX_3) == [
        "essex-3 is in 7 days: Thu 26 Jan 2012"
    ]
    say = rule(COUNTDOWN, say="{milestone}: {when} {version}")
    assert said(COUNTDOWN, Catalog.of(Facts()), "2012-01-19", ESSEX_3, say) == ["essex-3: in 7 days"]
    assert said(COUNTDOWN, Catalog.of(Facts()), "2012-01-19", {}) == ["a milestone has no date set"]


def test_the_same_for_programs() -> None:
    data = document(COUNTDOWN, catalogs.essex(), "2012-01-19", ESSEX_3).data
    assert (data["status"], data["days"]) == ("due", 7)


def test_an_announcement_that_is_gone_needs_no_zone() -> None:
    from datetime import UTC, datetime

    now = datetime(2012, 1, 25, tzinfo=UTC)
    told = worded(delivery(COUNTDOWN, ESSEX_3), None, catalogs.essex(), now, RoomSettings())
    assert told.data["days"] == 1


def test_a_freeze_is_not_called_due_once_it_is_past() -> None:
    freeze = about("essex-feature-freeze", "2012-02-24", days=7)
    freeze["subject"] += "@freeze"
    for now, expected in (("2012-02-17", "is in 7 days"), ("2012-02-25", "was yesterday")):
        assert said(COUNTDOWN, catalogs.essex(), now, freeze) == [
            f"essex-feature-freeze {expected}: Fri 24 Feb 2012"
        ]
