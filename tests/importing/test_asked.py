"""From a post to an answer: import, check, ask."""

from pathlib import Path

import pytest

from milestonebot.cli import main

POSTS = Path(__file__).parents[1] / "posts"


@pytest.mark.parametrize("name", ["aspen-1.html", "aspen-2.md", "aspen-3.md", "birch-plans.md"])
def test_what_is_imported_passes_the_check(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(POSTS / name)]) == 0
    out, err = capsys.readouterr()
    assert err.startswith(f"{POSTS / name}: ")
    (tmp_path / "milestones.yaml").write_text(out, encoding="utf-8")
    assert main(["check", str(tmp_path / "milestones.yaml")]) == 0


def test_what_is_imported_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "milestones.yaml"
    main(["import", str(POSTS / "aspen-2.md")])
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["ask", "!milestone aspen-2", "--data", str(file), "--at", "2019-06-18"]) == 0
    answer = capsys.readouterr().out
    assert "the week of Mon 10 to Sun 16 Jun 2019" in answer
    assert "9 blueprints named: example-server 6, example-web 2, example-store 1" in answer
    assert main(["ask", "!blueprint rtl", "--data", str(file), "--at", "2019-06-18"]) == 0
    assert "https://blueprints.launchpad.net/example-web/+spec/rtl" in capsys.readouterr().out


def test_a_post_that_cannot_be_read_ends_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "nowhere.md"]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", "nowhere.md: error: cannot be read: No such file or directory\n")
