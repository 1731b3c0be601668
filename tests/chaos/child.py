"""`python -m tests.chaos.child SPEC`: `milestonebot run` as it is, with failpoints around it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from tests.chaos.points import Failpoint, Points, Step


@dataclass(frozen=True, slots=True)
class Spec:
    """What one life of the bot is like."""

    config: str
    descriptor: int
    """The pipe into which it tells what it passes."""
    failpoint: Failpoint | None = None
    hurried: bool = True
    """Whether it says a line on IRC every tenth of a second, and tries again at once; else as it is."""
    clock: str = ""
    """A file with the seconds by which its clock is ahead."""
    sabotage: str = ""
    """A fault of `saboteurs`, to see that the test notices."""

    def written(self) -> str:
        """Return it as the process takes it."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Spec:
        """Return what was written."""
        told = json.loads(text)
        if given := told["failpoint"]:
            told["failpoint"] = Failpoint(Step(given["step"]), given["network"], given["turn"])
        return cls(**told)


class SteppedClock:
    """The machine's clock, ahead or behind by what a file says."""

    file: Path

    def now(self) -> datetime:
        """Return the moment that it shows."""
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text() or 0))


class SteppedDatetime(datetime):
    """What APScheduler has in place of `datetime`: on a machine, both tell the same time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:  # noqa: ANN401 - a plain datetime will do
        """Return the moment that the clock shows."""
        return SteppedClock().now().astimezone(tz)


def _step_the_clock(file: str) -> None:
    from apscheduler.executors import base as executors
    from apscheduler.schedulers import base as schedulers
    from apscheduler.triggers import interval

    from milestonebot import clock

    SteppedClock.file = Path(file)
    clock.SystemClock = SteppedClock  # type: ignore[assignment,misc] # whoever asks for the one gets the other
    for module in (executors, schedulers, interval):
        setattr(module, "datetime", SteppedDatetime)  # noqa: B010 - it is no name that they export


def _hurry() -> None:
    from milestonebot.announcer import outgoing, waiting
    from milestonebot.transports.irc.settings import Pace
    from milestonebot.transports.irc.transport import IrcTransport

    outgoing._FIRST_LOOK, waiting._FIRST_WAIT = 0.1, 0.2  # noqa: SLF001 - a life is short here
    plain = IrcTransport.__init__

    def init(self: IrcTransport, settings: Any, *rest: Any, **more: Any) -> None:  # noqa: ANN401 - as it has them
        waits = replace(settings.waits, reconnect=0.2, longest_reconnect=1.0, rejoin=0.5, longest_rejoin=2.0)
        plain(self, replace(settings, pace=Pace(10, 0.1), waits=waits), *rest, **more)

    IrcTransport.__init__ = init  # type: ignore[method-assign] # a wrapper around it is what this is


def main(spec: Spec) -> int:
    """Run the service, watched, until it is told to stop or dies."""
    # Before anything imports it: what is built later tells this time.
    if spec.clock:
        _step_the_clock(spec.clock)
    from milestonebot.cli import main as milestonebot
    from tests.chaos import saboteurs, watched

    points = Points(spec.descriptor, spec.failpoint)
    if spec.sabotage:
        saboteurs.ALL[spec.sabotage]()
    watched.watch(points)
    if spec.hurried:
        _hurry()
    return milestonebot(["run", "--config", spec.config])


if __name__ == "__main__":
    sys.exit(main(Spec.read(sys.argv[1])))
