"""The Matrix benchmark compares like with like; its figures are not tested."""

from __future__ import annotations

import cProfile
import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.matrix import __main__ as matrix, bots, profiled
from benchmarks.matrix.bare import CONTENT

if TYPE_CHECKING:
    from pathlib import Path

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
