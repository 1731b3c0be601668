"""JSON: the facts of an answer for programs, with the answer's plain text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from milestonebot.render.clean import clean, clean_url
from milestonebot.render.plain import render_plain
from milestonebot.when import When

if TYPE_CHECKING:
    from milestonebot.document import Document

_Json: TypeAlias = "bool | int | float | str | list[_Json] | dict[str, _Json] | None"


def render_json(document: Document) -> str:
    """Return `{"found": …, "text": …, "data": …}`, keys in the order in which they were given.

    A `When` is an object of its `date`, in ISO 8601 as `When.iso` writes it, and its `precision`;
    a week or a month has its `first` and `last` day beside it, a moment its `zone`. An object of
    the model is an object of its fields without those that are None, its origin included, as its
    sources state it: what follows for the day that is asked for stands beside it. Texts are clean.
    What is none of these is a TypeError.
    """
    answer = {"found": document.found, "text": render_plain(document), "data": _encoded(document.data)}
    return json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False)


def _encoded(value: object) -> _Json:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _composed(value)


def _composed(value: object) -> _Json:
    if isinstance(value, When):
        return _when(value)
    if isinstance(value, Mapping):
        return {_key(key): _encoded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encoded(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        known = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: _encoded(each) for name, each in known if each is not None}
    raise TypeError(f"{type(value).__name__} has no form in JSON; say it as facts of the model, dates, texts")


def _when(when: When) -> _Json:
    told: dict[str, _Json] = {"date": when.iso(), "precision": when.precision.value}
    if when.first != when.last:
        told |= {"first": when.first.isoformat(), "last": when.last.isoformat()}
    if when.zone is not None:
        told["zone"] = _text(when.zone)
    return told


def _key(key: object) -> str:
    encoded = _encoded(key)
    return encoded if isinstance(encoded, str) else json.dumps(encoded)


def _text(text: str) -> str:
    return clean_url(text) or clean(text).strip()
