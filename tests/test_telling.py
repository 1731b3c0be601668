from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from milestonebot import telling
from milestonebot.catalog import Catalog
from milestonebot.document import Line, Link, Strong
from milestonebot.lookup import Lookup
from milestonebot.model import Claim, Facts, Kind, Milestone
from milestonebot.when import When
from milestonebot.zones import AOE
from tests import catalogs

NOW = datetime(2011, 12, 20, 12, tzinfo=UTC)
ESSEX = catalogs.essex()
ONE_GROUP = Lookup(ESSEX, NOW.date())
TWO_GROUPS = Lookup(catalogs.two_groups(), NOW.date())


def named(name: str, lookup: Lookup = ONE_GROUP) -> Milestone:
    found = lookup.dated(name)
    assert found is not None
    return found.best


@pytest.mark.parametrize(
    ("milestone", "told"),
    [
        (catalogs.milestone("essex-2"), "essex-2"),
        (replace(catalogs.milestone("essex-2"), title="The second of four"), "essex-2"),
        (catalogs.milestone("essex-2", project="nova"), "nova essex-2"),
        (named("essex release"), "Essex 2012.1 release"),
        (named("folsom release"), "Folsom 2012.2 release"),
        (catalogs.milestone("essex-release", kind=Kind.RELEASE), "essex-release"),
    ],
)
def test_what_a_milestone_is_called(milestone: Milestone, told: str) -> None:
    assert telling.name(milestone, ESSEX) == told


def test_the_group_is_named_where_there_are_several_and_the_room_is_not_about_it() -> None:
    catalog = catalogs.two_groups()
    essex = named("shop-client essex-3", TWO_GROUPS)
    assert telling.name(essex, catalog) == telling.name(essex, catalog, "openstack") == "shop essex-3"
    assert telling.name(essex, catalog, "Shop") == "essex-3"
    assert telling.name(replace(essex, project="basket"), catalog) == "shop basket essex-3"


def test_what_several_series_call_the_same_is_told_with_its_series() -> None:
    rc1, rc2 = (
        catalogs.milestone("rc1", "2012-03-20", "essex"),
        catalogs.milestone("rc2", "2012-03-27", "essex"),
    )
    other = catalogs.milestone("RC1", "2012-09-12", "folsom", project="nova")
    catalog = Catalog.of(Facts(milestones=(rc1, rc2, other, *catalogs.cycle("essex", "2011-11-10"))))
    told = [telling.name(each, catalog) for each in catalog.facts.milestones]
    assert told == ["essex rc1", "rc2", "nova folsom RC1", "essex-1"]
    assert telling.also("rc1", (other,), Lookup(catalog, NOW.date())) == (
        "rc1 is also nova folsom RC1 (Wed 12 Sep 2012)"
    )


@pytest.mark.parametrize(
    ("name", "version", "title", "told", "released"),
    [
        ("essex", "2012.1", "Essex", "Essex, 2012.1", "Essex 2012.1 release"),
        ("essex", "2012.1", None, "Essex, 2012.1", "Essex 2012.1 release"),
        ("essex", None, None, "Essex", "Essex release"),
        # Where the name says the version already it is not said twice, and names keep their letters.
        ("2.0", "2.0", None, "2.0", "2.0 release"),
        ("antelope", "2023.1", "2023.1 Antelope", "2023.1 Antelope", "2023.1 Antelope release"),
        ("openStack", "1", None, "OpenStack, 1", "OpenStack 1 release"),
    ],
)
def test_what_a_series_is_called(
    name: str, version: str | None, title: str | None, told: str, released: str
) -> None:
    series = catalogs.series(name, "2012-04-05", version, title=title)
    assert telling.series_title(series) == told
    catalog = Catalog.of(Facts(series=(series,)))
    (release,) = catalog.schedule_of(series)
    assert telling.name(release, catalog) == released


