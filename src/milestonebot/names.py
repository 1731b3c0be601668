"""How a typed name becomes the key that it is looked up by, and what is near it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 200
"""Characters of a name that are read; what is behind them cannot help to find it."""

_JOINTS = " \t\n\r\v\f_-\u2212"
_SPACED = dict.fromkeys((*range(32), 127)) | {ord(joint): " " for joint in _JOINTS}
_DROPPED = dict.fromkeys(_SPACED)


# The names of groups, projects and series come again for each thing that is theirs.
@lru_cache(maxsize=2048)
def key(name: str) -> str:
    """Return `name` without what does not matter: case, spaces, underscores, hyphens, what is unseen.

    >>> key("Essex 2"), key("ESSEX_2"), key("essex-2"), key("2012.1")
    ('essex2', 'essex2', 'essex2', '2012.1')
    """
    if name.isascii():
        return name[:LONGEST].translate(_DROPPED).casefold()
    return _plain(name[:LONGEST], "")[:LONGEST]


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name: `feature-freeze` and `Feature Freeze` have the same two."""
    if name.isascii():
        return tuple(name[:LONGEST].translate(_SPACED).casefold().split())
    return tuple(_plain(name[:LONGEST], " ")[:LONGEST].split())


def _plain(name: str, joint: str) -> str:
    """Do the same for any script: each space and dash becomes `joint`, what is not seen is left out.

    Zero-width and formatting characters come along when a name is copied from a page.
    """
    kept = (
        joint if character in _JOINTS or category(character) in _BETWEEN else character
        for character in normalize("NFKC", name)
        if character in _JOINTS or category(character) not in ("Cc", "Cf")
    )
    return normalize("NFKC", "".join(kept).casefold())


_BETWEEN = ("Zs", "Zl", "Zp", "Pd")
_COMPARED = 50


def near(asked: str, keys: Sequence[str], limit: int = 3) -> tuple[int, ...]:
    """Return where in `keys` the names nearest to the key `asked` stand, nearest first.

    The distance counts letters changed, left out, added, and neighbours swapped: one, from five
    letters on two, from ten on three. Where some have the numbers that were asked, only those are
    near: who types `esex-2` does not mean essex-1.
    """
    from rapidfuzz.distance import OSA, Levenshtein  # noqa: PLC0415 - 20 ms that only a near miss should cost
    from rapidfuzz.process import extract  # noqa: PLC0415

    asked = asked[:LONGEST]
    cutoff = min(3, 1 + len(asked) // 5)
    # OSA reads every key to its end: 200 characters among 100,000 keys took 40 ms. Levenshtein passes over
    # what differs much in length; it counts swapped neighbours as two.
    likely = extract(asked, keys, scorer=Levenshtein.distance, limit=None, score_cutoff=2 * cutoff)
    candidates = {index: name for name, _, index in likely}
    found = extract(asked, candidates, scorer=OSA.distance, limit=_COMPARED, score_cutoff=cutoff)
    alike = [index for _, distance, index in found if distance < len(asked)]
    same = [index for index in alike if _numbers(keys[index]) == _numbers(asked)]
    return tuple((same or alike)[:limit])


def _numbers(name: str) -> str:
    return "".join(character for character in name if character.isdecimal())
