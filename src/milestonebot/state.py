"""The folder in which the bot keeps what must outlive it: sessions, and later its deliveries."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from milestonebot.errors import MilestonebotError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRIVATE = 0o700
_LOCK = "lock"


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Make `folder` (0700) where it is not there, and hold it against a second process.

    Two bots on one folder would each answer every question, and each forget what the other did.
    """
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        folder.chmod(_PRIVATE)
        descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise MilestonebotError(f"the state folder {folder} cannot be used: {error.strerror}") from None
    try:
        _lock(descriptor, folder)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield folder
    finally:
        # The lock goes with the descriptor, also when the process is killed.
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
        raise MilestonebotError(
            f"another milestonebot (process {holder}) runs on the state folder {folder}: stop it, or give "
            "this one a `state:` of its own"
        ) from None
    except OSError as error:
        raise MilestonebotError(f"the state folder {folder} cannot be locked: {error.strerror}") from None
