"""How much of a block one IRC line holds, counted in bytes, and what is left of the block.

A word is not broken while it fits a line, so a link stays whole; an item of a list moves to the
next line as one while it fits there. Each word carries its own formatting codes: nothing is left
open at the end of a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from milestonebot.document import Bar, Code, Faint, Line, Listing, Strong
from milestonebot.render.clean import is_mark
from milestonebot.render.plain import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.document import Part

# https://modern.ircdocs.horse/formatting: both are toggles, and no other code is ever sent.
BOLD = "\x02"
ITALIC = "\x1d"

_ITEMS = " · "

Flow: TypeAlias = Line | Listing


class Look(NamedTuple):
    """How wide lines are, and what may stand in them."""

    width: int
    formatting: bool
    prefixes: tuple[str, ...]


def size(text: str) -> int:
    """Return the bytes of `text` in UTF-8."""
    return len(text.encode())


def fill(block: Flow, room: int, look: Look, keep: int) -> tuple[str, Flow | None]:
    """Return as much of `block` as `room` bytes hold, and what is left of it."""
    text = ""
    for word in _words(block, look):
        longer = word.after(text)
        needed = max(size(longer), size(text + word.glue) + word.span if text else 0)
        if needed <= room:
            text = longer
        elif text:
            colon = word.glue.rstrip(_ITEMS)
            first = word.pieces[0]
            after = _after(block, word.unit, first.part, first.offset)
            return (text + colon if size(text + colon) <= room else text), after
        else:
            return _broken(block, word, room) if needed > keep else ("", block)
    return text, None


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


def _words(block: Flow, look: Look) -> Iterator[_Word]:
    glue = ""
    for unit, line in enumerate(_units(block)):
        span = _span(line, look) if isinstance(block, Listing) else 0
        for pieces in _split(line, look):
            yield _Word(glue, unit, pieces, span)
            glue, span = " ", 0
        titled = unit == 0 and isinstance(block, Listing) and block.title is not None
        glue = _after_title(line) if titled else _ITEMS


def _units(block: Flow) -> tuple[Line, ...]:
    if isinstance(block, Line):
        return (block,)
    return block.items if block.title is None else (block.title, *block.items)


def _after_title(title: Line) -> str:
    return " " if said(title.parts[-1]).endswith((":", ".", "?", "!", "…")) else ": "


def _split(line: Line, look: Look) -> Iterator[tuple[_Piece, ...]]:
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


def _code(part: Part, look: Look) -> str:
    if not look.formatting:
        return ""
    # Of the codes for typewriter text, none is shown by most clients.
    return BOLD if isinstance(part, (Strong, Code)) else ITALIC if isinstance(part, Faint) else ""


def _span(line: Line, look: Look) -> int:
    """Return the bytes of `line` with its codes; 0 where no line holds it."""
    total = sum(size(said(part)) + 2 * len(_code(part, look)) for part in line.parts)
    return total if total <= look.width else 0


def _broken(block: Flow, word: _Word, room: int) -> tuple[str, Flow]:
    """Return as many characters of `word` as `room` bytes hold, and the rest of `block`."""
    told = ""
    for piece in word.pieces:
        if size(told + piece.coded()) > room:
            count = _fitting(piece.text, room - size(told) - 2 * len(piece.code))
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


def _after(block: Flow, unit: int, part: int, offset: int) -> Flow:
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