@pytest.mark.parametrize(
    ("when", "released", "kind", "status", "standing"),
    [
        ("2011-12-15", True, Kind.MILESTONE, "released", "released Thu 15 Dec 2011, 5 days ago"),
        ("2011-12-20", True, Kind.MILESTONE, "released", "released Tue 20 Dec 2011, today"),
        ("2012-01-26", None, Kind.MILESTONE, "due", "Thu 26 Jan 2012, in 37 days"),
        # What a source of today says is no news of that day.
        ("2011-12-21", True, Kind.MILESTONE, "due", "Wed 21 Dec 2011, tomorrow"),
        ("2012-01-26", True, Kind.MILESTONE, "due", "Thu 26 Jan 2012, in 37 days"),
        ("2011-12-20", None, Kind.MILESTONE, "due", "Tue 20 Dec 2011, today"),
        ("2011-W51", None, Kind.MILESTONE, "due", "the week of Mon 19 to Sun 25 Dec 2011, this week"),
        (
            "2011-12-15", None, Kind.MILESTONE, "overdue",
            "was due Thu 15 Dec 2011, 5 days ago; no source says that it is out",
        ),
        ("2011-12-15", False, Kind.RELEASE, "overdue", "was due Thu 15 Dec 2011, 5 days ago; not out yet"),
        ("2011-12-15", None, Kind.FREEZE, "past", "Thu 15 Dec 2011, 5 days ago"),
        (
            "2011-12-12..2011-12-16", None, Kind.WEEK, "past",
            "the week of Mon 12 to Fri 16 Dec 2011, 4 days ago",
        ),
        (None, None, Kind.MILESTONE, "undated", "no date set"),
        (None, False, Kind.MILESTONE, "undated", "no date set"),
        (None, True, Kind.MILESTONE, "released", "released, no date set"),
    ],
)  # fmt: skip
def test_how_it_stands(
    when: str | None,
    released: bool | None,  # noqa: FBT001 - one of the cases above
    kind: Kind,
    status: str,
    standing: str,
) -> None:
    milestone = catalogs.milestone("essex-2", when, kind=kind, released=released)
    assert telling.status(milestone, NOW) == telling.facts(milestone, NOW)["status"] == status
    assert telling.standing(milestone, NOW) == standing


def test_no_date_set_is_told_though_a_source_says_so() -> None:
    milestone = replace(catalogs.milestone("essex-5"), claims=(Claim(None, catalogs.ORIGIN),))
    assert telling.standing(milestone, NOW) == "no date set"
    assert telling.facts(milestone, NOW) == {"milestone": milestone, "status": "undated", "days": None}


def test_days_are_told_to_programs_with_their_sign() -> None:
    assert telling.facts(named("essex-2"), NOW)["days"] == -5
    assert telling.facts(named("essex-3"), NOW)["days"] == 37


def test_what_is_released_at_a_time_is_not_released_before() -> None:
    hour = When.moment(datetime(2011, 12, 20, 14, tzinfo=UTC))
    milestone = Milestone(
        "essex-2", "openstack", catalogs.ORIGIN, claims=(Claim(hour, catalogs.ORIGIN),), released=True
    )
    assert telling.status(milestone, NOW) == "due"
    assert telling.standing(milestone, NOW) == "Tue 20 Dec 2011, 14:00 UTC, today"
    assert telling.is_out(milestone, NOW + timedelta(hours=2))
    assert telling.is_out(milestone, (NOW + timedelta(hours=2)).astimezone(AOE))
    assert (
        telling.standing(milestone, NOW + timedelta(hours=2)) == "released Tue 20 Dec 2011, 14:00 UTC, today"
    )


def test_what_is_told_begins_with_a_strong_name() -> None:
    milestone = named("essex-3")
    assert telling.headed(milestone, ONE_GROUP, NOW) == (Strong("essex-3"), ": Thu 26 Jan 2012, in 37 days")
    assert telling.mentioned(milestone, ONE_GROUP, NOW) == (
        Strong("essex-3"),
        ", Thu 26 Jan 2012, in 37 days",
    )


def test_the_next_milestone() -> None:
    def upcoming(day: date) -> str | None:
        now = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = telling.upcoming(Lookup(ESSEX, day), now)
        return found.name if found is not None else None

    assert upcoming(date(2011, 12, 15)) == "essex-2"  # due all day
    assert upcoming(date(2011, 12, 16)) == "essex-3"
    assert upcoming(date(2012, 3, 2)) == "epoxy-1"  # a release is no milestone
    assert upcoming(date(2025, 2, 28)) is None


def test_of_several_groups_the_next_milestone_is_the_nearest() -> None:
    later = catalogs.cycle("later", "2011-12-01", "2012-03-01", group="shop")
    sooner = catalogs.cycle("sooner", "2012-01-01", "2012-04-01", group="openstack")
    catalog = Catalog.of(Facts(milestones=(*later, *sooner)))
    for group, name in ((None, "sooner-1"), ("openstack", "sooner-1"), ("Shop", "later-2")):
        found = telling.upcoming(Lookup(catalog, NOW.date(), group), NOW)
        assert found is not None
        assert found.name == name


