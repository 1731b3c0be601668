"""A post's paragraphs, headings and list items, with their links in place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from milestonebot.sources.post.events import End, Start
from milestonebot.sources.post.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from milestonebot.sources.post.events import Event

_ELEMENTS = """
    address article blockquote body caption center details div dl fieldset figcaption figure header hr main
    ol p section summary table tbody tfoot thead ul
"""
_BREAKS: Final = frozenset(_ELEMENTS.split())
_ITEMS: Final = frozenset(("dd", "dt", "li", "tr"))
_BLANKS: Final = frozenset(("br", "img", "td", "th"))
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_CODE: Final = frozenset(("code", "kbd", "samp", "tt"))
_STRUCK: Final = frozenset(("del", "s", "strike"))
_APART = """
    aside button footer form iframe nav noscript pre script select style svg template textarea title
"""
_SKIPPED: Final = frozenset(_APART.split())
"""Elements that are no part of what a post says."""
_BARE = re.compile(r"https?://[a-z.]{0,20}launchpad\.net/[^\s<>\"'`]{1,2000}", re.IGNORECASE)
_BEHIND = ".,;:!?)]}*_'\"\u2019\u201d"
"""What may follow an address in a sentence, and is none of it."""


class Span(NamedTuple):
    """A link, at these characters of its block."""

    start: int
    end: int
    href: str
    struck: bool = False
    """Crossed out."""
    bare: bool = False
    """An address that stands in the text as it is."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that no other runs into."""

    text: str
    links: tuple[Span, ...] = ()
    heading: int = 0
    """1 to 6 for a heading, 0 for what is none."""
    item: bool = False
    """In a list, or a row of a table."""
    struck: tuple[tuple[int, int], ...] = ()
    """The characters that are crossed out."""


def blocks(events: Iterable[Event]) -> list[Block]:
    """Return what `events` say, block by block, without what is no part of a post."""
    builder = _Builder()
    for event in _crossed(_said(events)):
        if isinstance(event, str):
            builder.say(event)
        elif isinstance(event, Start):
            builder.start(event)
        else:
            builder.end(event.name)
    builder.finish()
    return builder.blocks


def _said(events: Iterable[Event]) -> Iterator[Event]:
    """Leave out the elements in `_SKIPPED` with all that is in them."""
    skipped, depth = "", 0
    for event in events:
        if isinstance(event, str):
            if not depth:
                yield event
        elif depth:
            if event.name == skipped:
                depth += 1 if isinstance(event, Start) else -1
        elif isinstance(event, Start) and event.name in _SKIPPED:
            skipped, depth = event.name, 1
        else:
            yield event


def _crossed(events: Iterable[Event]) -> Iterator[Event]:
    """Put an <s> into each <span> that a style crosses out, as word processors do."""
    open_spans: list[bool] = []
    for event in events:
        if isinstance(event, str) or event.name != "span":
            yield event
        elif isinstance(event, Start):
            open_spans.append("line-through" in event.attributes.get("style", "").lower())
            yield event
            if open_spans[-1]:
                yield Start("s", {})
        else:
            if open_spans and open_spans.pop():
                yield End("s")
            yield event


class _Builder:
    """Gathers one block after the other."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.inside = dict.fromkeys((_CODE, _STRUCK, _ITEMS), 0)
        self.heading = 0
        self.href: str | None = None
        self._empty()

    def _empty(self) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.blank = False
        self.links: list[Span] = []
        self.code: list[tuple[int, int]] = []
        self.struck: list[tuple[int, int]] = []
        self.link_start: int | None = None
        self.crossed: bool | None = None
        """Whether all words of the link that is open are crossed out; None where it has none yet."""

    def start(self, tag: Start) -> None:
        """Open an element."""
        if tag.name == "a":
            self.unlink()
            self.href = None if self.inside[_CODE] else tag.attributes.get("href")
        elif tag.name in _BREAKS or tag.name in _HEADINGS or tag.name in _ITEMS:
            self.finish()
            self.heading = _HEADINGS.get(tag.name, 0)
        elif tag.name in _BLANKS:
            self.blank = True
        elif tag.name == "input" and tag.attributes.get("type", "").lower() == "checkbox":
            self.say("[x] " if "checked" in tag.attributes else "[ ] ")
        for names in self.inside:
            self.inside[names] += tag.name in names

    def end(self, name: str) -> None:
        """Close an element; one that is not open is passed over."""
        if name == "a":
            self.unlink()
        elif name in _BREAKS or name in _HEADINGS or name in _ITEMS:
            self.finish()
            self.heading = 0
        for names in self.inside:
            self.inside[names] = max(0, self.inside[names] - (name in names))

    def say(self, data: str) -> None:
        """Add text; blanks between words become one space."""
        words = clean(data)
        if not words:
            self.blank = self.blank or bool(data)
            return
        if self.parts and (self.blank or data[0].isspace()):
            self._put(" ")
        start = self.size
        self._put(words)
        self.blank = data[-1].isspace()
        for spans, names in ((self.code, _CODE), (self.struck, _STRUCK)):
            if self.inside[names]:
                spans.append((start, self.size))
        if self.href is not None:
            self.link_start = start if self.link_start is None else self.link_start
            if any(map(str.isalnum, words)):
                self.crossed = self.inside[_STRUCK] > 0 and self.crossed is not False

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)

    def unlink(self) -> None:
        """End the link that is open, if there is one."""
        if self.href is not None:
            start = self.size if self.link_start is None else self.link_start
            struck = self.inside[_STRUCK] > 0 if self.crossed is None else self.crossed
            self.links.append(Span(start, self.size, self.href, struck=struck))
        self.href = self.link_start = self.crossed = None

    def finish(self) -> None:
        """End the block; what has neither text nor links is none."""
        self.unlink()
        if self.parts or self.links:
            text = "".join(self.parts)
            links = sorted((*self.links, *_bare(text, (*self.links, *self.code), self.struck)))
            item, struck = self.inside[_ITEMS] > 0, tuple(self.struck)
            self.blocks.append(Block(text, tuple(links), self.heading, item=item, struck=struck))
        self._empty()


def _bare(
    text: str, taken: Iterable[Span | tuple[int, int]], struck: Sequence[tuple[int, int]]
) -> Iterator[Span]:
    """Find the addresses that stand in the text, and not in a link or in code."""
    covered = sorted((each[0], each[1]) for each in taken)
    i = 0
    for found in _BARE.finditer(text):
        while i < len(covered) and covered[i][1] <= found.start():
            i += 1
        if i == len(covered) or covered[i][0] >= found.end():
            href = found[0].rstrip(_BEHIND)
            at = bisect_right(struck, found.start(), key=itemgetter(0)) - 1
            is_struck = at >= 0 and found.start() < struck[at][1]
            yield Span(found.start(), found.start() + len(href), href, struck=is_struck, bare=True)
