"""The README's examples are run, and say what the bot says."""

import re
import shlex
from pathlib import Path

import pytest

from milestonebot.cli import main

README = Path(__file__).parent.parent / "README.md"
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
ASKED = [
    (question, options, answer)
    for block in BLOCKS
    for question, options, answer in re.findall(
        r"^\$ milestonebot ask '(.*?)' (--.*)\n((?:(?!\$).*\n)+)", block, re.MULTILINE
    )
]


def test_there_are_examples() -> None:
    assert len(ASKED) == 6


@pytest.mark.parametrize(("question", "options", "answer"), ASKED)
def test_an_example_says_what_the_bot_says(
    question: str,
    options: str,
    answer: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(README.parent)
    main(["ask", question, *shlex.split(options)])
    assert capsys.readouterr().out == answer


def test_the_first_screen_shows_the_console_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    lines = BLOCKS[0].splitlines()[1:]
    at = [number for number, line in enumerate(lines) if line.startswith("> ")]
    for number, end in zip(at, [*at[1:], len(lines)], strict=True):
        main(["ask", lines[number].removeprefix("> "), "--at", "2026-11-22"])
        assert capsys.readouterr().out.splitlines() == lines[number + 1 : end]


def test_the_plan_is_what_would_be_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(README.parent)
    (block,) = (block for block in BLOCKS if block.startswith("$ milestonebot plan "))
    command, _, told = block.partition("\n")
    assert main(command.split()[2:]) == 0
    assert capsys.readouterr().out == told


def test_the_milestones_file_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    file = tmp_path / "example.yaml"
    file.write_text(example)
    assert main(["check", str(file)]) == 0
    assert main(["ask", "!schedule", "--data", str(file), "--at", "2026-11-22"]) == 0
    assert "Mon 1 to Sun 7 Feb 2027" in capsys.readouterr().out


def test_architecture_names_every_room_of_the_house() -> None:
    import milestonebot

    folder = Path(milestonebot.__file__).parent
    architecture = (README.parent / "docs" / "ARCHITECTURE.md").read_text()
    for entry in folder.iterdir():
        if entry.suffix == ".py" and not entry.name.startswith("__"):
            assert entry.name in architecture
        if (entry / "__init__.py").exists():
            assert f"{entry.name}/" in architecture
