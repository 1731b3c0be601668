"""How time is taken: CPU seconds of this thread, so that a busy machine disturbs little.

The collector of garbage stays on, as it is when the bot runs.
"""

from __future__ import annotations

import gc
from functools import partial
from time import thread_time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

REPEATS = 5
"""The quickest of so many runs is taken: the others tell what else the machine had to do."""


def seconds(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Return the CPU seconds of one `action`, the quickest of `repeats`."""
    best = float("inf")
    for _ in range(repeats):
        gc.collect()
        start = thread_time()
        action()
        best = min(best, thread_time() - start)
    return best


def each(action: Callable[[T], object], values: Sequence[T], repeats: int = REPEATS) -> float:
    """Return the CPU seconds of `action` on one of `values`, as the mean over all of them."""

    def on_all() -> None:
        for value in values:
            action(value)

    return seconds(on_all, repeats) / len(values)


def worst(action: Callable[[T], object], values: Sequence[T], repeats: int = REPEATS) -> float:
    """Return the CPU seconds of `action` on that one of `values` which takes it longest."""
    return max(seconds(partial(action, value), repeats) for value in values)
