"""The outbox on disk: a SQLite file, or PostgreSQL.

`open_outbox` is all that others need. docs/outbox.md tells operators what is kept, and
docs/decisions/store.md why it is built so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from milestonebot.clock import SystemClock
from milestonebot.errors import StoreError

if TYPE_CHECKING:
    from milestonebot.ports import Clock
    from milestonebot.secret import Secret
    from milestonebot.store.database import DatabaseOutbox
    from milestonebot.store.link import Database

FILE = "deliveries.db"
"""The SQLite file in the state folder."""
_SCHEMES = ("postgresql://", "postgres://")


class Configured(Protocol):
    """The part of a config that tells where the database is."""

    @property
    def state(self) -> Path:
        """Return the folder for what must outlive the bot."""
        ...

    @property
    def database(self) -> Secret | None:
        """Return the URL of a database, where it is no file in that folder."""
        ...


def where(config: Configured) -> Path | str:
    """Return where the config's database is, for `open_outbox`: the file in its state folder, or a URL."""
    return config.state / FILE if config.database is None else config.database.reveal()


async def open_outbox(
    where: Path | str, *, exclusive: bool = True, clock: Clock | None = None
) -> DatabaseOutbox:
    """Open the outbox at `where`: a path is a SQLite file, a URL (`postgresql://…`) PostgreSQL.

    Its tables are made or altered as this version needs them. One process at a time is `exclusive`:
    PostgreSQL refuses a second one; on a file the state folder's lock does. Without it nothing is
    made, and NothingKept is raised where there is no database yet. Deliveries that were final long
    before `clock` and the watermark are forgotten. Raises StoreError.
    """
    from milestonebot.store.database import DatabaseOutbox  # noqa: PLC0415 - for who opens one

    outbox = DatabaseOutbox(_database(where, exclusive=exclusive))
    try:
        await outbox.open((clock or SystemClock()).now() if exclusive else None)
    except BaseException:
        await outbox.close()
        raise
    return outbox


def _database(where: Path | str, *, exclusive: bool) -> Database:
    if isinstance(where, str) and where.startswith(_SCHEMES):
        from milestonebot.store.postgres import Postgres  # noqa: PLC0415 - asyncpg is for who uses it

        return Postgres(where, exclusive=exclusive)
    if isinstance(where, str) and "://" in where:
        # Taken for a path, it would be told with its password.
        raise StoreError("the database is no URL of PostgreSQL, such as postgresql://bot@db.example.org/bot")
    from milestonebot.store.sqlite import SqliteFile  # noqa: PLC0415 - likewise

    return SqliteFile(Path(where), exclusive=exclusive)
