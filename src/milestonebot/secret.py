"""A password or token that does not show itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Secret:
    """Holds a secret; only `reveal` gives it, and nothing that logs or prints does."""

    __slots__ = ("_again", "_value")

    def __init__(self, value: str, again: Callable[[], str] | None = None) -> None:
        """Hold `value`; where it stands in a file, `again` reads it anew (or raises ValueError)."""
        self._value = value
        self._again = again

    def renewed(self) -> Secret:
        """Return it as it stands in its file now; as it is, where there is none that can be read."""
        if self._again is None:
            return self
        try:
            return Secret(self._again(), self._again)
        except ValueError:
            return self

    def follows(self, other: object) -> bool:
        """Tell whether both stand in the same file, so that `renewed` makes this one as the `other`."""
        if not isinstance(other, Secret) or self._again is None:
            return False
        return self._again == other._again  # noqa: SLF001 - another Secret's

    def reveal(self) -> str:
        """Return the secret itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        """Tell that there is one."""
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold the same secret."""
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        """Agree with `==`."""
        return hash(self._value)
