"""Whose a name is: a group's, a project's own, or both."""

from __future__ import annotations

import pytest

from milestonebot.catalog import Catalog
from milestonebot.lookup import Found, Lookup
from milestonebot.model import Facts, Kind
from tests import catalogs
from tests.catalogs import looking_at as of, told

THEN = catalogs.POST_DAY
ESSEX = catalogs.essex()
NAMES = Lookup(ESSEX, THEN)


def test_each_group_has_a_current_series_of_its_own() -> None:
    """What is said without a series may be of the other group: its release is not the next one."""
    facts = [
        Facts(
            series=(catalogs.series(name, released, group=group),),
            milestones=(
                catalogs.milestone(f"{name}-{what}", "2012-01-10", name, group=group, kind=Kind.FREEZE),
            ),
        )
        for group, name, released, what in (
            ("openstack", "essex", "2012-04-05", "feature-freeze"),
            ("shop", "basket", "2012-02-01", "price-freeze"),
        )
    ]
    names = Lookup(Catalog.of(*facts), THEN)
    assert told(names.milestone("feature freeze")) == ["essex-feature-freeze"]
    assert told(names.milestone("price freeze")) == ["basket-price-freeze"]
    current = names.current("openstack")
    assert current is not None
    assert current.name == "essex"
    assert names.current("nobody") is None


def test_the_room_s_group_is_meant_and_else_each_is_found() -> None:
    catalog = catalogs.two_groups()
    for group in ("openstack", "shop"):
        names = Lookup(catalog, THEN, group)
        milestone, series = names.milestone("essex-3"), names.series("essex")
        assert milestone is not None
        assert series is not None
        assert (milestone.best.group, series.best.group) == (group, group)
        assert (milestone.others, series.others) == ((), ())
        assert [each.group for each in names.blueprints("lasterror")] == [group]
        assert [each.group for each in names.elsewhere("e3")] == [group]
    both = Lookup(catalog, THEN).milestone("essex-3")
    assert both is not None
    assert [each.group for each in (both.best, *both.others)] == ["openstack", "shop"]
    release = Lookup(catalog, THEN).dated("essex")
    assert release is not None
    assert [each.group for each in (release.best, *release.others)] == ["openstack", "shop"]


def test_what_two_groups_call_the_same_is_found_in_both_though_it_is_of_no_series() -> None:
    groups = ("openstack", "shop")
    names = of(
        *(catalogs.milestone("0.7.0", "2011-12-15", group=group) for group in groups),
        projects=tuple(catalogs.project("client", group=group) for group in groups),
    )
    assert told(names.milestone("0.7.0")) == ["0.7.0", "0.7.0"]
    assert told(names.project("client")) == ["client", "client"]


def test_what_the_room_s_group_does_not_have_is_found_in_another() -> None:
    assert told(Lookup(catalogs.two_groups(), THEN, "openstack").project("shop-client")) == ["shop-client"]
    assert told(Lookup(ESSEX, THEN, "shop").milestone("essex-2")) == ["essex-2"]


def test_a_series_that_another_group_has_too_is_read_in_both() -> None:
    facts = [
        Facts(
            series=(catalogs.series("essex", "2012-04-05", group=group),),
            milestones=(
                catalogs.milestone(f"essex-{what}", "2012-01-10", "essex", group=group, kind=Kind.FREEZE),
            ),
        )
        for group, what in (("openstack", "feature-freeze"), ("shop", "price-freeze"))
    ]
    names = Lookup(Catalog.of(*facts), THEN)
    assert told(names.milestone("essex price")) == ["essex-price-freeze"]
    assert told(names.milestone("essex feature")) == ["essex-feature-freeze"]


OWN = Lookup(catalogs.own_milestones(), THEN)


@pytest.mark.parametrize(
    "text",
    ["nova essex-2", "Nova Essex 2", "nova/essex-2", "nova e2", "nova m2 of essex", "the nova essex-2"],
)
def test_a_project_s_own_milestone_is_named_with_the_project(text: str) -> None:
    found = OWN.milestone(text)
    assert found is not None
    assert (found.best.name, found.best.project) == ("essex-2", "nova")
    assert OWN.dated(text) == found


def test_without_a_project_the_group_s_milestone_is_meant() -> None:
    found = OWN.milestone("essex-2")
    assert found is not None
    assert (found.best.project, found.others) == (None, ())


def test_the_group_s_milestone_answers_where_the_project_has_none() -> None:
    found = OWN.milestone("essex-2", "glance")
    assert found is not None
    assert found.best.project is None
    assert OWN.dated("glance essex-2") == OWN.dated("glance/essex-2") == found
    # Two names, for the commands that take a milestone and a project.
    assert OWN.milestone("glance essex-2") is None
    assert OWN.milestone("essex-2 nova") is None
    assert OWN.milestone("nova essex-2", "glance") is None


