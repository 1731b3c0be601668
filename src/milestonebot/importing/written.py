"""YAML with comments: PyYAML writes every value, and the comments stand above what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import yaml

from milestonebot.yamlfile.scalars import Form, form_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH: Final = 100
"""Characters of a line of comments."""
_UNFOLDED: Final = 1 << 30


Value = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value, or, where `key` is None, an item of a list."""

    key: str | None
    value: Value | tuple[Entry | Remark, ...] = None
    """A tuple holds the entries of a mapping, or of a list."""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment among entries."""

    text: str
    entries: tuple[Entry, ...] = ()
    """Entries that stand in the comment, for a reviewer to take in."""


def lines(entries: Iterable[Entry | Remark], width: int = WIDTH) -> Iterator[str]:
    """Yield the lines of `entries`, which are all keys or all items; comments fit into `width`."""
    for entry in entries:
        if isinstance(entry, Remark):
            yield from _comment(entry.text, width)
            yield from (f"# {line}" for line in lines(entry.entries, width - 2))
            continue
        for comment in entry.comments:
            yield from _comment(comment, width)
        if entry.key is None:
            yield from _item(entry, width)
        elif isinstance(entry.value, tuple):
            yield _dumped({entry.key: None})
            yield from (f"  {line}" for line in lines(entry.value, width - 2))
        else:
            yield _dumped({entry.key: entry.value})


def _item(entry: Entry, width: int) -> Iterator[str]:
    inner = lines(entry.value, width - 2) if isinstance(entry.value, tuple) else (_dumped(entry.value),)
    mark = "- "
    for line in inner:
        if mark == "- " and line.startswith("#"):
            yield line
            continue
        yield f"{mark}{line}"
        mark = "  "


def _comment(text: str, width: int) -> Iterator[str]:
    for line in wrap(text, width - 2, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


class _Dumper(yaml.SafeDumper):
    """Writes what YAML has no word for as nothing, and quotes what our reader takes for no text."""


def _nothing(dumper: _Dumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:null", "")


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None if form_of(text) is Form.TEXT else "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(type(None), _nothing)
_Dumper.add_representer(str, _text)


def _dumped(value: Any) -> str:  # noqa: ANN401 - whatever YAML can hold
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, width=_UNFOLDED, default_flow_style=False, sort_keys=False
    )
    return text.removesuffix("...\n").rstrip()
