from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from milestonebot import missing, phrases
from milestonebot.catalog import Catalog
from milestonebot.lookup import Lookup
from milestonebot.model import Facts, Kind
from milestonebot.settings import RoomSettings
from tests import catalogs

ESSEX = Lookup(catalogs.essex(), catalogs.POST_DAY)
EPOXY = Lookup(catalogs.essex(), date(2024, 12, 1))
NOTHING = Lookup(Catalog.of(), catalogs.POST_DAY)


@pytest.mark.parametrize(
    ("text", "told", "suggested"),
    [
        ("esex-2", "No milestone is called esex-2. Did you mean essex-2?", ["essex-2"]),
        ("Esesx 2", "No milestone is called Esesx 2. Did you mean essex-2?", ["essex-2"]),
        (
            "essex-5",
            "No milestone is called essex-5. Did you mean essex-1, essex-2 or essex-3?",
            ["essex-1", "essex-2", "essex-3"],
        ),
        (
            "essex-feature-freez",
            "No milestone is called essex-feature-freez. Did you mean essex-feature-freeze?",
            ["essex-feature-freeze"],
        ),
        ("dalstone-1", "No milestone is called dalstone-1.", []),
        ("e9", "No milestone is called e9.", []),
        ("-", "No milestone is called -.", []),
    ],
)
def test_a_near_miss_of_a_milestone(text: str, told: str, suggested: list[str]) -> None:
    error = missing.milestone(ESSEX, text)
    assert (str(error), list(error.suggestions)) == (told, suggested)


def test_a_milestone_is_suggested_once_though_several_of_its_names_are_near() -> None:
    assert missing.milestone(ESSEX, "essexx m2").suggestions == ("essex-2",)


def test_of_several_milestones_of_a_name_that_is_near_the_nearest_in_time_is_suggested() -> None:
    own = catalogs.milestone("Essex 2", "2011-12-19", project="nova")
    catalog = Catalog.of(Facts(milestones=(catalogs.milestone("essex-2", "2011-12-15"), own)))
    assert missing.milestone(Lookup(catalog, catalogs.POST_DAY), "esex2").suggestions == ("Essex 2",)


@pytest.mark.parametrize(
    ("name", "text", "suggested"),
    [
        ("series", "esex", ["essex"]),
        ("series", "2012.11", ["essex", "folsom"]),
        ("project", "nvoa", ["nova"]),
        ("project", "quantm", ["neutron"]),
        ("scope", "esex", ["essex"]),
        ("scope", "kystone", ["keystone"]),
        ("scope", "opnstack", ["openstack"]),
        ("blueprint", "nova-rootwarp", ["nova-rootwrap"]),
        ("release", "2012.1.", ["2012.1"]),
    ],
)
def test_a_near_miss_of_anything_else(name: str, text: str, suggested: list[str]) -> None:
    error = getattr(missing, name)(ESSEX, text)
    assert list(error.suggestions) == suggested
    assert str(error).startswith("No ")
    assert str(error).endswith(f" is called {text}. Did you mean {phrases.listed(suggested, 'or')}?")


def test_a_date_that_the_current_series_does_not_have_is_told_of_others() -> None:
    error = missing.dated(EPOXY, "m4")
    assert str(error) == "No source dates m4 in epoxy. In other series: essex-4, Thu 1 Mar 2012."
    assert error.suggestions == ("essex-4",)
    error = missing.dated(ESSEX, "soft string freeze")
    assert str(error) == (
        "No source dates soft string freeze in Essex. In other series: "
        "epoxy-soft-string-freeze, the week of Mon 24 to Fri 28 Feb 2025."
    )


def test_a_date_that_no_series_has_is_told_with_what_is_akin() -> None:
    error = missing.dated(ESSEX, "code freeze")
    assert str(error) == "No source dates code freeze in Essex. It has essex-feature-freeze."
    assert error.suggestions == ("essex-feature-freeze",)
    assert missing.dated(EPOXY, "code freeze").suggestions == (
        "epoxy-feature-freeze",
        "epoxy-soft-string-freeze",
    )