def test_the_group_that_answers_for_a_project_is_its_own() -> None:
    names = Lookup(catalogs.two_groups(), THEN)
    for name in ("openstack", "shop"):
        found = names.dated(f"{name}-client essex-3")
        assert found is not None
        assert (found.best.group, found.others) == (name, ())
    facts = Facts(
        milestones=catalogs.cycle("basket", "2011-12-15", group="shop"), projects=(catalogs.project("nova"),)
    )
    assert Lookup(Catalog.of(facts), THEN).dated("nova basket-1") is None


def test_milestones_of_several_projects_are_all_named() -> None:
    found = OWN.milestone("essex-beta")
    assert found is not None
    assert [each.project for each in (found.best, *found.others)] == ["nova", "swift"]
    found = OWN.milestone("essex-beta", "swift")
    assert found is not None
    assert ([found.best.project], found.others) == (["swift"], ())
    assert OWN.milestone("essex-beta", "glance") is None


@pytest.mark.parametrize("text", ["neutron", "Neutron", "quantum", "QUANTUM"])
def test_a_project_is_found_by_its_former_names(text: str) -> None:
    assert told(NAMES.project(text)) == ["neutron"]


def test_projects_and_groups_that_are_none() -> None:
    for text in ("", "-", "nov", "novaa", "essex"):
        assert NAMES.project(text) is None
        assert NAMES.project_group(text) is None
    group = NAMES.project_group("OpenStack")
    assert group is not None
    assert group.name == "openstack"


@pytest.mark.parametrize(
    "text",
    [
        *("nova-rootwrap", "Nova Rootwrap", "novarootwrap", "nova/nova-rootwrap", " nova / nova-rootwrap "),
        "https://blueprints.launchpad.net/nova/+spec/nova-rootwrap",
        "<https://blueprints.launchpad.net/nova/+spec/nova-rootwrap>",
        "https://blueprints.launchpad.net/nova/+spec/nova-rootwrap/?a=b#c",
        "https://api.launchpad.net/devel/nova/+spec/nova-rootwrap",
    ],
)
def test_names_of_blueprints(text: str) -> None:
    assert [(each.project, each.name) for each in NAMES.blueprints(text)] == [("nova", "nova-rootwrap")]


@pytest.mark.parametrize(
    "text", ["", "-", "/", "nova/", "/+spec/", "nova/+spec/", "glance/nova-rootwrap", "http://", "nova"]
)
def test_what_names_no_blueprint(text: str) -> None:
    assert NAMES.blueprints(text) == ()


def test_every_blueprint_is_found_by_its_name_and_by_its_link() -> None:
    for each in ESSEX.facts.blueprints:
        for text in (
            each.name,
            f"{each.project}/{each.name}",
            each.url or "",
            each.name.replace("-", " ").title(),
        ):
            assert NAMES.blueprints(text) == (each,)


def test_where_two_projects_have_a_blueprint_of_that_name_both_are_found_and_one_can_be_picked() -> None:
    several = [catalogs.blueprint("lasterror", name) for name in ("nova", "glance", "neutron")]
    catalog = Catalog.of(Facts(projects=(catalogs.project("neutron", "quantum"),), blueprints=tuple(several)))
    names = Lookup(catalog, THEN)
    assert names.blueprints("lasterror") == tuple(several)
    for each in several:
        assert names.blueprints(f"{each.project}/lasterror") == (each,)
    assert names.blueprints("quantum/lasterror") == (several[2],)
    assert names.blueprints("https://blueprints.launchpad.net/quantum/+spec/lasterror") == (several[2],)


def test_the_name_as_it_is_spelt_goes_before_what_is_like_it() -> None:
    several = tuple(catalogs.blueprint(name) for name in ("vm-state", "vmstate"))
    names = Lookup(catalogs.of_blueprints(several), THEN)
    assert names.blueprints("vm-state") == several[:1]
    assert names.blueprints("nova/VMstate") == several[1:]
    assert names.blueprints("vm state") == several


def test_releases_are_the_group_s_first_and_of_a_project_where_one_is_named() -> None:
    found = NAMES.releases("2012.1")
    assert found is not None
    assert [each.project for each in (found.best, *found.others)] == [None, "nova"]
    found = NAMES.releases("v2012.1", "nova")
    assert found is not None
    assert ([found.best.project], found.others) == (["nova"], ())
    assert NAMES.releases("2012.1", "glance") is None
    assert NAMES.releases("") is NAMES.releases("-") is NAMES.releases("v") is None


def test_a_release_of_the_group_that_a_file_lists_is_found_once() -> None:
    stated = catalogs.release("2012.1", "2012-04-06")
    found = of(releases=(stated,), series=(catalogs.series("essex", "2012-04-05", "2012.1"),)).releases(
        "2012.1"
    )
    assert found == Found(stated)
