"""The example, the schema and the reference are what the code says."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import given, settings, strategies as st

from milestonebot.config import config_schema, load_config
from milestonebot.errors import ConfigError
from milestonebot.ports import Room
from milestonebot.sources import SOURCES
from tests.examples import examples

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.yaml"


def keys(schema: object) -> set[str]:
    """Return all keys that a config may have anywhere."""
    found: set[str] = set()
    if isinstance(schema, dict):
        found |= set(schema.get("properties", {}))
        for each in schema.values():
            found |= keys(each)
    elif isinstance(schema, list):
        for each in schema:
            found |= keys(each)
    return found


def test_the_example_is_right_and_warns_of_nothing() -> None:
    config = load_config(EXAMPLE, {})
    assert config.warnings == ()
    # Nor ever will: no date in it passes.
    assert config.endings == ()
    assert config.settings.of(Room("terminal", "#nova")).prefix == "%"


def test_the_example_uncommented_shows_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for key in keys(config_schema()):
        assert re.search(rf"\b{key}:", text), key


def test_the_reference_explains_every_key_and_its_default() -> None:
    text = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    for key in keys(config_schema()):
        assert re.search(rf"`\{{?{key}\b", text), key


def test_the_schema_in_the_repository_is_the_models_own() -> None:
    written = json.loads((ROOT / "config.schema.json").read_text(encoding="utf-8"))
    assert written == config_schema()


def test_every_key_of_the_schema_has_a_description() -> None:
    schema = config_schema()
    tables = [each for each in (schema, *schema["$defs"].values()) if "enum" not in each]
    for table in tables:
        for key, value in table["properties"].items():
            assert value.get("description"), key


def test_the_kinds_are_those_that_there_are() -> None:
    definitions = config_schema()["$defs"]
    entries = config_schema()["properties"]["catalog"]["items"]["oneOf"]
    kinds = {
        definitions[each["$ref"].rpartition("/")[2]]["properties"]["kind"].get("const") for each in entries
    }
    assert kinds - {None} == set(SOURCES)


def nodes(data: object) -> Iterator[tuple[Any, Any]]:
    """Yield each place in `data`, as its mapping or list and the key in it."""
    if isinstance(data, (dict, list)):
        for key in list(data) if isinstance(data, dict) else range(len(data)):
            yield data, key
            yield from nodes(data[key])


MATRIX = """
name: matrix
kind: matrix
homeserver: https://example.org
user: "@milestonebot:example.org"
password: {env: PASSWORD}
rooms: ["#a:example.org", {name: "!b:example.org", projects: [nova]}]
invites: {from: ["@*:example.org"]}
reconnect: {initial: 2s, max: 5m}
"""
IRC = """
name: irc
kind: irc
nick: milestonebot
servers: [{host: irc.example.org, port: 6697, tls: true, password: {env: PASSWORD}},
  {host: "::1", tls: false}]
sasl: {mechanisms: [SCRAM-SHA-256, PLAIN], username: milestonebot, password: {env: PASSWORD}, required: true}
nickserv: {password: {env: PASSWORD}, account: milestonebot}
pace: {burst: 5, every: 2s}
rooms: ["#a", {name: "#b", projects: [nova], key: {env: PASSWORD}}]
"""
FULL = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
FULL |= {"source_code": "https://example.org", "commands": [], "database": "postgresql://bot@localhost/bot"}
FULL["admins"] = ["irc/release-manager", "matrix/@rm:example.org"]
FULL["networks"] += [yaml.safe_load(MATRIX), yaml.safe_load(IRC)]
OTHERS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, "", "x", "#x", "no", "a/b", "a.b", "\0\x1b", "é" * 300),
    *([], {}, [[]], {"a": None}, ["x", "x"], {"env": "NONE"}),
)


def mutate(data: object, chance: random.Random) -> None:
    """Drop, repeat, retype, rename or swap something in `data`."""
    where, key = chance.choice(list(nodes(data)) or [({"": 0}, "")])
    match chance.randrange(5):
        case 0:
            del where[key]
        case 1:
            where[key] = deepcopy(chance.choice(OTHERS))
        case 2 if isinstance(where, list):
            where.insert(key, deepcopy(where[key]))
        case 2 | 3 if isinstance(where, dict):
            where[chance.choice([key[:-1], f"{key}s", key.upper(), "kind", "name", "off"])] = where.pop(key)
        case _:
            other, another = chance.choice(list(nodes(data)))
            where[key] = deepcopy(other[another])


@given(st.randoms(use_true_random=False), st.integers(1, 6))
@settings(max_examples=examples(300), deadline=None)
def test_a_mutated_example_is_a_config_or_told(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random, times: int
) -> None:
    data = deepcopy(FULL)
    for _ in range(times):
        mutate(data, chance)
    path = tmp_path_factory.getbasetemp() / "mutated.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    told = ""
    try:
        # Where the password's variable was put for an account, the account is what it says.
        misplaced = any(key != "password" for where, key in nodes(data) if where[key] == {"env": "PASSWORD"})
        assert misplaced or "hunter2" not in repr(load_config(path, {"PASSWORD": "hunter2"}))
    except ConfigError as error:
        told = str(error)
        assert told
    for line in told.splitlines():
        assert re.match(rf"{path}:\d+:\d+: (error|warning): .", line)
        assert len(line) < 500
        assert line.isprintable()
