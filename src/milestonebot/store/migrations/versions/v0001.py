"""The first tables. What stands here never changes: another version is another file."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, Text

revision = "0001"
down_revision = None

_MOMENT = DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "deliveries",
        Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("key", Text, nullable=False, unique=True),
        Column("announcement", Text, nullable=False),
        Column("occasion", Text, nullable=False),
        Column("network", Text, nullable=False),
        Column("room", Text, nullable=False),
        Column("due", _MOMENT, nullable=False),
        Column("until", _MOMENT, nullable=False),
        Column("about", Text, nullable=False),
        Column("stage", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("since", _MOMENT),
        Column("parts", Text),
        Column("said", Integer, nullable=False),
        Column("event", Text),
        Column("at", _MOMENT),
        Column("problem", Text, nullable=False),
    )
    op.create_index("deliveries_by_stage", "deliveries", ["stage", "due"])
    op.create_table(
        "planning",
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("watermark", _MOMENT, nullable=False),
    )
    op.create_table(
        "announcements",
        Column("name", Text, primary_key=True),
        Column("started", _MOMENT, nullable=False),
    )
    op.create_table(
        "known",
        Column("subject", Text, primary_key=True),
        Column("date", Text),
        Column("out", Boolean, nullable=False),
        Column("source", Text, nullable=False),
        Column("turn", Integer, nullable=False),
    )
