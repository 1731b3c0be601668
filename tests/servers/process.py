"""One process of which only the id is known, held so that the id cannot come to mean another one."""

import contextlib
import os
import select
import signal
from collections.abc import Iterator
from typing import Self

PATIENCE = 10.0
"""Seconds that a process has to end after TERM; then it is killed."""


class Process:
    """A running process; raises ProcessLookupError where there is none.

    A pidfd (pidfd_open(2), Linux 5.3) stands for this very process, even after its id is given to another,
    and tells its end also to those who are not its parent.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._fd = os.pidfd_open(pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the process, which goes on."""
        os.close(self._fd)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; one that has ended takes it without complaint."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._fd, number)

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Let it stand still meanwhile: what is sent to it is neither taken nor refused."""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    def ended(self, within: float = 0.0) -> bool:
        """Tell whether it has ended, at the latest after so many seconds."""
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        return bool(poll.poll(within * 1000))

    def end(self, *, at_once: bool = False) -> None:
        """End it: ask with TERM and, where that does not help or at once, KILL; return when it is gone."""
        if not at_once:
            self.signal(signal.SIGTERM)
        if at_once or not self.ended(PATIENCE):
            self.signal(signal.SIGKILL)
        while not self.ended(PATIENCE):
            pass
