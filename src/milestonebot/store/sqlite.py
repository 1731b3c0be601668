"""A SQLite file: how it is opened, and what is wrong when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
from typing import TYPE_CHECKING

import aiosqlite

from milestonebot.errors import StoreError
from milestonebot.store import migrating
from milestonebot.store.problems import NothingKept, unkept
from milestonebot.store.sqlite_connection import SqliteConnection

if TYPE_CHECKING:
    from pathlib import Path

    from milestonebot.store.connection import Connection

PATIENCE = 5.0
"""Seconds for which another program may hold the file."""
_PRIVATE = 0o600


class SqliteFile:
    """One file, with its write-ahead log (FILE-wal, FILE-shm) beside it."""

    bound = None
    """Nothing limits a transaction: a file does not go silent, and a lock is waited for PATIENCE."""

    def __init__(self, path: Path, *, exclusive: bool) -> None:
        """Take the file at `path`; only an `exclusive` user makes or alters its tables."""
        self._path = path.absolute()
        self._exclusive = exclusive
        self._file: tuple[int, int] | None = None

    async def connect(self) -> SqliteConnection:
        """Return a new connection."""
        connection = SqliteConnection(
            # Transactions begin where it is said so, not where the driver guesses.
            await aiosqlite.connect(self._path, timeout=PATIENCE, isolation_level=None)
        )
        try:
            await connection.fetch("PRAGMA synchronous=FULL")
            if await connection.fetch("PRAGMA journal_mode") != [("wal",)]:
                await connection.fetch("PRAGMA journal_mode=WAL")
        except BaseException:
            await connection.leave()
            raise
        return connection

    def ready(self) -> None:
        """See to it that the file is there, and for its owner alone; raises StoreError."""
        try:
            if self._file is None and self._exclusive:
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _PRIVATE))
            found = self._path.stat()
            if stat.S_IMODE(found.st_mode) != _PRIVATE and found.st_uid == os.geteuid():
                # SQLite gives its write-ahead log the rights of the file (wal.html).
                self._path.chmod(_PRIVATE)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and self._file is None and not self._exclusive:
                raise NothingKept(f"there is no database {self._path} yet") from None
            raise self.problem(error) or error from None
        self._file = found.st_dev, found.st_ino

    def moved(self) -> bool:
        """Tell whether what is open is not the file at the path any more."""
        try:
            found = self._path.stat()
        except OSError:
            return True
        return self._file is not None and self._file != (found.st_dev, found.st_ino)

    async def settle(self, connection: Connection) -> None:
        """Make a new connection the one that writes: its tables are as this version needs them."""
        await connection.begin(writing=True)
        await migrating.migrate(connection, str(self._path), alter=self._exclusive)
        await connection.commit()

    def lost(self, _error: BaseException) -> bool:
        """Tell whether the connection is gone, and another may do."""
        return False

    def unusable(self, error: BaseException) -> bool:
        """Tell whether the file as a whole cannot be used, whatever is asked of it."""
        reason = error
        return isinstance(reason, (OSError, StoreError, sqlite3.OperationalError)) or (
            type(reason) is sqlite3.DatabaseError
        )

    def problem(self, error: BaseException) -> StoreError | None:
        """Return what an operator is told of `error`; None where it is none of a database."""
        reason = error
        if isinstance(reason, StoreError):
            return reason
        if isinstance(reason, FileNotFoundError):
            return StoreError(f"the database {self._path} {self._gone()}")
        if isinstance(reason, OSError):
            return StoreError(f"the database {self._path} cannot be used: {reason.strerror}")
        if isinstance(reason, sqlite3.Error):
            name = getattr(reason, "sqlite_errorname", "")
            told = next((told for start, told in _TOLD.items() if name.startswith(start)), None)
            return StoreError(f"the database {self._path} {told or f'cannot be used: {reason}'}")
        return unkept(reason)

    def _gone(self) -> str:
        if not self._path.parent.is_dir():
            return "cannot be made: its folder is not there"
        return "is gone: put it back, or start the bot anew to begin with an empty one"


_TOLD = {
    "SQLITE_FULL": "cannot be written: the disk is full. Free some space; the bot goes on by itself",
    "SQLITE_BUSY": "is locked by another program, which has held it for seconds: end that program",
    "SQLITE_LOCKED": "is locked by another program, which has held it for seconds: end that program",
    "SQLITE_CORRUPT": "is damaged. Stop the bot, and put back a copy (docs/outbox.md tells how)",
    "SQLITE_NOTADB": "is no SQLite database, or is damaged. Stop the bot, and put back a copy "
    "(docs/outbox.md tells how)",
    "SQLITE_READONLY": "may not be written: see to the rights of the file and of its folder, and that "
    "the disk is not mounted read-only",
    "SQLITE_CANTOPEN": "cannot be opened: see to the rights of the file and of its folder",
    "SQLITE_PERM": "cannot be opened: see to the rights of the file and of its folder",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error",
}
