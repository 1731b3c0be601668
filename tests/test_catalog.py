from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milestonebot.catalog import Catalog
from milestonebot.model import Facts, Kind, Milestone, Post, Series, Tag
from milestonebot.names import key
from tests import catalogs


def names(things: tuple[Any, ...]) -> list[str]:
    return [each.name for each in things]


def of_milestones(*milestones: Milestone) -> Catalog:
    return Catalog.of(Facts(milestones=milestones))


def test_an_empty_catalog_answers_nothing() -> None:
    catalog = Catalog.of()
    assert catalog.facts == Facts()
    assert not any((catalog.groups, catalog.projects, catalog.series, catalog.milestones, catalog.timelines))
    assert catalog.loaded is None


def test_it_knows_when_it_was_made_and_cannot_be_changed() -> None:
    moment = datetime(2011, 12, 20, tzinfo=UTC)
    catalog = Catalog.of(loaded=moment)
    assert catalog.loaded == moment
    with pytest.raises(FrozenInstanceError):
        catalog.loaded = None  # type: ignore[misc]  # this is the mistake


def test_two_snapshots_of_the_same_facts_are_two() -> None:
    """An index of one is never taken for that of another."""
    assert catalogs.essex() != catalogs.essex()


@pytest.mark.parametrize("name", ["essex-2", "Essex 2", "essex m2", "essex milestone 2"])
def test_a_milestone_is_found_by_each_of_its_whole_names(name: str) -> None:
    assert names(catalogs.essex().milestones[key(name)]) == ["essex-2"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("e2", ["essex-2", "epoxy-2"]),
        ("m2", ["essex-2", "epoxy-2"]),
        ("milestone 2", ["essex-2", "epoxy-2"]),
        ("e4", ["essex-4"]),
        ("feature freeze", ["essex-feature-freeze", "epoxy-feature-freeze"]),
        ("release", [f"{name}-release" for name in ("diablo", "essex", "folsom", "antelope", "epoxy")]),
    ],
)
def test_within_a_series_less_is_said(name: str, found: list[str]) -> None:
    assert names(catalogs.essex().short[key(name)]) == found


def test_a_name_without_its_series_is_found_with_it_and_without() -> None:
    catalog = of_milestones(
        catalogs.milestone("rc1", "2012-03-20", "essex"), catalogs.milestone("2", "2011-12-15", "essex")
    )
    for name in ("rc1", "essex rc1"):
        assert names(catalog.milestones[key(name)]) == ["rc1"]
    for name in ("2", "essex 2", "essex-m2", "essex milestone 2"):
        assert names(catalog.milestones[key(name)]) == ["2"]
    assert names(catalog.short["rc1"]) == ["rc1"]
    assert names(catalog.short["e2"]) == names(catalog.short["m2"]) == ["2"]
    assert "essexmrc1" not in catalog.milestones


def test_a_freeze_is_not_numbered_as_a_milestone_is() -> None:
    catalog = of_milestones(catalogs.milestone("essex-2", series="essex", kind=Kind.FREEZE))
    assert set(catalog.milestones) == {"essex2"}
    assert set(catalog.short) == {"2"}


def test_a_milestone_without_a_series_has_its_name_alone() -> None:
    catalog = of_milestones(catalogs.milestone("v0.7.0", "2011-12-15"))
    assert (set(catalog.milestones), set(catalog.short)) == ({"v0.7.0"}, set())


def test_tags_that_name_a_milestone_are_names_of_it_and_plain_versions_are_not() -> None:
    day = catalogs.POST_DAY
    tags = tuple(Tag("nova", name, day, "tagger") for name in ("2013.2.b1", "havana-b1", "14.0.0", "9"))
    catalog = of_milestones(replace(catalogs.milestone("havana-1"), tags=tags))
    assert set(catalog.milestones) == {"havana1", "2013.2.b1", "havanab1"}


