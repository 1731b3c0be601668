from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from milestonebot.catalog import Catalog
from milestonebot.errors import ConfigError
from milestonebot.facts import facts_from_json, facts_to_json
from milestonebot.sources import openstack
from milestonebot.sources.compiled import compile_data, main, read_data
from milestonebot.sources.yaml import YamlSource

DATA = Path(openstack.DATA)
SOURCE = DATA.with_suffix("")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    (made / "a.yaml").write_text(
        "group: {name: a, title: Été}\nmilestones: {a-1: {date: 2012-01-02, source: the plan}}\n"
    )
    (made / "notes.txt").write_text("no facts")
    return made


def test_the_shipped_json_says_what_the_yaml_says(tmp_path: Path) -> None:
    compile_data(SOURCE, tmp_path / "anew.json")
    assert (tmp_path / "anew.json").read_bytes() == DATA.read_bytes(), "run `make install`"


def test_the_shipped_data_goes_through_json_unharmed() -> None:
    facts = read_data(SOURCE)
    assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts


def test_nothing_in_the_shipped_data_is_doubtful() -> None:
    read = datetime(2026, 9, 1, tzinfo=UTC)
    facts, doubts = YamlSource(["*.yaml"], SOURCE).check()
    assert doubts
    catalog = Catalog.of(facts)
    assert [str(each.problem) for each in doubts if each.holds(catalog, read)] == []


def test_yaml_becomes_compact_json(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    compile_data(folder, target)
    text = target.read_text(encoding="utf-8")
    assert '"title":"Été"' in text
    (milestone,) = facts_from_json(json.loads(text)).milestones
    assert (milestone.origin.source, milestone.origin.reference) == ("openstack", "the plan")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.json"]


def test_who_reads_the_old_data_meanwhile_reads_all_of_it(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    compile_data(folder, target)
    with target.open(encoding="utf-8") as reader:
        (folder / "a.yaml").write_text("group: b\n")
        compile_data(folder, target)
        assert "Été" in reader.read()
    assert "Été" not in target.read_text(encoding="utf-8")


def test_a_wrong_file_leaves_the_old_data_in_place(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    compile_data(folder, target)
    before = target.read_bytes()
    (folder / "b.yaml").write_text("group: a\nmilestones: {b: {date: soon}}\n")
    with pytest.raises(ConfigError, match=r"b\.yaml:2:24: error: 'soon' is not a date"):
        compile_data(folder, target)
    assert target.read_bytes() == before


@pytest.mark.slow
def test_the_command_compiles(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "milestonebot.sources.compiled", str(folder), str(tmp_path / "a.json")]
    subprocess.run(command, check=True, timeout=60)
    assert (tmp_path / "a.json").exists()


def test_the_command_tells_what_is_wrong(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.yaml").write_text("group: a\nserie: {}\n")
    assert main([str(folder), str(tmp_path / "a.json")]) == 1
    assert "a.yaml:2:1: error: unknown key 'serie'" in capsys.readouterr().err
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("usage: ")
