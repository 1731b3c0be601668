"""IRC: lines counted in bytes, and what does not fit kept for `!more`.

A word is not broken while it fits a line, so a link stays whole; an item of a list moves to the
next line as one while it fits there. Each word carries its own formatting codes: nothing is left
open at the end of a line.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from milestonebot.document import Bar, Code, Document, Faint, Line, Listing, Strong, Table
from milestonebot.render.clean import clean, clean_blocks, is_mark, opening
from milestonebot.render.plain import said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from milestonebot.document import Part

LIMIT = 512
"""Bytes of a message with its prefix and CR LF (RFC 1459, section 2.3; RFC 2812, section 2.3)."""

NARROWEST = 64
"""Bytes below which a line holds no answer."""

# https://modern.ircdocs.horse/formatting: both are toggles, and no other code is ever sent.
BOLD = "\x02"
ITALIC = "\x1d"

_ITEMS = " · "
_LISTS = " | "

_Flow: TypeAlias = Line | Listing


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
    return limit - _size(f":{prefix} {command} {target} :\r\n")


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

    Where that is not all, the last line ends by telling how to ask for the rest, which is `more`,
    and the rest is a Document: nothing is lost, nothing said twice. No line begins with a command
    prefix; `prefixes` adds to those that are known. Without `formatting` there is no bold and no
    italic. A `width` below `NARROWEST` is a ValueError.
    """
    if width < NARROWEST:
        raise ValueError(f"a line of {width} bytes holds no answer; {NARROWEST} are the least")
    look = _Look(width, formatting, tuple(prefixes))
    left = [_packed(block) if isinstance(block, Table) else block for block in clean_blocks(document)]
    left.reverse()
    told: list[str] = []
    while left and len(told) < lines - 1:
        told.append(_line(left, width, look))
    if left:
        told.append(_last(left, look, clean(more).strip(), alone=not told))
    rest = Document(tuple(reversed(left)), found=document.found) if left else None
    return IrcPage(tuple(told), rest)


class _Look(NamedTuple):
    width: int
    formatting: bool
    prefixes: tuple[str, ...]


def _size(text: str) -> int:
    return len(text.encode())


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


def _after_title(title: Line) -> str:
    return " " if said(title.parts[-1]).endswith((":", ".", "?", "!", "…")) else ": "


def _line(left: list[_Flow], room: int, look: _Look, keep: int = 0) -> str:
    """Take one line of `room` bytes from the end of `left`, where the next block stands.

    A word of more than `keep` bytes that does not fit is broken; a shorter one is left, and the
    line may be empty. Short lists that fit as a whole share a line.
    """
    block = left.pop()
    start = opening(_beginning(block), look.prefixes)
    text, after = _fill(block, room - _size(start), look, keep - _size(start))
    text = start + text if text else text
    while after is None and left and isinstance(block, Listing) and isinstance(left[-1], Listing):
        joined, beyond = _fill(left[-1], room - _size(text + _LISTS), look, sys.maxsize)
        if beyond is not None:
            break
        text += _LISTS + joined
        left.pop()
    if after is not None:
        left.append(after)
    return text


def _last(left: list[_Flow], look: _Look, more: str, *, alone: bool) -> str:
    """Take the last line of a page from `left`, with a hint where something stays behind."""
    trial = left.copy()
    text = _line(trial, look.width, look)
    if not trial:
        left.clear()
        return text
    room = look.width - 1 - _size(_hint(left, more, look.width))
    # A link that fits a whole line waits for the next page, unless every page is one such line.
    text = _line(left, room, look, 0 if alone else look.width)
    return f"{text} {_hint(left, more, look.width)}".lstrip(" ")


def _hint(left: list[_Flow], more: str, width: int) -> str:
    count = sum(len(block.items) or 1 if isinstance(block, Listing) else 1 for block in left)
    hint = f"… ({count} more: {more})" if count > 1 else f"… (more: {more})"
    return hint if _size(hint) <= width // 2 else "…"


def _beginning(block: _Flow) -> str:
    line = block if isinstance(block, Line) else block.title or block.items[0]
    return "".join(map(said, line.parts))


class _Piece(NamedTuple):
    """A stretch of one part, without spaces, and where in its line it stands."""

    text: str
    code: str
    part: int
    offset: int

    def coded(self, end: int | None = None) -> str:
        return f"{self.code}{self.text[:end]}{self.code}"


