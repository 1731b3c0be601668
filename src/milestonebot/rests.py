"""What was left of answers that were too long, for `!more`."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from milestonebot.document import Document

_MOST = 1000
"""Askers whose rests are kept; those who asked first are forgotten."""


class Rests:
    """Keeps one rest for each asker: that of the last answer."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._kept: OrderedDict[Hashable, Document] = OrderedDict()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    def keep(self, who: Hashable, rest: Document | None) -> None:
        """Keep `rest` in place of what was kept for `who`; None is nothing."""
        self._kept.pop(who, None)
        if rest is not None:
            self._kept[who] = rest
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)

    def take(self, who: Hashable) -> Document | None:
        """Return what was kept for `who`, once."""
        return self._kept.pop(who, None)
