"""`python -m benchmarks [start] [shipped] [lookups] …`: measure, and hold the goals.

Exits with 1 where a goal is missed, unless `--tell` asks for the figures alone.
"""

from __future__ import annotations

import platform
import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from benchmarks import agenda, announcing, commands, lookups, made, memory, outbox, shipped, start
from benchmarks.figures import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.figures import Figure

_SIZE = f"{made.BLUEPRINTS:,} blueprints, {made.MILESTONES:,} milestones"
_SECTIONS: dict[str, tuple[str, Callable[[], list[Figure]]]] = {
    "start": ("one answer on the command line, in CPU", start.figures),
    "shipped": ("the data that ships with the bot", shipped.figures),
    "lookups": (f"look-ups among {_SIZE}", lambda: lookups.figures(made.facts())),
    "commands": (
        "whole commands there, from the message to its lines on IRC",
        lambda: commands.figures(made.facts()),
    ),
    "agenda": ("what is due to be announced", agenda.figures),
    "announcing": ("announcements, planned, delivered and recorded", announcing.figures),
    "outbox": ("10,000 deliveries in the outbox, by the clock and with the disk", outbox.figures),
    "memory": (f"memory of {_SIZE}", memory.figures),
}


def main(arguments: list[str]) -> int:
    """Print the table; return 1 where a goal is missed."""
    parser = ArgumentParser(
        prog="python -m benchmarks", description="Measure milestonebot, and hold its goals."
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"some of: {', '.join(_SECTIONS)}")
    parser.add_argument("--tell", action="store_true", help="exit with 0 also where a goal is missed")
    options = parser.parse_args(arguments)
    if unknown := set(options.sections) - _SECTIONS.keys():
        parser.error(f"there is no section {min(unknown)}; there are {', '.join(_SECTIONS)}")
    python = f"Python {platform.python_version()}, {platform.machine()}"
    print(f"{python}; times are CPU times, the quickest of several runs")
    measured = [_SECTIONS[name] for name in options.sections or _SECTIONS]
    sections = [(title, figures()) for title, figures in measured]
    print(table(sections))
    missed = [figure.what for _, some in sections for figure in some if not figure.met]
    goals = sum(figure.goal is not None for _, some in sections for figure in some)
    print(f"\n{goals - len(missed)} of {goals} goals met" + "".join(f"\nmissed: {what}" for what in missed))
    return int(bool(missed) and not options.tell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