def test_a_project_s_next_milestone_is_its_own_or_its_group_s() -> None:
    catalog = catalogs.own_milestones()
    now = datetime(2011, 12, 1, tzinfo=UTC)
    lookup = Lookup(catalog, now.date())
    for name, day in (("nova", "2011-12-08"), ("glance", "2011-12-15"), ("swift", "2011-12-15")):
        found = telling.upcoming(lookup, now, catalog.projects[name][0])
        assert found is not None
        assert found.when == When.parse(day)
    found = telling.upcoming(lookup, now)
    assert found is not None
    assert found.project is None


def test_an_example_is_a_question_that_can_be_answered() -> None:
    assert telling.example(ONE_GROUP, NOW) == "when is essex-3?"
    assert telling.example(Lookup(Catalog.of(), NOW.date()), NOW) == "what is the next milestone?"


def test_what_follows_a_milestone() -> None:
    def following(name: str, most: int = 1) -> list[str]:
        return [each.name for each in telling.following(named(name), ESSEX, most=most)]

    assert following("essex-2") == ["essex-3"]
    assert following("essex-3", 3) == ["essex-4", "essex-release", "folsom-release"]  # no freezes
    assert following("essex feature freeze") == ["essex-4"]
    assert following("essex-4") == ["essex-release"]
    assert following("epoxy release") == []
    assert telling.following(catalogs.milestone("x"), ESSEX) == ()
    assert telling.following(named("essex-2"), ESSEX) == (named("essex-3"),)


def test_what_follows_is_of_the_same_group_and_the_group_s_or_the_project_s_own() -> None:
    assert telling.following(named("openstack-client essex-3", TWO_GROUPS), TWO_GROUPS.catalog, most=9) == (
        named("openstack-client essex-release", TWO_GROUPS),
    )
    catalog = catalogs.own_milestones()
    own, shared = catalog.milestones["essex2"]
    assert [each.project for each in telling.following(own, catalog, most=9)] == [None, "nova", None]
    assert [each.project for each in telling.following(shared, catalog, most=9)] == [None]


def test_projects_are_told_the_busiest_first() -> None:
    blueprints = ESSEX.blueprints_of(named("essex-2"))
    assert telling.counts(blueprints) == ("19 blueprints named: nova 13, horizon 3, keystone 2, glance 1")
    assert list(telling.by_project(blueprints)) == ["nova", "horizon", "keystone", "glance"]


@given(st.lists(st.sampled_from(["nova", "glance", "swift"]), max_size=12))
def test_a_tally_counts_what_is_gathered(projects: list[str]) -> None:
    blueprints = [catalogs.blueprint(f"bp-{at}", of) for at, of in enumerate(projects)]
    gathered = telling.by_project(blueprints)
    assert telling.tally(blueprints) == {of: len(some) for of, some in gathered.items()}
    assert list(telling.tally(blueprints)) == list(gathered)
    assert sorted(telling.tally(blueprints).values(), reverse=True) == list(
        telling.tally(blueprints).values()
    )
    assert [each for each in blueprints if each.project == "nova"] == gathered.get("nova", [])


def test_a_blueprint_is_told_as_far_as_it_is_known() -> None:
    known = replace(
        catalogs.blueprint("lasterror", status="Implemented", title="Tell the last error"), assignee="ttx"
    )
    link = Link("lasterror", "https://blueprints.launchpad.net/nova/+spec/lasterror")
    assert telling.blueprint(known) == Line((link, " Tell the last error, Implemented, by ttx"))
    assert telling.blueprint(replace(known, title=None, assignee=None)) == Line((link, " Implemented"))
    assert telling.blueprint(replace(known, title=None, assignee=None, status=None, url=None)) == Line(
        (Strong("lasterror"),)
    )


def test_what_else_is_called_that() -> None:
    others = (named("epoxy-2"), named("essex-4"), named("essex-3"))
    assert telling.also("e2", others[:1], ONE_GROUP) == "e2 is also epoxy-2 (Thu 9 Jan 2025)"
    assert telling.also("e", others, ONE_GROUP) == (
        "e is also epoxy-2 (Thu 9 Jan 2025) and essex-4 (Thu 1 Mar 2012)"
    )
    assert telling.also("e2", (), ONE_GROUP) is None
    assert len(telling.also("x" * 1000, others, ONE_GROUP) or "") < 150
