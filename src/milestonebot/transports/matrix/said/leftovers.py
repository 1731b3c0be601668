"""What is left of long answers, by the message that told the page before; it outlives a restart.

Like `!more`, it tells what was found when the question was asked.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from milestonebot.document import Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table
from milestonebot.transports.matrix.said.paging import count

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

MOST, MOST_ITEMS = 100, 5000
"""Answers that can be gone on with, and the items that are left of all of them; of the oldest nobody wants
to know more."""
_KINDS: dict[str, Any] = {
    each.__name__: each for each in (Bar, Code, Document, Faint, Line, Link, Listing, Strong, Table)
}


@dataclass(frozen=True, slots=True)
class Leftover:
    """What the page of one message left over."""

    room_id: str
    rest: Document
    thread: str | None = None
    mark: str | None = None
    """The id of the bot's own reaction, which offers to go on."""


class Leftovers:
    """Those of one account, the oldest first; what cannot be written is known until the bot ends."""

    def __init__(self, file: Path) -> None:
        """Keep them in `file`."""
        self._file = file
        self._by_event: dict[str, Leftover] = {}

    def open(self) -> None:
        """Read what is kept; a damaged file keeps nothing."""
        try:
            kept = json.loads(self._file.read_bytes())
            found = {event: _leftover(told) for event, told in kept.items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            _log.warning("%s cannot be read (%s): long answers are not gone on with", self._file, error)
            return
        self._by_event = {**found, **self._by_event}

    def get(self, event: str) -> Leftover | None:
        """Return what the message `event` left over; None where it left nothing."""
        return self._by_event.get(event)

    def of(self, rest: Document) -> str | None:
        """Return the message that left over this very `rest`; None where none is known."""
        for event, each in self._by_event.items():
            if each.rest is rest:
                return event
        return None

    def change(
        self, told: str | None, event: str | None = None, left: Leftover | None = None
    ) -> list[Leftover]:
        """Take out what `told` left over, and keep what `event` did; return what is not kept any more."""
        gone = [self._by_event.pop(told)] if told in self._by_event else []
        if event is not None and left is not None:
            self._by_event[event] = left
        while len(self._by_event) > MOST or (len(self._by_event) > 1 and self._items() > MOST_ITEMS):
            gone.append(self._by_event.pop(next(iter(self._by_event))))
        if gone or left is not None:
            self._keep()
        return gone

    def mark(self, event: str, mark: str) -> bool:
        """Note the bot's own reaction to `event`; return whether there is anything left over."""
        left = self._by_event.get(event)
        if left is not None:
            self._by_event[event] = replace(left, mark=mark)
            self._keep()
        return left is not None

    def _items(self) -> int:
        return sum(count(each.rest) for each in self._by_event.values())

    def _keep(self) -> None:
        new = self._file.with_suffix(".new")
        kept = {event: _told(left) for event, left in self._by_event.items()}
        try:
            with os.fdopen(os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
                json.dump(kept, file)
            new.replace(self._file)
        except OSError as error:
            _log.warning("%s cannot be kept: %s", self._file, error.strerror)


def _told(left: Leftover) -> dict[str, Any]:
    return {
        "room_id": left.room_id,
        "rest": _plain(left.rest),
        "thread": left.thread,
        "mark": left.mark,
    }


def _leftover(told: dict[str, Any]) -> Leftover:
    rest = _made(told["rest"])
    if not isinstance(rest, Document):
        raise TypeError("no document")
    return Leftover(str(told["room_id"]), rest, told["thread"], told["mark"])


def _plain(value: Any) -> Any:  # noqa: ANN401 - of any field of a Document
    """Return a part of a Document as JSON; what it says for programs is not told any more."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if type(value).__name__ not in _KINDS:
        return value
    told = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name != "data"}
    return {"": type(value).__name__, **told}


def _made(told: Any) -> Any:  # noqa: ANN401 - of any field of a Document
    if isinstance(told, list):
        return tuple(_made(each) for each in told)
    if isinstance(told, dict):
        return _KINDS[told[""]](**{name: _made(each) for name, each in told.items() if name})
    return told
