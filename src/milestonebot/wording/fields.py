"""The named fields of a `say`, and the text with them: `{milestone} is {when}`, and nothing more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milestonebot.announcement import Occasion

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATED = {
    "milestone": "what it is called: essex-3, Essex 2012.1 release",
    "series": "the series that it belongs to: essex",
    "version": "the version of that series: 2012.1",
    "project": "its project, where it is one project's own",
    "group": "its project group: openstack",
    "date": "its date, as exactly as it is known: Thu 26 Jan 2012",
    "when": "how far that is: in 7 days, tomorrow, today, this week, 3 days ago",
    "days": "the whole days until then: 7",
    "source": "who states the date",
}
FIELDS: Mapping[Occasion, Mapping[str, str]] = {
    Occasion.COUNTDOWN: _DATED,
    Occasion.RELEASED: _DATED
    | {
        "since": "the milestone before it: essex-1",
        "blueprints": "how many blueprints landed: 19 blueprints",
        "projects": "how many in each project: nova 13, horizon 3",
    },
    Occasion.CHANGED: _DATED | {"old": "the date until now", "new": "the date from now on"},
    Occasion.DIGEST: _DATED | {"progress": "how far it is: 12 of 30 blueprints implemented"},
    Occasion.NOTE: {},
}
"""What a `say` may name, by occasion. Of a digest, the milestone is the next one."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[a-z_]+")


class UnknownField(ValueError):
    """A `say` names what its occasion does not have; `field` is the name."""

    def __init__(self, field: str) -> None:
        """Keep the name, for a near miss."""
        super().__init__(f"there is no field {{{field[:40]}}}")
        self.field = field


def pieces(say: str, occasion: Occasion) -> tuple[tuple[str, str], ...]:
    """Return pairs of a text and the name of the field behind it; the last pair's name is empty.

    Raises UnknownField, or ValueError for what is no plain `{field}`: attributes, conversions and formats
    do not exist here, and a brace of its own is written twice.
    """
    found: list[tuple[str, str]] = []
    text, read = "", 0
    for piece in _PIECE.finditer(say):
        text, read = text + say[read : piece.start()], piece.end()
        if piece[0] in ("{{", "}}"):
            text += piece[0][0]
            continue
        found.append((text, _field(piece, occasion)))
        text = ""
    return (*found, (text + say[read:], ""))


def fill(say: str, occasion: Occasion, values: Mapping[str, str]) -> str:
    """Return `say` with its fields filled in; what is not known is left out, with the space before it."""
    filled = "".join(text + (values.get(field, "") if field else "") for text, field in pieces(say, occasion))
    return " ".join(filled.split())


def _field(piece: re.Match[str], occasion: Occasion) -> str:
    name = piece[1]
    if name is None:
        raise ValueError(f'a lone {piece[0]} in the text; write "{piece[0] * 2}" for the sign itself')
    if not _NAME.fullmatch(name):
        raise ValueError(f"{{{name[:40]}}} is no plain field; write its name alone, as {{milestone}}")
    if name not in FIELDS[occasion]:
        raise UnknownField(name)
    return name
