"""Errors of databases, seen from above."""

from __future__ import annotations

from milestonebot.errors import StoreError


class NothingKept(StoreError):
    """There is no database yet: the bot has not run."""


def unkept(reason: BaseException) -> StoreError | None:
    """Return what is told of a value that no database takes; None where `reason` is another error."""
    if isinstance(reason, (UnicodeError, OverflowError)):
        return StoreError(f"a database cannot keep this: {reason}")
    return None
