from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from milestonebot.catalog import Catalog
from milestonebot.lookup import Lookup
from milestonebot.model import Kind
from milestonebot.when import When
from tests import catalogs
from tests.catalogs import looking_at as of, told

THEN, NOW = catalogs.POST_DAY, date(2024, 12, 1)
ESSEX = catalogs.essex()


def essex(today: date = THEN) -> Lookup:
    return Lookup(ESSEX, today)


def either(*texts: str, of: str) -> list[tuple[str, str]]:
    """Return each of `texts` with what all of them name."""
    return [(text, of) for text in texts]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *either("essex-2", "Essex 2", "ESSEX-2", "essex2", "essex_2", " eSSex\u20112 ", of="essex-2"),
        *either("essex m2", "Essex-M2", "essex milestone 2", "milestone 2 of essex", of="essex-2"),
        *either("2012.1 m2", "e2 of essex", "m2 of Essex 2012.1", "milestone-2 2012.1", of="essex-2"),
        *either("m2", "M-2", "milestone 2", of="essex-2"),
        *either("e2", "E-2", "e 2", of="essex-2, epoxy-2"),
        *either("e4", "essex-4", of="essex-4"),
        *either("feature freeze", "Feature-Freeze", "featurefreeze", of="essex-feature-freeze"),
        *either("epoxy feature freeze", "feature freeze of 2025.1", of="epoxy-feature-freeze"),
        *either("2025.1 feature freeze epoxy", "epoxy freeze feature 2025.1", of="epoxy-feature-freeze"),
        *either("epoxy string freeze", "the string freeze for epoxy", of="epoxy-soft-string-freeze"),
        *either("epoxy freeze", "freeze epoxy", of="epoxy-feature-freeze, epoxy-soft-string-freeze"),
        *either("essex release", "Essex 2012.1 release", of="essex-release"),
    ],
)
def test_names_of_dated_things(text: str, names: str) -> None:
    assert ", ".join(told(essex().milestone(text))) == names


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "_", "\u200b", "?", "1", "2", "essex", "essex -", "essex the", "of essex", "2012.1"),
        *("e9", "m9", "essex-5", "grizzly-1", "essex-2 nova", "nova essex-2", "milestone", "freeze essex 7"),
        "x" * 100_000,
    ],
)
def test_what_names_no_milestone(text: str) -> None:
    assert essex().milestone(text) is None


def test_letters_come_round_again_and_the_nearest_is_meant() -> None:
    assert told(essex(NOW).milestone("e2")) == ["epoxy-2", "essex-2"]
    between = date(2018, 6, 29)
    assert told(essex(between).milestone("e2")) == ["epoxy-2", "essex-2"]
    assert told(essex(between - timedelta(days=2)).milestone("e2")) == ["essex-2", "epoxy-2"]


def test_of_two_equally_near_the_one_to_come_is_meant() -> None:
    names = of(
        catalogs.milestone("past-1", "2011-12-10", "past"), catalogs.milestone("plan-1", "2011-12-30", "plan")
    )
    assert told(names.milestone("p1")) == ["plan-1", "past-1"]


def test_a_letter_is_the_nearest_s_and_not_the_current_series() -> None:
    names = of(
        *catalogs.cycle("past", "2011-12-18"),
        *catalogs.cycle("plan", "2012-03-01"),
        series=(catalogs.series("past", "2011-12-19"), catalogs.series("plan", "2012-04-05")),
    )
    assert told(names.milestone("p1")) == ["past-1", "plan-1"]


def test_what_has_no_date_stands_behind_what_has_one() -> None:
    names = of(*catalogs.cycle("past", "2001-12-10"), catalogs.milestone("plan-1", series="plan"))
    assert told(names.milestone("p1")) == ["past-1", "plan-1"]


def test_what_is_said_without_a_series_is_of_the_current_one() -> None:
    assert told(essex(NOW).milestone("m2")) == ["epoxy-2"]
    assert told(essex(NOW).milestone("feature freeze")) == ["epoxy-feature-freeze"]
    assert essex(NOW).milestone("m4") is None
    assert told(essex(NOW).milestone("essex m4")) == ["essex-4"]


