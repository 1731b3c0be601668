"""Digests: what comes next, and how far it is."""

from __future__ import annotations

from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.catalog import Catalog
from milestonebot.model import Facts
from tests import asking, catalogs
from tests.catalogs import blueprint, milestone
from tests.wording.said import document, rule, said

DIGEST = Occasion.DIGEST
OPENSTACK = rule(DIGEST, scope=Scope("openstack"))


def busy(*states: tuple[str, str | None]) -> Catalog:
    return Catalog.of(
        Facts(
            milestones=(
                milestone("essex-3", "2012-01-26", "essex"),
                milestone("essex-4", "2012-03-01", "essex"),
            ),
            blueprints=tuple(
                blueprint(f"b{number}", project, milestone="essex-3", status=status)
                for number, (project, status) in enumerate(states)
            ),
        )
    )


def test_what_comes_within_some_weeks() -> None:
    assert said(DIGEST, asking.shipped(), "2012-01-23", None, OPENSTACK) == [
        "Next for openstack: essex-3, Thu 26 Jan 2012, in 3 days · then essex-4, Thu 1 Mar 2012"
    ]


def test_the_next_is_told_however_far_it_is() -> None:
    catalog = Catalog.of(Facts(milestones=(milestone("zed-1", "2022-05-19", "zed"),)))
    assert said(DIGEST, catalog, "2021-01-01") == ["Next: zed-1, Thu 19 May 2022, in 503 days"]


def test_how_far_each_project_is() -> None:
    catalog = busy(("nova", "Implemented"), ("nova", "Started"), ("glance", "Implemented"), ("nova", None))
    first, second = said(DIGEST, catalog, "2012-01-23")
    assert first == "Next: essex-3, Thu 26 Jan 2012, in 3 days · then essex-4, Thu 1 Mar 2012"
    assert second == "essex-3: [#####-----] 50% of 4 blueprints implemented: nova 1 of 3, glance 1 of 1"


def test_of_some_projects_only_theirs() -> None:
    catalog = busy(("nova", "Implemented"), ("nova", "Started"), ("glance", "Implemented"))
    nova = rule(DIGEST, scope=Scope(projects=("nova",)))
    lines = said(DIGEST, catalog, "2012-01-23", None, nova)
    assert lines[0].startswith("Next for nova: essex-3")
    assert lines[1] == "essex-3: [#####-----] 50% of 2 blueprints implemented: nova 1 of 2"


def test_a_series_and_projects_are_named() -> None:
    both = rule(DIGEST, scope=Scope(projects=("nova", "glance"), series="essex"))
    assert said(DIGEST, asking.shipped(), "2012-01-23", None, both)[0].startswith(
        "Next for nova and glance in essex: essex-3"
    )
    assert said(DIGEST, asking.shipped(), "2012-01-23", None, rule(DIGEST, scope=Scope(series="essex")))[
        0
    ].startswith("Next for essex: essex-3")


def test_where_nothing_is_scheduled_it_says_so() -> None:
    told = document(DIGEST, asking.shipped(), "2090-01-01", None, OPENSTACK)
    assert told.data == {"next": []}
    assert said(DIGEST, asking.shipped(), "2090-01-01", None, OPENSTACK) == [
        "Nothing is scheduled next for openstack, as far as any source says."
    ]


def test_words_of_ones_own_stand_in_place_of_the_first_line() -> None:
    say = rule(DIGEST, say="{milestone} {when}: {progress}")
    catalog = busy(("nova", "Implemented"), ("nova", "Started"))
    assert said(DIGEST, catalog, "2012-01-23", None, say) == [
        "essex-3 in 3 days: 1 of 2 blueprints implemented",
        "essex-3: [#####-----] 50% of 2 blueprints implemented: nova 1 of 2",
    ]
    assert said(DIGEST, catalogs.essex(), "2012-01-23", None, say) == [
        "essex-3 in 3 days: no blueprints named"
    ]


def test_the_day_is_that_of_the_announcement() -> None:
    for zone, days in (("UTC", "tomorrow"), ("Asia/Tokyo", "today")):
        of = Announcement("rule", DIGEST, (), zone=zone)
        (line,) = said(DIGEST, catalogs.essex(), "2012-01-25T20:00", None, of)
        assert line.startswith(f"Next: essex-3, Thu 26 Jan 2012, {days} · then")
