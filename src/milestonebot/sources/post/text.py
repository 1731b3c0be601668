"""Bytes become text, and text becomes clean: posts come from the web, saved by many hands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from milestonebot.errors import ConfigError, Problem

LARGEST: Final = 2 * 1024 * 1024
"""Bytes that a file may have: a page saved with its styles and scripts may have many."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_UNSAYABLE = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
"""Unicode's categories of what shows nothing, or turns around what stands beside it."""
_CP1252: Final = {ord(bytes((byte,)).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)}
_CP1252.pop(0xFFFD)
"""Characters of Windows-1252 that Latin-1 has not, and the bytes that they stand for."""


def decode(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of `data`, and what a reviewer should know about how it was read.

    ConfigError tells why it is no text, in the name of `file`.
    """
    if len(data) > LARGEST:
        _refuse(file, f"is larger than {LARGEST >> 20} MiB; a post is a page of text")
    text, remarks = _decoded(data, file)
    mended = _BEYOND_ASCII.sub(_meant, text)
    if mended != text:
        remarks = (
            *remarks,
            "some letters were encoded twice (UTF-8 read as Windows-1252); read as they were meant",
        )
    return mended.replace("\r\n", "\n").replace("\r", "\n"), remarks


def _decoded(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ()
    if b"\0" in data:
        _refuse(file, "is no text; name a post in Markdown or HTML")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        remark = "the file is not UTF-8; read as Windows-1252 (Latin-1)"
        return data.decode("cp1252", "replace"), (remark,)


def _refuse(file: str, message: str) -> None:
    raise ConfigError((Problem(file, 0, 0, message),))


def _meant(found: re.Match[str]) -> str:
    """Return what a run of letters was before UTF-8 was taken for Windows-1252; mostly itself."""
    try:
        return found[0].translate(_CP1252).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return found[0]


@lru_cache(maxsize=4096)
def _sayable(character: str) -> bool:
    return unicodedata.category(character) not in _UNSAYABLE


def clean(text: str) -> str:
    """Return `text` on one line, without what cannot be seen; each stretch of blanks is one."""
    shown = " ".join(text.split())
    if shown.isascii() and shown.isprintable():
        return shown
    return " ".join("".join(each for each in shown if _sayable(each)).split())


def cut(text: str, longest: int) -> str:
    """Return `text`, ending in … where it has more than `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
