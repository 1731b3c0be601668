"""What the bot says, before any network says how.

A Document is the reply: blocks of lines, lines of parts. It holds no markup of any network
and may hold anything a stranger wrote: `render/` alone cleans, escapes and formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Strong:
    """What the eye should find first."""

    text: str


@dataclass(frozen=True, slots=True)
class Faint:
    """What may be passed over: the past, an origin, a hint."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """What can be typed as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to `url`; where `url` is not http(s), it is only its text."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of `total` that is `done`, drawn as the network can."""

    done: int
    total: int


Part: TypeAlias = str | Strong | Faint | Code | Link | Bar


@dataclass(frozen=True, slots=True)
class Line:
    """One thought: on IRC one line where it fits, elsewhere a paragraph."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Things of one kind under a title: packed into few lines on IRC, a list elsewhere."""

    items: tuple[Line, ...]
    title: Line | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a title; each row is told like an item of a Listing on IRC."""

    rows: tuple[tuple[Line, ...], ...]
    title: Line | None = None
    header: tuple[str, ...] = ()


Block: TypeAlias = Line | Listing | Table


@dataclass(frozen=True, slots=True)
class Document:
    """The whole reply: `blocks` for people, `data` for programs.

    `data` states the same facts as objects of `model`, `When`, dates, numbers, texts, lists and
    mappings of them; `render.as_json` writes it.
    """

    blocks: tuple[Block, ...]
    data: Mapping[str, object] = field(default_factory=dict)
    found: bool = True
    """False where the answer is that there is nothing of that name."""
    more: str | None = None
    """Of an announcement: the command that tells all of it, such as `overview essex-2`."""
    private: bool = False
    """Whether it is for whoever asked, and not for the others in the room."""


def line(*parts: Part) -> Line:
    """Return a Line of `parts`."""
    return Line(parts)


def say(*parts: Part, data: Mapping[str, object] | None = None, found: bool = True) -> Document:
    """Return a Document of one line."""
    return Document((Line(parts),), data or {}, found)
