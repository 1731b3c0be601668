"""Which messages have been dealt with, across restarts: their event ids, in a file.

The sync position tells most of it; the ids tell the rest: what was answered after the position that
was kept last, and what a homeserver tells twice.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

_log = logging.getLogger(__name__)

_MOST = 20_000
"""Ids that are remembered: those of some days in busy rooms."""


class Answered:
    """The ids, the oldest first; what cannot be written is remembered until the bot ends."""

    def __init__(self, file: Path) -> None:
        """Keep them in `file`."""
        self._path = file
        self._ids: dict[str, None] = {}
        self._file: TextIO | None = None

    def open(self) -> None:
        """Read what is kept, and keep of it what is remembered."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept = self._path.read_text("utf-8", "replace").splitlines() if self._path.exists() else []
            self._ids |= dict.fromkeys(kept[-_MOST:])
            self._begin()
        except OSError as error:
            _log.warning("%s cannot be kept: %s", self._path, error.strerror)

    def __contains__(self, event: str) -> bool:
        """Tell whether the message of that id has been dealt with."""
        return event in self._ids

    def add(self, event: str) -> None:
        """Remember that the message of that id has been dealt with."""
        self._ids[event] = None
        try:
            if len(self._ids) > 2 * _MOST:
                self._ids = dict.fromkeys(list(self._ids)[-_MOST:])
                self._begin()
            elif self._file is not None:
                self._file.write(f"{event}\n")
                self._file.flush()
        except OSError as error:
            _log.warning("%s cannot be kept: %s", self._path, error.strerror)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        """Write all that is remembered, whole or not at all, and go on behind it."""
        self.close()
        new = self._path.with_suffix(".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{each}\n" for each in self._ids)
        new.replace(self._path)
        self._file = self._path.open("a", encoding="utf-8")
