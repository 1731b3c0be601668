"""The points that a bot passes on its way, told to whoever watches it, and the one where it kills itself."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import asdict, dataclass
from enum import StrEnum


class Step(StrEnum):
    """What was just done, or was about to be; in the order in which it happens to one delivery."""

    PLANNING = "planning"
    """The transaction that keeps a plan is about to be committed."""
    PLANNED = "planned"
    TRACING = "tracing"
    """Something is in doubt, and its network is about to be asked."""
    TRACED = "traced"
    CLAIMING = "claiming"
    """The transaction that notes an attempt is about to be committed."""
    CLAIMED = "claimed"
    WRITING = "writing"
    """It is about to be written: never a failpoint, since it is the same as `claimed`."""
    WRITTEN = "written"
    """It is written; on Matrix the homeserver has answered too, and the bot has not read it."""
    IN_FLIGHT = "in flight"
    """The proxy passed it on, and has not passed on what the server said to it."""
    CONFIRMED = "confirmed"
    RECORDING = "recording"
    """The transaction that notes the arrival is about to be committed."""
    PART_RECORDED = "part recorded"
    RECORDED = "recorded"
    CLOSED = "closed"
    """It came to a final stage other than sent."""
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Failpoint:
    """Where a life ends: when `step` is passed for the `turn`-th time on a network."""

    step: Step
    network: str
    turn: int = 1

    def __str__(self) -> str:
        """Return it as the report calls it."""
        return f"{self.step} ({self.network})"


@dataclass(frozen=True, slots=True)
class Passed:
    """A point that was passed."""

    step: Step
    network: str
    key: str = ""
    """The delivery's, or the room's where the bot writes: a socket knows nothing of keys."""
    text: str = ""
    said: bool = False
    """Of `traced`: whether it counts as said."""
    sure: bool = True
    """Of `traced`: whether the network could tell."""

    @classmethod
    def read(cls, line: bytes) -> Passed:
        """Return what `Points` wrote."""
        told = json.loads(line)
        return cls(Step(told.pop("step")), **told)


class Points:
    """In the bot's process: tells what is passed, and dies where it is told to."""

    def __init__(self, descriptor: int, failpoint: Failpoint | None) -> None:
        """Write to `descriptor`, a pipe: what was written stays there when the process is gone."""
        self._descriptor = descriptor
        self._failpoint = failpoint
        self._turns = 0

    def passed(self, passed: Passed) -> None:
        """Tell it; and if this is the failpoint, be killed as by `kill -9`."""
        self._tell(passed)
        wanted = self._failpoint
        if wanted is None or (wanted.step, wanted.network) != (passed.step, passed.network):
            return
        self._turns += 1
        if self._turns == wanted.turn:
            self._tell(Passed(Step.KILLED, passed.network, passed.key, str(passed.step)))
            os.kill(os.getpid(), signal.SIGKILL)

    def _tell(self, passed: Passed) -> None:
        os.write(self._descriptor, json.dumps(asdict(passed)).encode() + b"\n")
