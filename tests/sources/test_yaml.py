from __future__ import annotations

import os
from pathlib import Path

import pytest

from milestonebot import sources
from milestonebot.clock import SystemClock
from milestonebot.errors import ConfigError
from milestonebot.gathering import Gathering
from milestonebot.sources.yaml import YamlSource


def test_globs_find_files_in_order_and_once(tmp_path: Path) -> None:
    for name in (
        "b.yaml",
        "a.yaml",
        "deep/er/c.yaml",
        "a.yaml~",
        ".hidden.yaml",
        "notes.txt",
        "folder.yaml/x",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"group: a\nmilestones: {{{Path(name).stem}: }}\n")
    found = YamlSource(["*.yaml", "a.yaml", "**/*.yaml"], tmp_path)
    assert [shown for _, shown in found.files()] == ["a.yaml", "b.yaml", "deep/er/c.yaml"]
    assert [each.name for each in found.read().milestones] == ["a", "b", "c"]
    absolute = YamlSource([str(tmp_path / "*.yaml")], Path("/"))
    assert absolute.read().milestones[0].origin.source == f"{tmp_path}/a.yaml:2"


async def test_a_glob_that_matches_nothing_any_more_withdraws_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "milestones"
    folder.mkdir()
    (folder / "a.yaml").write_text("group: a\nmilestones: {b: }\n")
    source = YamlSource(["milestones/*.yaml"], tmp_path)
    gathering = Gathering(SystemClock())
    await gathering.read([source])
    before = gathering.catalog
    (folder / "a.yaml").unlink()
    assert source.files() == []
    assert not await gathering.refresh(0)
    assert gathering.catalog is before
    assert gathering.problems[0] == f"{folder}/*.yaml: error: matches no file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "milestones").mkdir()
    (tmp_path / "a.yaml").write_text("group: a\nzone: Mars\n")
    with pytest.raises(ConfigError) as caught:
        YamlSource(["milestones/", "a.yaml"], tmp_path).read()
    folder, zone = caught.value.problems
    assert str(folder) == (
        f"{tmp_path / 'milestones'}: error: is a folder; write milestones/*.yaml for the files in it"
    )
    assert zone.line == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"/missing.yaml: error: cannot be read: No such file or directory$"
    ):
        YamlSource(["missing.yaml"], tmp_path).read()


async def test_loading_reads_the_files_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("group: a\n")
    source = YamlSource(["a.yaml"], tmp_path)
    assert (await source.load()).milestones == ()
    path.write_text("group: a\nmilestones: {b: }\n")
    assert [each.name for each in (await source.load()).milestones] == ["b"]


def test_every_source_is_listed() -> None:
    folder = Path(sources.__file__).parent
    with_load = {
        path.stem for path in folder.glob("*.py") if "async def load(" in path.read_text(encoding="utf-8")
    }
    assert with_load == set(sources.SOURCES)
    assert all(place.startswith(f"milestonebot.sources.{kind}:") for kind, place in sources.SOURCES.items())


async def test_problems_are_named_as_they_can_be_opened_and_traps_told_with_the_rest(tmp_path: Path) -> None:
    (tmp_path / "milestones").mkdir()
    (tmp_path / "milestones" / "a.yaml").write_text(
        "group: a\nmilestones:\n  b-1: {date: 2026-12-02}\n  b-1: {}\nseries: {b: {version: 1.30}}\n"
    )
    with pytest.raises(ConfigError) as told:
        await YamlSource(["milestones/*.yaml"], tmp_path).load()
    file = str(tmp_path / "milestones" / "a.yaml")
    assert [(each.file, each.line) for each in told.value.problems] == [(file, 4), (file, 5)]


async def test_what_did_not_change_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("group: a\nmilestones: {one: }\n")
    source = YamlSource(["*.yaml"], tmp_path)
    first = await source.load()
    with monkeypatch.context() as patched:
        patched.setattr(YamlSource, "read", lambda _: pytest.fail("parsed again"))
        assert await source.load() is first

    # The same size, but another time; then another file; then one less; then another under its name.
    file.write_text("group: a\nmilestones: {two: }\n")
    os.utime(file, ns=(1, 1))
    assert [each.name for each in (await source.load()).milestones] == ["two"]
    (tmp_path / "b.yaml").write_text("group: a\nmilestones: {three: }\n")
    assert [each.name for each in (await source.load()).milestones] == ["two", "three"]
    file.unlink()
    assert [each.name for each in (await source.load()).milestones] == ["three"]
    (tmp_path / "c").write_text("group: a\nmilestones: {fours: }\n")
    os.utime(tmp_path / "c", ns=(2, 2))
    os.utime(tmp_path / "b.yaml", ns=(2, 2))
    await source.load()
    (tmp_path / "c").replace(tmp_path / "b.yaml")
    assert [each.name for each in (await source.load()).milestones] == ["fours"]


async def test_what_is_wrong_is_told_each_time(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("group: a\nmilestones: {one: }\n")
    source = YamlSource(["*.yaml"], tmp_path)
    first = await source.load()
    file.write_text("group: a\nzone: Mars\n")
    for _ in range(2):
        with pytest.raises(ConfigError, match="Mars"):
            await source.load()
    file.write_text("group: a\nmilestones: {one: }\n")
    assert await source.load() == first