def test_a_freeze_that_each_series_calls_the_same_is_of_the_current_one() -> None:
    """Though that of the last series may be nearer."""
    names = of(
        catalogs.milestone("feature-freeze", "2011-12-10", "essex", kind=Kind.FREEZE),
        catalogs.milestone("feature-freeze", "2012-06-10", "folsom", kind=Kind.FREEZE),
        series=(catalogs.series("essex", "2011-12-19"), catalogs.series("folsom", "2012-09-27")),
    )
    found = names.milestone("feature freeze")
    assert found is not None
    assert [each.series for each in (found.best, *found.others)] == ["folsom", "essex"]
    found = names.milestone("essex feature freeze")
    assert found is not None
    assert (found.best.series, found.others) == ("essex", ())


@pytest.mark.parametrize("text", ["0.7.0", "v0.7.0", "V0.7.0", "v.0.7.0", "v 0.7.0"])
@pytest.mark.parametrize("name", ["0.7.0", "v0.7.0"])
def test_the_letter_before_a_version_does_not_matter(name: str, text: str) -> None:
    version = catalogs.release(name, project="nova")
    series = catalogs.series(name, "2011-12-15")
    names = of(catalogs.milestone(name, "2011-12-15"), releases=(version,), series=(series,))
    assert told(names.milestone(text)) == [name]
    assert told(names.series(text)) == [name]
    found = names.releases(text)
    assert found is not None
    assert found.best.version == name


def test_who_has_the_name_as_typed_goes_before_who_has_it_but_for_a_v() -> None:
    names = of(catalogs.milestone("v1.0", "2012-01-01"), catalogs.milestone("1.0", "2011-12-21"))
    assert told(names.milestone("v1.0")) == ["v1.0"]
    assert told(names.milestone("1.0")) == ["1.0"]


def test_a_v_is_a_letter_too() -> None:
    names = of(*catalogs.cycle("victoria", "2020-06-18"), series=(catalogs.series("victoria", "2020-10-14"),))
    assert told(names.milestone("v1")) == ["victoria-1"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *either("essex-3", "essex m3", of="essex-3"),
        *either("essex", "2012.1", "v2012.1", "Essex 2012.1", "essex release", of="essex-release"),
        *either("antelope", "Antelope 2023.1", "2023.1 Antelope", "2023.1", of="antelope-release"),
        *either("", "-", "nova", "grizzly", "essex-5", "2", of=""),
    ],
)
def test_what_is_dated_may_be_a_series_by_its_release(text: str, names: str) -> None:
    assert ", ".join(told(essex().dated(text))) == names


def test_words_of_a_freeze_are_enough_within_the_current_series() -> None:
    assert told(essex(NOW).dated("string freeze")) == ["epoxy-soft-string-freeze"]
    assert told(essex(NOW).dated("soft")) == ["epoxy-soft-string-freeze"]
    assert essex(THEN).dated("string freeze") is None
    assert essex(NOW).dated("epoxy string thaw") is None


def test_the_release_of_a_series_is_the_group_s() -> None:
    names = of(
        catalogs.milestone("2012.1", "2012-04-01", "essex", kind=Kind.RELEASE, project="nova"),
        series=(catalogs.series("essex", "2012-04-05"),),
    )
    assert told(names.dated("essex")) == ["essex-release"]


@pytest.mark.parametrize(
    "text", ["essex", "Essex", "ESSEX", "2012.1", "v2012.1", "essex 2012.1", "2012.1-essex"]
)
def test_names_of_series(text: str) -> None:
    assert told(essex().series(text)) == ["essex"]


@pytest.mark.parametrize("text", ["", "-", "e", "essex-2", "2012", "201", "v", "v.", "2012.1.1"])
def test_what_names_no_series(text: str) -> None:
    assert essex().series(text) is None


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2000, 1, 1), "diablo"),
        (date(2011, 9, 22), "diablo"),  # its release day is its own
        (date(2011, 9, 23), "essex"),
        (date(2012, 4, 5), "essex"),
        (date(2012, 4, 6), "folsom"),
        (date(2030, 1, 1), "epoxy"),
    ],
)
def test_the_current_series_is_the_next_to_be_released_and_else_the_last(today: date, name: str) -> None:
    current = essex(today).current()
    assert current is not None
    assert current.name == name


def test_a_series_whose_release_is_a_month_is_current_to_its_end() -> None:
    names = of(series=(catalogs.series("essex", "2011-12"), catalogs.series("folsom", "2012-01")))
    current = names.current()
    assert current is not None
    assert current.name == "essex"


