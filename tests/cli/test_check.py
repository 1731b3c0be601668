"""`milestonebot check`: all mistakes of a config and its data at once, and what is doubtful."""

from pathlib import Path

import pytest

from milestonebot.cli import main

DATA = "group: shop\nmilestones:\n  basket-1: {date: 2026-03-12}\n"
WRONG = "group: shop\nmilestones:\n  basket-1: {dat: 2026-03-12}\n"


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.yaml").write_text(text)


def checked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 1) -> list[str]:
    assert main(["check", *arguments]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def told(lines: list[str], *beginnings: str) -> None:
    assert len(lines) == len(beginnings)
    assert [line[: len(each)] for line, each in zip(lines, beginnings, strict=True)] == list(beginnings)


def test_what_is_fine_is_told_with_what_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    write(config="catalog: [{kind: yaml, path: data.yaml}]\n", data=DATA)
    held = "fine. The catalog holds 0 series, 0 projects, 1 date, 0 releases and 0 blueprints."
    assert checked(capsys, code=0) == [f"config.yaml: {held}"]
    assert checked(capsys, "data.yaml", code=0) == [f"data.yaml: {held}"]


def test_a_wrong_config_does_not_hide_what_is_wrong_in_its_data(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        config="timezon: UTC\n"
        "catalog: [{kind: yaml, path: [a.yaml, b.yaml, {env: NOWHERE}, .]}, {kind: yaml}, 1]\n",
        a=WRONG,
    )
    lines = checked(capsys)
    told(
        lines,
        "config.yaml:1:1: error: unknown key 'timezon'",
        "config.yaml:2:39: error: there is no file 'b.yaml'",
        "config.yaml:2:47: error: the environment variable 'NOWHERE' is not set",
        "config.yaml:2:63: error: '.' is a folder",
        "config.yaml:2:68: error: the key 'path' is missing",
        "config.yaml:2:82: error: expected keys and values",
        "a.yaml:3:14: error: unknown key 'dat'; did you mean 'date'?",
        "7 mistakes to mend.",
    )


def test_data_is_found_as_the_config_would_find_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA", "a.yaml")
    (Path("here")).mkdir()
    Path("here/config.yaml").write_text(
        "x: 1\ncatalog:\n  - {kind: yaml, path: {env: DATA}}\n  - {kind: yaml, path: 'b*.yaml'}\n"
    )
    Path("here/a.yaml").write_text(WRONG)
    Path("here/b1.yaml").write_text(WRONG)
    lines = checked(capsys, "--config", "./here/config.yaml")
    told(lines, "here/config.yaml:1:1", "here/a.yaml:3:14", "here/b1.yaml:3:14", "3 mistakes")


@pytest.mark.parametrize("text", ["catalog: [\n", "- a\n", "catalog: 1\n"])
def test_a_config_without_a_catalog_names_no_data(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(config=text, a=WRONG)
    told(checked(capsys), "config.yaml:", "1 mistake to mend.")


def test_a_catalog_that_is_no_list_still_names_its_data(capsys: pytest.CaptureFixture[str]) -> None:
    write(config="catalog: {kind: yaml, path: a.yaml}\n", a=WRONG)
    told(checked(capsys), "config.yaml:1:10: error: expected a list", "a.yaml:3:14", "2 mistakes to mend.")


def test_a_wrong_source_does_not_hide_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        config="catalog: [{kind: yaml, path: a.yaml}, {kind: openstack}, {kind: yaml, path: b.yaml}]\n",
        a=WRONG,
        b=WRONG,
    )
    told(checked(capsys), "a.yaml:3:14", "b.yaml:3:14", "2 mistakes to mend.")


def test_what_keeps_a_source_from_being_read_is_told_beside_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milestonebot.sources.openstack.OpenStackSource.__init__.__defaults__", ("nowhere",))
    write(config="catalog: [{kind: openstack}, {kind: yaml, path: b.yaml}]\n", b=WRONG)
    told(checked(capsys), "b.yaml:3:14", "The shipped data is not compiled yet", "2 mistakes to mend.")


@pytest.mark.parametrize("arguments", [["--at", "soon"], ["a.yaml", "--config", "config.yaml"]])
def test_wrong_options_are_no_mistakes_in_files(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(config="catalog: [{kind: yaml, path: a.yaml}]\n", a=DATA)
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr().err.startswith("milestonebot: ")


def test_where_there_is_nothing_to_check_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert "there is no config.yaml here; name the config (--config FILE)" in capsys.readouterr().err


def test_a_pattern_that_matches_nothing_is_no_fine_file(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=DATA)
    told(checked(capsys, "a.yaml", "b*.yaml"), "b*.yaml: error: matches no file", "1 mistake to mend.")
    assert checked(capsys, "a*.yaml", code=0)


def test_a_file_of_the_other_kind_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=DATA, b="networks: []\n")
    hint = "b.yaml looks as if it were a config: milestonebot check --config b.yaml"
    assert checked(capsys, "a.yaml", "b.yaml")[-1] == hint
    hint = "a.yaml looks as if it were a milestones file: milestonebot check a.yaml"
    assert checked(capsys, "--config", "a.yaml")[-1] == hint
    Path("c.md").write_text("Title: x\n\nThe basket-1 milestone.\n")
    assert checked(capsys, "c.md")[-1] == "c.md looks as if it were a post: milestonebot import c.md"
    write(a=WRONG, b="networks: 1\n")
    assert "looks" not in checked(capsys, "a.yaml")[-1] + checked(capsys, "--config", "b.yaml")[-1]


DOUBTFUL = """\
group: shop
series:
  basket: {released: true, date: 2026-03-12, starts: 2026-04, eol: 2026-W10}
  cart: {released: 2026-03-13, starts: 2026-01-01, eol: 2027-01-01}
milestones:
  basket-1: {released: true, date: "2026-03-12T14:00", zone: UTC}
  basket-2: {released: false, date: 2026-06-01}
  basket-3: {released: true}
posts:
  - {title: Basket, milestone: Basket_1}
  - {title: Cart, milestone: cart-1}
"""


def test_what_is_hardly_meant_is_told_and_works(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=DOUBTFUL)
    lines = checked(capsys, "a.yaml", "--at", "2026-03-11", code=0)
    told(
        lines,
        "a.yaml:3:22: warning: says that it is out, and its date, 2026-03-12, is still to come",
        "a.yaml:3:54: warning: its cycle starts 2026-04, after its release, 2026-03-12",
        "a.yaml:3:68: warning: its life ends 2026-03-02..2026-03-08, before its release, 2026-03-12",
        "a.yaml:4:20: warning: the day it went out, 2026-03-13, is still to come",
        "a.yaml:6:24: warning: says that it is out, and its date, 2026-03-12T14:00+00:00, is still to come",
        "a.yaml:11:30: warning: no milestone of shop is called cart-1, so nobody is told of this post",
        "a.yaml: fine, but for 6 warnings. The catalog holds",
    )


def test_what_was_to_come_is_fine_once_it_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=DOUBTFUL)
    lines = checked(capsys, "a.yaml", "--at", "2026-03-13", code=0)
    assert [line.split(":")[1] for line in lines[:-1]] == ["3", "3", "11"]
    assert len(checked(capsys, "a.yaml", "--at", "2026-03-12T13:59Z", code=0)) == 6
    assert len(checked(capsys, "a.yaml", "--at", "2026-03-12T14:00Z", code=0)) == 5


def test_a_post_is_found_by_its_milestones_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    start = "group: shop\nmilestones: {basket-1: {series: basket}}\nposts:\n  - title: a\n    milestone: "
    write(a=f"{start}basket-milestone-1\n")
    assert "no milestone of shop is called basket-milestone-1" in checked(capsys, "a.yaml", code=0)[0]
    write(a=f"{start}Basket_1\n")
    assert len(checked(capsys, "a.yaml", code=0)) == 1


def test_a_post_may_be_about_a_milestone_of_another_source(capsys: pytest.CaptureFixture[str]) -> None:
    post = "group: {}\nposts: [{{title: a, milestone: essex-2}}]\n".format
    write(
        config="catalog: [{kind: yaml, path: '?.yaml'}, {kind: openstack}]\n",
        a=post("openstack"),
        b=post("shop"),
    )
    told(
        checked(capsys, code=0),
        "b.yaml:2:31: warning: no milestone of shop is called essex-2",
        "config.yaml: fine, but for 1 warning.",
    )
