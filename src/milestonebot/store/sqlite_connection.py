"""A connection to a SQLite file, by aiosqlite."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from milestonebot.store.connection import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import aiosqlite


class SqliteConnection:
    """A connection to a file, in a thread of its own."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        """Take one that is open."""
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """Return how it wants to be asked."""
        return _DIALECT

    async def begin(self, *, writing: bool) -> None:
        """Begin a transaction; raises sqlite3.Error, as all others."""
        # Who will write takes the lock at once: taking it later can fail without waiting
        # (lang_transaction.html).
        await self.fetch("BEGIN IMMEDIATE" if writing else "BEGIN")

    async def fetch(self, query: str, *values: Any) -> Sequence[Sequence[Any]]:  # noqa: ANN401 - a column's value
        """Return the rows of one statement."""
        return list(await self._connection.execute_fetchall(query, values))

    async def each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each of `rows`."""
        if rows := list(rows):
            await (await self._connection.executemany(statement, rows)).close()

    async def commit(self) -> None:
        """Make durable what was done since it began."""
        await self.fetch("COMMIT")

    async def rollback(self) -> None:
        """Forget what was done since it began."""
        await self.fetch("ROLLBACK")

    async def leave(self) -> None:
        """End it; what was not committed is forgotten."""
        with suppress(sqlite3.Error, ValueError):
            await self._connection.close()


# A row is asked for by the moment at which it was written last, and most rows share some.
@lru_cache(maxsize=2_048)
def _text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


_DIALECT = Dialect(
    name="sqlite",
    among="IN (SELECT value FROM json_each(?))",
    listed=json.dumps,
    # BEGIN IMMEDIATE keeps everybody else out.
    held="",
    versioned="SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    # As text, in the order of time: SQLite knows no moments (datatype3.html).
    kept=_text,
    found=_of_text,
)