def test_no_more_is_told_of_a_date_than_fits_a_line() -> None:
    names = [f"series{number}" for number in range(5)]
    milestones = [
        *(each for name in names for each in catalogs.cycle(name, "2011-12-15")),
        *(catalogs.milestone(f"series0-{what}-freeze", "2012-01-01", "series0") for what in "abcd"),
    ]
    series = (catalogs.series("series0", "2012-04-05"), *map(catalogs.series, names[1:]))
    facts = Facts(series=series, milestones=(*milestones, catalogs.milestone("series0-1", series="series0")))
    lookup = Lookup(Catalog.of(facts), catalogs.POST_DAY)
    assert len(missing.dated(lookup, "m1").suggestions) == 2
    assert str(missing.dated(lookup, "m1")).count("Dec 2011") == 2
    assert str(missing.dated(lookup, "code freeze")).endswith(
        "It has series0-a-freeze, series0-b-freeze and series0-c-freeze."
    )
    assert len(str(missing.dated(lookup, "code freeze " * 1000))) < 250


def test_the_name_of_the_current_series_alone_makes_nothing_akin() -> None:
    facts = Facts(
        series=(catalogs.series("Essex", "2012-04-05"),),
        milestones=(catalogs.milestone("Essex-feature-freeze", "2012-02-24", "Essex", kind=Kind.FREEZE),),
    )
    error = missing.dated(Lookup(Catalog.of(facts), catalogs.POST_DAY), "essex party")
    assert (str(error), error.suggestions) == ("No source dates party in Essex.", ())


def test_a_slip_in_a_date_s_name_is_told_before_what_is_akin() -> None:
    assert str(missing.dated(ESSEX, "esex-2")) == "No milestone is called esex-2. Did you mean essex-2?"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("milstone", "There is no command milstone. Did you mean !milestone?"),
        ("MILSTONE", "There is no command MILSTONE. Did you mean !milestone?"),
        ("shedule", "There is no command shedule. Did you mean !schedule?"),
        ("dance", "There is no command dance. Try !help."),
        ("x" * 1000, f"There is no command {'x' * 40}. Try !help."),
    ],
)
def test_an_unknown_command(asked: str, told: str) -> None:
    error = missing.command(asked, "!", ["milestone", "schedule", "next"])
    assert missing.told(error, RoomSettings()) == told


def test_where_names_are_near_nothing_else_is_told_to_type() -> None:
    error = missing.milestone(ESSEX, "esex-2")
    assert missing.told(error, RoomSettings()) == "No milestone is called esex-2. Did you mean essex-2?"


def test_a_room_without_a_prefix_is_told_nothing_to_type() -> None:
    assert missing.told(missing.milestone(ESSEX, "foo"), RoomSettings(prefix="")) == (
        "No milestone is called foo."
    )


NAMED = ["milestone", "dated", "series", "project", "scope", "blueprint", "release"]


@pytest.mark.parametrize("name", NAMED)
def test_a_long_text_is_not_repeated_in_full(name: str) -> None:
    error = getattr(missing, name)(ESSEX, "no such thing " * 10_000)
    assert len(str(error)) < 200


@pytest.mark.parametrize("name", NAMED)
def test_where_nothing_is_known_nothing_is_suggested(name: str) -> None:
    error = getattr(missing, name)(NOTHING, "essex-2")
    assert error.suggestions == ()
    assert str(error).endswith(" is called essex-2.")


@given(st.text(max_size=20), st.sampled_from(NAMED))
def test_at_most_three_are_suggested_and_each_is_found(text: str, name: str) -> None:
    for lookup in (ESSEX, EPOXY, Lookup(catalogs.two_groups(), catalogs.POST_DAY, "shop")):
        error = getattr(missing, name)(lookup, text)
        assert len(error.suggestions) == len(set(error.suggestions)) <= 3
        for each in error.suggestions:
            assert (
                lookup.dated(each)
                or lookup.project(each)
                or lookup.project_group(each)
                or lookup.blueprints(each)
                or lookup.releases(each)
            )
