"""Pages that are short, so that what ships with the bot fills several."""

import pytest


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("paging", "saying"):
        monkeypatch.setattr(f"milestonebot.transports.matrix.said.{module}.MOST_ITEMS", 5)
