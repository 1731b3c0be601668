"""A bot's process, from its start to its end; what is wrong where it fails, and nothing left of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import tempfile
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import IO, TYPE_CHECKING

from tests.servers.warden import MARK, Warden

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

_END = 10.0
"""Seconds in which a bot that is asked to end has to."""
_LINES, _BYTES = 20, 8192
"""At most so much is told of what a bot said last."""


class BotFailed(Exception):
    """A bot ended by itself, or was too slow for what was waited for; tells which, and what it said last."""


@contextmanager
def ending_all() -> Iterator[Warden]:
    """Give a warden for servers, who also ends each process that is started meanwhile from `os.environ`.

    The mark by which it finds them is inherited, also by what a bot starts itself. It ends them however this
    process ends: killed as well.
    """
    with Warden() as warden:
        os.environ[MARK] = str(warden.folder())
        try:
            yield warden
        finally:
            del os.environ[MARK]


@asynccontextmanager
async def started(
    name: str, command: Sequence[str], environment: Mapping[str, str], secrets: Sequence[str] = ()
) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Start the bot `name`, and give its process; end it afterwards.

    Raises BotFailed as soon as the bot ends by itself, and in place of a TimeoutError of the body. What it
    tells is without the `secrets`.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own command; starting it is what is timed
            command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            async with _ended_with(process):
                yield process
        except TimeoutError as error:
            raise BotFailed(_told(name, process.poll(), said, secrets)) from error
        finally:
            await _end(process)


@asynccontextmanager
async def _ended_with(process: subprocess.Popen[bytes]) -> AsyncIterator[None]:
    """End the body with TimeoutError when the process ends, since nothing is left to wait for."""
    task = asyncio.current_task()
    assert task is not None
    ended = False

    def end() -> None:
        nonlocal ended
        ended = True
        stop_watching()
        task.cancel()

    stop_watching = _watched(process.pid, end)
    try:
        yield
    except asyncio.CancelledError:
        # As asyncio.timeout does: only what we cancelled ourselves is ours to swallow.
        if ended and not task.uncancel():
            raise TimeoutError from None
        raise
    finally:
        stop_watching()


def _watched(pid: int, call: Callable[[], None]) -> Callable[[], None]:
    """Call when a process of ours ends, which a pidfd tells (pidfd_open(2)); return what stops that."""
    loop, held = asyncio.get_running_loop(), [os.pidfd_open(pid)]
    loop.add_reader(held[0], call)

    def stop() -> None:
        while held:
            loop.remove_reader(held[0])
            os.close(held.pop())

    return stop


async def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        await asyncio.to_thread(process.wait, _END)
    if process.poll() is None:
        process.kill()
        process.wait()


def _told(name: str, code: int | None, said: IO[bytes], secrets: Sequence[str]) -> str:
    if code is None:
        what = "runs, but did not do in time what was waited for"
    elif code < 0:
        what = f"was ended by {signal.Signals(-code).name}"
    else:
        what = f"ended by itself, with exit code {code}"
    cut = max(0, said.seek(0, os.SEEK_END) - _BYTES)
    said.seek(cut)
    last = said.read().decode(errors="replace")
    if cut:
        # What is left of a line may begin in the midst of a secret.
        last = last.partition("\n")[2]
    for secret in secrets:
        last = last.replace(secret, "***")
    lines = last.splitlines()[-_LINES:]
    return "\n  ".join(
        [f"{name} {what}; it said last:" if lines else f"{name} {what}; it said nothing", *lines]
    )
