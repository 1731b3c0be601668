"""The Matrix benchmark compares like with like; its figures are not tested."""

from __future__ import annotations

import asyncio
import cProfile
import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from benchmarks.matrix import __main__ as matrix, bots, profiled
from benchmarks.matrix.bare import CONTENT
from benchmarks.matrix.bots import PASSWORD
from benchmarks.running import BotFailed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.matrix import MatrixClient

RELATION = {"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}


def test_a_bot_that_is_not_here_is_told_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bots, "_MAUBOT", tmp_path)
    assert matrix._here(bots.NAMES) == [name for name in bots.NAMES if name != bots.MAUBOT]  # noqa: SLF001 - the choice is what is tested
    told = capsys.readouterr().err
    assert "maubot is left out" in told
    assert "make peers" in told
    (tmp_path / "maubot.installed").touch()
    assert matrix._here(bots.NAMES) == list(bots.NAMES)  # noqa: SLF001 - likewise


def test_what_every_bot_says_is_an_answer_to_what_was_asked() -> None:
    content: dict[str, Any] = {**CONTENT, **RELATION}
    assert matrix._answers(content, "$1")  # noqa: SLF001 - the judge of the comparison
    assert not matrix._answers(content, "$2")  # noqa: SLF001 - likewise
    assert not matrix._answers(CONTENT, "$1")  # noqa: SLF001 - likewise


@pytest.mark.parametrize(
    "other", [{"msgtype": "m.text"}, {"m.mentions": {"room": True}}, {"body": "?"}, {"formatted_body": "?"}]
)
def test_another_kind_of_answer_ends_the_comparison(other: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        matrix._answers({**CONTENT, **RELATION, **other}, "$1")  # noqa: SLF001 - likewise


def test_a_profile_is_told_in_shares_of_the_whole(tmp_path: Path) -> None:
    profile = cProfile.Profile()
    profile.runcall(lambda: [json.loads(json.dumps(list(range(100)))) for _ in range(1000)])
    profile.dump_stats(tmp_path / "profile")
    shares = profiled.shares(tmp_path / "profile")
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["JSON"] > 0.5
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


async def _leak(account: MatrixClient) -> None:
    leaking = "import os; raise SystemExit(f'{os.environ[\"MATRIX_PASSWORD\"]} or the-token')"
    async with asyncio.timeout(10), matrix._running("ours", [sys.executable, "-c", leaking], account):  # noqa: SLF001 - how each is started
        await asyncio.Event().wait()


async def test_neither_password_nor_token_is_told_of_a_bot_that_failed() -> None:
    assert PASSWORD
    with pytest.raises(BotFailed) as raised:
        await _leak(cast("MatrixClient", SimpleNamespace(token="the-token")))  # noqa: S106 - of nobody
    assert str(raised.value).endswith("\n  *** or ***")


def test_a_bot_that_failed_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BotFailed("maubot ended by itself, with exit code 1; it said nothing")

    monkeypatch.setattr(matrix, "_measure", fail)
    with pytest.raises(SystemExit, match=r"^maubot ended by itself, with exit code 1"):
        matrix.main([])
