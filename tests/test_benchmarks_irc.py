"""The benchmark of IRC measures what it says: each bot of it answers, and reads what the others read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.irc import __main__ as irc, announcing, bots, measuring, parts, words
from benchmarks.irc.meeting import ROOM, Met, meet
from benchmarks.running import BotFailed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.network import IrcNetwork

ANSWER = "essex-2: it is out"
_NOT = {bots.LIMNORIA: {"cap-notify"}}


@pytest.mark.server
@pytest.mark.parametrize("name", bots.NAMES)
async def test_each_bot_answers_and_reads_what_the_others_read(
    name: str, irc_network: IrcNetwork, tmp_path: Path
) -> None:
    if (why := bots.missing(name)) is not None:
        pytest.skip(why)
    met = await meet(irc_network.ports.fast, lambda port: bots.bot(name, port, [ROOM], tmp_path, ANSWER))
    assert (met.answer == ANSWER) == (name not in (bots.OURS, bots.LIMITED))
    assert "essex-2" in met.answer
    assert set(words.CAPABILITIES.split()) - met.capabilities == _NOT.get(name, set())


@pytest.mark.server
async def test_a_start_is_timed_to_the_first_line_and_to_the_join(
    irc_network: IrcNetwork, tmp_path: Path
) -> None:
    port = irc_network.ports.fast

    def made(port: int) -> bots.Bot:
        return bots.bot(bots.BARE, port, [ROOM], tmp_path, ANSWER)

    [introduced] = await measuring.introducing(made, 1)
    [joined] = await measuring.starting(made(port), port, 1)
    assert 0 < introduced < joined


@pytest.mark.server
async def test_answers_are_measured_alone_and_together(irc_network: IrcNetwork, tmp_path: Path) -> None:
    port = irc_network.ports.fast
    bot = bots.bot(bots.BARE, port, measuring.ROOMS, tmp_path, ANSWER)
    load = measuring.Load(passes=2, replies=5, ignored=1, alone=3, starts=0)
    *passes, whole = await measuring.answering(bot, port, load)
    assert len(passes) == 2
    for told in passes:
        assert told["replies per second"] > 0
        assert set(told) > {"CPU per reply, µs", "CPU per ignored line, µs"}
    assert whole["memory, MiB"] > 0
    assert 0 < whole["alone, p50, ms"] <= whole["alone, p99, ms"]


@pytest.mark.server
@pytest.mark.slow
async def test_an_announcement_is_said_in_all_channels(irc_network: IrcNetwork, tmp_path: Path) -> None:
    port = irc_network.ports.fast
    durable = await announcing.ours(port, str(tmp_path / "announced.db"), 2)
    assert [0 < each.heard < each.ended for each in durable] == [True, True]
    theirs = await announcing.theirs(
        port, lambda rooms: bots.bot(bots.BARE, port, rooms, tmp_path, ANSWER), 1
    )
    assert theirs > [0]


@pytest.mark.server
@pytest.mark.slow
def test_our_memory_is_told_by_part(irc_network: IrcNetwork) -> None:
    told = parts.parts(irc_network.ports.fast)
    assert list(told) == ["interpreter", "imports", "catalog", "store", "IRC"]
    assert told["imports"] > told["IRC"]
    assert 20 < sum(told.values()) < 200


@pytest.mark.server
async def test_a_bot_that_does_not_start_is_told_with_its_reason(
    irc_network: IrcNetwork, tmp_path: Path
) -> None:
    def made(port: int) -> bots.Bot:
        bot = bots.bot(bots.BARE, port, [ROOM], tmp_path, ANSWER)
        del bot.environment["NEWS"]
        return bot

    with pytest.raises(
        BotFailed, match=r"^bare socket ended by itself, with exit code 1; [^*]*KeyError: 'NEWS'"
    ):
        await meet(irc_network.ports.fast, made)


def test_no_start_compiles_what_the_one_before_has_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = bots.bot(bots.OURS, 6667, [ROOM], tmp_path, ANSWER).environment
    assert "PYTHONDONTWRITEBYTECODE" not in environment


def test_a_bot_that_failed_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise BotFailed("Sopel ended by itself, with exit code 1; it said nothing")

    monkeypatch.setattr(irc, "_measured", fail)
    with pytest.raises(SystemExit, match=r"^Sopel ended by itself, with exit code 1"):
        irc.main(["--quick"])


def test_a_bot_whose_environment_is_missing_is_told_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / ".venv-sopel"
    monkeypatch.setattr(bots, "_HOMES", {bots.SOPEL: home})
    monkeypatch.setattr(bots, "NAMES", (bots.OURS, bots.SOPEL))

    async def met(_port: int, _made: object) -> Met:
        return Met(ANSWER, frozenset())

    monkeypatch.setattr(irc, "meet", met)
    bench = irc.Bench(0, tmp_path, quick=True)
    assert list(bench.meet()) == [bots.OURS]
    assert f"Sopel is left out: {home} is not there or not whole" in capsys.readouterr().err
    home.mkdir()
    (home / "sopel.installed").touch()
    assert list(bench.meet()) == [bots.OURS, bots.SOPEL]
