"""`python -m tests.fuzz [--messages N] [--seed S]`: a million made-up messages, each answer judged.

Exits with 1 where an answer is not as it must be; each is told with the command that shows it again.
"""

from __future__ import annotations

import os
import shlex
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from tests.fuzz.run import LIMIT, PART, Result, get_ready, messages, part
from tests.fuzz.trial import Trial, on_terminal

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from tests.fuzz.run import Failure

_SHOWN = 200


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for."""
    parser = ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--messages", type=int, default=1_000_000, metavar="N", help="how many (1,000,000)")
    parser.add_argument(
        "--seed", default="essex-2", metavar="S", help="the same seed makes the same messages"
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (as many as processors)"
    )
    parser.add_argument("--part", type=int, metavar="N", help="that part alone")
    parser.add_argument("--show", type=int, metavar="N", help="that message of the part, and its answer")
    options = parser.parse_args(arguments)
    if options.show is not None and options.part is None:
        parser.error("--show needs --part")
    return _run(options) if options.show is None else _show(options)


def _run(options: Namespace) -> int:
    numbers = list(range(-(-options.messages // PART))) if options.part is None else [options.part]
    start, result = time.monotonic(), Result()
    for done, each in enumerate(_results(options, numbers), 1):
        result.add(each)
        if sys.stderr.isatty():
            failed = result.counts["failed"]
            print(f"\r{done * PART:,} messages, {failed} failed ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print("\n".join(_told(result, options.seed, time.monotonic() - start)))
    return int(result.counts["failed"] > 0)


def _results(options: Namespace, numbers: list[int]) -> Iterator[Result]:
    if len(numbers) == 1:
        get_ready()
        yield part(options.seed, numbers[0])
        return
    with ProcessPoolExecutor(options.jobs, initializer=get_ready) as pool:
        yield from pool.map(partial(part, options.seed), numbers)


def _told(result: Result, seed: str, seconds: float) -> Iterator[str]:
    counts = result.counts
    yield f"{counts['messages']:,} messages in {seconds / 60:.1f} minutes, seed {shlex.quote(seed)}"
    yield from (f"{number:>10,}  {what}" for what, number in sorted(counts.items()) if what != "messages")
    yield f"the slowest, in CPU of the answer and its rendering (at most {LIMIT * 1e3:.0f} ms):"
    for spent, number, at, text in result.slowest:
        yield f"{spent * 1e3:>10.1f}  ms: {text[:_SHOWN]!a} ({_again(seed, number, at)})"
    for failure in result.failures:
        yield from _told_of(failure, seed)
    yield f"{counts['failed']:,} failed" + (", of which the first are told" if result.failures else "")


def _told_of(failure: Failure, seed: str) -> Iterator[str]:
    yield f"\n--- over {failure.world}: {failure.text[:_SHOWN]!a}"
    yield failure.why.rstrip()
    yield f"see it again: {_again(seed, failure.part, failure.number)}"


def _again(seed: str, number: int, at: int) -> str:
    return f"python -m tests.fuzz --seed {shlex.quote(seed)} --part {number} --show {at}"


def _show(options: Namespace) -> int:
    """Put the messages of a part to its bot up to the one that is asked for, and show that one's answer."""
    get_ready()
    trial = Trial()
    for at, (_, world, message) in enumerate(messages(options.seed, options.part)):
        outcome = trial.put(world.bot, message) if at == options.show else trial.tried(world.bot, message)
        if at == options.show and outcome is not None:
            print(f"{world.over}, now {world.bot.clock.now()}, {message!a}")
            print(on_terminal(outcome.document) if outcome.document is not None else "(silence)")
            print(f"{outcome.seconds * 1e3:.1f} ms of CPU")
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
