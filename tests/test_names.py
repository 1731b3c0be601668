from __future__ import annotations

import string

import pytest
from hypothesis import example, given, strategies as st

from milestonebot.names import LONGEST, key, near, words

NAMES = st.text(max_size=30) | st.text(string.ascii_letters + string.digits + " -_.", max_size=30)
SEPARATORS = st.text(" -_\t\u2010\u2011\u2013\u00a0\u3000", max_size=3)


@pytest.mark.parametrize(
    "name",
    [
        *("essex-2", "Essex 2", "ESSEX-2", "essex2", "essex_2", " Essex  2 ", "eSSex - 2", "essex\t2"),
        # Hyphens and spaces that word processors and phones put in.
        *(
            "essex\u20102",
            "essex\u20112",
            "essex\u20132",
            "essex\u20142",
            "essex\u22122",
            "essex\u00a02",
            "ｅｓｓｅｘ－２",
        ),
        # What comes along unseen when a name is copied from a page or a coloured line.
        *(
            "essex-\u200b2",
            "\ufeffessex-2",
            "ess\u00adex-2",
            "\u2068essex-2\u2069",
            "\x02essex-2\x0f",
            "essex-2\n",
        ),
    ],
)
def test_what_does_not_matter_in_a_name(name: str) -> None:
    assert key(name) == "essex2"


def test_what_matters_in_a_name() -> None:
    assert (
        len({key(name) for name in ("essex-2", "essex-3", "essex.2", "essex+2", "essex2a", "éssex-2")}) == 6
    )
    assert key("2012.1") == "2012.1"


def test_case_is_folded_in_every_script() -> None:
    assert key("STRASSE") == key("straße")
    assert key("ΕΣΣΕΞ") == key("εσσεξ")
    assert key("Ёлка-2") == key("ёлка 2")


def test_letters_with_marks_are_one_however_they_are_composed() -> None:
    assert key("caf\u00e9") == key("cafe\u0301")


@pytest.mark.parametrize("name", ["", " ", "-", "_ -", "\u2014", "\u200b", "\x02\x0f"])
def test_a_name_of_nothing_that_matters_has_no_key(name: str) -> None:
    assert key(name) == ""


@given(NAMES)
@example("a-\u0301")
@example("a\u00a8")
@example("\u1e9e" * LONGEST)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert key(key(name)) == key(name)


@given(NAMES, SEPARATORS, NAMES)
def test_separators_do_not_matter_wherever_they_stand(before: str, separators: str, after: str) -> None:
    if (before + after).isascii():
        assert key(before + separators + after) == key(before + after)


@given(st.text(max_size=400))
def test_a_key_is_never_longer_than_what_is_read(name: str) -> None:
    assert len(key(name)) <= LONGEST


def test_a_name_is_cut_where_reading_ends() -> None:
    assert key("x" * 100_000) == "x" * LONGEST
    assert key("é" * 100_000) == "é" * LONGEST
    assert len(words("x " * 100_000)) == LONGEST // 2


def test_words_of_a_name() -> None:
    assert (
        words("Feature-Freeze")
        == words("feature_freeze ")
        == words("feature\u2013freeze")
        == ("feature", "freeze")
    )
    assert words("grün\tändern") == words("grün\u2028ändern") == ("grün", "ändern")
    assert words("2012.1") == ("2012.1",)
    assert words(" - ") == ()


@given(NAMES)
def test_the_words_of_a_name_make_up_its_key(name: str) -> None:
    if name.isascii():
        assert "".join(words(name)) == key(name)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("esex2", ["essex2"]),  # left out
        ("esssex2", ["essex2"]),  # added
        ("ezsex2", ["essex2"]),  # changed
        ("sesex2", ["essex2"]),  # swapped
        ("dalstone1", ["dalston1"]),
        ("folsom", []),
        ("", []),
        ("2", []),
    ],
)
def test_a_near_miss_is_letters_changed_left_out_added_or_swapped(asked: str, found: list[str]) -> None:
    known = ["essex2", "dalston1", "grizzly3"]
    assert [known[at] for at in near(asked, known)] == found


def test_numbers_are_no_slip_where_a_name_has_them() -> None:
    assert near("esex2", ["essex1", "essex2", "essex3"]) == (1,)
    assert near("esex2", ["essex1", "essexm2", "essex2"]) == (2, 1)
    assert near("milstone", ["milestone", "milestones", "milestone1"]) == (0, 1)


def test_at_most_three_are_near_the_first_first() -> None:
    assert near("essex5", [f"essex{number}" for number in range(1, 5)]) == (0, 1, 2)
    assert near("essex5", [f"essex{number}" for number in range(1, 5)], 1) == (0,)


def test_a_longer_name_may_have_more_slips_and_three_at_most() -> None:
    name = "bandwidth-rate-limit-multipliers"
    assert near(name[3:], [name]) == (0,)
    assert near(name[4:], [name]) == ()
    assert near("nwa", ["nova"]) == ()


def test_a_query_is_cut_before_it_is_compared() -> None:
    assert near("x" * 100_000, ["x" * LONGEST]) == (0,)


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=8))
def test_what_is_near_is_in_the_list_and_shares_something(asked: str, known: list[str]) -> None:
    found = near(asked, known)
    assert len(found) == len(set(found)) <= 3
    for at in found:
        assert set(known[at]) & set(asked)
