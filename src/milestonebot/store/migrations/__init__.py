"""Alembic's: how tables of older versions become those of the newest (docs/decisions/store.md)."""
