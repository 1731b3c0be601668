from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from milestonebot.catalog import Catalog
from milestonebot.model import Facts
from milestonebot.search import SearchIndex, index_of
from tests import catalogs

ESSEX = SearchIndex(catalogs.essex())
MOST = 10


def found(index: SearchIndex, text: str, most: int = MOST) -> list[str]:
    return [each.name for each in index.search(text, most)]


def of_blueprints(*names: str) -> SearchIndex:
    return SearchIndex(catalogs.of_blueprints(map(catalogs.blueprint, names)))


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("vm state", "nova-vm-state-management"),
        ("State of the VM!", "nova-vm-state-management"),
        ("STATE_MANAGEMENT", "nova-vm-state-management"),
        ("keystone acls", "keystone-swift-acls"),
        ("essex-2", "essex-2"),
        ("essex2", "essex-2"),
        ("quantum", "neutron"),  # a former name
        ("neutron", "neutron"),
        ("rate multipliers", "bandwidth-rate-limit-multipliers-and-base-limits"),
    ],
)
def test_the_best_match_is_first(text: str, best: str) -> None:
    assert found(ESSEX, text)[0] == best


def test_a_word_matches_those_that_begin_with_it() -> None:
    assert found(ESSEX, "rootw") == ["nova-rootwrap"]
    assert found(ESSEX, "twrap") == []


def test_where_no_word_begins_so_the_nearest_is_meant_and_no_other() -> None:
    index = of_blueprints("xenapi-ha", "xena-plans", "snapshots")
    assert found(index, "xenpai") == ["xenapi-ha"]
    assert found(index, "snapshits") == ["snapshots"]
    assert found(index, "xnea") == ["xena-plans"]
    assert found(index, "orchestration") == []


def test_a_short_word_is_no_slip_of_another() -> None:
    assert found(ESSEX, "e2") == []
    assert found(of_blueprints("vm"), "vn") == []


@pytest.mark.parametrize("text", ["", " ", "-", "the", "of and in", "!?", "\u200b", "_"])
def test_nothing_is_found_by_nothing(text: str) -> None:
    assert found(ESSEX, text) == []


def test_who_says_more_of_the_words_goes_first_however_rare_the_others_are() -> None:
    names = ("alpha-bravo-charlie", *(f"delta-echo-foxtrot-golf-{number}" for number in range(MOST * 4)))
    text = "alpha bravo charlie delta echo foxtrot golf"
    assert found(of_blueprints(*names), text) == list(names[1 : MOST + 1])


def test_of_those_that_say_as_many_words_the_rarer_word_goes_first() -> None:
    index = of_blueprints("volume-a1", "volume-b1", "volume-c1", "quota-d1")
    assert found(index, "volume quota")[0] == "quota-d1"


def test_a_whole_word_goes_before_the_beginning_of_another() -> None:
    assert found(of_blueprints("vmware-driver", "vm-driver"), "vm") == ["vm-driver", "vmware-driver"]


def test_equal_matches_stand_in_the_order_of_the_catalog() -> None:
    assert found(ESSEX, "nova", 3) == ["nova", "nova-rootwrap", "nova-volume-snapshot-backup-api"]
    assert found(ESSEX, "essex") == ["essex-1", "essex-2", "essex-3", "essex-4", "essex-feature-freeze"]


def test_a_blueprint_is_found_by_all_that_is_said_of_it() -> None:
    blueprint = replace(
        catalogs.blueprint("lasterror", title="Tell the Last Fault"),
        theme="Usability",
        summary="Users see what went wrong",
    )
    index = SearchIndex(catalogs.of_blueprints((blueprint,)))
    for text in ("lasterror", "fault", "usability", "wrong", "nova"):
        assert found(index, text) == ["lasterror"]


def test_a_word_said_twice_counts_once() -> None:
    index = of_blueprints("vm-vm-vm", "vm-state")
    assert found(index, "vm vm vm state") == ["vm-state", "vm-vm-vm"]


def test_at_most_so_many_are_found() -> None:
    assert len(found(ESSEX, "nova", 5)) == 5
    assert found(ESSEX, "nova", 0) == []


def test_only_the_beginning_of_a_long_question_is_read() -> None:
    assert found(ESSEX, "x" * 100_000) == []
    assert found(ESSEX, " ".join([*map(str, range(100, 108)), "nova"])) == []
    assert found(ESSEX, "x" * 200 + " nova") == []


def test_only_the_beginning_of_a_long_summary_is_read() -> None:
    blueprint = replace(catalogs.blueprint("lasterror"), summary="alpha " + "-" * 500 + " zebra")
    index = SearchIndex(catalogs.of_blueprints((blueprint,)))
    assert found(index, "alpha") == ["lasterror"]
    assert found(index, "zebra") == []


def test_words_of_other_scripts_are_words() -> None:
    index = of_blueprints("größe-ändern", "изменить-размер")
    assert found(index, "GRÖSSE") == ["größe-ändern"]
    assert found(index, "размер") == ["изменить-размер"]


def test_an_empty_catalog_has_nothing_to_find() -> None:
    assert found(SearchIndex(Catalog.of()), "nova") == []


def test_the_index_of_a_snapshot_is_made_once() -> None:
    first, second = catalogs.essex(), catalogs.essex()
    index = index_of(first)
    assert index_of(first) is index
    assert index_of(second) is not index


WORDS = st.lists(
    st.sampled_from(["alpha", "alphabet", "bravo", "charlie", "delta", "of"]), min_size=1, max_size=4
)


@given(st.lists(WORDS.map("-".join), max_size=8, unique=True), WORDS)
def test_what_is_found_says_a_word_and_nobody_who_says_more_stands_behind(
    names: list[str], asked: list[str]
) -> None:
    index = SearchIndex(Catalog.of(Facts(blueprints=tuple(catalogs.blueprint(name, "x") for name in names))))
    told = found(index, " ".join(asked), len(names))
    words = set(asked) - {"of"}

    def said(name: str) -> int:
        return sum(any(each.startswith(word) for each in name.split("-")) for word in words)

    assert [said(name) for name in told] == sorted(map(said, told), reverse=True)
    assert {name for name in names if said(name)} <= set(told)


@given(st.text(max_size=60))
def test_any_text_is_searched_for(text: str) -> None:
    assert len(ESSEX.search(text, MOST)) <= MOST
