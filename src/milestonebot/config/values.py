"""What a single value of the config may be, and what is said where it is not.

Every check raises ValueError with a sentence for the maintainer; `yamlfile.validate` adds the place.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smhd]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 366 * 86400
_COMMAND = re.compile(r"[^\W_][\w-]{0,39}")
_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_OFF = frozenset(("off", "no", "false", "none", "null", "~", ""))


def _duration(value: object) -> float:
    """Return seconds: a bare number, or a number and s, m, h or d."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = float(value)
    else:
        found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise ValueError("expected a time: seconds as a number, or 30s, 15m, 2h, 1d")
        seconds = float(found[1]) * _SECONDS[found[2]]
    if not 0 < seconds <= _LONGEST:
        raise ValueError("expected a time of more than nothing, and of a year at most")
    return seconds


def _prefix(text: str) -> str:
    if not 1 <= len(text) <= 3 or any(  # noqa: PLR2004 - three signs are as many as people type
        each.isalnum() or each.isspace() or each == "/" or not each.isprintable() for each in text
    ):
        raise ValueError(
            f'expected one to three signs such as "!" or "%" (no letter, digit, space, /), not {text[:20]!r}'
        )
    return text


def _bot_name(text: str) -> str:
    if not re.fullmatch(r"[^\s:,;@/]{1,40}", text) or not text.isprintable():
        raise ValueError(f"{text[:40]!r} is no name that people can call: no spaces, and none of : , ; @ /")
    return text


def _network_name(text: str) -> str:
    if not re.fullmatch(r"[^\W_][\w.-]{0,39}", text):
        raise ValueError(f"{text[:40]!r} is no name of a network: it has letters, digits and . _ -")
    return text


def _room_name(text: str) -> str:
    if not text or len(text) > 255 or not text.isprintable() or " " in text:  # noqa: PLR2004 - Matrix's longest
        raise ValueError(f"{text[:40]!r} is no name of a room: it has no spaces, and 255 characters at most")
    return text


def _command_name(text: str) -> str:
    if not _COMMAND.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no command: write its name alone, as search")
    return text


def _other_name(value: object) -> str | None:
    if value is False:
        return None
    if not isinstance(value, str) or value.casefold() in _OFF:
        raise ValueError("expected the name that the command has here, or off (without quotes)")
    return _command_name(value).casefold()


def is_module(name: object) -> bool:
    """Tell whether `name` is written as a third party's module is: `package.module`."""
    return isinstance(name, str) and _MODULE.fullmatch(name) is not None


def _module(text: str) -> str:
    if not is_module(text):
        raise ValueError(f"{text[:60]!r} is no module: write it as package.module")
    return text


Duration = Annotated[
    float,
    BeforeValidator(_duration),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*[smhd]?\s*$"},
            ]
        }
    ),
]
"""Seconds."""
Prefix = Annotated[str, AfterValidator(_prefix), Field(json_schema_extra={"minLength": 1, "maxLength": 3})]
BotName = Annotated[str, AfterValidator(_bot_name)]
NetworkName = Annotated[str, AfterValidator(_network_name)]
RoomName = Annotated[str, AfterValidator(_room_name)]
CommandName = Annotated[str, AfterValidator(_command_name)]
OtherName = Annotated[
    str | None,
    BeforeValidator(_other_name),
    WithJsonSchema({"anyOf": [{"const": False}, {"type": "string"}]}),
]
"""A command's name in a room; None where it is switched off."""
ModuleName = Annotated[str, AfterValidator(_module), Field(json_schema_extra={"pattern": r"^\w+(\.\w+)+$"})]
