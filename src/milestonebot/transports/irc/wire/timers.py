"""What is due when, on one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Timers:
    """Named moments, in seconds of a clock that never goes back."""

    def __init__(self) -> None:
        """Nothing is due."""
        self._due: dict[str, tuple[float, Callable[[float], None]]] = {}

    def set(self, name: str, when: float, act: Callable[[float], None]) -> None:
        """Call `act` at `when`, in place of what `name` stood for."""
        self._due[name] = (when, act)

    def cancel(self, name: str) -> bool:
        """Forget `name`; return whether it was set."""
        return self._due.pop(name, None) is not None

    def clear(self) -> None:
        """Forget all."""
        self._due.clear()

    @property
    def deadline(self) -> float:
        """Return when the next is due; infinity where none is."""
        return min((when for when, _ in self._due.values()), default=float("inf"))

    def tick(self, now: float) -> None:
        """Do what is due."""
        for name in [name for name, (when, _) in self._due.items() if when <= now]:
            due = self._due.pop(name, None)
            if due is not None:
                due[1](now)
