"""Questions to the server that several lines answer: WHOIS, WHO, CHATHISTORY, and a PING as a mark."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.irc.wire.lines import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

_MOST = 10_000
"""Lines of one answer that are kept; no channel has more people, and no page of history more lines."""
_MARK = "milestonebot-mark"
_TOKEN = "152"  # noqa: S105 - by which the answers to our WHO are told from others'
_WHOIS = frozenset({"307", "311", "317", "319", "330", "401", "402"})
WHOIS_USER, WHOIS_IDLE, WHOIS_ACCOUNT, WHOIS_REGISTERED = "311", "317", "330", "307"
"""`nick user host * :realname`, `nick idle signon`, `nick account`, and "has identified for this nick"."""
ANSWERS = _WHOIS | {"318", "354", "315", "421", "263"}
"""The numerics that are part of an answer, or its end."""


@dataclass(slots=True, eq=False)
class Inquiry:
    """A question, and what of its answer has come."""

    line: str
    takes: Callable[[Line], bool]
    """Whether a line is part of the answer."""
    ends: Callable[[Line], bool]
    """Whether a line is the answer's end; it is no part of it."""
    heard: list[Line] = field(default_factory=list)

    @property
    def command(self) -> str:
        """Return what is asked with, such as WHOIS."""
        return self.line.partition(" ")[0]


class Inquiries:
    """The one question that is put to the server now: without labels, two could not be told apart."""

    def __init__(self) -> None:
        """Nothing is asked."""
        self._open: tuple[Inquiry, Callable[[NetworkError | None], None]] | None = None

    def put(self, inquiry: Inquiry, told: Callable[[NetworkError | None], None]) -> None:
        """Wait for the answer; `told` is called when it has come, with what went wrong or None."""
        self._open = (inquiry, told)

    def drop(self) -> None:
        """Wait no more."""
        self._open = None

    def hear(self, line: Line) -> None:
        """Take a line that may belong to the answer."""
        if self._open is None:
            return
        inquiry, _ = self._open
        if inquiry.ends(line):
            self._end(None)
        elif error := _not_answered(inquiry.command, line):
            self._end(error)
        elif inquiry.takes(line) and len(inquiry.heard) < _MOST:
            inquiry.heard.append(line)

    def lost(self, error: NetworkError) -> None:
        """Take note that no answer will come."""
        self._end(error)

    def _end(self, error: NetworkError | None) -> None:
        if self._open is not None:
            _, told = self._open
            self._open = None
            told(error)


def _not_answered(command: str, line: Line) -> NetworkError | None:
    """Return why the server will not answer: 421, FAIL (IRCv3 standard-replies), or 263, for now."""
    match line.command:
        case "421" if line.param(1).upper() == command:
            return Refused(f"the server knows no {command}")
        case "263" if line.param(1).upper() == command:
            return NetworkError(f"{command}: {line.reason}")
        case "FAIL" if line.param(0).upper() == command:
            return Refused(f"{command}: {line.reason}")
        case _:
            return None


def mark() -> Inquiry:
    """Return a question whose answer comes when all that the server said before has come."""
    return Inquiry(
        compose("PING", _MARK),
        takes=lambda _: False,
        ends=lambda line: line.command == "PONG" and line.last == _MARK,
    )


def whois(features: Features, nick: str) -> Inquiry:
    """Return the question who `nick` is (RFC 2812, section 3.6.2)."""
    name = features.fold(nick)

    def about(line: Line) -> bool:
        return features.fold(line.param(1)) == name

    return Inquiry(
        f"WHOIS {nick}",
        takes=lambda line: line.command in _WHOIS and about(line),
        ends=lambda line: line.command == "318" and about(line),
    )


def accounts(features: Features, room: str) -> Inquiry:
    """Return the question who is in `room` under which account, by WHOX (modern.ircdocs.horse, "WHO").

    The answers are 354: ourselves, the token, nick, account (`0` for none).
    """
    name = features.fold(room)
    return Inquiry(
        f"WHO {room} %tna,{_TOKEN}",
        takes=lambda line: line.command == "354" and line.param(1) == _TOKEN,
        ends=lambda line: line.command == "315" and features.fold(line.param(1)) == name,
    )


def history(features: Features, room: str, after: str, most: int) -> Inquiry:
    """Return the question what was said in `room` after a reference (IRCv3 draft/chathistory).

    The session ends it with BATCH, `chathistory` and the room as parameters, at the end of such a batch.
    """
    name = features.fold(room)
    return Inquiry(
        f"CHATHISTORY AFTER {room} {after} {most}",
        takes=lambda line: line.command in {"PRIVMSG", "NOTICE"} and features.fold(line.param(0)) == name,
        ends=lambda line: line.command == "BATCH" and features.fold(line.param(1)) == name,
    )


def timestamp(moment: datetime) -> str:
    """Return `moment`, in UTC, as CHATHISTORY refers to it (IRCv3 server-time)."""
    return f"timestamp={moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
