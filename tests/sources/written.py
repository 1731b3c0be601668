"""Milestones files as tests write them, and what the bot says of them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from milestonebot.errors import ConfigError
from milestonebot.sources.yaml import YamlSource
from milestonebot.when import When

if TYPE_CHECKING:
    from milestonebot.model import Facts

DOC = Path(__file__).parents[2] / "docs" / "milestones-file.md"
SMALLEST, EXAMPLE = re.findall(r"```yaml\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
"""The examples of the reference."""

HERE = "‸"
"""Marks where in a file a mistake is told."""


def read(folder: Path, text: str) -> Facts:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return YamlSource(["a.yaml"], folder).read()


def told(folder: Path, text: str) -> list[str]:
    """Return what is said of a file, as `line:column message`."""
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    assert {problem.file for problem in caught.value.problems} == {str(folder / "a.yaml")}
    return [f"{problem.line}:{problem.column} {problem.message}" for problem in caught.value.problems]


def check_told(folder: Path, marked: str, expected: str) -> None:
    """Check that the file's one mistake is told at the mark, in words that begin as expected."""
    before, _, after = marked.partition(HERE)
    (only,) = told(folder, before + after)
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    assert only.startswith(f"{place} {expected}"), only


def day(text: str) -> When:
    return When.day(date.fromisoformat(text))
