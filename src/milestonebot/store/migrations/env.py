"""Alembic runs this; the connection, with its transaction, comes from `migrating`."""

from alembic import context

from milestonebot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite takes back what it did to tables, as PostgreSQL does.
    transactional_ddl=True,
    # SQLite alters a table by making it anew.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
