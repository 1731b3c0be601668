"""Whether files have changed, and nobody writes to them any more. Pure: it is told how they look."""

from __future__ import annotations


class Watch:
    """Compares what it is shown, each time, with what was dealt with.

    A change counts once it has stood for one look: a file may be found half written.
    """

    def __init__(self, stamps: object) -> None:
        """Take `stamps`, how the files look, as dealt with."""
        self._dealt_with = self._last = stamps

    def look(self, stamps: object) -> bool:
        """Return whether the files have changed and stand still; then that is taken as dealt with."""
        still, self._last = stamps == self._last, stamps
        if not still or stamps == self._dealt_with:
            return False
        self._dealt_with = stamps
        return True

    def dealt_with(self, stamps: object) -> None:
        """Take note that the files were read when they looked like that."""
        self._dealt_with = self._last = stamps
