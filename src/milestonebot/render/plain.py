"""Plain text: the body of a Matrix message, and what `ask` prints."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

from milestonebot.document import Bar, Line, Link, Listing
from milestonebot.render.clean import clean_blocks, opening

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from milestonebot.document import Block, Document, Part, Table

BAR = 10
"""Cells of a drawn Bar."""

_WIDEST = 40
"""Columns up to which cells are padded: one long cell must not widen all its column."""


def render_plain(document: Document, *, prefixes: Collection[str] = ()) -> str:
    """Return `document` as lines of text, without a line end after the last.

    A link is told as `text <url>`. The first line begins with no command prefix.
    """
    text = "\n".join(line for block in clean_blocks(document) for line in _lines(block))
    return opening(text.lstrip(), prefixes) + text


def said(part: Part) -> str:
    """Return a clean `part` in characters alone."""
    if isinstance(part, str):
        return part
    if isinstance(part, Bar):
        full, percent = share(part)
        return f"[{'#' * full}{'-' * (BAR - full)}] {percent}%"
    if isinstance(part, Link) and part.text != part.url:
        return f"{part.text} <{part.url}>"
    return part.text


def share(bar: Bar) -> tuple[int, int]:
    """Return how many of `BAR` cells are full, and the percentage; all is full only when done."""
    total = max(bar.total, 1)
    done = min(max(bar.done, 0), total)
    return done * BAR // total, done * 100 // total


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Line):
        yield _said(block)
        return
    if block.title is not None:
        yield _said(block.title)
    if isinstance(block, Listing):
        yield from (f"• {_said(item)}" for item in block.items)
    else:
        yield from _aligned(block)


def _said(line: Line) -> str:
    return "".join(map(said, line.parts))


def _aligned(table: Table) -> Iterator[str]:
    rows = [tuple(map(_said, row)) for row in table.rows]
    if any(table.header):
        rows.insert(0, table.header)
    widths = [min(max(map(_columns, cells)), _WIDEST) for cells in zip_longest(*rows, fillvalue="")]
    for row in rows:
        padded = (cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=False))
        yield f"  {'  '.join(padded).rstrip()}"


def _columns(text: str) -> int:
    """Return the width of `text` in a fixed-width font (Unicode Standard Annex 11), if it is not long."""
    text = text[: 2 * _WIDEST]
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.category(each) in ("Mn", "Me") for each in text)
