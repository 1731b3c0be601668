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
ANSWERED, NOTHING_FOUND, SILENCE = "answered", "answered that nothing was found", "met with silence"
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
    for _, message in world.messages(Random("first"), 200):
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
            result.counts.update(("messages", "failed"))
            result.add(Result(failures=[Failure(number, at, world.over, message.text, why)]))
            continue
        result.counts.update(_counted(kind, world, message, outcome))
        result.slowest.append((outcome.seconds, number, at, message.text[:_SHOWN]))
        result.add(Result())
    return result


def messages(seed: str, number: int, size: int = PART) -> Iterator[tuple[str, World, Message]]:
    """Yield the messages of a part, each with its kind and world: an even part asks the shipped catalog."""
    name = f"{seed}/{number}"
    world = hostile_world(name) if number % 2 else shipped_world(name)
    for kind, message in world.messages(Random(f"{name}/messages"), size):
        yield kind, world, message


def _counted(kind: str, world: World, message: Message, outcome: Outcome) -> Iterator[str]:
    """Yield all as what this message is counted."""
    yield from ("messages", f"over {world.over}", "put in private" if message.private else "said in rooms")
    yield f"kind: {kind}"
    if len(message.text) > 1000:
        yield "of more than 1,000 characters"
    document = outcome.document
    yield SILENCE if document is None else ANSWERED if document.found else NOTHING_FOUND
