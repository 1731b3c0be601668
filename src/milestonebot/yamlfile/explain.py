"""One of pydantic's errors, in words for the person who edits the file."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from milestonebot.yamlfile.scalars import Form, form_of, is_secret, reads_as
from milestonebot.yamlfile.syntax import NAMED_ROOMS, bare_hash, begins_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from milestonebot.yamlfile.located import Loc, Located

EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "decimal_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "keys and values",
    "mapping_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
    "dataclass_type": "keys and values",
    "date_type": "a date",
    "none_required": "nothing",
}
"""Pydantic's errors that tell of a wrong type, and our names of the type that was expected."""

_WORDS = {
    "value_error": "{error}",
    "assertion_error": "{error}",
    "missing": "the key {key!r} is missing",
    "union_tag_not_found": "the key {discriminator} is missing",
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected {ge} or more",
    "less_than": "expected less than {lt}",
    "less_than_equal": "expected {le} or less",
    "too_short": "expected {min_length} or more {things}",
    "too_long": "expected {max_length} {things} at most",
    "string_too_short": "expected text of {min_length} or more characters",
    "string_too_long": "expected text of {max_length} characters at most",
    "string_pattern_mismatch": "expected text of the form {pattern}",
    "finite_number": "expected a finite number",
}
_IN_QUOTES = re.compile(r"[#,:{}\[\]&*!|>'\"%@`?]|^-")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")
_MEANT = {
    "channel": "rooms",
    "channels": "rooms",
    "days": "before",
    "every": "cron",
    "message": "text",
    "msg": "text",
    "on": "dates",
    "say": "text",
    "schedule": "cron",
    "time": "at",
    "tz": "timezone",
    "when": "dates",
    "zone": "timezone",
}
"""Keys that people write by habit, where another one is known: no letters of it are near."""
_THINGS = {"before": "days", "bridged": "rooms", "path": "paths"}
"""What lists hold whose keys do not say it."""
_SHOWN = 16
"""Keys of a model that are shown to who wrote none."""
_SHOWN_OF_NAME = 30
_SHOWN_OF_LIST = 5
_NEAR = 60
"""RapidFuzz's ratio, of 100, from which on a name is near enough to be meant."""


class Error(NamedTuple):
    """One error of pydantic's, led back to the data."""

    type: str
    path: Loc
    """Where in the data, without the labels of unions."""
    message: str
    details: dict[str, Any]
    expected: tuple[str, ...] = ()
    """What would have been taken, where it is the type that is wrong; of a union, for each alternative."""
    labels: tuple[tuple[Loc, object], ...] = ()
    """The unions on the way: where each stands in the data, and its alternative's label."""
    of_key: bool = False
    """Whether it is the key at `path` that is wrong, not its value."""


def say(
    error: Error, located: Located, value: object, known: Iterable[str], hint: Callable[[], str] = str
) -> str:
    """Return what is wrong with `value`; `known` holds the keys that its mapping may have.

    `hint` returns what only the model tells of it; it is asked where nothing else helps.
    """
    details = error.details
    if error.expected:
        known = list(known)
        form = _in_brackets(error, value) if known == ["text"] else hint() or _form(error, value, known)
        return _wrong_type(error, located, value) + form
    if error.type == "extra_forbidden":
        told = _unknown_key(str(error.path[-1]), list(known)) + _comma(error, located, value)
        return told if ";" in told else told + hint()
    if error.type in ("literal_error", "enum"):
        return _not_one_of(error, located, value, list(known))
    if error.type == "union_tag_invalid":
        names = _QUOTED.findall(str(details["expected_tags"]))
        return unknown(str(details["discriminator"]).strip("'"), str(details["tag"]), names)
    if error.type in _WORDS:
        return _WORDS[error.type].format_map({**details, "things": _things(error.path)})
    return error.message.replace("Input should", "this should")


def _things(path: Loc) -> str:
    """Return what the list at `path` holds: mostly its key is the word for it."""
    key = next((each for each in reversed(path) if isinstance(each, str)), "items")
    return _THINGS.get(key, key if key.endswith("s") else "items")


def _unknown_key(key: str, known: list[str]) -> str:
    # What stands behind a colon is a value, and may be a secret: it is not shown.
    name, colon, _ = key.partition(":")
    if colon and name in known:
        return f"a space is missing behind the colon of {name!r}"
    if key[:1].isspace():
        return f"U+{ord(key[0]):04X} is no space to YAML; write plain spaces before {name.strip()[:60]!r}"
    shown = f"{name[:60]}:…" if colon else key[:60]
    return f"unknown key {shown!r}{meant(name, known) or did_you_mean(name, known)}"


def meant(key: str, known: Iterable[str]) -> str:
    """Return "; did you mean …?" where habit writes `key` for one of `known`, else nothing."""
    other = _MEANT.get(key, "")
    return f"; did you mean {other!r}?" if other and other in known else ""


def _comma(error: Error, located: Located, value: object) -> str:
    """Say that a comma ended the text before it, where what stands behind it became a key."""
    cut = value is None and " " in str(error.path[-1]) and located.flow(error.path[:-1])
    return "; a comma ends a text within { }: if it is part of the text, quote all of it" if cut else ""


