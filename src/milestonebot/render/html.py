"""Matrix's HTML: the subset of the client-server API, section "m.room.message msgtypes".

Only what that section permits is written (tags `a`, `code`, `details`, `li`, `p`, `span`,
`strong`, `summary`, `table` and its parts, `ul`), so a client that follows it drops nothing.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from milestonebot.document import Bar, Code, Faint, Line, Link, Listing, Strong
from milestonebot.render.clean import clean_blocks, is_mark, opening
from milestonebot.render.plain import BAR, said, share

if TYPE_CHECKING:
    from collections.abc import Collection

    from milestonebot.document import Block, Document, Part, Table

LONG = 12
"""Items or rows above which a list is folded."""

_FAINT = "#808080"
"""Grey that can be read on white and on black alike."""


def render_html(document: Document, *, prefixes: Collection[str] = ()) -> str:
    """Return `document` as a `formatted_body`; its plain body is `render_plain`'s.

    Lists of more than `LONG` items are folded under their title.
    """
    blocks = tuple(clean_blocks(document))
    if len(blocks) == 1 and isinstance(blocks[0], Line):
        return _opened(blocks[0], prefixes)
    return "".join(_block(block, prefixes if number == 0 else None) for number, block in enumerate(blocks))


def _block(block: Block, prefixes: Collection[str] | None) -> str:
    """Write `block`; the first of a document is opened against `prefixes`."""
    head = block if isinstance(block, Line) else block.title
    told = "" if head is None else _inline(head) if prefixes is None else _opened(head, prefixes)
    if isinstance(block, Line):
        return f"<p>{told}</p>"
    count = len(block.items if isinstance(block, Listing) else block.rows)
    body = "" if not count else _list(block) if isinstance(block, Listing) else _table(block)
    if count > LONG:
        return f"<details><summary>{told or f'{count} entries'}</summary>{body}</details>"
    return (f"<p>{told}</p>" if told else "") + body


def _list(listing: Listing) -> str:
    items = "".join(f"<li>{_inline(item)}</li>" for item in listing.items)
    return f"<ul>{items}</ul>"


def _table(table: Table) -> str:
    head = ""
    if any(table.header):
        cells = "".join(f"<th>{_escaped(each)}</th>" for each in table.header)
        head = f"<thead><tr>{cells}</tr></thead>"
    rows = ("".join(f"<td>{_inline(cell)}</td>" for cell in row) for row in table.rows)
    body = "".join(f"<tr>{cells}</tr>" for cells in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _opened(line: Line, prefixes: Collection[str]) -> str:
    return opening("".join(map(said, line.parts)), prefixes) + _inline(line)


def _inline(line: Line) -> str:
    return "".join(map(_part, line.parts))


def _part(part: Part) -> str:
    if isinstance(part, Bar):
        full, percent = share(part)
        return f"{'█' * full}{'░' * (BAR - full)} {percent}%"
    if isinstance(part, str):
        return _escaped(part)
    told = _escaped(part.text)
    match part:
        case Strong():
            return f"<strong>{told}</strong>"
        case Faint():
            return f'<span data-mx-color="{_FAINT}">{told}</span>'
        case Code():
            return f"<code>{told}</code>"
        case Link():
            return f'<a href="{escape(part.url)}">{told}</a>'


def _escaped(text: str) -> str:
    """Escape `text`; a combining mark in front would melt with the `>` before it (NFC: `≯`)."""
    if text and is_mark(text[0]):
        return f"&#{ord(text[0])};{escape(text[1:])}"
    return escape(text)
