from __future__ import annotations

import asyncio
import inspect
import socket
import ssl

import pytest

from milestonebot import errors
from milestonebot.errors import (
    ConfigError,
    MilestonebotError,
    NetworkError,
    NotFound,
    Problem,
    Refused,
    SourceError,
    UnknownCommand,
    Usage,
    UserError,
)


def test_every_error_is_one_of_ours() -> None:
    for _, each in inspect.getmembers(errors, inspect.isclass):
        assert each is Problem or issubclass(each, MilestonebotError)


def test_only_what_the_asker_can_mend_is_told_in_the_room() -> None:
    assert issubclass(NotFound, UserError)
    assert issubclass(Usage, UserError)
    for each in (ConfigError, SourceError, UnknownCommand, NetworkError, Refused):
        assert not issubclass(each, UserError)


def test_who_tries_a_network_again_can_see_where_that_is_in_vain() -> None:
    assert issubclass(Refused, NetworkError)


def test_the_tree_in_the_docstring_is_the_whole_tree() -> None:
    told = errors.__doc__ or ""
    for name, each in inspect.getmembers(errors, inspect.isclass):
        if issubclass(each, Exception):
            assert name in told
            assert each.__doc__


def test_what_is_not_found_carries_three_near_misses_at_most() -> None:
    error = NotFound("No milestone is called x.", ("a", "b", "c", "d"))
    assert (str(error), error.suggestions) == ("No milestone is called x.", ("a", "b", "c"))
    assert NotFound("No milestone is called x.").suggestions == ()


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (Problem("a.yaml", 3, 7, "expected a date"), "a.yaml:3:7: error: expected a date"),
        (Problem("a.yaml", 1, 1, "a secret", "warning"), "a.yaml:1:1: warning: a secret"),
        (Problem("a.yaml", 0, 0, "cannot be read"), "a.yaml: error: cannot be read"),
    ],
)
def test_a_problem_is_told_as_compilers_do(problem: Problem, told: str) -> None:
    assert str(problem) == told


def test_a_config_error_tells_every_problem_a_line_each() -> None:
    problems = tuple(Problem("a.yaml", line, 1, "expected a date") for line in (1, 2))
    error = ConfigError(problems)
    assert error.problems == problems
    assert str(error) == "a.yaml:1:1: error: expected a date\na.yaml:2:1: error: expected a date"


async def test_a_connection_that_cannot_be_made_is_told_as_the_system_says_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(OSError, match="Connect call failed") as failed:
        await asyncio.open_connection("127.0.0.1", port)
    assert errors.reason(failed.value) == "Connection refused"


def test_other_reasons_stay_as_they_are() -> None:
    told = [
        OSError(13, "Permission denied"),
        socket.gaierror(-2, "Name or service not known"),
        ssl.SSLError(1, "[SSL] wrong version number"),
        TimeoutError(),
        OSError("Multiple exceptions: …"),
    ]
    assert [*map(errors.reason, told)] == [
        "Permission denied",
        "Name or service not known",
        "[SSL] wrong version number",
        "TimeoutError",
        "Multiple exceptions: …",
    ]