def _in_brackets(error: Error, value: object) -> str:
    """Say how a single value is written, where a list of them was expected."""
    if not isinstance(value, str | date) or not value:
        return ""
    if _may_hold_a_key(error, value):
        return "; write each room in quotes, with commas between them, in [ ]"
    items = [each.strip() for each in str(value).split(",")]
    if any(not each or not each.isprintable() for each in items) or is_secret(error.path):
        return "; write it in [ ]"
    if any(len(each) > _SHOWN_OF_NAME for each in items) or len(items) > _SHOWN_OF_LIST:
        return f"; write {_entries(len(items))}in [ ]"
    return f"; write {_entries(len(items))}[{', '.join(map(item, items))}]"


def _entries(many: int) -> str:
    return f"{many} entries: " if many > 1 else ""


def item(raw: str) -> str:
    """Return text as an item within brackets is written."""
    return json.dumps(raw, ensure_ascii=False) if _IN_QUOTES.search(raw) else raw


def _form(error: Error, value: object, known: list[str]) -> str:
    """Say how keys and values are written, where a list or a single value stands in their place."""
    if error.expected != ("keys and values",) or not (value or value is False):
        return ""
    if error.path[-1:] and error.path[-1] in known:
        return "; where it belongs to what stands above, indent it further"
    if error.type != "dict_type":
        return (
            f"; its keys are {', '.join(known[:_SHOWN])}{' …' if len(known) > _SHOWN else ''}"
            if known
            else ""
        )
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return "; each item needs a key of its own, and no dash"
    if isinstance(value, list) and isinstance(value[0], str) and not is_secret(error.path):
        return f"; write a colon and a space behind each name: {{{value[0][:_SHOWN_OF_NAME]}: , …}}"
    return ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no `what` called `name`, which there is, and which is near."""
    known = sorted(known)
    return f"unknown {what} {name[:60]!r}; known: {', '.join(known)}{did_you_mean(name, known)}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean …?" where one of `known` is near to `name`, else nothing."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415  costs time, and most files are right

    found = process.extractOne(
        name[:60], list(known), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_NEAR
    )
    return f"; did you mean {found[0]!r}?" if found else ""


def listed(words: Iterable[str]) -> str:
    """Return "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _not_one_of(error: Error, located: Located, value: object, known: list[str]) -> str:
    expected = str(error.details["expected"])
    names = _QUOTED.findall(expected) or [expected]
    form = f"{{{', '.join(f'{key}: …' for key in known[:_SHOWN])}}}" if known else "keys and values"
    besides = [form if each == "keys and values" else each for each in error.details.get("besides", ())]
    if not isinstance(value, str):
        return _wrong_type(error._replace(expected=(*names, *besides)), located, value)
    if error.path[-1:] == ("kind",):
        return unknown("kind", value, names)
    hint = did_you_mean(value, names)
    if is_secret(error.path) and not hint:
        return f"expected {listed(names)}"
    return f"{value[:60]!r} is not known here; it is {listed([*names, *besides])}{hint}"


def _wrong_type(error: Error, located: Located, value: object) -> str:
    """Tell what was expected, what YAML reads, and how to write it where text was meant."""
    expected = f"expected {listed(dict.fromkeys(error.expected))}"
    if value is None:
        return _nothing(error, located, expected)
    raw = located.raw(error.path)[:60]
    if is_secret(error.path) or not raw or _may_hold_a_key(error, value):
        field = error.expected == ("text",) and _is_field(error, located, value)
        found = f"; {begins_with('{')}" if field else f", not {'this' if raw else reads_as(value)}"
        return expected + found
    if isinstance(value, str):
        if located.quoted(error.path) and form_of(value) is not Form.TEXT:
            return f'{expected}, and "{raw}" in quotes is text; take the quotes away'
        return f"{expected}, not {raw!r}"
    quote = "" if _no_text(error) else f'; write "{raw}" in quotes'
    if raw in (str(value), reads_as(value)):
        return f"{expected}, not {reads_as(value)}{quote}"
    return f"{expected}, and YAML reads {raw} as {reads_as(value)}{quote}"


def _may_hold_a_key(error: Error, value: object) -> bool:
    """Tell whether a room's key may stand behind its name, as in `/join #nova key`: that is a secret."""
    rooms = isinstance(value, str) and error.path[-1:] == ("rooms",)
    return rooms and any(" " in each.strip() for each in str(value).split(","))


def _is_field(error: Error, located: Located, value: object) -> bool:
    """Tell whether `{milestone}` stands there, which was meant as text."""
    bare = isinstance(value, dict) and bool(value) and all(each is None for each in value.values())
    return bare and located.flow(error.path)


def _nothing(error: Error, located: Located, expected: str) -> str:
    if raw := located.raw(error.path):
        return f'{expected}, and YAML reads {raw} as nothing; write "{raw}" in quotes if it is text'
    if (hidden := located.hidden(error.path)) is not None:
        where = "network/" if error.path[0] in NAMED_ROOMS else ""
        return bare_hash(where + hidden[2], room="rooms" in error.path or bool(where))
    return f"{expected}, and nothing is written here"


def _no_text(error: Error) -> bool:
    """Tell whether no text would do where `error` is."""
    return error.type not in ("literal_error", "enum") and "text" not in error.expected
