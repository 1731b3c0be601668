"""Lines that belong together (IRCv3 batch): what is played back, and answers under a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from milestonebot.transports.irc.wire.lines import Line

_HISTORY = frozenset({"chathistory", "znc.in/playback"})
_MOST = 100
"""Batches open at once; the lines of more are taken as if they stood alone."""


class Batch(NamedTuple):
    """One that is open, or has just been closed."""

    past: bool = False
    """Whether what is in it was said before."""
    label: str = ""
    outer: bool = True
    """Whether it is the whole answer under its label, and no part of it."""
    room: str = ""
    """Of the outermost one of history: where that was said."""


_NONE = Batch()


class Batches:
    """Remembers the batches that are open."""

    def __init__(self) -> None:
        """None is open."""
        self._open: dict[str, Batch] = {}

    def hear(self, line: Line) -> Batch:
        """BATCH: `+reference type …` opens one; return the one that `-reference` closes, or an empty one."""
        reference = line.param(0)
        if reference.startswith("-"):
            return self._open.pop(reference[1:], _NONE)
        if len(self._open) < _MOST:
            around = self._open.get(line.tags.get("batch", ""), _NONE)
            history = line.param(1) in _HISTORY
            room = line.param(2) if history and not around.past else ""
            label = line.tags.get("label")
            self._open[reference[1:]] = Batch(
                around.past or history, label or around.label, label is not None, room
            )
        return _NONE

    def past(self, line: Line) -> bool:
        """Tell whether a line is played back: it was said before."""
        reference = line.tags.get("batch")
        return reference is not None and self._open.get(reference, _NONE).past

    def label(self, line: Line) -> str:
        """Return the label of what a line answers; empty where it has none."""
        if "label" in line.tags:
            return line.tags["label"]
        return self._open.get(line.tags.get("batch", ""), _NONE).label
