"""A config from text, in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from milestonebot.config import Config, load_config
from milestonebot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Load(Protocol):
    """Reads a config from its text."""

    def __call__(self, text: str, environ: Mapping[str, str] | None = None) -> Config: ...


class Wrong(Protocol):
    """Reads a config from text that is wrong, and returns what is told: `line:column: message`."""

    def __call__(self, text: str, environ: Mapping[str, str] | None = None) -> list[str]: ...


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str, environ: Mapping[str, str] | None = None) -> Config:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, environ or {})

    return load


@pytest.fixture
def wrong(load: Load, tmp_path: Path) -> Wrong:
    def wrong(text: str, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as raised:
            load(text, environ)
        problems = raised.value.problems
        assert {each.file for each in problems} == {str(tmp_path / "config.yaml")}
        assert problems == tuple(sorted(problems, key=lambda each: (each.line, each.column)))
        return [f"{each.line}:{each.column}: {each.message}" for each in problems]

    return wrong
