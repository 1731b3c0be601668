"""What a snapshot of the made catalog holds of memory, measured in processes of their own.

`python -m benchmarks.memory traced` and `… resident` print the figures as JSON.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import tracemalloc
from pathlib import Path

from benchmarks import made
from benchmarks.figures import Figure
from milestonebot.catalog import Catalog
from milestonebot.search import SearchIndex

_MEGA = 1e6


def figures() -> list[Figure]:
    """Return the megabytes of the facts, of the snapshot over them, and of the search index."""
    return [
        *(Figure(f"{what}, traced by tracemalloc", size, "MB") for what, size in _asked("traced").items()),
        *(Figure(f"{what}, resident", size, "MB") for what, size in _asked("resident").items()),
    ]


def _asked(how: str) -> dict[str, float]:
    run = [sys.executable, "-m", "benchmarks.memory", how]
    told: dict[str, float] = json.loads(subprocess.run(run, check=True, capture_output=True).stdout)  # noqa: S603 - our own module
    return told


def _traced() -> float:
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / _MEGA


def _resident() -> float:
    """Return what is resident now where the system tells it (Linux), and else the most that ever was."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / _MEGA
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024) / _MEGA  # KiB, but bytes on macOS


def main(how: str) -> None:
    """Print how much each step adds."""
    measured = _traced if how == "traced" else _resident
    if how == "traced":
        tracemalloc.start()
    start = measured()
    facts = made.facts()
    loaded = measured()
    catalog = Catalog.of(facts)
    built = measured()
    index = SearchIndex(catalog)
    searched = measured()
    assert index.search(made.RARE, 1)
    steps = {"facts": loaded - start, "snapshot over them": built - loaded, "search index": searched - built}
    print(json.dumps(steps))


if __name__ == "__main__":
    main(sys.argv[1])
