"""A password or token that does not show itself."""

from __future__ import annotations


class Secret:
    """Holds a secret; only `reveal` gives it, and nothing that logs or prints does."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Hold `value`."""
        self._value = value

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
