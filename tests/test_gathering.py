"""The sources of one catalog: read anew one by one, and swapped whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import at
from milestonebot.errors import SourceError
from milestonebot.gathering import Gathering
from milestonebot.model import Facts, Milestone, Origin
from milestonebot.sources.openstack import OpenStackSource
from milestonebot.sources.yaml import YamlSource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from milestonebot.catalog import Catalog

CLOCK = at("2011-12-20")


class Listed:
    """A source that says what the test lists; an error is raised."""

    def __init__(self, *says: str | Exception) -> None:
        self.says = list(says)
        self.held: asyncio.Event | None = None

    async def load(self) -> Facts:
        if self.held is not None:
            await self.held.wait()
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, Exception):
            raise said
        return facts(*said.split())


def facts(*names: str) -> Facts:
    return Facts(milestones=tuple(Milestone(name, "openstack", Origin("here")) for name in names))


async def gathered(*sources: Listed) -> Gathering:
    gathering = Gathering(CLOCK)
    await gathering.read(sources)
    return gathering


def names(catalog: Catalog) -> Sequence[str]:
    return [each.name for each in catalog.facts.milestones]


async def test_one_source_is_read_anew_and_the_catalog_swapped() -> None:
    gathering = await gathered(Listed("a", "a b"), Listed("c"))
    before = gathering.catalog
    assert await gathering.refresh(0)
    assert names(gathering.catalog) == ["a", "b", "c"]
    assert names(before) == ["a", "c"]
    assert gathering.catalog.loaded == CLOCK.now()


async def test_what_says_nothing_new_leaves_the_catalog_alone() -> None:
    gathering = await gathered(Listed("a"))
    before = gathering.catalog
    assert not await gathering.refresh(0)
    assert gathering.catalog is before


@pytest.mark.parametrize("error", [SourceError("away"), KeyError("a third party's bug")])
async def test_what_cannot_be_read_still_says_what_it_said_and_is_logged_once(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    gathering = await gathered(Listed("a", error, error, SourceError("gone"), "b"), Listed("c"))
    for _ in range(3):
        assert not await gathering.refresh(0)
        assert names(gathering.catalog) == ["a", "c"]
    kept = [each.getMessage() for each in caplog.records if "is kept as it was" in each.getMessage()]
    assert len(kept) == 2
    assert str(error) in kept[0]
    assert "gone" in kept[1]
    assert "catalog entry 1 (tests.test_gathering)" in kept[0]
    assert await gathering.refresh(0)
    assert names(gathering.catalog) == ["b", "c"]
    assert "catalog entry 1 (tests.test_gathering) can be read again" in caplog.text


async def test_in_the_log_a_source_has_the_name_that_the_config_gives_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.yaml").write_text("group: a\n")
    gathering = Gathering(CLOCK)
    await gathering.read([OpenStackSource(), YamlSource(["*.yaml"], tmp_path)])
    (tmp_path / "a.yaml").write_text("milestones: [\n")
    await gathering.refresh(1)
    assert "catalog entry 2 (*.yaml) is kept as it was" in caplog.text
    assert str(OpenStackSource()) == "openstack"


async def test_two_at_once_lose_nothing() -> None:
    gathering = await gathered(*(Listed("a", f"a{number}") for number in range(8)))
    await asyncio.gather(*(gathering.refresh(number) for number in range(8)))
    assert names(gathering.catalog) == [f"a{number}" for number in range(8)]


async def test_where_one_of_all_fails_all_stays_as_it_was() -> None:
    gathering = await gathered(Listed("a"), Listed("b"))
    before = gathering.catalog
    with pytest.raises(SourceError):
        await gathering.read([Listed("c"), Listed(SourceError("away"))])
    assert gathering.catalog is before
    assert not await gathering.refresh(1)


async def test_what_a_former_source_says_late_is_not_heard() -> None:
    slow = Listed("a", "b")
    gathering = await gathered(slow)
    slow.held = asyncio.Event()
    late = asyncio.create_task(gathering.refresh(0))
    await asyncio.sleep(0)
    await gathering.read([Listed("c")])
    slow.held.set()
    assert not await late
    assert names(gathering.catalog) == ["c"]


async def test_what_was_wrong_with_a_former_source_is_nobody_elses_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    former = Listed("a", SourceError("gone"))
    gathering = await gathered(Listed("x"), former)
    former.held = asyncio.Event()
    refreshing = asyncio.create_task(gathering.refresh(1))
    await asyncio.sleep(0)
    await gathering.read([Listed("y"), Listed("b")])
    former.held.set()
    assert not await refreshing
    assert gathering.problems == {}
    assert "gone" not in caplog.text
    await gathering.read([Listed("b")])
    assert not await gathering.refresh(1)


async def test_a_source_that_is_read_twice_at_once_says_last_what_it_said_last() -> None:
    slow = Listed("a", "old", "new")
    gathering = await gathered(slow)
    usual, first = slow.load, asyncio.Event()

    async def load() -> Facts:
        said = await usual()
        if said == facts("old"):
            await first.wait()
        return said

    slow.load = load  # type: ignore[method-assign] # the test's own
    both = [asyncio.create_task(gathering.refresh(0)) for _ in range(2)]
    for _ in range(5):
        await asyncio.sleep(0)
    first.set()
    assert await asyncio.gather(*both) == [True, True]
    assert names(gathering.catalog) == ["new"]
