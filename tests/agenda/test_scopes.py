"""Which dated things an announcement is for."""

from __future__ import annotations

from milestonebot.agenda.dated import Dated
from milestonebot.announcement import Scope
from milestonebot.catalog import Catalog
from milestonebot.model import Facts, Kind
from tests import catalogs
from tests.agenda.planning import of
from tests.catalogs import milestone, project, release, series


def held(catalog: Catalog, group: str | None = None, *projects: str, series: str | None = None) -> list[str]:
    return [
        each.subject.removeprefix("openstack/essex/")
        for each in Dated(catalog).timeline(Scope(group, projects, series)).things
    ]


def test_without_bounds_everything_is_within() -> None:
    all_of_both = ["essex-3", "shop/essex/essex-3", "essex-release", "shop/essex/essex-release"]
    assert held(catalogs.two_groups()) == all_of_both


def test_a_group_is_bounded_by_its_name_however_spelt() -> None:
    assert held(catalogs.two_groups(), "Shop") == ["shop/essex/essex-3", "shop/essex/essex-release"]
    assert held(catalogs.two_groups(), "nobody") == []


def test_a_series_is_found_by_any_of_its_names() -> None:
    essex = ["essex-1", "essex-2", "essex-3", "essex-4", "essex-release"]
    for name in ("essex", "Essex", "2012.1"):
        assert held(catalogs.essex(), "openstack", series=name) == essex


def test_freezes_deadlines_and_weeks_are_announced_where_they_are_named() -> None:
    catalog = of(*(milestone(f"essex-{kind}", "2012-01-01", "essex", kind=kind) for kind in Kind))
    assert sorted(held(catalog)) == ["essex-milestone", "essex-release"]
    for kinds in ((Kind.FREEZE, Kind.DEADLINE), tuple(Kind), (Kind.RELEASE,)):
        timeline = Dated(catalog).timeline(Scope("openstack", series="essex"), kinds)
        assert sorted(each.milestone.kind for each in timeline.things) == sorted(kinds)


def test_a_groups_milestone_is_for_each_project_without_its_own() -> None:
    catalog = catalogs.own_milestones()
    assert held(catalog, "openstack", "nova") == ["nova/essex-2", "nova/essex-beta", "essex-release"]
    assert held(catalog, "openstack", "glance") == ["essex-2", "essex-release"]
    both = held(catalog, "openstack", "nova", "glance")
    assert both == ["nova/essex-2", "essex-2", "nova/essex-beta", "essex-release"]


def test_where_no_project_is_named_its_own_stands_back_behind_the_groups() -> None:
    told = held(catalogs.own_milestones(), "openstack")
    assert told == ["essex-2", "nova/essex-beta", "swift/essex-beta", "essex-release"]


def test_a_project_is_found_by_its_former_name() -> None:
    own = milestone("essex-2", "2011-12-08", "essex", project="neutron")
    catalog = of(own, projects=(project("neutron", "quantum"),))
    assert held(catalog, "openstack", "quantum") == ["neutron/essex-2"]


def test_versions_are_for_who_names_their_project() -> None:
    catalog = Catalog.of(
        Facts(
            projects=(project("nova"), project("swift")),
            series=(series("essex"),),
            releases=(
                release("2012.1", "2012-04-05", project="nova", series="essex"),
                release("1.4.4", "2011-11-24", project="swift", series="essex"),
                release("2012.1", "2012-04-05", series="essex"),
            ),
        )
    )
    assert held(catalog, "openstack") == []
    assert held(catalog, "openstack", "nova") == ["nova/2012.1"]
