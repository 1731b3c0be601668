"""A measured figure, its goal, and the table of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    """At most this, in the same unit; None where the figure is only told."""

    @property
    def met(self) -> bool:
        """Whether it is no worse than its goal; what has none cannot miss it."""
        return self.goal is None or self.value <= self.goal

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Return what the table shows: what, figure, goal, share of the goal, verdict."""
        told = f"{_number(self.value)} {self.unit}"
        if self.goal is None:
            return self.what, told, "", "", ""
        share = f"{self.value / self.goal:.2f}" if self.goal else ""
        return self.what, told, f"{_number(self.goal)} {self.unit}", share, "met" if self.met else "MISSED"


HEADER = ("what", "figure", "goal: at most", "of its goal", "")


def table(sections: Iterable[tuple[str, Sequence[Figure]]]) -> str:
    """Return all figures as one table of aligned columns, a title over each section."""
    sections = tuple(sections)
    rows = [HEADER, *(figure.cells for _, figures in sections for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]

    def told(row: Sequence[str]) -> str:
        first, *others = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        figure, goal, share, verdict = (cell.strip().rjust(len(cell)) for cell in others)
        return f"{first}  {figure}  {goal}  {share}  {verdict.strip()}".rstrip()

    lines = [told(HEADER)]
    for title, figures in sections:
        lines += ["", f"-- {title}", *(told(figure.cells) for figure in figures)]
    return "\n".join(lines)


def _number(value: float) -> str:
    """Return `value` with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - a hundred has three digits
