"""Which keys a model knows at a place: a walk along its JSON Schema and the data together."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic.errors import PydanticInvalidForJsonSchema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from milestonebot.yamlfile.located import Loc

Schema = dict[str, Any]


def known_keys(model: type[BaseModel], data: object, loc: Loc) -> list[str]:
    """Return the keys that `model` accepts in the mapping at `loc` of `data`, by their YAML names."""
    return list(
        dict.fromkeys(key for each in schemas(model, data, loc) for key in each.get("properties", {}))
    )


def items_are_text(model: type[BaseModel], data: object, loc: Loc) -> bool:
    """Tell whether `model` takes a list of single values that are text at `loc` of `data`."""
    whole = whole_of(model)
    lists = schemas(model, data, loc)
    items = [item for each in lists for below in _below(each, 0) for item in choices(below, whole)]
    return any(each.get("type") == "string" for each in items)


def schemas(model: type[BaseModel], data: object, loc: Loc) -> list[Schema]:
    """Return what `model` may have at `loc` of `data`: a schema for each alternative."""
    whole = whole_of(model)
    here = list(choices(whole, whole, data))
    for part in loc:
        data = data[part]  # type: ignore[index]  # loc was walked through this very data
        inner = [below for schema in here for below in _below(schema, part)]
        here = [choice for schema in inner for choice in choices(schema, whole, data)]
    return here


@lru_cache(maxsize=16)
def whole_of(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of all of `model`; an empty one where it has none."""
    try:
        return model.model_json_schema(by_alias=True)
    except PydanticInvalidForJsonSchema:  # a third party's model may hold what JSON cannot say
        return {}


def choices(schema: Schema, whole: Schema, data: object = None) -> Iterator[Schema]:
    """Follow references and alternatives, leaving out those that `data`, where given, says it is not."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    alternatives = [other for word in ("anyOf", "oneOf", "allOf") for other in schema.get(word, ())]
    if not alternatives:
        yield schema
    found = [choice for other in alternatives for choice in choices(other, whole, data)]
    yield from [choice for choice in found if _may_be(choice, data)] or found


def _may_be(schema: Schema, data: object) -> bool:
    if not isinstance(data, dict):
        return True
    properties = schema.get("properties", {})
    constants = {key: value["const"] for key, value in properties.items() if "const" in value}
    return all(data.get(key, constant) == constant for key, constant in constants.items())


def _below(schema: Schema, part: str | int) -> Iterator[Schema]:
    if isinstance(part, int):
        found = schema.get("items")
    else:
        found = schema.get("properties", {}).get(part) or schema.get("additionalProperties")
    if isinstance(found, dict):
        yield found
