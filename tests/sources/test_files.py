from __future__ import annotations

from pathlib import Path

import pytest

from milestonebot.errors import ConfigError
from milestonebot.sources.yaml import YamlSource
from tests.sources.written import check_told, read

SLIPS = [
    (
        "series: {essex: }\nmilestones: {b: {series: ‸esex}}",
        "no series is called esex; did you mean essex? If not,",
    ),
    (
        "series: {essex: }\nreleases: [{version: '1', series: ‸esssex}]",
        "no series is called esssex; did you mean",
    ),
    (
        "projects: {nova: }\nmilestones: {b: {project: ‸nvoa}}",
        "no project is called nvoa; did you mean nova?",
    ),
    ("projects: {nova: }\nmilestones: {‸novaa/b: }", "no project is called novaa; did you mean nova?"),
    (
        "projects: {nova: {aliases: [quantum]}}\nmilestones: {b: {blueprints: {‸quantm: []}}}",
        "no project is called quantm; did you mean quantum?",
    ),
    (
        "projects: {nova: }\nmilestones: {b: {tags: {‸mova: {tag: c, date: 2012-01-01, kind: commit}}}}",
        "no project is called mova; did you mean nova?",
    ),
    ("projects: {nova: }\nreleases: [{version: '1', project: ‸novo}]", "no project is called novo"),
    (
        "milestones: {essex-2: }\nposts: [{title: b, milestone: ‸esex-2}]",
        "no milestone is called esex-2; did you",
    ),
    (
        "projects: {nova: }\nposts: [{title: b, milestone: c, underway: [{project: ‸nowa, what: d}]}]",
        "no project is called nowa; did you mean nova?",
    ),
]


@pytest.mark.parametrize(("text", "expected"), SLIPS)
def test_a_name_that_is_all_but_declared_is_told(tmp_path: Path, text: str, expected: str) -> None:
    check_told(tmp_path, f"group: a\n{text}\n", expected)


@pytest.mark.parametrize(
    "text",
    [
        "series: {essex: }\nmilestones: {b: {series: folsom}}",
        "series: {essex: }\nmilestones: {b: {series: ESSEX}}",
        "milestones: {essex-1: }\nposts: [{title: b, milestone: essex-2}]",
        "series: {'2023.1': }\nmilestones: {b: {series: '2023.2'}}",
        "milestones: {b: {series: essex, project: nova}}",
        "series: {a1: , abc: }\nmilestones: {b: {series: b1}, c: {series: abd}}",
    ],
)
def test_names_need_not_be_declared(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, f"group: a\n{text}\n").milestones


def test_names_are_compared_over_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("group: a\nmilestones: {b: {series: esex}}\n")
    (tmp_path / "b.yaml").write_text("group: a\nseries: {essex: }\n")
    assert YamlSource(["a.yaml"], tmp_path).read().milestones
    with pytest.raises(
        ConfigError, match=r"/a.yaml:2:26: error: no series is called esex; did you mean essex"
    ):
        YamlSource(["*.yaml"], tmp_path).read()


def test_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("group: a\nzone: Mars\n")
    (tmp_path / "b.yaml").write_text("group: a\nmilestones: {c: {date: soon}, d: {window: 2011-W51}}\n")
    (tmp_path / "c.yaml").write_text("group: a\nmilestones: {c: {window: 2011-W51}}\n")
    with pytest.raises(ConfigError) as caught:
        YamlSource(["*.yaml", "missing.yaml"], tmp_path).read()
    assert [(Path(each.file).name, each.line) for each in caught.value.problems] == [
        ("a.yaml", 2),
        ("b.yaml", 2),
        ("b.yaml", 2),
        ("c.yaml", 2),
        ("missing.yaml", 0),
    ]


def test_of_very_many_problems_the_first_are_told(tmp_path: Path) -> None:
    doubled = "".join(f"  b-{i}: \n  B-{i}: \n" for i in range(150))
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(f"group: a\nmilestones:\n{doubled}")
    with pytest.raises(ConfigError) as caught:
        YamlSource(["*.yaml"], tmp_path).read()
    told = [(Path(each.file).name, each.line, each.message) for each in caught.value.problems]
    assert len(told) == 202
    assert told[100] == ("a.yaml", 204, "and at least 50 more problems from here on")
    assert [line for _, line, _ in told[:100]] == list(range(4, 204, 2))


def test_a_file_that_cannot_be_read_may_declare_what_others_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("group: a\nseries: {essex: }\nmilestones: {b: {series: esex}}\n")
    (tmp_path / "b.yaml").write_text("group: a\nseries: {esex: \n")
    with pytest.raises(ConfigError) as caught:
        YamlSource(["*.yaml"], tmp_path).read()
    assert [Path(each.file).name for each in caught.value.problems] == ["b.yaml"]


def test_one_group_over_several_files_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("group: openstack\n")
    (tmp_path / "b.yaml").write_text("group: {name: openstack, title: OpenStack}\n")
    (tmp_path / "c.yaml").write_text("group: shop\n")
    groups = YamlSource(["*.yaml"], tmp_path).read().groups
    assert [(each.name, each.title) for each in groups] == [("openstack", "OpenStack"), ("shop", None)]


def test_the_same_thing_may_stand_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("group: a\nprojects: {nova: }\nmilestones: {b: {date: 2012-01-01}}\n")
    (tmp_path / "b.yaml").write_text("group: a\nprojects: {nova: }\nmilestones: {b: {released: true}}\n")
    facts = YamlSource(["*.yaml"], tmp_path).read()
    assert [each.origin.source for each in facts.milestones] == ["a.yaml:3", "b.yaml:3"]
