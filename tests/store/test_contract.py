"""Both databases do what every Outbox does."""

from tests.store.contract import OutboxContract


class TestOutbox(OutboxContract):
    """On SQLite and on PostgreSQL, by the fixture `place`."""
