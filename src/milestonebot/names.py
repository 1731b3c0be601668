"""How a typed name becomes the key that it is looked up by, and what is near it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 200
"""Characters of a name that are read; what is behind them cannot help to find it."""

_DROPPED = {ord(character): None for character in " \t_-\u2010\u2011\u2012\u2013\u2014\u00a0"}


def key(name: str) -> str:
    """Return `name` without what does not matter: case, spaces, underscores, hyphens.

    >>> key("Essex 2"), key("ESSEX_2"), key("essex-2"), key("2012.1")
    ('essex2', 'essex2', 'essex2', '2012.1')
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name[:LONGEST])
    return name[:LONGEST].translate(_DROPPED).casefold()


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name: `feature-freeze` and `Feature Freeze` have the same two."""
    return tuple(name[:LONGEST].translate(_SPACED).casefold().split())


_SPACED = dict.fromkeys(_DROPPED, " ")


def near(asked: str, keys: Sequence[str], limit: int = 3) -> tuple[int, ...]:
    """Return where in `keys` the names nearest to the key `asked` stand, nearest first.

    The distance counts letters changed, left out, added, and neighbours swapped; a longer name
    may have more of them (one in four letters, three at most).
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - 20 ms that only a near miss should cost
    from rapidfuzz.process import extract  # noqa: PLC0415

    asked = asked[:LONGEST]
    cutoff = min(3, 1 + len(asked) // 5)
    found = extract(asked, keys, scorer=OSA.distance, limit=limit, score_cutoff=cutoff)
    return tuple(index for _, distance, index in found if distance < len(asked))