@pytest.mark.parametrize(
    "name",
    [
        "antelope",
        "ANTELOPE",
        "2023.1",
        "Antelope 2023.1",
        "2023.1 antelope",
        "OpenStack Antelope",
        "openstack antelope-2023.1",
    ],
)
def test_a_series_is_found_by_each_of_its_names(name: str) -> None:
    series = catalogs.series("antelope", "2023-03-22", "2023.1", title="OpenStack Antelope")
    assert names(Catalog.of(Facts(series=(series,))).series[key(name)]) == ["antelope"]


def test_projects_are_found_by_former_names_too() -> None:
    catalog = catalogs.essex()
    assert names(catalog.projects["quantum"]) == names(catalog.projects["neutron"]) == ["neutron"]


def test_who_is_called_so_goes_before_who_was() -> None:
    projects = (catalogs.project("neutron", "melange"), catalogs.project("melange"))
    assert names(Catalog.of(Facts(projects=projects)).projects["melange"]) == ["melange", "neutron"]
    series = (catalogs.series("1", title="Essex"), catalogs.series("essex", version="1"))
    catalog = Catalog.of(Facts(series=series))
    assert names(catalog.series["essex"]) == ["essex", "1"]
    assert names(catalog.series["1"]) == ["1", "essex"]
    assert catalog.series_of(catalogs.milestone("essex-1", series="essex")) == series[1]


@pytest.mark.parametrize("name", ["", "-", " _ ", "\u200b", "\u2014"])
def test_a_name_of_punctuation_alone_is_nobody_s(name: str) -> None:
    facts = Facts(
        groups=(catalogs.group(name),),
        projects=(catalogs.project(name, name),),
        series=(catalogs.series(name, "2012-04-05", name, title=name),),
        milestones=(catalogs.milestone(name, "2012-04-05", name),),
        releases=(catalogs.release(name),),
        blueprints=(catalogs.blueprint(name),),
    )
    catalog = Catalog.of(facts)
    for index in (catalog.groups, catalog.projects, catalog.series, catalog.milestones, catalog.short):
        assert "" not in index
    assert "" not in catalog.releases
    assert "" not in catalog.blueprints


def test_a_timeline_has_what_is_dated_in_order_and_the_releases_among_it() -> None:
    timeline = catalogs.essex().timelines["openstack"]
    assert names(timeline)[:8] == [
        *("diablo-release", "essex-1", "essex-2", "essex-3", "essex-feature-freeze", "essex-4"),
        *("essex-release", "folsom-release"),
    ]
    assert [each.when.first for each in timeline if each.when] == sorted(
        each.when.first for each in timeline if each.when
    )


def test_what_has_no_date_is_in_the_schedule_alone_and_last() -> None:
    series = catalogs.series("essex", "2012-04-05")
    facts = Facts(
        series=(series,),
        milestones=(catalogs.milestone("essex-5", series="essex"), *catalogs.cycle("essex", "2011-11-10")),
    )
    catalog = Catalog.of(facts)
    assert names(catalog.schedule_of(series)) == ["essex-1", "essex-release", "essex-5"]
    assert names(catalog.timelines["openstack"]) == ["essex-1", "essex-release"]


def test_of_one_day_the_milestone_goes_first_and_the_shorter_stretch() -> None:
    facts = (
        catalogs.milestone("b-freeze", "2011-12-15", kind=Kind.FREEZE),
        catalogs.milestone("c", "2011-12"),
        catalogs.milestone("a-week", "2011-12-01..2011-12-02"),
        catalogs.milestone("d", "2011-12-15"),
    )
    assert names(of_milestones(*facts).timelines["openstack"]) == ["a-week", "c", "d", "b-freeze"]


def test_blueprints_of_a_milestone_in_the_order_of_their_source() -> None:
    catalog = catalogs.essex()
    (milestone,) = catalog.milestones["essex2"]
    listed = [name for several in catalogs.ESSEX_BLUEPRINTS.values() for name in several]
    assert names(catalog.blueprints_of(milestone)) == listed
    assert catalog.blueprints_of(catalog.milestones["essex3"][0]) == ()


