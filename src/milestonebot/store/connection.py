"""What is used of a connection, whichever database it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database wants to be asked, where another wants it otherwise."""

    name: str
    """Ends the names of its migrations."""
    among: str
    """After a column: it is one of a list, which is the next parameter."""
    listed: Callable[[Collection[str]], Any]
    """Return the parameter that is this list."""
    held: str
    """After a SELECT: nobody else changes these rows before the transaction ends."""
    versioned: str
    """A query that finds a row where there are tables of ours already."""
    kept: Callable[[datetime | None], Any]
    """Return the parameter that is this moment; raises ValueError for one without a zone."""
    found: Callable[[Any], datetime | None]
    """Return the moment that a row holds: aware, in UTC."""


class Connection(Protocol):
    """One connection. Parameters are `?`; what goes wrong is raised as the driver raises it."""

    @property
    def dialect(self) -> Dialect:
        """Return how it wants to be asked."""
        ...

    async def begin(self, *, writing: bool) -> None:
        """Begin a transaction."""
        ...

    async def fetch(self, query: str, *values: Any) -> Sequence[Sequence[Any]]:  # noqa: ANN401 - a column's value
        """Return the rows of one statement."""
        ...

    async def each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each of `rows`."""
        ...

    async def commit(self) -> None:
        """Make durable what was done since it began."""
        ...

    async def rollback(self) -> None:
        """Forget what was done since it began."""
        ...

    async def leave(self) -> None:
        """End it, whatever its state; never raises anything of the driver."""
        ...
