"""A server's process: started, waited for, ended, started again."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.servers.process import PATIENCE, Process
from tests.servers.warden import MARK, hand_over

START = 30.0
"""Seconds that a server has to become ready; most take two."""
TICK = 0.02
"""Seconds between two looks at what a starting server has said."""
TAKEN = "ddress already in use"

Server = TypeVar("Server")


class DidNotStart(Exception):
    """A server ended or went silent before it was ready; holds the end of what it said."""


class PortTaken(DidNotStart):
    """Another process has one of the ports that were free a moment ago."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how it tells what it does."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    """Where it runs and has its log, NAME.log."""
    ready: str
    """What its log says when it can be used."""
    user: str | None = None
    """Whom it runs as, if not as whoever runs the tests."""
    pid_file: Path | None = None
    """Where it says its id, if it goes on in the background."""


class Daemon:
    """A program that runs, or could.

    The methods block, and are called from one thread at a time; a test whose event loop must go on meanwhile
    calls them with asyncio.to_thread.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.log = program.folder / f"{program.name}.log"
        self._process: Process | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._log_begins = 0

    @property
    def pid(self) -> int:
        """Return the server's process id."""
        return self._running.pid

    @property
    def started(self) -> bool:
        """Tell whether it was started, and neither stopped nor killed by us."""
        return self._process is not None

    @property
    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError(f"{self.program.name} is not running")
        return self._process

    def start(self) -> None:
        """Start it and return when it is ready; raises DidNotStart, PortTaken."""
        try:
            self._spawn()
            self.wait_for(self.program.ready)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """End it as an operator would, who lets it write what it has to write."""
        self._end(at_once=False)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(at_once=True)

    def restart(self) -> None:
        """Stop it and start it again with what it has kept."""
        self.stop()
        self.start()

    def silent(self) -> contextlib.AbstractContextManager[None]:
        """Let it stand still meanwhile: what is sent to it is neither taken nor refused."""
        return self._running.silent()

    def said(self, since: int | None = None) -> str:
        """Return what its log says since it was last started, or after a size that the log had."""
        with self.log.open("rb") as log:
            log.seek(self._log_begins if since is None else since)
            return log.read().decode(errors="replace")

    def wait_for(self, text: str, since: int | None = None) -> None:
        """Return when its log has a text in the part that `said` returns; raises DidNotStart, PortTaken."""
        deadline = time.monotonic() + START
        while True:
            ended = self._running.ended(within=TICK)
            said = self.said(since)
            if TAKEN in said:
                raise PortTaken(self._tail())
            if text in said:
                return
            if ended or time.monotonic() > deadline:
                what = "ended" if ended else f"was silent for {START:.0f} s"
                raise DidNotStart(
                    f"{self.program.name} {what} before {text!r}; its log ends with:\n{self._tail()}"
                )

    def _tail(self) -> str:
        return "\n".join(self.said().splitlines()[-20:])

    def _spawn(self) -> None:
        self.log.touch()
        if self.program.user:
            hand_over(self.log)
        self._log_begins = self.log.stat().st_size
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self.program.command,
                cwd=self.program.folder,
                env={
                    "PATH": os.defpath,
                    "LANG": "C.UTF-8",
                    "HOME": str(self.program.folder),
                    MARK: str(self.program.folder),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the tests' terminal is not meant for it.
                start_new_session=True,
                umask=0o077,
                user=self.program.user,
                group=self.program.user,
                extra_groups=[] if self.program.user else None,
            )
        if self.program.pid_file is None:
            self._process = Process(self._child.pid)
        elif self._child.wait(START) == 0:
            self._process = Process(int(self.program.pid_file.read_text()))
        else:
            raise DidNotStart(f"{self.program.name} failed; its log ends with:\n{self._tail()}")

    def _end(self, *, at_once: bool) -> None:
        if self._process is not None:
            self._process.end(at_once=at_once)
            self._process.close()
            self._process = None
        if self._child is not None:
            self._child.kill()
            self._child.wait(PATIENCE)
            self._child = None


def started_on_free_ports(start: Callable[[], Server]) -> Server:
    """Call a function that picks ports and starts a server, again where another process was quicker."""
    for _ in range(4):
        try:
            return start()
        except PortTaken:
            continue
    return start()


def runnable_copy(program: Path, folder: Path) -> Path:
    """Copy a program and return the copy.

    Debian's AppArmor profiles go by a program's path, and let its InspIRCd read the system's own files only.
    """
    copy = folder / program.name
    shutil.copy(program, copy)
    hand_over(copy)
    return copy
