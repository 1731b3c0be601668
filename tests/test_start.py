"""An answer on the command line imports little: its time is Python's own, and not that of libraries.

The time itself is measured by `python -m benchmarks start`; a busy machine would make a test of it fail.
"""

from collections.abc import Iterable

import pytest

from benchmarks.start import FORBIDDEN, QUESTIONS, imported
from milestonebot.commands import FILES

CLIENTS = {"aiohttp", "aiosqlite", "apscheduler", "asyncio", "irc", "nio", "pydantic", "rich", "yaml"}
NOT_NEEDED = {"markdown_it", "multiprocessing", "pickle", "prompt_toolkit", "unittest", "zoneinfo"}


def packages(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_an_offline_answer_imports_no_client_library(question: str) -> None:
    modules = imported(question)
    assert {"milestonebot.cli.ask", "milestonebot.facts", "milestonebot.render.plain"} <= set(modules)
    assert CLIENTS == FORBIDDEN
    assert packages(modules) & (CLIENTS | NOT_NEEDED) == set()


def test_only_a_near_miss_looks_for_names_that_are_near() -> None:
    assert "rapidfuzz" not in packages(imported(QUESTIONS["a milestone"]))
    assert "rapidfuzz" in packages(imported(QUESTIONS["a near miss"]))


def test_one_command_imports_its_own_file_and_what_that_needs() -> None:
    commands = {name for name in imported("!next") if name.startswith("milestonebot.commands.")}
    assert commands == {"milestonebot.commands.next"}


def test_help_imports_every_command() -> None:
    commands = {name for name in imported("!help") if name.startswith("milestonebot.commands.")}
    assert commands == {f"milestonebot.commands.{file}" for file in FILES}


def test_one_format_imports_its_own_renderer() -> None:
    assert {name for name in imported("!next") if name.startswith("milestonebot.render.")} == {
        "milestonebot.render.clean",
        "milestonebot.render.plain",
    }
