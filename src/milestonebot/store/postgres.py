"""PostgreSQL, by its URL: how it is connected, and what is wrong when it cannot be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import asyncpg
from asyncpg.exceptions import InterfaceError, InternalClientError, PostgresError

from milestonebot.errors import StoreError
from milestonebot.store import migrating
from milestonebot.store.postgres_connection import OF_THE_DRIVER, PostgresConnection
from milestonebot.store.problems import unkept

if TYPE_CHECKING:
    from milestonebot.store.connection import Connection

CONNECT: Final = 5.0
"""Seconds in which a connection must be made."""
PATIENCE: Final = 2.0
"""Seconds for which another bot may hold the database: it may just be leaving."""
BOUND: Final = 10.0
"""Seconds that a transaction may take, with the connection that it may need."""
_ENCODE: Final = "in a password, @ / : ? # and % must be written as %40 %2F %3A %3F %23 %25"
_LOCKED: Final = "55P03"
_SETTINGS = {
    # How long one waits for a row, a table or the lock that another holds.
    "lock_timeout": "5s",
    # A bot whose machine died holds no row for ever, nor, by its connection, the lock of the database.
    "idle_in_transaction_session_timeout": "30s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
# The first number marks the locks of this program; the second keeps schemas of one database apart.
_LOCK: Final = 0x6D696C65
_HERE: Final = "hashtext(coalesce(current_schema(), ''))"
_TRY = f"SELECT pg_try_advisory_lock({_LOCK}, {_HERE})"
_TAKE = f"SELECT pg_advisory_lock({_LOCK}, {_HERE})"
_WAIT = "SELECT set_config('lock_timeout', ?, true)"
"""For this transaction."""
_HOLDING = """
    SELECT pid, coalesce(host(client_addr), 'its own machine'), activity.application_name = ?
    FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2 AND held.classid = ?
        AND held.objid = (hashtext(coalesce(current_schema(), ''))::bigint & 4294967295)::oid
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_END = "SELECT pg_terminate_backend(?, 3000)"
"""End a session, and wait up to 3,000 milliseconds for its end."""


