"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect


class Moment(TypeDecorator[datetime]):
    """An aware moment: kept in UTC and read back aware, also by SQLite, which knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Return what makes a parameter of it: in UTC; raises ValueError for one without a zone."""
        # SQLite is given the text that SQLAlchemy would make of it, in three calls in Python for each value.
        return _text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what makes it of a result: aware, in UTC."""
        del coltype
        return _of_text if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a zone")
    return value.astimezone(UTC)


def _text(value: datetime | None) -> str | None:
    inside = _in_utc(value)
    return None if inside is None else inside.replace(tzinfo=None).isoformat(" ", "microseconds")


def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


metadata = MetaData()

deliveries = Table(
    "deliveries",
    metadata,
    # In the order of planning, which is the order of those in one room that are due at once.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("announcement", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("room", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("about", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("since", Moment),
    Column("parts", Text),
    Column("said", Integer, nullable=False),
    Column("event", Text),
    Column("at", Moment),
    Column("problem", Text, nullable=False),
    Index("deliveries_by_stage", "stage", "due"),
)

planning = Table(
    "planning",
    metadata,
    # There is one row.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("watermark", Moment, nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("name", Text, primary_key=True),
    Column("started", Moment, nullable=False),
)

known = Table(
    "known",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("date", Text),
    Column("out", Boolean(create_constraint=False), nullable=False),
    Column("source", Text, nullable=False),
    Column("turn", Integer, nullable=False),
)
