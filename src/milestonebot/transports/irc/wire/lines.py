"""IRC's lines, in and out (RFC 1459, section 2.3; IRCv3 message-tags)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.ports import Clock

_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
_MEANT = {":": ";", "s": " ", "n": "\n", "r": "\r", "\\": "\\"}
_SPECIAL = re.compile(r"[; \n\r\\]")
_WRITTEN = str.maketrans({meant: f"\\{sign}" for sign, meant in _MEANT.items()})
_FORBIDDEN = re.compile(r"[\r\n\0]")
_LONGEST_TAGS = 4096
"""Bytes of the tags that a client may send, with `@` and the space behind them (IRCv3 message-tags)."""

# https://modern.ircdocs.horse/formatting: with a colour go its digits.
_CODES = re.compile(
    r"[\x02\x0f\x11\x16\x1d\x1e\x1f]|\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
)
_TOLD = 200
"""Characters of a server's reason that are worth a place in the log."""


class Unsendable(ValueError):
    """What may never go out: it is a bug, or a config that was not checked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that came."""

    command: str
    """A word in capitals, or three digits."""
    params: tuple[str, ...] = ()
    source: str = ""
    """`nick!user@host`, or the name of a server; may be empty."""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def nick(self) -> str:
        """Return who said it."""
        return self.source.partition("!")[0]

    @property
    def last(self) -> str:
        """Return the last parameter: what was said, or the reason."""
        return self.params[-1] if self.params else ""

    @property
    def reason(self) -> str:
        """Return the last parameter as it may stand in a log."""
        return for_log(self.last)

    def param(self, number: int) -> str:
        """Return that parameter, 0 being the first; it is empty where it is missing."""
        return self.params[number] if number < len(self.params) else ""


def parse(text: str) -> Line | None:
    """Take a line without its end apart; None is no line at all."""
    if "\r" in text or "\0" in text:
        # No server may send them (RFC 1459, section 2.3); what comes back out must not hold them either.
        text = _FORBIDDEN.sub(" ", text)
    tags: Mapping[str, str] = {}
    if text[:1] == "@":
        written, _, text = text[1:].partition(" ")
        tags = _tags(written)
    text = text.lstrip(" ")
    source = ""
    if text[:1] == ":":
        source, _, text = text[1:].partition(" ")
    middle, colon, last = text.partition(" :")
    # Only a space divides: the other white space of Unicode may be part of a name.
    words = middle.split(" ")
    if "" in words:
        words = [word for word in words if word]
    if not words or words[0][0] == ":":
        return None
    command, *params = words
    return Line(command.upper(), (*params, last) if colon else tuple(params), source, tags)


def without_codes(text: str) -> str:
    """Return `text` without what only changes its looks."""
    return _CODES.sub("", text)


def for_log(text: str) -> str:
    """Return what a server sent as it may stand in a log: short, without looks and what a terminal obeys."""
    said = without_codes(text)[:_TOLD]
    return said if said.isprintable() else "".join(each if each.isprintable() else "?" for each in said)


def moment(line: Line, clock: Clock) -> datetime:
    """Return when a line was sent: what the server says (IRCv3 server-time), else now."""
    told = line.tags.get("time")
    if told is not None:
        try:
            read = datetime.fromisoformat(told)
        except ValueError:
            return clock.now()
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
    return clock.now()


def compose(command: str, *params: str) -> str:
    """Return a line; its last parameter may hold spaces, or be empty.

    Raises Unsendable where a parameter cannot be written as one.
    """
    *middle, last = params
    for param in middle:
        if not param or " " in param or param[0] == ":":
            raise Unsendable(f"{command}: {param!r} cannot stand in the middle of a line")
    return " ".join((command, *middle, f":{last}"))


def encode(line: str, limit: int = 512) -> bytes:
    """Return `line` as it goes out; raises Unsendable where it would be more or other than that one line.

    `limit` is in bytes, with CR LF and without tags. This is the last guard: what comes here has
    been cleaned and cut, and nothing else may leave, whatever went wrong before.
    """
    if found := _FORBIDDEN.search(line):
        raise Unsendable(f"a line holds the character {found[0]!r}")
    tags, rest = "", line
    if line[:1] == "@":
        tags, space, rest = line.partition(" ")
        tags += space
    data = rest.encode("utf-8", "replace") + b"\r\n"
    if len(data) > limit or len(tags.encode()) > _LONGEST_TAGS or len(data) == len("\r\n"):
        raise Unsendable(f"a line of {len(data)} bytes does not fit {limit}, or says nothing")
    return tags.encode() + data


def escape(value: str) -> str:
    """Return `value` as it stands in a tag (IRCv3 message-tags, "Escaping values")."""
    return value.translate(_WRITTEN) if _SPECIAL.search(value) else value


def _tags(written: str) -> Mapping[str, str]:
    tags = {}
    for tag in written.split(";"):
        name, _, value = tag.partition("=")
        tags[name] = _ESCAPED.sub(_unescaped, value) if "\\" in value else value
    return tags


def _unescaped(found: re.Match[str]) -> str:
    return _MEANT.get(found[1], found[1])
