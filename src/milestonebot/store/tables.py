"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Moment(TypeDecorator[datetime]):
    """An aware moment: kept in UTC and read back aware, also by SQLite, which knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it in UTC; raises ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        inside = value.astimezone(UTC)
        return inside.replace(tzinfo=None) if dialect.name == "sqlite" else inside

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return it aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


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
