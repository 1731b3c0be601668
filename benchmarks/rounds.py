"""What bots cost that were measured by turns, round after round, and the table of it.

Turns, because a machine is busy at one time and idle at another: a ratio is of one round's hour. Of several
rounds the best is told, since only other work makes a bot slower than it is; the median stands beside it,
for whoever wants to know how much other work there was.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 120
_MORE_IS_BETTER = "per second"


class Rounds:
    """The figures of each bot: what was measured, and how it came out in each round."""

    def __init__(self) -> None:
        """Begin with no bot."""
        self._told: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, bot: str, told: Mapping[str, float]) -> None:
        """Take what a round has told of `bot`."""
        for what, value in told.items():
            self._told[bot][what].append(value)

    def best(self, bot: str, what: str) -> float:
        """Return the best figure of all rounds: the lowest, or the most of what is counted per second."""
        better = max if _MORE_IS_BETTER in what else min
        return better(self._told[bot][what])

    def table(self) -> str:
        """Return a row for each measure, a column for each bot: the best of all rounds, and the median."""
        rows = []
        for what in self._measures():
            cells = [self._cell(bot, what) for bot in self._told]
            rows.append([what, *cells])
        return _aligned([["best (median)", *self._told], *rows])

    def ratios(self, beside: str) -> str:
        """Return the same rows and columns, the best of each bot over the best of `beside`."""
        rows = []
        for what in self._measures():
            if what not in self._told[beside]:
                continue
            one = self.best(beside, what)
            cells = [
                _number(self.best(bot, what) / one) if what in told and one else ""
                for bot, told in self._told.items()
            ]
            rows.append([what, *cells])
        return _aligned([[f"times {beside}", *self._told], *rows])

    def _cell(self, bot: str, what: str) -> str:
        values = self._told[bot].get(what, [])
        if not values:
            return ""
        among = f" ({_number(median(values))})" if len(values) > 1 else ""
        return f"{_number(self.best(bot, what))}{among}"

    def _measures(self) -> list[str]:
        return list(dict.fromkeys(what for told in self._told.values() for what in told))


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in rows
    )


def _number(value: float) -> str:
    """Return `value` with three digits that count, or all that it has before the point."""
    size = abs(value)
    if size >= 100:  # noqa: PLR2004 - a hundred has three digits
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004 - likewise
