"""What is different between two catalogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.applying.data import told
from milestonebot.catalog import Catalog
from milestonebot.sources.yaml import YamlSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[str], Catalog]

BASE = """group: example
series: {one: {version: "1"}}
milestones:
  one-1: {series: one, date: 2012-01-01, blueprints: {nova: [{name: a}]}}
  one-2: {series: one, date: 2012-02-01}
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str) -> Catalog:
        (tmp_path / "data.yaml").write_text(text)
        return Catalog.of(YamlSource(["data.yaml"], tmp_path).read())

    return read


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("group", "# moved down a line\ngroup", ()),
        ("2012-02-01", "2012-02-02", ("milestone other: one-2",)),
        ("2012-02-01", "2012-02-01, released: true", ("milestone other: one-2",)),
        ('version: "1"', 'version: "2"', ("series other: one",)),
        ("one-2:", "one-3:", ("milestone new: one-3", "milestone gone: one-2")),
        ("[{name: a}]", "[{name: a}, {name: b}]", ("1 blueprint new, other or gone",)),
        (
            "milestones:",
            "milestones:\n" + "".join(f"  new-{number}: {{date: 2012-03-01}}\n" for number in range(5)),
            ("milestone new: new-0, new-1, new-2 and 2 more",),
        ),
    ],
)
def test_changes_of_facts_are_told_and_not_where_they_stand(
    read: Read,
    before: str,
    after: str,
    changes: tuple[str, ...],
) -> None:
    assert before in BASE
    assert told(read(BASE), read(BASE.replace(before, after))) == changes