class Postgres:
    """One database of a PostgreSQL server.

    The connection that writes holds a lock for as long as it lives: so nobody writes who has lost it.
    """

    bound = BOUND

    def __init__(self, url: str, *, exclusive: bool) -> None:
        """Take the database at `url`, whose form is libpq's; an `exclusive` user is the only one."""
        self._url = url
        self._exclusive = exclusive
        # By this name the bot knows a session of its own that outlived its connection.
        self._own = f"milestonebot {uuid4().hex[:12]}"
        name, self._password = _told(url)
        self._plain, self._name = name is not None, name or "of PostgreSQL"

    def ready(self) -> None:
        """Do nothing: the server is there, or connecting tells that it is not."""

    def moved(self) -> bool:
        """Return False: a connection is one to the database that the URL names."""
        return False

    async def settle(self, connection: Connection) -> None:
        """Make a new connection the one that writes: it holds the lock, and its tables are as needed."""
        if self._exclusive:
            await connection.begin(writing=True)
            await self._hold(connection)
            await connection.commit()
        await connection.begin(writing=True)
        await migrating.migrate(connection, self._name, alter=self._exclusive)
        await connection.commit()

    def lost(self, error: BaseException) -> bool:
        """Tell whether the connection is gone, and another may do."""
        reason = error
        if isinstance(reason, PostgresError):
            return _state(reason)[:2] in ("08", "57")
        broken = (InterfaceError, InternalClientError, ConnectionError)
        return isinstance(reason, broken) and not _of_the_call(reason)

    def unusable(self, error: BaseException) -> bool:
        """Tell whether the database as a whole cannot be used, whatever is asked of it."""
        reason = error
        known = (OSError, TimeoutError, StoreError, *OF_THE_DRIVER)
        return isinstance(reason, known) and not _of_the_call(reason)

    def problem(self, error: BaseException) -> StoreError | None:
        """Return what an operator is told of `error`; None where it is none of a database."""
        reason = error
        if isinstance(reason, StoreError):
            return reason
        if isinstance(reason, PostgresError):
            told = (
                _TOLD.get(_state(reason)) or f"PostgreSQL says: {reason.args[0] if reason.args else reason}"
            )
        elif isinstance(reason, TimeoutError):
            told = "PostgreSQL does not answer: is the network up, and the server not overloaded?"
        elif isinstance(reason, ConnectionRefusedError):
            told = "nothing answers there: is PostgreSQL running?"
        elif isinstance(reason, OSError):
            told = f"PostgreSQL cannot be reached: {reason.strerror or reason}"
        elif isinstance(reason, OF_THE_DRIVER):
            told = f"it cannot be used: {reason}"
        else:
            return unkept(reason)
        return StoreError(f"the database {self._name}: {self._without_password(told)}")

    async def connect(self) -> PostgresConnection:
        """Return a new connection."""
        try:
            return PostgresConnection(
                await asyncpg.connect(
                    self._url, timeout=CONNECT, server_settings={**_SETTINGS, "application_name": self._own}
                )
            )
        except ValueError as error:
            wrong = self._without_password(str(error)) if self._plain else _ENCODE
            raise StoreError(
                f"the database {self._name}: its URL cannot be used ({wrong}). One looks like "
                "postgresql://bot@db.example.org/milestonebot"
            ) from None

    async def _hold(self, connection: Connection) -> None:
        ((free,),) = await connection.fetch(_TRY)
        if free:
            return
        holders = await connection.fetch(_HOLDING, self._own, _LOCK)
        for process, _, own in holders:
            if own:
                # Our connection broke, and the server has not noticed: that can take it minutes.
                await connection.fetch(_END, process)
        # A bot that was killed a moment ago is just about to lose it.
        await connection.fetch(_WAIT, f"{PATIENCE * 1000:.0f}")
        try:
            await connection.fetch(_TAKE)
        except PostgresError as error:
            if _state(error) != _LOCKED:
                raise
            told = "".join(
                f" (from {place}, PostgreSQL's process {process})" for process, place, _ in holders
            )
            raise StoreError(
                f"the database {self._name}: another milestonebot{told} uses it. Stop that one, or give this "
                "one a `database:` of its own"
            ) from None

    def _without_password(self, said: str) -> str:
        return said.replace(self._password, "…") if self._password else said


_TOLD = {
    "28P01": "PostgreSQL refuses the login: the password or the user is wrong",
    "28000": "PostgreSQL refuses the login: see to the user and to pg_hba.conf",
    "3D000": "there is no such database: make it (createdb)",
    "42501": "its user may not do that: see to its rights (it makes tables of its own)",
    "53100": "the disk of PostgreSQL is full. Free some space; the bot goes on by itself",
    "53300": "PostgreSQL has too many connections already",
    _LOCKED: "another program has held it locked for seconds: end that program",
    "57P03": "PostgreSQL is starting, or stopping; the bot goes on by itself",
    "25006": "it may only be read: is it a standby?",
}


def _told(url: str) -> tuple[str | None, str]:
    """Return the database of `url` as it is told, without its password, and the password.

    There is no such name where a password may reach into other parts, its / ? # or @ not encoded.
    """
    try:
        parts = urlsplit(url)
        password = unquote(parts.password or "")
    except ValueError:
        return None, ""
    if "#" in url or parts.netloc.count("@") > 1 or "@" in parts.path + parts.query:
        return None, password
    place = parts.netloc.rpartition("@")[2]
    inside = re.search(r"[?&]password=([^&]*)", f"?{parts.query}")
    return f"{parts.path.lstrip('/')} at {place or 'this machine'}".lstrip(), (
        password or (unquote(inside[1]) if inside else "")
    )


def _of_the_call(reason: BaseException) -> bool:
    """Tell whether a value, not the database, is to blame."""
    if isinstance(reason, PostgresError):
        # Data, integrity, and limits: a key may be too long for its index ("PostgreSQL Error Codes").
        return _state(reason)[:2] in ("22", "23", "54")
    # So asyncpg tells of a value that it cannot even send.
    return isinstance(reason, InterfaceError) and isinstance(reason, ValueError)


def _state(error: BaseException) -> str:
    """Return the SQLSTATE, whose first two characters tell what kind of error it is."""
    return getattr(error, "sqlstate", None) or ""
