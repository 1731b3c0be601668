"""`python -m tests.chaos [RUN…] [--seed S]`: kill the bot and all around it, and count what arrived.

Exits with 1 where anything was lost, came twice, or came out of order, but where that was promised.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.chaos import hindered, killed, struck
from tests.chaos.ground import Ground
from tests.chaos.killed import Size
from tests.chaos.report import LOST, NEVER_LOST, NEVER_TWICE, ONCE, TWICE, Result, told

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tests.chaos.run import Run


class _Plan(NamedTuple):
    title: str
    promise: str
    run: Callable[[Ground, str], Coroutine[Any, Any, Run]]


_SOME = Size(channels=5, rooms=5, each=8, together=5, spacing=14, times=1, at_random=12)
_OLD = Size(channels=8, rooms=0, each=6, together=4, spacing=20, times=2, at_random=10)
PLANS = {
    "killed": _Plan("killed, SQLite", ONCE, killed.modern),
    "postgres": _Plan("killed, PostgreSQL", ONCE, partial(killed.modern, size=_SOME, postgres=True)),
    "servers": _Plan("servers killed", NEVER_LOST, partial(struck.servers_die, postgres=False)),
    "servers-postgres": _Plan(
        "servers killed, PostgreSQL too", NEVER_LOST, partial(struck.servers_die, postgres=True)
    ),
    "cut": _Plan("connections cut", ONCE, struck.connections_cut),
    "ghosts": _Plan("last words of a ghost", ONCE, struck.ghosts),
    "repeat": _Plan(
        "ngIRCd, in_doubt: repeat", NEVER_LOST, partial(killed.old, size=_OLD, in_doubt="repeat")
    ),
    "skip": _Plan("ngIRCd, in_doubt: skip", NEVER_TWICE, partial(killed.old, size=_OLD, in_doubt="skip")),
    "limits": _Plan("the servers' own limits", ONCE, hindered.limited),
    "disk": _Plan("a full disk", ONCE, hindered.full_disk),
    "locked": _Plan("SQLite locked", ONCE, partial(hindered.locked, postgres=False)),
    "locked-postgres": _Plan("PostgreSQL locked", ONCE, partial(hindered.locked, postgres=True)),
    "hasty": _Plan("a bot that loses", LOST, partial(killed.sabotaged, sabotage="hasty")),
    "credulous": _Plan("a bot that doubles", TWICE, partial(killed.sabotaged, sabotage="credulous")),
    "clock": _Plan("the clock stepped", ONCE, hindered.clock_stepped),
}


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for."""
    parser = ArgumentParser(prog="python -m tests.chaos", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("runs", nargs="*", metavar="RUN", help=f"some of: {', '.join(PLANS)} (all)")
    parser.add_argument(
        "--seed", default=token_hex(4), metavar="S", help="the same seed kills at the same steps"
    )
    parser.add_argument("--logs", metavar="FOLDER", type=Path, help="keep what the bots wrote there")
    options = parser.parse_args(arguments)
    if unknown := set(options.runs) - set(PLANS):
        parser.error(f"no run is called {', '.join(sorted(unknown))}")
    print(f"seed {options.seed}", flush=True)
    started = time.monotonic()
    with Ground(options.seed) as ground:
        results = [_one(ground, name, options.logs) for name in options.runs or PLANS]
        print("\n".join(["", *told(results), ""]))
    failed = sum(bool(each.wrong) for each in results)
    took = (time.monotonic() - started) / 60
    print(f"{len(results)} runs in {took:.0f} minutes, seed {options.seed}: {failed} broke what was promised")
    return int(failed > 0)


def _one(ground: Ground, name: str, logs: Path | None) -> Result:
    plan, started = PLANS[name], time.monotonic()
    run = asyncio.run(plan.run(ground, plan.title))
    result = Result(run, plan.promise, time.monotonic() - started)
    if logs is not None:
        logs.mkdir(exist_ok=True)
        shutil.copy(run.scene.folder / "bot.log", logs / f"{name}.log")
        (logs / f"{name}.points").write_text("\n".join(run.history()) + "\n")
    print(f"{'broken' if result.wrong else 'kept':>8}  {plan.title} ({result.seconds:.0f} s)", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
