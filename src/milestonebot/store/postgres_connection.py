"""A connection to PostgreSQL, by asyncpg."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from asyncpg.exceptions import InterfaceError, InternalClientError, PostgresError

from milestonebot.store.connection import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import asyncpg

_FAREWELL: Final = 2.0
"""Seconds in which a server may answer to a farewell."""
# The last one is how a connection that ended at that very moment shows itself.
OF_THE_DRIVER = (PostgresError, InterfaceError, InternalClientError)


class PostgresConnection:
    """A connection to a server."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        """Take one that is open."""
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """Return how it wants to be asked."""
        return _DIALECT

    async def begin(self, *, writing: bool) -> None:
        """Begin a transaction; raises asyncpg's errors, as all others."""
        del writing
        await self._connection.execute("BEGIN")

    async def fetch(self, query: str, *values: Any) -> Sequence[Sequence[Any]]:  # noqa: ANN401 - a column's value
        """Return the rows of one statement."""
        found: list[Sequence[Any]] = await self._connection.fetch(_numbered(query), *values)
        return found

    async def each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each of `rows`."""
        if rows := list(rows):
            await self._connection.executemany(_numbered(statement), rows)

    async def commit(self) -> None:
        """Make durable what was done since it began."""
        await self._connection.execute("COMMIT")

    async def rollback(self) -> None:
        """Forget what was done since it began."""
        await self._connection.execute("ROLLBACK")

    async def leave(self) -> None:
        """End it; the server forgets what was not committed, and gives its lock to others."""
        try:
            await self._connection.close(timeout=_FAREWELL)
        except (OSError, TimeoutError, *OF_THE_DRIVER):
            self._connection.terminate()


@lru_cache(maxsize=64)
def _numbered(statement: str) -> str:
    """Return `statement` with its parameters as PostgreSQL has them: $1 is the first."""
    first, *others = statement.split("?")
    return first + "".join(f"${number}{other}" for number, other in enumerate(others, 1))


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment


_DIALECT = Dialect(
    name="postgresql",
    # Not `= ANY`: its plan may search the whole list for each row of the whole table.
    among="IN (SELECT unnest(?::text[]))",
    listed=list,
    held="FOR UPDATE",
    versioned="SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
    kept=_in_utc,
    # asyncpg gives them in UTC.
    found=lambda moment: moment,
)
