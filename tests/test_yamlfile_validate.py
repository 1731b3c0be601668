"""Checking what YAML gave against a model: every mistake in our words, at its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from milestonebot.errors import ConfigError
from milestonebot.yamlfile import compose, read_yaml, validate
from tests.examples import examples


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def refuse(text: str) -> str:
    raise ValueError(f"{text} is never right")


class Room(Strict):
    name: str
    prefix: str = "!"


class Files(Strict):
    kind: Literal["yaml"]
    path: str | list[str]


class Shipped(Strict):
    kind: Literal["openstack"]
    level: Literal["low", "medium", "high"] = "low"


class File(Strict):
    prefix: str = "!"
    count: Annotated[int, Field(ge=1)] = 1
    factor: float = 1
    switch: bool = False
    limit: Room | Literal[False] = False
    day: date | None = None
    either: date | str = ""
    never: Annotated[str, AfterValidator(refuse)] = ""
    colour: Annotated[Colour, Field(strict=False)] = Colour.RED
    rooms: list[str | Room] = []
    catalog: list[Annotated[Files | Shipped, Field(discriminator="kind")]] = []
    projects: dict[Annotated[str, Field(max_length=5)], Room] = {}
    either_of: dict[Annotated[str, Field(max_length=5)], str | Room] = {}
    pair: Annotated[list[str], Field(min_length=2, max_length=2)] = ["a", "b"]


def wrong(text: str, model: type[BaseModel] = File) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        validate(read_yaml(text, "f.yaml"), model)
    return [f"{each.line}:{each.column}: {each.message}" for each in raised.value.problems]


MISTAKES = {
    # keys
    "perfix: x\n": ["1:1: unknown key 'perfix'; did you mean 'prefix'?"],
    "Prefix: x\n": ["1:1: unknown key 'Prefix'; did you mean 'prefix'?"],
    "zebra: x\n": ["1:1: unknown key 'zebra'"],
    "rooms: [{name:x}]\n": [
        "1:9: the key 'name' is missing",
        "1:10: a space is missing behind the colon of 'name'",
    ],
    "rooms: [{nam:hunter2: 1, name: x}]\n": ["1:10: unknown key 'nam:…'; did you mean 'name'?"],
    "\u00a0prefix: x\n": ["1:1: U+00A0 is no space to YAML; write plain spaces before 'prefix'"],
    "projects:\n  nova:\n  name: x\n": [
        "2:8: expected keys and values, and nothing is written here",
        "3:9: expected keys and values, not 'x'; where it belongs to what stands above, indent it further",
    ],
    "projects: {nova: true}\n": ["1:18: expected keys and values, not true; its keys are name, prefix"],
    "rooms: [{name: x, pre: y}]\n": ["1:19: unknown key 'pre'; did you mean 'prefix'?"],
    "rooms: [{prefix: y}]\n": ["1:9: the key 'name' is missing"],
    "catalog: [{kind: yaml, path: x, lvl: 1}, {kind: openstack, levl: low}]\n": [
        "1:33: unknown key 'lvl'",
        "1:60: unknown key 'levl'; did you mean 'level'?",
    ],
    "projects: {nova: {nam: x, name: y}}\n": ["1:19: unknown key 'nam'; did you mean 'name'?"],
    "projects: {cinder: {name: y}}\n": ["1:12: expected text of 5 characters at most"],
    # text is expected, and YAML reads no text
    "prefix: no\n": ['1:9: expected text, and YAML reads no as false; write "no" in quotes'],
    "prefix: On\n": ['1:9: expected text, and YAML reads On as true; write "On" in quotes'],
    "prefix: 1.30\n": ['1:9: expected text, and YAML reads 1.30 as the number 1.3; write "1.30" in quotes'],
    "prefix: 12\n": ['1:9: expected text, not the number 12; write "12" in quotes'],
    "prefix: 2012-04-05\n": ['1:9: expected text, not a date; write "2012-04-05" in quotes'],
    "prefix: ~\n": ['1:9: expected text, and YAML reads ~ as nothing; write "~" in quotes if it is text'],
    "prefix:\n": ["1:8: expected text, and nothing is written here"],
    "prefix: #\n": ["1:8: expected text, and nothing is written here"],
    "prefix: #nova\n": ['1:9: text that begins with # must be quoted: write "#nova"; unquoted,'],
    "prefix: [x]\n": ["1:9: expected text, not a list"],
    "prefix: {x: y}\n": ["1:9: expected text, not keys and values"],
    "rooms:\n  - #nova\n": [
        '2:5: a room\'s name that begins with # must be quoted: write "#nova"; unquoted, it is'
    ],
    "rooms: [{name: #nova\n}]\n": ['1:16: a room\'s name that begins with # must be quoted: write "#nova"'],
    # other types
    'count: "3"\n': ['1:8: expected a whole number, and "3" in quotes is text; take the quotes away'],
    "count: 1.5\n": ["1:8: expected a whole number, not the number 1.5"],
    "count: yes\n": ["1:8: expected a whole number, and YAML reads yes as true"],
    "count: many\n": ["1:8: expected a whole number, not 'many'"],
    "count: 0\n": ["1:8: expected 1 or more"],
    "factor: x\n": ["1:9: expected a number, not 'x'"],
    "limit: on\n": ["1:8: expected keys and values or off, and YAML reads on as true"],
    "limit: x\n": ["1:8: expected keys and values or off, not 'x'"],
    "switch: 'on'\n": ['1:9: expected true or false, and "on" in quotes is text; take the quotes away'],
    "rooms: general\n": ["1:8: expected a list, not 'general'"],
    "rooms: {a: b}\n": ["1:8: expected a list, not keys and values"],
    "projects: []\n": ["1:11: expected keys and values, not a list"],
    "projects: [nova]\n": [
        "1:11: expected keys and values, not a list; write a colon and a space behind each name: {nova: , …}"
    ],
    "projects:\n  - nova: {name: x}\n": [
        "2:3: expected keys and values, not a list; each item needs a key of its own, and no dash"
    ],
    "projects: {nova: x}\n": ["1:18: expected keys and values, not 'x'; its keys are name, prefix"],
    "projects: {nova: [x]}\n": ["1:18: expected keys and values, not a list; its keys are name, prefix"],
    "pair: [a]\n": ["1:7: expected 2 or more items"],
    "pair: [a, b, c]\n": ["1:7: expected 2 items at most"],
    # unions are one mistake each, and tell of the alternative that was meant
    "rooms: [3]\n": ['1:9: expected text or keys and values, not the number 3; write "3" in quotes'],
    "either: 3\n": ['1:9: expected a date or text, not the number 3; write "3" in quotes'],
    "catalog: [{kind: yaml, path: 3}]\n": [
        '1:30: expected text or a list, not the number 3; write "3" in quotes'
    ],
    "catalog: [{kind: yaml, path: [3, x]}]\n": ['1:31: expected text, not the number 3; write "3" in quotes'],
    # kinds and words
    "catalog: [{kind: yml}]\n": ["1:18: unknown kind 'yml'; known: openstack, yaml; did you mean 'yaml'?"],
    "catalog: [{kind: irc}]\n": ["1:18: unknown kind 'irc'; known: openstack, yaml"],
    "catalog: [{path: x}]\n": ["1:11: the key 'kind' is missing"],
    "catalog: [yaml]\n": ["1:11: expected keys and values, not 'yaml'"],
    "catalog: [{kind: openstack, level: hihg}]\n": [
        "1:36: 'hihg' is not known here; it is low, medium or high; did you mean 'high'?"
    ],
    "catalog: [{kind: openstack, level: no}]\n": [
        '1:36: expected low, medium or high, and YAML reads no as false; write "no" in quotes'
    ],
    "colour: rde\n": ["1:9: 'rde' is not known here; it is red or blue; did you mean 'red'?"],
    # our own errors stand alone
    "never: x\n": ["1:8: x is never right"],
}


def test_a_list_that_begins_with_a_wrong_key_is_told_as_well() -> None:
    with pytest.raises(ConfigError) as raised:
        validate(read_yaml("rooms: {1.0: {}}\nprojects: {1.0: {}}\n", "f.yaml", go_on=True), File)
    assert [(each.line, each.column, each.message.split()[0]) for each in raised.value.problems] == [
        (1, 8, "expected"),
        (1, 9, "YAML"),
        (2, 12, "YAML"),
        (2, 17, "the"),
    ]
    with pytest.raises(ConfigError) as raised:
        validate(read_yaml("rooms:\n  1.0: {}\n", "f.yaml", go_on=True), File)
    assert [each.message.split()[0] for each in raised.value.problems] == ["YAML", "expected"]


@pytest.mark.parametrize("parser", ["_compose_fast", "_compose_pure"])
@pytest.mark.parametrize(("text", "expected"), MISTAKES.items(), ids=lambda each: repr(each)[:40])
def test_each_mistake_is_told_at_its_place(
    text: str, expected: list[str], parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "compose", getattr(compose, parser))
    told = wrong(text)
    assert len(told) == len(expected), told
    for said, begins in zip(told, expected, strict=True):
        assert said.startswith(begins)


def test_no_key_of_another_kind_is_suggested() -> None:
    assert wrong("catalog: [{kind: yaml, path: x, levl: 1}]\n") == ["1:33: unknown key 'levl'"]


def test_a_key_and_its_value_are_told_apart() -> None:
    assert wrong("either_of: {toolong: 3}\n") == [
        "1:13: expected text of 5 characters at most",
        '1:22: expected text or keys and values, not the number 3; write "3" in quotes',
    ]


def test_all_mistakes_are_told_in_the_order_of_the_file() -> None:
    text = "count: x\nperfix: y\nrooms:\n  - 3\n  - {}\nprefix: no\n"
    assert [each.split(": ")[0] for each in wrong(text)] == ["1:8", "2:1", "4:5", "5:5", "6:9"]


def test_what_fits_becomes_the_model() -> None:
    text = "rooms: ['#a', {name: b}]\nday: 2012-04-05\nfactor: 2\ncatalog: [{kind: openstack}]\n"
    read = validate(read_yaml(text, "f"), File)
    assert read == File(
        rooms=["#a", Room(name="b")], day=date(2012, 4, 5), factor=2, catalog=[Shipped(kind="openstack")]
    )


def test_a_part_of_a_file_is_validated_by_itself() -> None:
    located = read_yaml("a: [{name: x}, {nam: 3}]\n", "f")
    assert validate(located, Room, at=("a", 0)) == Room(name="x")
    with pytest.raises(ConfigError) as raised:
        validate(located, Room, at=("a", 1))
    assert [str(each) for each in raised.value.problems] == [
        "f:1:16: error: the key 'name' is missing",
        "f:1:17: error: unknown key 'nam'; did you mean 'name'?",
    ]


def test_the_context_reaches_the_validators() -> None:
    class Contextual(Strict):
        a: str

        @field_validator("a")
        @classmethod
        def _look(cls, value: str, info: ValidationInfo) -> str:
            return f"{value}{info.context}"

    assert validate(read_yaml("a: b", "f"), Contextual, context="!").a == "b!"


def test_a_model_that_json_cannot_describe_is_checked_all_the_same() -> None:
    class Odd(Strict):
        call: Callable[[], None] | None = None
        name: str = ""

    assert wrong("nam: x\n", Odd) == ["1:1: unknown key 'nam'"]


class Login(Strict):
    password: str = ""
    token: Literal[""] = ""
    nickserv: dict[str, str] = {}


SECRETS = (
    *("password: 12345", "password: 0777", "{user_token: 12_345}", "token: 12345", "token: abc12345"),
    *("nickserv: x12345", "nickserv: {password: 12345}", 'nickserv: "12345"', "Password: 1:23"),
)


@pytest.mark.parametrize("text", SECRETS)
def test_what_may_be_a_secret_is_not_shown(text: str) -> None:
    for told in wrong(text, Login):
        assert not any(secret in told for secret in ("123", "0777", "1:23", "12_345"))


def test_what_is_told_of_a_value_is_short_and_of_one_line() -> None:
    (told,) = wrong('colour: "' + r"\n\e" * 300 + '"\n')
    assert len(told) < 400
    assert told.isprintable()


VALUES = st.recursive(
    st.sampled_from(["x", "no", "1.30", "3", "-1.5", "~", "2012-04-05", '"q"', "yaml", "red", '"#a"']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(["name", "prefix", "kind", "path", "nova", "level"]), inner, max_size=3
        ).map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*File.model_fields, "perfix"]), VALUES, max_size=5))
@settings(max_examples=examples(300), deadline=None)
def test_anything_is_a_model_or_told(pairs: dict[str, Any]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in pairs.items()) or "count: 1\n"
    located = read_yaml(text, "f")
    try:
        validate(located, File)
    except ConfigError as error:
        places = [(problem.line, problem.column) for problem in error.problems]
        assert places == sorted(places)
        assert all(line >= 1 and column >= 1 for line, column in places)
