"""Releases: by their date, or when a source tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from milestonebot.agenda import coming
from milestonebot.agenda.dated import Thing
from milestonebot.agenda.released import said
from milestonebot.model import Kind
from milestonebot.outbox import Stage
from milestonebot.telling import is_out
from milestonebot.zones import zone
from tests.agenda.planning import HOUR, Planner, of, released, tails, utc
from tests.catalogs import claims, milestone, release

if TYPE_CHECKING:
    from milestonebot.catalog import Catalog

ESSEX_2 = "openstack/essex/essex-2"


def essex_2(when: str | None = "2011-12-15", *, out: bool | None = True) -> Catalog:
    return of(milestone("essex-2", when, "essex", released=out))


def planner(catalog: Catalog, start: str = "2011-12-10", **of_rule: object) -> Planner:
    planner = Planner(catalog, [released(**of_rule)])
    planner.look(start)
    return planner


def test_what_is_stated_ahead_is_said_as_its_day_begins() -> None:
    planned = planner(essex_2())
    assert planned.looks("2011-12-14 23:59") == []
    (delivery,) = planned.look("2011-12-15 00:00")
    assert delivery.key == f"released/oftc/#essex/{ESSEX_2}"
    assert delivery.due == utc("2011-12-15")
    assert delivery.about["date"] == "2011-12-15"
    assert planned.looks("2011-12-15 00:01", "2011-12-16") == []


def test_a_day_waits_for_its_time_and_a_moment_for_itself() -> None:
    assert planner(essex_2(), at="14:00").looks("2011-12-15 13:59") == []
    assert tails(planner(essex_2(), at="14:00").looks("2011-12-15 14:00")) == [ESSEX_2]
    stated = essex_2("2011-12-15T16:30+00:00")
    assert planner(stated, at="14:00").looks("2011-12-15 16:29") == []
    assert tails(planner(stated, at="14:00").looks("2011-12-15 16:30")) == [ESSEX_2]


def test_the_day_is_that_of_the_announcements_zone() -> None:
    assert planner(essex_2(), zone="AoE").looks("2011-12-15 11:59") == []
    assert tails(planner(essex_2(), zone="AoE").looks("2011-12-15 12:00")) == [ESSEX_2]
    assert tails(planner(essex_2(), zone="Asia/Tokyo").looks("2011-12-14 15:00")) == [ESSEX_2]


def test_a_source_that_tells_it_late_is_heard_when_it_tells() -> None:
    planned = planner(essex_2(out=None))
    assert planned.looks("2011-12-15", "2011-12-17 09:00") == []
    planned.catalog = essex_2()
    (delivery,) = planned.look("2011-12-17 09:10")
    assert (delivery.stage, delivery.due) == (Stage.PLANNED, utc("2011-12-17 09:10"))
    assert planned.looks("2011-12-17 09:11") == []


def test_a_source_that_tells_it_in_the_morning_waits_for_the_time() -> None:
    planned = planner(essex_2(out=None), at="14:00")
    planned.look("2011-12-15 08:00")
    planned.catalog = essex_2()
    assert planned.looks("2011-12-15 09:00") == []
    assert tails(planned.looks("2011-12-15 14:00")) == [ESSEX_2]


def test_what_was_due_by_its_date_in_a_long_absence_expires() -> None:
    planned = planner(essex_2())
    (delivery,) = planned.look("2011-12-17")
    assert delivery.stage is Stage.EXPIRED
    assert "grace" in delivery.problem


def test_what_nobody_calls_released_is_never_said_to_be() -> None:
    for out in (None, False):
        assert planner(essex_2(out=out)).looks("2011-12-15", "2011-12-16", "2012-01-01") == []


def test_what_is_out_at_the_first_look_is_known() -> None:
    assert planner(essex_2(), "2011-12-15 09:00").looks("2011-12-15 10:00") == []
    late = planner(essex_2(), "2011-12-15 09:00", at="14:00")
    assert tails(late.looks("2011-12-15 14:00")) == [ESSEX_2]


def test_what_is_remembered_as_out_is_out_that_day_in_some_zone() -> None:
    planned = planner(essex_2(), zone="Asia/Tokyo")
    for moment, out in (("2011-12-14 14:59", False), ("2011-12-14 15:00", True)):
        planned.look(moment)
        assert planned.memory.known[ESSEX_2].out is out


def test_a_released_milestone_without_a_date_is_told_when_a_source_tells() -> None:
    planned = planner(essex_2(None, out=None))
    planned.catalog = essex_2(None)
    assert tails(planned.looks("2011-12-15 10:00")) == [ESSEX_2]


def test_a_corrected_date_does_not_say_it_again() -> None:
    planned = planner(essex_2("2011-12-01"))
    planned.catalog = essex_2("2011-12-12")
    (taken,) = planned.look("2011-12-12 10:00")
    assert (taken.stage, taken.key) == (Stage.EXPIRED, f"released/oftc/#essex/{ESSEX_2}")
    assert planned.looks("2011-12-12 10:01", "2011-12-13") == []


def test_a_date_that_is_corrected_before_it_was_said_is_said_by_the_new_one() -> None:
    planned = planner(essex_2(), at="14:00")
    planned.look("2011-12-15 09:00")
    planned.catalog = essex_2("2011-12-15T10:00+00:00")
    assert tails(planned.looks("2011-12-15 10:05")) == [ESSEX_2]


def test_a_new_source_with_old_releases_is_no_news() -> None:
    planned = planner(of())
    planned.catalog = of(
        milestone("essex-1", "2011-11-10", "essex", released=True),
        milestone("essex-2", "2011-12-15", "essex", released=True),
        milestone("essex-0", None, "essex", released=True),
    )
    assert tails(planned.looks("2011-12-15 20:00")) == [ESSEX_2]


def test_a_version_of_a_project_is_told_on_its_day_or_as_it_appears() -> None:
    nova = release("2012.1", "2012-04-05", project="nova", series="essex")
    planned = Planner(of(), [released(scope=replace(released().scope, projects=("nova",)))])
    planned.look("2012-04-01")
    planned.catalog = of(releases=(nova,))
    (delivery,) = planned.look("2012-04-05 23:00")
    assert dict(delivery.about) | {"subject": "", "group": ""} == {
        "subject": "",
        "group": "",
        "series": "essex",
        "project": "nova",
        "milestone": "2012.1",
        "date": "2012-04-05",
    }
    undated = release("2012.1.1", None, project="nova", series="essex")
    planned.catalog = of(releases=(nova, undated))
    assert planned.looks("2012-04-06") == []


def test_a_late_zone_still_hears_of_what_is_out_elsewhere() -> None:
    rules = [released(name="tokyo", zone="Asia/Tokyo"), released(name="aoe", zone="AoE")]
    planned = Planner(essex_2(), rules)
    for hour in range(72):
        planned.look(utc("2011-12-14").replace(day=14 + hour // 24, hour=hour % 24))
    assert [(each.announcement, each.due) for each in planned.all.values()] == [
        ("tokyo", utc("2011-12-14 15:00")),
        ("aoe", utc("2011-12-15 12:00")),
    ]


def test_a_release_is_among_what_comes() -> None:
    (delivery,) = coming(essex_2(), [released(at="14:00")], utc("2011-12-01"), utc("2011-12-20"))
    assert delivery.due == utc("2011-12-15 14:00")
    assert coming(essex_2(out=None), [released()], utc("2011-12-01"), utc("2011-12-20")) == []


@given(
    st.sampled_from(["2011-12-15", "2011-12-12..2011-12-16", "2011-12", "2011-12-15T22:00+00:00"]),
    st.sampled_from(["UTC", "AoE", "Asia/Tokyo", "Europe/Paris"]),
    st.integers(-100, 60 * 24),
)
def test_it_may_be_said_from_when_it_is_out(when: str, place: str, hours: int) -> None:
    each = replace(milestone("essex-2", released=True), claims=claims(when))
    at = said(released(zone=place), Thing.of(each))
    now = utc("2011-11-25").timestamp() + hours * HOUR / 2
    here = utc("1970-01-01").fromtimestamp(now, zone(place))
    assert at is not None
    assert (at <= here) == is_out(each, here)


def test_only_the_kinds_that_are_named_are_told() -> None:
    catalog = of(
        milestone("essex-4", "2011-12-15", "essex", released=True),
        milestone("final", "2011-12-15", "essex", released=True, kind=Kind.RELEASE),
        milestone("freeze", "2011-12-15", "essex", released=True, kind=Kind.FREEZE),
    )
    assert tails(planner(catalog).looks("2011-12-15")) == ["openstack/essex/essex-4", "openstack/essex/final"]
    final = planner(catalog, kinds=(Kind.RELEASE,))
    assert tails(final.looks("2011-12-15")) == ["openstack/essex/final"]
