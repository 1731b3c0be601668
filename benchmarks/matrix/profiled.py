"""The bot under Python's profiler: `python -m benchmarks.matrix.profiled FILE run --config …`.

SIGUSR1 begins, SIGUSR2 ends and writes FILE. A profiler makes small functions look dearer than they are: what
it tells are shares, and no milliseconds.
"""

from __future__ import annotations

import cProfile
import pstats
import signal
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

from milestonebot.cli import main as cli

if TYPE_CHECKING:
    from pathlib import Path

    Place = tuple[str, int, str]

_PARTS = {
    "milestonebot/transports/matrix/": "the bot's Matrix transport",
    "milestonebot/": "the bot's core and rendering",
    "/nio/": "nio, and what validates for it",
    "/jsonschema/": "nio, and what validates for it",
    "/aiohttp/": "aiohttp",
    "/yarl/": "aiohttp",
    "/multidict/": "aiohttp",
    "/asyncio/": "asyncio",
    "/selectors.py": "asyncio",
    "/json/": "JSON",
}
_OTHER = "other"
_WAITING = "poll"
"""Of the selector, in which nothing is done."""


def main(path: str, arguments: list[str]) -> None:
    """Run the bot."""
    profile = cProfile.Profile()

    def end(*_: object) -> None:
        profile.disable()
        profile.dump_stats(path)

    signal.signal(signal.SIGUSR1, lambda *_: profile.enable())
    signal.signal(signal.SIGUSR2, end)
    sys.argv = ["milestonebot", *arguments]
    sys.exit(cli())


def shares(path: Path) -> dict[str, float]:
    """Return the share of each part in what was spent, waiting left out; the largest first."""
    spent: defaultdict[str, float] = defaultdict(float)
    told: dict[Place, tuple[int, int, float, float, dict[Place, tuple[int, int, float, float]]]]
    told = pstats.Stats(str(path)).stats  # type: ignore[attr-defined]  # typeshed does not know it
    for place, (_, _, own, _, callers) in told.items():
        if _WAITING in place[2]:
            continue
        if place[0] != "~":
            spent[_part(place)] += own
        for caller, (_, _, own_there, _) in callers.items() if place[0] == "~" else ():
            # What is written in C counts as whoever called it.
            spent[_part(caller)] += own_there
    whole = sum(spent.values())
    return {part: own / whole for part, own in sorted(spent.items(), key=lambda each: -each[1])}


def _part(place: Place) -> str:
    return next((part for where, part in _PARTS.items() if where in place[0]), _OTHER)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
