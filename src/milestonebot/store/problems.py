"""Errors of databases and their drivers, seen from above."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError, StatementError

from milestonebot.errors import StoreError


class NothingKept(StoreError):
    """There is no database yet: the bot has not run."""


def cause(error: BaseException) -> BaseException:
    """Return what the driver raised, below what SQLAlchemy made of it."""
    while isinstance(error, StatementError) and error.orig is not None:
        error = error.orig
    return error


def unkept(reason: BaseException) -> StoreError | None:
    """Return what is told of a value that no database takes; None where `reason` is another error."""
    if isinstance(reason, (UnicodeError, OverflowError)):
        return StoreError(f"a database cannot keep this: {reason}")
    return (
        StoreError(f"the database cannot be used: {reason}") if isinstance(reason, SQLAlchemyError) else None
    )
