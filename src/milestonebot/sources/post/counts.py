"""What a post counts: "129 bugs fixed", "about 400 feature blueprints"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from milestonebot.sources.post.findings import Count

if TYPE_CHECKING:
    from collections.abc import Iterable

MANY: Final = 50
"""Counts of one post that are kept."""

_WORDS = "two three four five six seven eight nine ten eleven twelve"
_NUMBERS: Final = {word: number for number, word in enumerate(_WORDS.split(), start=2)}
_COUNT = re.compile(
    r"(?:\b(?P<about>about|around|almost|nearly|roughly|some|over|more than|at least|up to) )?"
    rf"(?<![\w.,-])(?P<value>\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,9}}|(?:{'|'.join(_NUMBERS)})\b) "
    r"(?P<what>(?:(?!(?:and|for|in|of|or|the|to|with)\b)[a-z][a-z-]{1,20} ){0,2}"
    r"(?:blueprints?|specs?|features?|bug ?fix(?:es)?|bugs?|commits?|patches)(?![\w-])"
    r"(?: (?:fixed|closed|completed|implemented|merged)\b)?)",
    re.IGNORECASE,
)
_BLUEPRINTS = re.compile(r"\b(?:blueprint|spec)", re.IGNORECASE)


def counts(said: Iterable[str]) -> tuple[Count, ...]:
    """Return what the sentences count, each number of each thing once, in order."""
    found: dict[tuple[str, int], Count] = {}
    for sentence in said:
        for each in _COUNT.finditer(sentence):
            written = each["value"].lower().replace(",", "")
            value = _NUMBERS.get(written) or int(written)
            what = each["what"].lower()
            found.setdefault((what, value), Count(what, value, approximate=each["about"] is not None))
    return tuple(found.values())[:MANY]


def of_blueprints(count: Count) -> bool:
    """Tell whether it is blueprints that are counted."""
    return _BLUEPRINTS.search(count.what) is not None
