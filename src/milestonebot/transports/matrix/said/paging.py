"""Long answers in pages: what one message holds of a Document, and the rest of it. Pure.

A page is what can be read at once, much less than an event may hold (client-server API, "Size limits").
Pages end between items, rows or lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot.document import Code, Document, Faint, Line, Listing, line

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.document import Block

MOST_ITEMS = 60
"""Items, rows and lines of a page; a list of them is folded where a client can."""
_WENT_ON = Faint("… ")
"""Stands before the title of a list that began on a page before."""


def paged(document: Document, fits: Callable[[Document], bool]) -> tuple[Document, Document | None]:
    """Return the first page of `document`, and what is left; None where that is all.

    `fits` tells whether a message holds a document. A page has one item at least, whatever that is.
    """
    total = count(document)
    if total <= MOST_ITEMS and fits(document):
        return document, None
    least, most = 1, min(total, MOST_ITEMS)
    while least < most:
        middle = (least + most + 1) // 2
        if fits(_cut(document, middle)[0]):
            least = middle
        else:
            most = middle - 1
    first, rest = _cut(document, least)
    return first, rest if rest.blocks else None


def pages(document: Document, fits: Callable[[Document], bool], most: int) -> int:
    """Return in how many pages `document` is told; `most` where they are as many or more."""
    number, rest = 1, paged(document, fits)[1]
    while rest is not None and number < most:
        number, rest = number + 1, paged(rest, fits)[1]
    return number


def count(document: Document) -> int:
    """Return the items, rows and lines of `document`."""
    return sum(map(_count, document.blocks))


def hinted(page: Document, rest: Document, typed: str | None, clicked: str) -> Document:
    """Return `page` with how to ask for `rest`: what is `typed`, where that can be, or `clicked`."""
    left = Faint(f"… {count(rest)} more: ")
    how = line(left, clicked) if typed is None else line(left, Code(typed), Faint(" or "), clicked)
    return replace(page, blocks=(*page.blocks, how))


def _count(block: Block) -> int:
    if isinstance(block, Line):
        return 1
    return max(1, len(block.items if isinstance(block, Listing) else block.rows))


def _cut(document: Document, items: int) -> tuple[Document, Document]:
    """Return the first `items` of `document`, and the others."""
    first: list[Block] = []
    rest: list[Block] = []
    for block in document.blocks:
        here = _count(block)
        if here <= items:
            first.append(block)
        elif items > 0:
            head, tail = _halves(block, items)
            first.append(head)
            rest.append(tail)
        else:
            rest.append(block)
        items = max(0, items - here)
    return replace(document, blocks=tuple(first)), replace(document, blocks=tuple(rest), data={})


def _halves(block: Block, items: int) -> tuple[Block, Block]:
    """Return the first `items` of a list or table of more, and the others under the same title."""
    if isinstance(block, Listing):
        return (
            replace(block, items=block.items[:items]),
            Listing(block.items[items:], _going_on(block.title)),
        )
    assert not isinstance(block, Line)  # noqa: S101 - it has one item
    head = replace(block, rows=block.rows[:items])
    return head, replace(block, rows=block.rows[items:], title=_going_on(block.title))


def _going_on(title: Line | None) -> Line | None:
    if title is None or title.parts[:1] == (_WENT_ON,):
        return title
    return Line((_WENT_ON, *title.parts))
