"""How long to wait between two tries."""

from __future__ import annotations


class Backoff:
    """Doubles from `initial` to `longest` seconds, less a random part so that not all come back at once."""

    __slots__ = ("_initial", "_longest", "_next")

    def __init__(self, initial: float, longest: float) -> None:
        """Begin with `initial`."""
        self._initial = initial
        self._longest = longest
        self._next = initial

    def reset(self) -> None:
        """Begin anew: all was well for a while."""
        self._next = self._initial

    def wait(self, chance: float) -> float:
        """Return the next wait; `chance`, from 0 to 1, takes up to a third of it away."""
        wait = self._next
        self._next = min(wait * 2, self._longest)
        return wait * (1 - chance / 3)
