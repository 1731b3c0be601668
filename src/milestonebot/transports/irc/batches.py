"""Lines that belong together (IRCv3 batch): what is played back, and answers under a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from milestonebot.transports.irc.lines import Line

_HISTORY = frozenset({"chathistory", "znc.in/playback"})
_MOST = 100
"""Batches open at once; the lines of more are taken as if they stood alone."""


class _Batch(NamedTuple):
    past: bool = False
    label: str = ""
    outer: bool = True
    """Whether it is the whole answer under its label, and no part of it."""


_NONE = _Batch()


class Batches:
    """Remembers the batches that are open."""

    def __init__(self) -> None:
        """None is open."""
        self._open: dict[str, _Batch] = {}

    def hear(self, line: Line) -> str:
        """BATCH: `+reference type …` opens one, `-reference` closes it; return the label that is answered."""
        reference = line.param(0)
        if reference.startswith("-"):
            closed = self._open.pop(reference[1:], _NONE)
            return closed.label if closed.outer else ""
        if len(self._open) < _MOST:
            around = self._open.get(line.tags.get("batch", ""), _NONE)
            past = around.past or line.param(1) in _HISTORY
            label = line.tags.get("label")
            self._open[reference[1:]] = _Batch(past, label or around.label, label is not None)
        return ""

    def past(self, line: Line) -> bool:
        """Tell whether a line is played back: it was said before."""
        reference = line.tags.get("batch")
        return reference is not None and self._open.get(reference, _NONE).past

    def label(self, line: Line) -> str:
        """Return the label of what a line answers; empty where it has none."""
        if "label" in line.tags:
            return line.tags["label"]
        return self._open.get(line.tags.get("batch", ""), _NONE).label
