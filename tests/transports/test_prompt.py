"""Line editing: completion, history, and the ends of input."""

from pathlib import Path

from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document as Typed
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from milestonebot.transports.prompt import NameCompleter, PromptReader, history_file

NAMES = {"essex-2": "milestone", "essex": "series", "nova": "project", "nova-rootwrap": "blueprint"}
COMPLETER = NameCompleter(["next", "milestone", "milestones"], NAMES, "!")


def completed(text: str) -> list[str]:
    found = COMPLETER.get_completions(Typed(text), CompleteEvent())
    return [text[: len(text) + each.start_position] + each.text for each in found]


def test_the_first_word_is_a_command_with_or_without_prefix_or_a_name() -> None:
    assert completed("!mile") == ["!milestone", "!milestones"]
    assert completed("mile") == ["milestone", "milestones"]
    assert completed("n") == ["next", "nova", "nova-rootwrap"]
    assert completed("ess") == ["essex", "essex-2"]
    assert completed("") == ["milestone", "milestones", "next"]


def test_the_other_words_are_names() -> None:
    assert completed("!milestone ess") == ["!milestone essex", "!milestone essex-2"]
    assert completed("when is ESSEX-") == ["when is essex-2"]
    assert completed("!milestone mile") == []


async def typed(keys: str, reader: PromptReader | None = None) -> str | None:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(keys)
        return await (reader or PromptReader(COMPLETER, None)).line()


async def test_a_line_is_read_and_edited() -> None:
    assert await typed("!nexx\x7ft\r") == "!next"


async def test_the_end_of_input_is_none_and_an_interrupt_an_empty_line() -> None:
    assert await typed("\x04") is None
    assert await typed("!mile\x03") == ""


async def test_history_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "milestonebot" / "history"
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        reader = PromptReader(COMPLETER, file)
        pipe.send_text("!next\r")
        assert await reader.line() == "!next"
    assert "+!next" in file.read_text().splitlines()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


async def test_without_a_place_for_history_it_works_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        reader = PromptReader(COMPLETER, blocked / "history")
        pipe.send_text("!next\r")
        assert await reader.line() == "!next"


def test_the_history_is_where_the_xdg_specification_says() -> None:
    assert history_file({"XDG_STATE_HOME": "/s", "HOME": "/h"}) == Path("/s/milestonebot/history")
    assert history_file({"HOME": "/h"}) == Path("/h/.local/state/milestonebot/history")
    assert history_file({"XDG_STATE_HOME": "relative", "HOME": "/h"}) == Path(
        "/h/.local/state/milestonebot/history"
    )
    assert history_file({}) is None
