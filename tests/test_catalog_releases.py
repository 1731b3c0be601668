"""What a series becomes among dated things: its release."""

from __future__ import annotations

from dataclasses import replace

import pytest

from milestonebot.catalog import Catalog, titles
from milestonebot.model import Facts, Kind
from tests import catalogs


def test_a_series_is_released_as_a_dated_thing_with_its_claims() -> None:
    (release,) = catalogs.essex().milestones["essexrelease"]
    assert (release.kind, release.title) == (Kind.RELEASE, "Essex 2012.1 release")
    assert release.claims == catalogs.claims("2012-04-05")


def test_a_release_that_a_file_lists_among_its_milestones_is_not_told_twice() -> None:
    stated = catalogs.milestone("essex-release", "2012-04-05", "essex", kind=Kind.RELEASE)
    undated, dated = catalogs.series("essex"), catalogs.series("essex", "2012-04-06")
    catalog = Catalog.of(Facts(series=(undated,), milestones=(stated,)))
    assert catalog.schedule_of(undated) == (stated,)
    (both,) = Catalog.of(Facts(series=(dated,), milestones=(stated,))).schedule_of(dated)
    assert both.claims == (*stated.claims, *dated.release)
    final = replace(stated, name="2012.1-final")
    assert Catalog.of(Facts(series=(undated,), milestones=(final,))).schedule_of(undated) == (final,)
    own = replace(stated, project="nova")
    assert len(Catalog.of(Facts(series=(undated,), milestones=(own,))).schedule_of(undated)) == 2


def test_a_release_of_no_series_says_nothing_of_those_of_series() -> None:
    stated = catalogs.milestone("0.1", "2012-04-05", kind=Kind.RELEASE)
    series = catalogs.series("essex")
    catalog = Catalog.of(Facts(series=(series,), milestones=(stated, *catalogs.cycle("essex", "2011-11-10"))))
    assert [each.name for each in catalog.schedule_of(series)] == ["essex-1", "essex-release"]


@pytest.mark.parametrize(
    ("name", "version", "title", "told"),
    [
        ("essex", "2012.1", None, ("Essex", "2012.1")),
        ("essex", "2012.1", "ESSEX", ("ESSEX", "2012.1")),
        ("openStack", None, None, ("OpenStack",)),
        ("2.0", "2.0", None, ("2.0",)),
        ("a", "2023.1", "2023.1 Antelope", ("2023.1 Antelope",)),
    ],
)
def test_the_titles_of_a_series(
    name: str, version: str | None, title: str | None, told: tuple[str, ...]
) -> None:
    assert titles(catalogs.series(name, version=version, title=title)) == told


def test_the_version_of_a_series_is_a_release_of_its_group() -> None:
    found = catalogs.essex().releases["2012.1"]
    assert [(each.project, each.series, str(each.when and each.when.first)) for each in found] == [
        ("nova", "essex", "2012-04-05"),
        (None, "essex", "2012-04-05"),
    ]
    stated = Facts(
        series=(catalogs.series("essex", version="2012.1"),), releases=(catalogs.release("2012.1"),)
    )
    assert Catalog.of(stated).releases["2012.1"] == stated.releases
