"""What only the model tells of a mistake: where a key belongs, and how a list's entries are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.yamlfile.explain import item, listed
from milestonebot.yamlfile.schema import choices, known_keys, schemas, whole_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import BaseModel

    from milestonebot.yamlfile.located import Loc
    from milestonebot.yamlfile.schema import Schema

_DEEPEST = 3
"""Mappings below one another that are looked into."""
_SHOWN = 60


def belonging(model: type[BaseModel], data: object, loc: Loc) -> str:
    """Return "; it belongs …" where `model` has the key at `loc` elsewhere, and not there, else nothing.

    What stands below is looked through first, then what stands around it.
    """
    *around, key = loc
    places = _below(whole_of(model), schemas(model, data, tuple(around)), str(key))
    if places:
        return f"; it belongs {listed(places)}"
    for end in range(len(around) - 1, -1, -1):
        outer = tuple(around[:end])
        if key in known_keys(model, data, outer):
            return f"; it belongs {_place(outer)}"
    return ""


def written(model: type[BaseModel], data: object, loc: Loc, value: object) -> str:
    """Return how entries of a list are written, where `value` stands at `loc` in place of it, or of one."""
    here = schemas(model, data, loc)
    items = list(_items(here, whole_of(model)))
    if isinstance(value, dict) and value and items:
        first = str(next(iter(value)))[:_SHOWN]
        named = all(isinstance(each, dict) for each in value.values()) and "name" in _keys(items)
        return f"; begin each entry with a dash: - {f'name: {first}' if named else f'{first}: …'}"
    needed = _needed(items) if items else _needed(here) if isinstance(loc[-1], int) else None
    if needed is None or not isinstance(value, str) or not value or not value.isprintable():
        return ""
    text = item(value[:_SHOWN])
    return f"; write [{{{needed}: {text}}}]" if items else f"; write {{{needed}: {text}}}"


def _place(loc: Loc) -> str:
    if not loc:
        return "at the top, not indented"
    key = next(str(each) for each in reversed(loc) if isinstance(each, str))
    return f"in an entry of {key}" if isinstance(loc[-1], int) else f"in {key}"


def _below(whole: Schema, here: Sequence[Schema], key: str) -> list[str]:
    """Return the nearest places below `here` that know `key`."""
    for _ in range(_DEEPEST):
        inner = [each for schema in here for each in _mappings(schema, whole)]
        found = [place for place, below in inner if key in below.get("properties", {})]
        if found:
            return list(dict.fromkeys(found))
        here = [below for _, below in inner]
    return []


def _mappings(schema: Schema, whole: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield the schemas right below one, each with the place in words."""
    for name, inner in schema.get("properties", {}).items():
        alternatives = list(choices(inner, whole))
        yield from ((f"in {name}", each) for each in alternatives)
        yield from ((f"in an entry of {name}", each) for each in _items(alternatives, whole))


def _items(lists: Iterable[Schema], whole: Schema) -> Iterator[Schema]:
    for each in lists:
        if isinstance(each.get("items"), dict):
            yield from choices(each["items"], whole)


def _keys(mappings: Iterable[Schema]) -> set[str]:
    return {key for each in mappings for key in each.get("properties", {})}


def _needed(mappings: Sequence[Schema]) -> str | None:
    """Return the one key without which nothing is complete, where there is just one."""
    needed = {tuple(each.get("required", ())) for each in mappings if "properties" in each}
    return next(iter(needed))[0] if len(needed) == 1 and len(next(iter(needed))) == 1 else None
