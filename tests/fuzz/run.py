"""A million messages: in parts, on all processors, each part from a seed of its own."""

from __future__ import annotations

import gc
import os
import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.fuzz.trial import Failed, Outcome, Trial
from tests.fuzz.world import World, hostile_world, shipped_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.ports import Message

PART = 2_000
"""Messages of one part, which has a bot of its own."""
LIMIT = 0.050
"""CPU seconds that no answer may take, the collector of garbage included."""
_SHOWN = 300
_MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class Failure:
    """A message whose answer was not as it must be."""

    part: int
    number: int
    world: str
    text: str
    why: str


@dataclass(slots=True)
class Result:
    """What became of the messages."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    slowest: list[tuple[float, int, int, str]] = field(default_factory=list)
    """Seconds, part, number and text of the slowest few, the slowest first."""

    def add(self, other: Result) -> None:
        """Take in the result of another part."""
        self.counts += other.counts
        self.failures += other.failures[: _MOST_KEPT - len(self.failures)]
        self.slowest = sorted(self.slowest + other.slowest, reverse=True)[:5]


def get_ready() -> None:
    """Pay once, in each process, for what is imported at first use, and let the collector forget it.

    The bot in production holds no Hypothesis and no Rich, through which each collection would look.
    """
    trial = Trial()
    world = shipped_world("first")
    for _, message in zip(range(200), world.messages(Random("first"), 200), strict=True):
        trial.put(world.bot, message)
    gc.collect()
    gc.freeze()


def part(seed: str, number: int, size: int = PART, *, timed: bool = True) -> Result:
    """Put the messages of part `number` to its bot; the same arguments give the same messages."""
    os.environ["MILESTONEBOT_TOKEN"] = "SECRET-OF-THE-ENVIRONMENT"  # noqa: S105 - no answer may tell it
    trial, result = Trial(), Result()
    for at, (kind, world, message) in enumerate(messages(seed, number, size)):
        try:
            outcome = trial.put(world.bot, message)
            if timed and outcome.seconds > LIMIT:
                raise Failed(f"took {outcome.seconds * 1e3:.0f} ms of CPU")  # noqa: TRY301 - told like any other failure
        except Failed as failed:
            why = "".join(traceback.format_exception(failed))
            result.counts["failed"] += 1
            result.add(Result(failures=[Failure(number, at, kind, message.text, why)]))
            continue
        _count(result, kind, message, outcome)
        result.slowest.append((outcome.seconds, number, at, message.text[:_SHOWN]))
        result.add(Result())
    return result


def messages(seed: str, number: int, size: int = PART) -> Iterator[tuple[str, World, Message]]:
    """Yield the messages of a part, each with its world: an even part asks the shipped catalog."""
    name = f"{seed}/{number}"
    kind, world = ("hostile", hostile_world(name)) if number % 2 else ("shipped", shipped_world(name))
    for message in world.messages(Random(f"{name}/messages"), size):
        yield kind, world, message


def _count(result: Result, kind: str, message: Message, outcome: Outcome) -> None:
    counts = result.counts
    counts["messages"] += 1
    counts[f"over the {kind} catalog" if kind == "shipped" else "over hostile facts"] += 1
    counts["in private" if message.private else "in rooms"] += 1
    counts["of more than 1,000 characters"] += len(message.text) > 1000
    document = outcome.document
    if document is None:
        counts["silence"] += 1
    else:
        counts["answers" if document.found else "answers that nothing was found"] += 1
