"""IRC: a page of lines, as many as a room wants at once, and what does not fit kept for `!more`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milestonebot.document import Document, Line, Listing, Table
from milestonebot.render.clean import clean, clean_blocks, opening
from milestonebot.render.filling import Look, fill, size
from milestonebot.render.plain import said

if TYPE_CHECKING:
    from collections.abc import Collection

    from milestonebot.document import Part
    from milestonebot.render.filling import Flow

LIMIT = 512
"""Bytes of a message with its prefix and CR LF (RFC 1459, section 2.3; RFC 2812, section 2.3)."""

NARROWEST = 64
"""Bytes below which a line holds no answer."""

_LISTS = " | "


@dataclass(frozen=True, slots=True)
class IrcPage:
    """The lines to say now, and what is left for `!more`."""

    lines: tuple[str, ...]
    rest: Document | None = None


def text_width(prefix: str, command: str, target: str, *, limit: int = LIMIT) -> int:
    """Return the bytes left for the text of `:prefix command target :text`.

    `prefix` is the bot's own `nick!user@host`, which the server puts before the message when it
    passes it on; `limit` is the server's LINELEN where it announces one.
    """
    return limit - size(f":{prefix} {command} {target} :\r\n")


def render_irc(  # noqa: PLR0913 - the room's and the network's own facts, all by name
    document: Document,
    *,
    width: int,
    lines: int = 3,
    more: str = "!more",
    formatting: bool = True,
    prefixes: Collection[str] = (),
) -> IrcPage:
    """Return at most `lines` lines (one at least) of at most `width` bytes each, in UTF-8.

    Where that is not all, the last line ends by telling how to ask for the rest, which is `more`
    (where that is empty, it ends in `…`), and the rest is a Document: nothing is lost, nothing said
    twice. No line begins with a command prefix; `prefixes` adds to those that are known. Without
    `formatting` there is no bold and no italic. A `width` below `NARROWEST` is a ValueError.
    """
    if width < NARROWEST:
        raise ValueError(f"a line of {width} bytes holds no answer; {NARROWEST} are the least")
    look = Look(width, formatting, tuple(prefixes))
    left = [_packed(block) if isinstance(block, Table) else block for block in clean_blocks(document)]
    left.reverse()
    told: list[str] = []
    while left and len(told) < lines - 1:
        told.append(_line(left, width, look))
    if left:
        told.append(_last(left, look, clean(more).strip(), alone=not told))
    rest = Document(tuple(reversed(left)), found=document.found, private=document.private) if left else None
    return IrcPage(tuple(told), rest)


def _packed(table: Table) -> Listing:
    """Return the rows as items: `first second, third`."""
    return Listing(tuple(_row([cell for cell in row if cell.parts]) for row in table.rows), table.title)


def _row(cells: list[Line]) -> Line:
    parts: list[Part] = list(cells[0].parts)
    glue = " "
    for cell in cells[1:]:
        parts += [glue, *cell.parts]
        glue = ", "
    return Line(tuple(parts))


def _line(left: list[Flow], room: int, look: Look, keep: int = 0) -> str:
    """Take one line of `room` bytes from the end of `left`, where the next block stands.

    A word of more than `keep` bytes that does not fit is broken; a shorter one is left, and the
    line may be empty. Short lists that fit as a whole share a line.
    """
    block = left.pop()
    start = opening(_beginning(block), look.prefixes)
    text, after = fill(block, room - size(start), look, keep - size(start))
    text = start + text if text else text
    while after is None and left and isinstance(block, Listing) and isinstance(left[-1], Listing):
        joined, beyond = fill(left[-1], room - size(text + _LISTS), look, sys.maxsize)
        if beyond is not None:
            break
        text += _LISTS + joined
        left.pop()
    if after is not None:
        left.append(after)
    return text


def _last(left: list[Flow], look: Look, more: str, *, alone: bool) -> str:
    """Take the last line of a page from `left`, with a hint where something stays behind."""
    trial = left.copy()
    text = _line(trial, look.width, look)
    if not trial:
        left.clear()
        return text
    room = look.width - 1 - size(_hint(left, more, look.width))
    # A link that fits a whole line waits for the next page, unless every page is one such line.
    text = _line(left, room, look, 0 if alone else look.width)
    return f"{text} {_hint(left, more, look.width)}".lstrip(" ")


def _hint(left: list[Flow], more: str, width: int) -> str:
    count = sum(len(block.items) or 1 if isinstance(block, Listing) else 1 for block in left)
    if not more:
        return "…"
    hint = f"… ({count} more: {more})" if count > 1 else f"… (more: {more})"
    return hint if size(hint) <= width // 2 else "…"


def _beginning(block: Flow) -> str:
    line = block if isinstance(block, Line) else block.title or block.items[0]
    return "".join(map(said, line.parts))
