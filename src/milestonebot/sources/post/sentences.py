"""A block's sentences, each with its links."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from milestonebot.sources.post.blocks import Block, Span

LONGEST: Final = 4000
"""Characters of a sentence; a longer one is taken for several."""

_END = re.compile(r"[.!?\u2026][\"'\u2019\u201d)\]*]{0,3} +(?=[\"'\u2018\u201c(\[*]{0,3}[A-Z0-9])")
"""The end of a sentence. What goes on with a small letter goes on: "diablo-3... scheduled for"."""


_PLAIN: Final = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; its links' places count from its own first character."""

    text: str
    links: tuple[Span, ...] = ()
    struck: tuple[tuple[int, int], ...] = ()
    """The characters that are crossed out."""

    def said(self) -> str:
        """Return the text with `_` for each character that is crossed out: that is no longer said."""
        return self._without(self.struck)

    def prose(self) -> str:
        """Return the same, with `_` also for each character of a link's: features have names of all kinds."""
        return self._without(sorted((*self.struck, *((each.start, each.end) for each in self.links))))

    def _without(self, stretches: Iterable[tuple[int, int]]) -> str:
        shown, at = [], 0
        for first, end in stretches:
            start = max(at, first)
            shown += [self.text[at:start], "_" * (end - start)]
            at = max(at, end)
        return plain("".join((*shown, self.text[at:])))


def plain(text: str) -> str:
    """Return `text` with typewriter's quotes and apostrophes, which is what words are looked up with."""
    return text.translate(_PLAIN)


def sentences(block: Block) -> Iterator[Sentence]:
    """Yield the sentences of `block` in order; a link belongs to the one that it begins in."""
    start, i = 0, 0
    ends = list(_ends(block.text))
    for end in ends:
        links = []
        while i < len(block.links) and (end == ends[-1] or block.links[i].start < end):
            link = block.links[i]
            links.append(
                link._replace(start=link.start - start, end=max(min(link.end, end), link.start) - start)
            )
            i += 1
        yield Sentence(block.text[start:end], tuple(links), tuple(_crossed_out(block, start, end)))
        start = end


def _crossed_out(block: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what is crossed out between two characters, counted from the first of them."""
    for i in range(bisect_right(block.struck, start, key=itemgetter(1)), len(block.struck)):
        first, last = block.struck[i]
        if first >= end:
            return
        yield max(first, start) - start, min(last, end) - start


def _ends(text: str) -> Iterator[int]:
    start = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        while end - start > LONGEST:
            start += LONGEST
            yield start
        yield end
        start = end
