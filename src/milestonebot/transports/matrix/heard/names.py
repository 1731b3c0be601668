"""What the rooms of the config are called: their names lead to the same rooms after a restart.

A homeserver need not be asked again before what was said meanwhile is answered as its room wants it.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_log = logging.getLogger(__name__)


class Names:
    """The names of rooms, by their ids; each name leads to one room."""

    def __init__(self, file: Path) -> None:
        """Keep them in `file`."""
        self._file = file
        self._names: dict[str, str] = {}

    def open(self, wanted: tuple[str, ...]) -> None:
        """Read those of the `wanted` names that are kept; where the file is damaged, none are."""
        try:
            kept = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return
        if isinstance(kept, dict):
            found = {room_id: name for room_id, name in kept.items() if name in wanted}
            # What is known already is newer.
            self._names = {**found, **self._names}

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each room's id and name."""
        return iter(self._names.items())

    def of(self, room_id: str) -> str | None:
        """Return the name of a room; None where it has none."""
        return self._names.get(room_id)

    def set(self, room_id: str, name: str) -> None:
        """Let `name` lead to `room_id` alone."""
        if self._names.get(room_id) == name and list(self._names.values()).count(name) == 1:
            return
        self._names = {each: known for each, known in self._names.items() if known != name}
        self._names[room_id] = name
        self._keep()

    def pop(self, room_id: str) -> str | None:
        """Take the name of a room from it, and return it."""
        name = self._names.pop(room_id, None)
        if name is not None:
            self._keep()
        return name

    def _keep(self) -> None:
        new = self._file.with_suffix(".new")
        try:
            new.write_text(json.dumps(self._names), "utf-8")
            new.replace(self._file)
        except OSError as error:
            # They are asked for anew after the next start.
            _log.debug("%s cannot be kept: %s", self._file, error.strerror)