def test_a_series_without_a_release_day_is_current_by_what_it_plans() -> None:
    """A maintainer's first file often has milestones and no release yet."""
    names = of(
        *catalogs.cycle("basket", "2011-12-10", "2012-03-12"),
        *catalogs.cycle("apple", "2011-06-10"),
        series=(
            catalogs.series("apple", "2011-09-01"),
            catalogs.series("basket"),
            catalogs.series("cherry"),
            catalogs.series("date", "2012-06-01"),
        ),
    )
    current = names.current()
    assert current is not None
    assert current.name == "basket"
    assert told(names.milestone("m2")) == ["basket-2"]


def test_no_series_is_current_where_none_has_a_date() -> None:
    assert Lookup(catalogs.undated("essex-1"), THEN).current() is None
    assert Lookup(Catalog.of(), THEN).current() is None


WHENS = st.one_of(
    st.dates(date(2011, 1, 1), date(2012, 12, 31)).map(When.day),
    st.builds(When.month, st.integers(2011, 2012), st.integers(1, 12)),
)


@given(WHENS, st.dates(date(2011, 1, 1), date(2012, 12, 31)))
def test_how_far_it_is_from_today(when: When, today: date) -> None:
    away = Lookup(ESSEX, today).away(when)
    days = ((when.first + timedelta(days=number)) for number in range((when.last - when.first).days + 1))
    assert away == min(abs((day - today).days) for day in days)


def test_what_has_no_date_is_farther_than_any_day() -> None:
    names = essex(date.min)
    assert names.away(None) > names.away(When.day(date.max))
    undated, dated = catalogs.milestone("x"), catalogs.milestone("y", "2011-12-15")
    assert names.nearest_of((undated, dated)) == dated
    assert names.nearest_of((undated, replace(undated, name="z"))) == undated


def test_elsewhere_are_the_other_series_things_of_that_short_name() -> None:
    assert [each.name for each in essex().elsewhere("soft string freeze")] == ["epoxy-soft-string-freeze"]
    assert [each.name for each in essex(NOW).elsewhere("m3")] == ["epoxy-3", "essex-3"]
    assert essex().elsewhere("") == ()


def test_the_longest_run_of_words_that_is_a_name_is_split_off() -> None:
    names = essex()
    found, rest = names.split(
        ["what", "landed", "in", "essex", "milestone", "2", "for", "nova"], names.milestone
    )
    assert (told(found), rest) == (["essex-2"], ("what", "landed", "nova"))
    found, rest = names.split(["nova", "essex-2"], names.milestone)
    assert (told(found), rest) == (["essex-2"], ("nova",))


def test_a_name_behind_the_eighth_word_is_not_read() -> None:
    said = ("a", "b", "c", "d", "e", "f", "g", "h", "nova")
    assert essex().split(said, essex().project) == (None, said)
    found, rest = essex().split(said[1:], essex().project)
    assert (told(found), rest) == (["nova"], said[1:-1])


def test_what_names_nothing_is_all_left_over() -> None:
    said = ("what", "is", "the", "matter", "of", "x", "y", "z", "and", "more")
    assert essex().split(said, essex().milestone) == (None, said)
    assert essex().split((), essex().milestone) == (None, ())


@given(st.lists(st.sampled_from(["essex-2", "nova", "and", "of", "a", "b", "m2"]), max_size=12))
def test_no_word_is_lost_when_a_name_is_split_off(said: list[str]) -> None:
    found, rest = essex().split(said, essex().project)
    kept = [word for word in said if word not in ("of", "and")]
    if found is None:
        assert list(rest) == said
        assert "nova" not in said[:8]
    else:
        kept.remove("nova")
        assert sorted(rest) == sorted(kept)


@given(
    st.text(max_size=30)
    | st.lists(st.sampled_from(["essex", "2", "-", "e2", "v", "nova", "/", "of"]), max_size=9).map(" ".join),
    st.sampled_from([THEN, NOW, date.min, date.max]),
)
def test_any_text_is_read(text: str, today: date) -> None:
    for names in (essex(today), Lookup(catalogs.two_groups(), today, "shop"), Lookup(Catalog.of(), today)):
        for read in (names.milestone, names.dated, names.series, names.project, names.releases):
            found = read(text)
            assert found is None or text.strip()
        names.blueprints(text)
        names.elsewhere(text)
        names.project_group(text)
