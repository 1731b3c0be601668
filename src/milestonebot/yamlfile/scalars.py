"""What an unquoted value is: text, or one of the few forms that are not.

The forms are YAML 1.1's, as PyYAML reads them, less those that surprise. `ODD` is what YAML
reads as a number and few people mean so: `14:00` (840), `0777` (511), `1_000`, `.inf`; it is
refused everywhere, for one version of YAML reads it so and the next does not.
See https://yaml.org/type/ and section 10.3 of https://yaml.org/spec/1.2.2/.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum, auto
from math import isfinite
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Value = str | int | float | bool | date | None


class Form(Enum):
    """What a node is. No tag that a file can spell equals one of these."""

    TEXT = auto()
    LIST = auto()
    MAPPING = auto()
    NULL = auto()
    BOOL = auto()
    DATE = auto()
    INT = auto()
    FLOAT = auto()
    MERGE = auto()
    ODD = auto()


_NUMBER = list("-+.0123456789")
FORMS = (
    (Form.NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    (
        Form.BOOL,
        re.compile(r"(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\Z"),
        list("yYnNtTfFoO"),
    ),
    (Form.DATE, re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"), list("0123456789")),
    (Form.INT, re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\Z"), list("-+0123456789")),
    (Form.FLOAT, re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]{1,2})?\Z"), _NUMBER),
    (Form.MERGE, re.compile(r"<<\Z"), ["<"]),
    (
        Form.ODD,
        re.compile(
            r"""[-+]?(?:
                0[xX][0-9a-fA-F_]+ | 0[bB][01_]+ | 0[oO][0-7_]+   # 0777 is the next line's
                | [0-9][0-9_]*
                | [1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?     # sexagesimal: 14:00
                | [0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
                | \.(?:inf|Inf|INF|nan|NaN|NAN)
            )\Z""",
            re.VERBOSE,
        ),
        _NUMBER,
    ),
)
"""Form, pattern, and the characters that it can begin with; the first that matches holds."""

_SECRET = re.compile(
    r"(?i)(?:\b|_)(?:password|passphrase|secret|token|credential|key|sasl|nickserv|database)s?(?:\b|_)"
)
_TRUE = frozenset(("yes", "true", "on"))

READ: dict[Form, Callable[[str], Value]] = {
    Form.NULL: lambda _: None,
    Form.BOOL: lambda raw: raw.lower() in _TRUE,
    Form.DATE: date.fromisoformat,
    Form.INT: int,
    Form.FLOAT: float,
    Form.MERGE: str,
}
"""How the value of each form is read; ValueError where there is no such value (2011-02-30)."""


def form_of(raw: str) -> Form:
    """Return what `raw` would be without quotes."""
    return next((form for form, pattern, _ in FORMS if pattern.match(raw)), Form.TEXT)


def is_secret(keys: Iterable[object]) -> bool:
    """Tell whether what stands below `keys` may be a secret, which no problem may show."""
    return any(_SECRET.search(str(key)) for key in keys)


def reads_as(value: object) -> str:
    """Say what a value read from YAML is, in words that hold no more of it than its kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, dict):
        return "keys and values"
    words: dict[type, str] = {str: "text", list: "a list", date: "a date", type(None): "nothing"}
    return words.get(type(value), "something else")


def odd(raw: str) -> str:
    """Return what to say of an `ODD` value."""
    if len(raw) > len("-123456789012345678"):
        return f'YAML reads {raw[:20]}… as a number; write it in quotes: "{raw[:20]}…"'
    number = yaml.safe_load(raw)
    if isinstance(number, float) and not isfinite(number):
        return f'YAML reads {raw} as no finite number; write "{raw}" in quotes if it is text'
    if isinstance(number, str):
        return f'some readers of YAML take {raw} for a number; write "{raw}" in quotes if it is text'
    return f'YAML reads {raw} as the number {number}; write "{raw}" in quotes if it is text'