def test_a_project_s_own_milestone_has_its_blueprints_alone() -> None:
    catalog = catalogs.own_milestones()
    own, shared = catalog.milestones["essex2"]
    assert (own.project, names(catalog.blueprints_of(own))) == ("nova", ["lasterror"])
    assert (shared.project, len(catalog.blueprints_of(shared))) == (None, 2)


def test_blueprints_of_a_milestone_that_another_series_has_too_are_told_apart() -> None:
    series = ("essex", "folsom")
    facts = Facts(
        milestones=tuple(catalogs.milestone("rc1", series=of) for of in series),
        blueprints=(
            *(replace(catalogs.blueprint(f"in-{of}", milestone="rc1"), series=of) for of in series),
            catalogs.blueprint("somewhere", milestone="rc1"),
        ),
    )
    catalog = Catalog.of(facts)
    found = {each.series: names(catalog.blueprints_of(each)) for each in catalog.milestones["rc1"]}
    assert found == {"essex": ["in-essex", "somewhere"], "folsom": ["in-folsom", "somewhere"]}
    assert names(catalog.blueprints_of(catalogs.milestone("rc1", series="Essex"))) == found["essex"]
    assert len(catalog.blueprints_of(catalogs.milestone("rc1"))) == 3


def test_groups_are_kept_apart() -> None:
    catalog = catalogs.two_groups()
    assert set(catalog.timelines) == {"openstack", "shop"}
    for milestone in catalog.milestones["essex3"]:
        (blueprint,) = catalog.blueprints_of(milestone)
        series = catalog.series_of(milestone)
        assert series is not None
        assert blueprint.group == series.group == milestone.group
        assert milestone in catalog.schedule_of(series)
        assert {each.group for each in catalog.schedule_of(series)} == {milestone.group}


def test_posts_of_a_milestone() -> None:
    posts = tuple(Post(name, "openstack", "Essex 2", catalogs.ORIGIN) for name in "ab")
    catalog = Catalog.of(Facts(milestones=(catalogs.milestone("essex-2"),), posts=posts))
    assert catalog.posts_of(catalog.milestones["essex2"][0]) == posts
    assert catalog.posts_of(catalogs.milestone("essex-2", group="shop")) == ()


def test_the_first_source_is_believed() -> None:
    moved = Facts(milestones=(catalogs.milestone("essex-2", "2011-12-20"),))
    (milestone,) = Catalog.of(moved, catalogs.essex_facts()).milestones["essex2"]
    assert [str(claim.when and claim.when.first) for claim in milestone.claims] == [
        "2011-12-20",
        "2011-12-15",
    ]
    assert milestone.series == "essex"


def test_who_belongs_to_no_known_series_has_none() -> None:
    catalog = catalogs.essex()
    assert catalog.series_of(catalogs.milestone("grizzly-1", series="grizzly")) is None
    assert catalog.series_of(catalogs.milestone("x")) is None
    assert catalog.schedule_of(catalogs.series("grizzly")) == ()


NAMES = st.text(st.sampled_from("aß-2. İ\u200b"), max_size=4)
SERIES = st.builds(Series, NAMES, st.just("openstack"), st.just(catalogs.ORIGIN), version=st.none() | NAMES)
MILESTONES = st.builds(
    catalogs.milestone, NAMES, st.none() | st.just("2012-01"), NAMES, kind=st.sampled_from(Kind)
)


@given(st.lists(SERIES, max_size=4), st.lists(MILESTONES, max_size=6))
def test_everything_is_found_by_its_name_and_is_in_one_schedule(
    series: list[Series], milestones: list[Milestone]
) -> None:
    catalog = Catalog.of(Facts(series=tuple(series), milestones=tuple(milestones)))
    for each in catalog.facts.milestones:
        assert not key(each.name) or each in catalog.milestones[key(each.name)]
        schedule = catalog.schedules[key(each.group), key(each.series or "")]
        assert schedule.count(each) == 1
        assert each.when is None or catalog.timelines["openstack"].count(each) == 1
    for of in catalog.facts.series:
        assert not key(of.name) or of in catalog.series[key(of.name)]
        assert not key(of.version or "") or of in catalog.series[key(of.version or "")]
