"""Releases: what landed, as `!overview` tells it."""

from __future__ import annotations

from milestonebot.announcement import Occasion, Scope
from milestonebot.catalog import Catalog
from milestonebot.model import Facts
from tests import asking, catalogs
from tests.catalogs import blueprint, milestone
from tests.wording.said import about, document, rule, said

RELEASED = Occasion.RELEASED
ESSEX_2 = about("essex-2", "2011-12-15")


async def test_it_says_what_the_overview_says() -> None:
    lines = said(RELEASED, asking.shipped(), "2011-12-15T14:00", ESSEX_2)
    overview = (await asking.ask("!overview essex-2", "2011-12-15")).splitlines()
    assert lines[0] == (
        "essex-2 is out: released Thu 15 Dec 2011, today · since essex-1 (Thu 10 Nov 2011) · "
        "19 blueprints named: nova 13, horizon 3, keystone 2, glance 1"
    )
    assert lines[1:] == overview[1:]
    assert lines[0].removeprefix("essex-2 is out: ") == overview[0].removeprefix("essex-2, ")
    assert len(lines) > 25


def test_for_some_projects_it_is_what_landed_in_those() -> None:
    some = rule(RELEASED, scope=Scope("openstack", ("glance", "Keystone")), say="{blueprints}: {projects}")
    lines = said(RELEASED, asking.shipped(), "2011-12-15", ESSEX_2, some)
    assert lines[0] == "3 blueprints: keystone 2, glance 1"
    assert [line for line in lines if line[:1] != "•" and line[-1:].isdigit()][:3] == [
        "3 blueprints: keystone 2, glance 1",
        "keystone 2",
        "glance 1",
    ]
    assert "nova 13" not in lines
    none = rule(RELEASED, scope=Scope(projects=("swift",)))
    assert said(RELEASED, asking.shipped(), "2011-12-15", ESSEX_2, none) == [
        "essex-2 is out: released Thu 15 Dec 2011, today · next: essex-3, Thu 26 Jan 2012, in 42 days"
    ]


def test_a_former_name_of_a_project_will_do() -> None:
    catalog = Catalog.of(
        Facts(
            projects=(catalogs.project("neutron", "quantum"),),
            milestones=(milestone("essex-2", "2011-12-15", "essex", released=True),),
            blueprints=(blueprint("nat", "neutron", milestone="essex-2"),),
        )
    )
    quantum = rule(RELEASED, scope=Scope(projects=("quantum",)), say="{projects}")
    assert said(RELEASED, catalog, "2011-12-15", ESSEX_2, quantum)[0] == "neutron 1"


def test_all_of_it_is_had_by_a_command() -> None:
    shipped = asking.shipped()
    assert document(RELEASED, shipped, "2011-12-15", ESSEX_2).more == "overview essex-2"


def test_a_name_that_means_something_else_is_told_with_its_series() -> None:
    catalog = Catalog.of(
        Facts(
            series=(catalogs.series("essex", "2012-04-05"), catalogs.series("zed", "2022-10-05")),
            milestones=(
                milestone("beta", "2012-01-26", "essex", released=True),
                milestone("beta", "2022-07-01", "zed", released=True),
            ),
            blueprints=(blueprint("lasterror", milestone="beta"),),
        )
    )
    told = document(RELEASED, catalog, "2022-07-01", about("beta", "2012-01-26"))
    assert told.more == "overview essex beta"


def test_where_nothing_is_said_to_have_landed_it_is_one_line() -> None:
    assert said(RELEASED, asking.shipped(), "2012-01-26T14:00", about("essex-3")) == [
        "essex-3 is out: released Thu 26 Jan 2012, today · next: essex-4, Thu 1 Mar 2012, in 35 days"
    ]
    assert document(RELEASED, asking.shipped(), "2012-01-26", about("essex-3")).more is None


def test_a_version_of_a_project() -> None:
    told = about("1.4.4", "2011-11-24", series=None, project="swift", subject="openstack/-/swift/1.4.4")
    (line,) = said(RELEASED, catalogs.essex(), "2011-11-24T14:00", told)
    assert line.startswith("swift 1.4.4 is out: released Thu 24 Nov 2011, today")


def test_what_is_not_out_is_not_told_to_be() -> None:
    (line,) = said(RELEASED, catalogs.essex(), "2012-01-20", about("essex-3"))
    assert line.startswith("essex-3: Thu 26 Jan 2012, in 6 days")


def test_words_of_ones_own_stand_above_what_landed() -> None:
    say = rule(RELEASED, say="{milestone} ({when}) since {since}: {blueprints}, {projects}")
    first, second, *_ = said(RELEASED, asking.shipped(), "2011-12-16", ESSEX_2, say)
    assert first == (
        "essex-2 (yesterday) since essex-1: 19 blueprints, nova 13, horizon 3, keystone 2, glance 1"
    )
    assert second == "nova 13"


def test_a_moment_is_told_in_the_zone_of_the_announcement() -> None:
    catalog = Catalog.of(
        Facts(milestones=(milestone("essex-2", "2011-12-15T14:00+00:00", "essex", released=True),))
    )
    told = about("essex-2", "2011-12-15T14:00+00:00")
    (line,) = said(RELEASED, catalog, "2011-12-15T16:00", told, rule(RELEASED, zone="Europe/Paris"))
    assert line == "essex-2 is out: released Thu 15 Dec 2011, 15:00 Europe/Paris, today"


def test_what_the_catalog_has_no_more_raises_nothing() -> None:
    assert said(RELEASED, Catalog.of(Facts()), "2011-12-15", ESSEX_2) == ["essex-2: Thu 15 Dec 2011, today"]
