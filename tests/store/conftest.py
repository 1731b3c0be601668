"""Databases of both kinds: what is tested with `place` is tested on each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from milestonebot.store import open_outbox
from tests.store.made import make_empty

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from milestonebot.store.database import DatabaseOutbox
    from tests.servers.postgres import Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Return where a database that is not made yet will be."""
    if request.param == "sqlite":
        return tmp_path / "deliveries.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def outbox(place: Path | str) -> AsyncIterator[DatabaseOutbox]:
    """Open an outbox with nothing in it; it is closed after the test."""
    if isinstance(place, Path):
        await make_empty(place)
    opened = await open_outbox(place)
    yield opened
    await opened.close()
