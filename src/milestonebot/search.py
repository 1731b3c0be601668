"""Search by words: which blueprints, milestones and projects say what was asked.

An inverted index in memory, made on the first search of a snapshot: from each word to the things
that say it. A word matches those that begin with it, and where none does, the nearest by spelling.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import lru_cache
from heapq import nlargest
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias

from milestonebot.model import Blueprint, Milestone, Project
from milestonebot.names import LONGEST, key, near

if TYPE_CHECKING:
    from collections.abc import Iterable

    from milestonebot.catalog import Catalog

Thing: TypeAlias = "Blueprint | Milestone | Project"

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 8
_MOST_HITS = 20_000
"""Things scored for one word: a word that more of them say tells them apart no better."""
_MOST_IN_ALL = 60_000
"""Things scored for all words of one search, which takes 30 ms at most."""
_SLIGHT = 1 / _MOST_WORDS
"""What all words of a search add together by being rare or whole: less than one word more."""
_SHORTEST_SLIP = 4
"""Letters from which on a word may be misspelt: one changed in `e2` is half of it."""
_COMMON = frozenset({"a", "an", "and", "for", "in", "is", "of", "on", "or", "the", "to", "with"})


class SearchIndex:
    """The words of one snapshot."""

    def __init__(self, catalog: Catalog) -> None:
        """Read every word of `catalog`; 100,000 blueprints take about a second."""
        facts = catalog.facts
        self._things: list[Thing] = [*facts.projects, *facts.milestones, *facts.blueprints]
        postings: dict[str, array[int]] = {}
        for number, thing in enumerate(self._things):
            for word in _words_of(thing):
                known = postings.get(word)
                if known is None:
                    postings[word] = array("I", (number,))
                else:
                    known.append(number)
        self._words = sorted(postings)
        self._postings = postings

    def search(self, text: str, most: int) -> tuple[Thing, ...]:
        """Return the `most` best matches: those that say more of the words first.

        Of those that say as many, rarer words go first, and whole words before beginnings of longer ones.
        """
        scores: dict[int, float] = {}
        asked = [word for word in _split(text[:LONGEST]) if word not in _COMMON][:_MOST_WORDS]
        most_hits = min(_MOST_HITS, _MOST_IN_ALL // max(1, len(asked)))
        for word in dict.fromkeys(asked):
            hits = list(self._hits(word, most_hits))
            weight = 1.0 + _SLIGHT / (1 + len(hits))
            for number in dict.fromkeys(hits):
                scores[number] = scores.get(number, 0.0) + weight
            for number in islice(self._postings.get(word, ()), most_hits):
                scores[number] += _SLIGHT / 4
        best = nlargest(most, scores.items(), key=lambda pair: (pair[1], -pair[0]))
        return tuple(self._things[number] for number, _ in best)

    def _hits(self, word: str, most: int) -> Iterable[int]:
        """Return at most `most` things that say `word`, or a word that begins with it, or one like it."""
        exact = self._postings.get(word)
        start = bisect_left(self._words, word)
        beginning = []
        for each in self._words[start : start + _MOST_HITS]:
            if not each.startswith(word):
                break
            beginning.append(each)
        if not beginning and len(word) >= _SHORTEST_SLIP:
            beginning = [self._words[at] for at in near(word, self._words, 1)]
        ordered = chain(exact or (), chain.from_iterable(self._postings[each] for each in beginning))
        return islice(ordered, most)


@lru_cache(maxsize=1)
def index_of(catalog: Catalog) -> SearchIndex:
    """Return the index of `catalog`; it is made once for each snapshot, and only the last is kept."""
    return SearchIndex(catalog)


def _split(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _words_of(thing: Thing) -> set[str]:
    texts = [thing.name, thing.title]
    if isinstance(thing, Blueprint):
        texts += [thing.project, thing.theme, thing.summary]
    elif isinstance(thing, Project):
        texts += thing.aliases
    else:
        texts.append(key(thing.name))
    return {word for text in texts if text for word in _split(text[:500])}
