"""What came of the runs: judged, and told as tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.chaos.explained import unexplained, unexplained_losses, unrecorded
from tests.chaos.points import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.chaos.run import Run

ONCE, NEVER_LOST, NEVER_TWICE = "once", "never lost", "never twice"
LOST, TWICE = "to lose", "to double"
"""Of a bot that is sabotaged: what has to be seen of it."""


@dataclass(frozen=True, slots=True)
class Result:
    """A run, what was promised for it, and what is wrong."""

    run: Run
    promise: str
    seconds: float

    @property
    def wrong(self) -> list[str]:
        """Return a line for everything that breaks the promise."""
        run, tally = self.run, self.run.tally
        if tally is None:
            return ["it was not counted"]
        if self.promise in {LOST, TWICE}:
            seen = tally.lost if self.promise == LOST else tally.copies
            return [*run.problems, *([] if seen else ["the fault in the bot was not noticed"])]
        told = [
            *run.problems,
            *(
                f"written before it was claimed: {each}"
                for each in unrecorded(life.passed for life in run.lives)
            ),
        ]
        told += [f"out of order: {room}" for room in tally.disordered]
        told += [f"not for {copy.room}: {copy.text[:80]!r}" for copy in tally.strange]
        if self.promise == NEVER_TWICE:
            told += [f"lost without need: {each}" for each in unexplained_losses(tally.lost, run.passed)]
            told += [f"twice in {copy.room}: {copy.text[:80]!r}" for copy in tally.copies]
        else:
            told += [f"lost in {room}: {' '.join(words)[:80]}" for room, words in tally.lost.items()]
            copies = unexplained(tally.copies, run.passed) if self.promise == NEVER_LOST else tally.copies
            told += [f"twice in {copy.room}: {copy.text[:80]!r}" for copy in copies]
        return told


def told(results: Iterable[Result]) -> Iterator[str]:
    """Yield the lines of the tables."""
    results = list(results)
    yield from _table(
        [
            "run",
            "deliveries",
            "bot killed",
            "other blows",
            "arrived",
            "lost",
            "twice",
            "promise",
            "kept",
            "s",
        ],
        [_row(each) for each in results],
    )
    yield ""
    kills = sum((each.run.kills for each in results), Counter[str]())
    yield from _table(["bot killed at", "times"], [[name, str(kills[name])] for name in _ordered(kills)])
    yield ""
    blows = sum((each.run.blows for each in results), Counter[str]())
    yield from _table(["other blows", "times"], [[name, str(n)] for name, n in sorted(blows.items())])
    yield ""
    traces = sum((each.run.traces() for each in results), Counter[str]())
    yield from _table(
        ["in doubt, and found to be", "times"], [[n, str(c)] for n, c in sorted(traces.items())]
    )
    for each in results:
        if each.wrong:
            yield f"\n{each.run.title}: its bot's folder was {each.run.scene.folder}"
            yield from (f"  {line}" for line in each.wrong)


def _row(result: Result) -> list[str]:
    run, tally = result.run, result.run.tally
    assert tally is not None
    return [
        run.title,
        str(run.deliveries),
        str(sum(run.kills.values())),
        str(sum(run.blows.values())),
        str(tally.heard),
        str(len({(room, word[:4]) for room, words in tally.lost.items() for word in words})),
        str(len(tally.copies)),
        result.promise,
        "no" if result.wrong else "yes",
        f"{result.seconds:.0f}",
    ]


def _ordered(kills: Counter[str]) -> list[str]:
    """Return the names of failpoints in the order in which a delivery passes them."""
    places = {str(step): place for place, step in enumerate(Step)}
    return sorted(kills, key=lambda name: (places.get(name.partition(" (")[0], 99), name))


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Yield a table as Markdown has them, its columns in line."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
