"""What goes out is clean: the one place that decides which characters may leave the bot.

Facts come from strangers, and so does what is echoed of a question. Every renderer begins
with `clean_blocks`; nothing that has not been through it reaches a room, a terminal or a file.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from milestonebot.document import Bar, Line, Link, Listing, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from milestonebot.document import Block, Document, Part

MARKS = 4
"""Combining marks kept in a row: living scripts stack no more, "zalgo" text hundreds."""

LONGEST = 4000
"""Characters of one text that are told. No title or note comes near: what does is not meant for a room."""

LONGEST_URL = 2000
"""Characters of a URL; what is longer is told as its text alone."""

# A formatting or escape sequence goes as a whole, so that no `04,05` or `[31m` stays behind:
# mIRC colours and hex colours, then ECMA-48 control sequences and OSC strings that are closed. No sequence
# holds the beginning of another, so that many that are never closed are not each read to the end.
_SEQUENCE = re.compile(
    r"\x03+(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?"
    r"|\x04+(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)"
)
_INTRODUCERS = frozenset("\x03\x04\x1b\x9b\x9d")

_UNSEEN_RANGES = (
    # Controls, but white space.
    *((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F)),
    # Category Cf: soft hyphen, signs over numbers, zero-width and all bidirectional characters.
    *((0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891)),
    *((0x8E2, 0x8E2), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),
    *((0xFEFF, 0xFEFF), (0xFFF0, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A)),
    # Joiners, fillers and variation selectors of other categories, which show nothing either.
    *((0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF)),
    # Surrogates and noncharacters.
    *((0xD800, 0xDFFF), (0xFDD0, 0xFDEF)),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
_UNSEEN = dict.fromkeys(code for first, last in _UNSEEN_RANGES for code in range(first, last + 1))

# Marks are neither letters nor spaces: this finds every long run of them, and little else.
_STACK = re.compile(rf"[^\w\s\x00-\x7f]{{{MARKS + 1},}}")
_TOO_MANY = re.compile(rf"M{{{MARKS}}}(M+)")
_EVERYBODY = r"@(?=(?:room|here|all|everyone|channel)\b)|@$"
_CALL = re.compile(_EVERYBODY, re.IGNORECASE)
_MENTION = re.compile(rf"{_EVERYBODY}|(?<!\w)@(?=\S)", re.IGNORECASE)
_MANY_MENTIONS = 100


def clean(text: str, *, alone: bool = False) -> str:
    """Return `text` on one line, without anything that is not seen where it is read.

    Control and format characters go, and joiners with them: an emoji family becomes its members.
    Runs of white space become one space. An `@` that would call a room or a person is set apart
    from the name; inside an address such as `a@b.org` it stays. What one person reads `alone` calls no
    other: there, names of people stay whole, to be copied. What is longer than `LONGEST` is cut, which `…`
    shows. A clean text of at most that length stays as it is.
    """
    if len(text) > LONGEST:
        text = f"{text[: LONGEST - 1]}…"
    if not (text.isascii() and text.isprintable()):
        if not _INTRODUCERS.isdisjoint(text):
            text = _SEQUENCE.sub("", text)
        text = _STACK.sub(_few_marks, text.translate(_UNSEEN))
    if "  " in text or not text.isprintable():
        text = _folded(text)
    if "@" not in text:
        return text
    # Nobody writes a hundred addresses: then not one is looked at closely.
    if text.count("@") > _MANY_MENTIONS:
        return _folded(text.replace("@", "@ "))
    return (_CALL if alone else _MENTION).sub("@ ", text)


def is_mark(character: str) -> bool:
    """Tell whether `character` combines with the one before it (Unicode categories M*)."""
    return unicodedata.category(character)[0] == "M"


def _few_marks(run: re.Match[str]) -> str:
    text = run[0]
    # One letter for each character: every other one of `MnMnSo`.
    categories = "".join(map(unicodedata.category, text))[::2]
    kept, start = [], 0
    for found in _TOO_MANY.finditer(categories):
        kept.append(text[start : found.start(1)])
        start = found.end()
    return "".join(kept) + text[start:]


def _folded(text: str) -> str:
    inner = " ".join(text.split())
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{inner}{after}"


# RFC 3986, section 3, as far as a link of ours needs it.
_URL = re.compile(r"(https?)://([^/?#]+)([^#]*)(?:#(.*))?", re.IGNORECASE)
_PORT = re.compile(r":[0-9]{1,5}\Z")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]", re.IGNORECASE)
# What Matrix clients show as a mention, a "pill": matrix.to, and Element's own addresses.
_PILL_HOST = re.compile(r"(?:.*\.)?matrix\.to\.?")
_PILL_PLACE = re.compile(r"/(?:user|room)/", re.IGNORECASE)
_QUOTED = re.compile(r"%(?![0-9A-Fa-f]{2})|[^%!$&()*+,\-./0-9:;=?A-Z_a-z~]")


def clean_url(url: str) -> str | None:
    """Return `url` as it may be linked, or None where it may only be told as text.

    It is http or https, names no user, holds nothing unseen and is no Matrix pill. What RFC 3986
    wants encoded is percent-encoded, and so are quotes and `@`; the host, which may be in any
    script, stays as it is.
    """
    url = url.strip(" ")
    if len(url) > LONGEST_URL or not url.isprintable() or url.translate(_UNSEEN) != url:
        return None
    found = _URL.fullmatch(url)
    if found is None or not _is_host(found[2]) or _PILL_PLACE.match(found[4] or ""):
        return None
    fragment = "" if found[4] is None else f"#{_QUOTED.sub(_quoted, found[4])}"
    encoded = f"{found[1].lower()}://{found[2]}{_QUOTED.sub(_quoted, found[3])}{fragment}"
    return encoded if len(encoded) <= LONGEST_URL else None


def _is_host(authority: str) -> bool:
    host = _PORT.sub("", authority)
    # Browsers compare hosts after this normalisation (UTS 46), so a full-width matrix.to is one.
    if _PILL_HOST.fullmatch(unicodedata.normalize("NFKC", host).casefold()):
        return False
    named = all(each.isalnum() or each in "-._" or is_mark(each) for each in host)
    return named or _IPV6.fullmatch(host) is not None


def _quoted(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


_PREFIXES = frozenset("!.%~&$@?+-/\\,;:#=<>*^`|")
_OPENINGS = ("» ", "· ", "— ", "(…) ")


def opening(text: str, prefixes: Collection[str] = ()) -> str:
    """Return what to say before `text` so that no bot takes it for a command: mostly nothing.

    The ASCII punctuation that bots listen to counts as a prefix, and so do `prefixes`.
    """
    said = [prefix.strip().casefold() for prefix in prefixes if prefix.strip()]

    def commands(start: str) -> bool:
        return start[:1] in _PREFIXES or any(start.casefold().startswith(prefix) for prefix in said)

    if not text or not commands(text):
        return ""
    return next((each for each in _OPENINGS if not commands(each)), _OPENINGS[0])


def clean_blocks(document: Document) -> Iterator[Block]:
    """Yield the blocks of `document` with every text and link clean, without those that are empty."""
    alone = document.private
    for block in document.blocks:
        if isinstance(block, Line):
            yield from _told(block, alone=alone)
            continue
        title = next(_told(block.title, alone=alone), None)
        if isinstance(block, Listing):
            clean_one: Listing | Table = Listing(tuple(_told(*block.items, alone=alone)), title)
        else:
            rows = (tuple(clean_line(cell, alone=alone) for cell in row) for row in block.rows)
            header = tuple(clean(each, alone=alone).strip() for each in block.header)
            clean_one = Table(tuple(row for row in rows if any(cell.parts for cell in row)), title, header)
        if title is not None or (clean_one.items if isinstance(clean_one, Listing) else clean_one.rows):
            yield clean_one


def _told(*lines: Line | None, alone: bool) -> Iterator[Line]:
    """Yield those of `lines` that say something, clean."""
    for line in lines:
        if line is not None and (kept := clean_line(line, alone=alone)).parts:
            yield kept


def clean_line(line: Line, *, alone: bool = False) -> Line:
    """Return `line` with every part clean, none of them empty, and no space at its ends."""
    parts: list[Part] = []
    spaced = True
    for part in (_clean_part(each, alone=alone) for each in line.parts):
        kept = _with_text(part, _text(part).lstrip(" ")) if spaced else part
        if _text(kept):
            parts.append(kept)
            spaced = _text(kept).endswith(" ")
    if parts and spaced:
        last = parts.pop()
        if text := _text(last).rstrip(" "):
            parts.append(_with_text(last, text))
    return Line(tuple(parts))


def _clean_part(part: Part, *, alone: bool) -> Part:
    if not isinstance(part, Link):
        return part if isinstance(part, Bar) else _with_text(part, clean(_text(part), alone=alone))
    url = clean_url(part.url)
    if url is None:
        return clean(part.text or part.url, alone=alone)
    text = clean(part.text, alone=alone)
    return Link(url if part.text == part.url or not text.strip() else text, url)


def _text(part: Part) -> str:
    """Return the text of `part`; a Bar has none to clean, and is not empty."""
    if isinstance(part, str):
        return part
    return "#" if isinstance(part, Bar) else part.text


def _with_text(part: Part, text: str) -> Part:
    if isinstance(part, str):
        return text
    if isinstance(part, Link):
        return Link(text, part.url)
    return part if isinstance(part, Bar) else type(part)(text)