class _Word(NamedTuple):
    """What is not broken while it fits a line: pieces that no space divides."""

    glue: str
    """What stands before it, unless it begins a line."""
    unit: int
    """Which line of its block it belongs to; a title is the first."""
    pieces: tuple[_Piece, ...]
    span: int
    """Bytes that should stay on one line: all of an item, at its first word."""

    def after(self, text: str) -> str:
        """Return `text` with this word behind it; a style that goes on is not closed between them."""
        told = "".join(piece.coded() for piece in self.pieces)
        for code in (BOLD, ITALIC):
            told = told.replace(code + code, "")
            if self.glue == " " and text.endswith(code) and told.startswith(code):
                return f"{text[:-1]} {told[1:]}"
        return f"{text}{self.glue}{told}" if text else told


def _fill(block: _Flow, room: int, look: _Look, keep: int) -> tuple[str, _Flow | None]:
    """Return as much of `block` as `room` bytes hold, and what is left of it."""
    text = ""
    for word in _words(block, look):
        longer = word.after(text)
        needed = max(_size(longer), _size(text + word.glue) + word.span if text else 0)
        if needed <= room:
            text = longer
        elif text:
            colon = word.glue.rstrip(_ITEMS)
            first = word.pieces[0]
            after = _after(block, word.unit, first.part, first.offset)
            return (text + colon if _size(text + colon) <= room else text), after
        else:
            return _broken(block, word, room) if needed > keep else ("", block)
    return text, None


def _words(block: _Flow, look: _Look) -> Iterator[_Word]:
    glue = ""
    for unit, line in enumerate(_units(block)):
        span = _span(line, look) if isinstance(block, Listing) else 0
        for pieces in _split(line, look):
            yield _Word(glue, unit, pieces, span)
            glue, span = " ", 0
        titled = unit == 0 and isinstance(block, Listing) and block.title is not None
        glue = _after_title(line) if titled else _ITEMS


def _units(block: _Flow) -> tuple[Line, ...]:
    if isinstance(block, Line):
        return (block,)
    return block.items if block.title is None else (block.title, *block.items)


def _split(line: Line, look: _Look) -> Iterator[tuple[_Piece, ...]]:
    """Yield the words of `line`; a word may reach over several parts."""
    pieces: list[_Piece] = []
    for number, part in enumerate(line.parts):
        text, code, start = said(part), _code(part, look), 0
        while start <= len(text):
            end = text.find(" ", start)
            # A bar and its percentage are one word.
            end = len(text) if end < 0 or isinstance(part, Bar) else end
            if end > start:
                pieces.append(_Piece(text[start:end], code, number, start))
            if end < len(text) and pieces:
                yield tuple(pieces)
                pieces = []
            start = end + 1
    if pieces:
        yield tuple(pieces)


def _code(part: Part, look: _Look) -> str:
    if not look.formatting:
        return ""
    # Of the codes for typewriter text, none is shown by most clients.
    return BOLD if isinstance(part, (Strong, Code)) else ITALIC if isinstance(part, Faint) else ""


def _span(line: Line, look: _Look) -> int:
    """Return the bytes of `line` with its codes; 0 where no line holds it."""
    total = sum(_size(said(part)) + 2 * len(_code(part, look)) for part in line.parts)
    return total if total <= look.width else 0


def _broken(block: _Flow, word: _Word, room: int) -> tuple[str, _Flow]:
    """Return as many characters of `word` as `room` bytes hold, and the rest of `block`."""
    told = ""
    for piece in word.pieces:
        if _size(told + piece.coded()) > room:
            count = _fitting(piece.text, room - _size(told) - 2 * len(piece.code))
            told += piece.coded(count) if count else ""
            return told, _after(block, word.unit, piece.part, piece.offset + count)
        told += piece.coded()
    raise AssertionError("a word that fits is not broken")


def _fitting(text: str, room: int) -> int:
    """Return how many characters of `text` fit `room` bytes, none parted from its marks or its `@`.

    Nor does a line end close behind an `@`: what was `a@roommate` would call the room.
    """
    head = text[: max(room, 0)].encode()[: max(room, 0)]
    count = most = len(head.decode(errors="ignore"))
    at = text.rfind("@", max(0, count - len("@everyone")), count)
    if at > 0:
        count = at
    while count and (is_mark(text[count]) or text[count] == "@"):
        count -= 1
    return count or most


def _after(block: _Flow, unit: int, part: int, offset: int) -> _Flow:
    """Return `block` from that character on."""
    units = _units(block)
    tail = _tail(units[unit], part, offset)
    if isinstance(block, Line):
        return tail
    if block.title is not None and unit == 0:
        return Listing(block.items, tail)
    return Listing((tail, *units[unit + 1 :]))


def _tail(line: Line, part: int, offset: int) -> Line:
    cut, *others = line.parts[part:]
    if offset:
        text = said(cut)[offset:]
        cut = type(cut)(text) if isinstance(cut, (Strong, Faint, Code)) else text
    return Line((cut, *others))
