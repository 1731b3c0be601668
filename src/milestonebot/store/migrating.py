"""Bring a database to the version that this bot needs, in the transaction of whoever opens it."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table

from milestonebot.errors import StoreError
from milestonebot.store.problems import NothingKept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection

VERSIONS = ("0001",)
"""The names of all migrations, the newest last."""

_log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent / "migrations"
_VERSION = table("alembic_version", column("version_num"))


async def migrate(connection: AsyncConnection, name: str, *, alter: bool) -> None:
    """Make or alter the tables where that is needed; raises StoreError where it cannot be.

    The caller holds a lock under which nobody else does the same. Where it may not `alter` anything,
    tables that are not those of the newest version are an error.
    """
    found = await connection.run_sync(_version)
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
    await connection.run_sync(_upgrade)
    _log.info("the database %s has the tables of version %s now", name, VERSIONS[-1])


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(select(_VERSION.c.version_num))
    return version


def _upgrade(connection: Connection) -> None:
    with _quietly():
        from alembic import command  # noqa: PLC0415 - 100 ms that are needed once for each version
        from alembic.config import Config  # noqa: PLC0415 - likewise

        config = Config(attributes={"connection": connection})
        # Where a folder's name has a %, the reader of options would take it for a reference.
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "head")


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep to ourselves what Alembic tells of every step: ten lines for one."""
    logger = logging.getLogger("alembic")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)
