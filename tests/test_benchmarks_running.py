"""A bot that fails in a benchmark is told with its reason; of a benchmark that was killed nothing is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.running import BotFailed, started
from tests.servers.process import Process

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 10
SPEAKS = "import signal, sys; print('connecting', flush=True); open(sys.argv[1], 'w'); signal.pause()"
FLOODS = "print('0123456789' * 10_000); raise SystemExit(2)"

# What a benchmark does, up to the point where it is killed; the bot's child is known to nobody.
BENCHMARK = """
import asyncio, os, sys
from benchmarks.running import ending_all, started

BOT = '''
import os, signal
open(os.environ["TOLD"], "a").write(f"{os.getpid()} {os.fork()}\\\\n")
signal.pause()
'''

async def main(warden):
    async with started("bot", [sys.executable, "-c", BOT], os.environ):
        print(warden.pid, flush=True)
        await asyncio.Event().wait()

with ending_all() as warden:
    asyncio.run(main(warden))
"""


async def wait(code: str, *secrets: str) -> None:
    command = [sys.executable, "-c", code]
    async with asyncio.timeout(_PATIENCE), started("some bot", command, os.environ, secrets):
        await asyncio.Event().wait()


async def give_up(spoken: Path, bots: list[subprocess.Popen[bytes]]) -> None:
    async with started("some bot", [sys.executable, "-c", SPEAKS, str(spoken)], os.environ) as bot:
        bots.append(bot)
        while not spoken.exists():  # noqa: ASYNC110, ASYNC240 - another process makes the file, at once
            await asyncio.sleep(0.01)
        raise TimeoutError


async def failed(code: str, *secrets: str) -> str:
    with pytest.raises(BotFailed) as raised:
        await wait(code, *secrets)
    return str(raised.value)


async def test_a_bot_that_ends_by_itself_is_told_at_once_with_code_and_last_words() -> None:
    told = await failed("import sys; print('out'); sys.stdout.flush(); sys.exit('no such nick')")
    assert told == "some bot ended by itself, with exit code 1; it said last:\n  out\n  no such nick"


async def test_a_bot_that_was_killed_is_told_with_the_signal() -> None:
    told = await failed("import os; os.kill(os.getpid(), 9)")
    assert told == "some bot was ended by SIGKILL; it said nothing"


async def test_a_bot_that_does_not_come_in_time_is_told_with_its_last_words_and_ended(tmp_path: Path) -> None:
    bots: list[subprocess.Popen[bytes]] = []
    with pytest.raises(BotFailed) as raised:
        await give_up(tmp_path / "spoken", bots)
    told = "some bot runs, but did not do in time what was waited for; it said last:\n  connecting"
    assert str(raised.value) == told
    assert bots[0].poll() == -signal.SIGTERM


async def test_a_secret_is_not_told() -> None:
    told = await failed("print('password hunter2, token t0k'); raise SystemExit(3)", "hunter2", "t0k")
    assert told.endswith("password ***, token ***")


async def test_of_many_words_the_end_is_told_and_no_part_of_a_line() -> None:
    told = await failed("for n in range(5000): print('line', n)\nraise SystemExit(3)")
    assert told.splitlines()[1:] == [f"  line {number}" for number in range(4980, 5000)]
    assert await failed(FLOODS) == "some bot ended by itself, with exit code 2; it said nothing"


async def test_the_time_of_someone_else_is_no_fault_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}._PATIENCE", 0.1)
    with pytest.raises(TimeoutError):
        await wait("import signal; signal.pause()")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_of_a_benchmark_that_was_killed(number: signal.Signals, tmp_path: Path) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    with subprocess.Popen(
        [sys.executable, "-c", BENCHMARK],
        cwd=ROOT,
        env={**os.environ, "TOLD": str(told)},
        stdout=subprocess.PIPE,
        text=True,
    ) as benchmark:
        assert benchmark.stdout is not None
        # The bot's own line, and that of the child; either ends with the other's id, or with none.
        pids = {int(pid) for pid in told.read_text().split()} - {0}
        pids.add(int(benchmark.stdout.readline()))
        assert len(pids) == 3
        with ExitStack() as holding:
            held = [holding.enter_context(Process(pid)) for pid in pids]
            for process in held:
                holding.callback(process.end, at_once=True)
            benchmark.send_signal(number)
            assert all(process.ended(within=_PATIENCE) for process in held)
