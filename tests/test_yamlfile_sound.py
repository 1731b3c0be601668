"""What a mistake leaves whole is still there to be looked at."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from milestonebot.errors import ConfigError
from milestonebot.yamlfile import read_yaml, sound_part


class Item(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: str
    size: int = 0


class Shelf(Item):
    items: list[Item] = []
    by_name: dict[str, Item] = {}


def sound(text: str) -> Any:  # noqa: ANN401 - the parts of what is returned are looked at
    return sound_part(read_yaml(text, "a.yaml", go_on=True), Shelf, {"name": "unknown"})


def test_a_file_that_fits_is_whole() -> None:
    found = sound("name: a\nitems: [{name: b}]\n")
    assert (found.problems, found.lacking) == ((), frozenset())
    assert found.model.items == [Item(name="b")]


def test_places_are_those_in_the_file() -> None:
    found = sound("name: a\nitems:\n  - {size: 1}\n  - {name: b, size: x}\n  - {name: c, sise: 2}\n")
    assert [(each.line, each.column) for each in found.problems] == [(3, 5), (4, 21), (5, 15)]
    assert [each.name for each in found.model.items] == ["b", "c"]
    assert [found.located.key_place(("items", i)) for i in (0, 1)] == [(4, 5), (5, 5)]
    assert found.located.place(("items", 1, "name")) == (5, 12)


def test_what_is_left_out_is_known_by_its_key_where_that_is_known() -> None:
    found = sound("name: 1\nsize: 1\nsise: 2\nby_name: {b: {name: 1, sise: 1}}\n")
    assert found.lacking == {(1, 1, "name"), (4, 14, "name"), (4, 10, "b")}
    assert found.model == Shelf(name="unknown", size=1)


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    found = sound("name: a\nby_name: {b: 1}\nby_name: {c: {name: d, size: x}}\n")
    assert [each.message.partition(" ")[0] for each in found.problems] == ["the", "expected"]
    assert found.model.by_name == {"c": Item(name="d")}


def test_a_key_that_is_a_list_hides_nothing() -> None:
    found = sound("name: a\nby_name:\n  [b]: {name: c}\n  d: {name: 1}\n  e: {name: e}\n")
    assert [(each.line, each.column) for each in found.problems] == [(3, 3), (4, 13)]
    assert found.model.by_name == {"e": Item(name="e")}


def test_where_nothing_is_left_all_problems_are_raised() -> None:
    class Other(Item):
        needed: int

    with pytest.raises(ConfigError) as caught:
        sound_part(read_yaml("name: 1\n", "a.yaml"), Other, {})
    assert len(caught.value.problems) == 2


VALUES = st.sampled_from(
    ["", "x", "1", "[]", "{}", "[1, {name: x}, {name: 2}]", "{a: {name: x}, b: 1, [c]: d}"]
)
KEYS = st.sampled_from(["name", "size", "items", "by_name", "other", "1"])


@given(st.lists(st.tuples(KEYS, VALUES), min_size=1))
def test_what_is_left_fits(pairs: list[tuple[str, str]]) -> None:
    found = sound("".join(f"{key}: {value}\n" for key, value in pairs))
    assert Shelf.model_validate(found.located.data) == found.model
    try:
        Shelf.model_validate(read_yaml("\n".join(f"{k}: {v}" for k, v in dict(pairs).items()), "a").data)
    except (ConfigError, ValidationError):
        assert found.problems
