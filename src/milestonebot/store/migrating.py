"""Bring a database to the version that this bot needs, in the transaction of whoever opens it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot.errors import StoreError
from milestonebot.store.problems import NothingKept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.store.connection import Connection

VERSIONS = ("0001",)
"""The names of all migrations, the newest last."""

_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent / "migrations"


async def migrate(connection: Connection, name: str, *, alter: bool) -> None:
    """Make or alter the tables where that is needed; raises StoreError where it cannot be.

    The caller holds a lock under which nobody else does the same. Where it may not `alter` anything,
    tables that are not those of the newest version are an error.
    """
    found = await _version(connection)
    if found == VERSIONS[-1]:
        return
    if found is not None and found not in VERSIONS:
        raise StoreError(
            f"the database {name} was made by a newer milestonebot: its tables are version {found}, and "
            f"this one knows {VERSIONS[-1]} at most. Run that newer one, or put back a copy from before it"
        )
    if not alter and found is None:
        raise NothingKept(f"there is nothing in the database {name} yet")
    if not alter:
        raise StoreError(
            f"the tables of the database {name} are version {found}, and this milestonebot needs "
            f"{VERSIONS[-1]}: `milestonebot run` alters them when it starts"
        )
    await _upgrade(connection, 0 if found is None else VERSIONS.index(found) + 1)
    _log.info("the database %s has the tables of version %s now", name, VERSIONS[-1])


async def _version(connection: Connection) -> str | None:
    if not await connection.fetch(connection.dialect.versioned):
        return None
    found = await connection.fetch("SELECT version_num FROM alembic_version")
    return found[0][0] if found else None


async def _upgrade(connection: Connection, first: int) -> None:
    for version in VERSIONS[first:]:
        for statement in _statements(_FOLDER / f"{version}.{connection.dialect.name}.sql"):
            await connection.fetch(statement)
    await connection.fetch("DELETE FROM alembic_version")
    await connection.fetch("INSERT INTO alembic_version (version_num) VALUES (?)", VERSIONS[-1])


def _statements(file: Path) -> Iterator[str]:
    """Give the statements of `file`, each of which ends with a line."""
    for statement in file.read_text().split(";\n"):
        if statement.strip():
            yield statement
