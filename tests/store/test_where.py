"""Where the database of a config is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from milestonebot.errors import StoreError
from milestonebot.secret import Secret
from milestonebot.store import open_outbox, where


@dataclass
class Config:
    state: Path = Path("state")
    database: Secret | None = None


def test_without_a_database_it_is_a_file_in_the_state_folder() -> None:
    assert where(Config()) == Path("state/deliveries.db")


def test_a_database_is_used_where_there_is_one() -> None:
    assert where(Config(database=Secret("postgresql://x"))) == "postgresql://x"


@pytest.mark.parametrize("scheme", ["postgresql+asyncpg", "mysql", "sqlite"])
async def test_another_url_is_no_path_and_not_told(scheme: str) -> None:
    with pytest.raises(StoreError, match="is no URL of PostgreSQL") as raised:
        await open_outbox(f"{scheme}://bot:very-secret@db.example.org/bot")
    assert "very-secret" not in str(raised.value)
