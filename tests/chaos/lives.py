"""One life of the bot: a process that ends by its failpoint, by our hand, or well."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from tests.chaos.points import Passed, Step
from tests.servers.warden import MARK, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.chaos.child import Spec

STOPPING = 15.0
"""Seconds that a bot has to end after TERM on a busy machine; it promises five."""


class Life:
    """A running bot, and all that it told of itself."""

    def __init__(self, process: asyncio.subprocess.Process, spec: Spec, told: asyncio.StreamReader) -> None:
        self.spec = spec
        self.passed: list[Passed] = []
        self.struck = ""
        """The step at which the proxy killed it."""
        self._process = process
        self._began = time.monotonic()
        self._changed = asyncio.Event()
        self._reading = asyncio.create_task(self._read(told))

    @classmethod
    async def begin(cls, spec: Spec, folder: Path, environ: Mapping[str, str]) -> Self:
        """Start it; `folder` has its log, and marks it as one of the tests' own."""
        readable, writable = os.pipe()
        spec = replace(spec, descriptor=writable)
        reader = asyncio.StreamReader(limit=1 << 20)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(readable, "rb"))
        with (folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.chaos.child",
                spec.written(),
                cwd=ROOT,
                env={**os.environ, **environ, MARK: str(folder)},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[writable],
                start_new_session=True,
            )
        os.close(writable)
        return cls(process, spec, reader)

    @property
    def met_its_failpoint(self) -> bool:
        """Tell whether it ended there."""
        return bool(self.struck) or bool(self.passed and self.passed[-1].step is Step.KILLED)

    @property
    def age(self) -> float:
        """Return for how many seconds it has lived."""
        return time.monotonic() - self._began

    @property
    def running(self) -> bool:
        """Tell whether it has not ended."""
        return self._process.returncode is None

    async def over(self, within: float) -> bool:
        """Wait for its end; return False where it has not come after so many seconds."""
        return await self.until(lambda: False, within) or not self.running

    async def until(self, true: Callable[[], bool], within: float) -> bool:
        """Wait until something is true, asking whenever a point is passed; return whether it is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not true() and not self._reading.done():
                    self._changed.clear()
                    await self._changed.wait()
        if self._reading.done():
            await self._process.wait()
        return true()

    async def kill(self) -> None:
        """Let it die as by `kill -9`."""
        self.kill_now()
        await self._process.wait()
        await self._reading

    def strike(self, step: str) -> None:
        """Kill it at a step that others saw it pass."""
        self.struck = step
        self.kill_now()

    def kill_now(self) -> None:
        """Send KILL, and wait for nothing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def stop(self) -> int:
        """Ask it to end, and return its exit code; it is killed where it does not end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOPPING):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
        await self._reading
        assert self._process.returncode is not None
        return self._process.returncode

    async def _read(self, told: asyncio.StreamReader) -> None:
        while line := await told.readline():
            if line.endswith(b"\n"):
                self.passed.append(Passed.read(line))
            self._changed.set()
        self._changed.set()
