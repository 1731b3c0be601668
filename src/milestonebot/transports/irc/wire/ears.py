"""Whom a connection tells what happens on it."""

from __future__ import annotations

from typing import Protocol


class Ears(Protocol):
    """Who wants to know what happens on a connection."""

    def line(self, text: str) -> None:
        """Take a line without its end. What is raised here is logged."""
        ...

    def caught_up(self) -> None:
        """Take note that all that has come until now was told."""
        ...

    def writable(self) -> None:
        """Take note that the server reads again."""
        ...

    def closed(self, reason: str) -> None:
        """Take note that nothing more will come."""
        ...
