"""`python -m benchmarks.matrix`: the bot, a bare aiohttp loop, nio and maubot on one Synapse, in turn.

Needs the servers of the tests (`make servers`), and for maubot `make peers`. CPU is the bot's own. `large`
measures a room of 10,000 members and an account in 1,000 rooms instead, on a homeserver in memory; `profile`
tells where the bot's time goes.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from argparse import ArgumentParser
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.matrix import bots, large, profiled
from benchmarks.matrix.bare import COMMAND
from benchmarks.matrix.bots import PASSWORD
from benchmarks.process import cpu, memory
from benchmarks.rounds import Rounds
from benchmarks.running import BotFailed, ending_all, started
from tests.servers.synapse import Synapse

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.clients.matrix import MatrixClient

ROOMS = 10
WARM, REPLIES = 3, 30
"""In each of the rooms."""
IGNORED = 40
"""Messages that are no question, in each of the rooms."""
NOTICED = "m.notice", "Essex"
"""The kind of message that every bot answers in, and a word of it."""
_PATIENCE = 120.0
"""Seconds for an answer in each of the rooms, of which Synapse lets through some ten a second."""


def main(arguments: Sequence[str]) -> None:
    """Print a table."""
    parser = ArgumentParser(prog="python -m benchmarks.matrix", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["bots", "large", "profile"], default="bots")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many is told")
    parser.add_argument(
        "--only", action="append", choices=bots.NAMES, help="measure this bot; may be repeated"
    )
    options = parser.parse_args(arguments)
    try:
        _measure(options.what, options.only or bots.NAMES, options.rounds)
    except BotFailed as error:
        sys.exit(str(error))


def _measure(what: str, names: Sequence[str], rounds: int) -> None:
    told = Rounds()
    if what == "large":
        for room, figures in asyncio.run(large.figures()).items():
            told.add(room, figures)
        print(told.table())
    elif what == "profile":
        _profile()
    else:
        _compare(_here(names), rounds, told)
        print(told.table())
        if bots.BARE in names:
            print(f"\n{told.ratios(bots.BARE)}")


def _compare(names: Sequence[str], rounds: int, told: Rounds) -> None:
    """Let each bot have its turn in each round."""
    with ending_all() as warden, Synapse.started(warden) as server:
        folder = warden.folder()
        for round_ in range(rounds):
            for name in names:
                print(f"{name} …", file=sys.stderr, flush=True)
                user = f"{name.replace(' ', '-')}-{round_}"
                told.add(name, asyncio.run(_cost(server, name, user, folder)))


def _profile() -> None:
    """Print the share of each part in the time of the bot's answers."""
    with ending_all() as warden, Synapse.started(warden) as server:
        folder = warden.folder()
        path = folder / "profile"
        asyncio.run(_profiled(server, folder, path))
        for part, share in profiled.shares(path).items():
            print(f"{share:5.0%}  {part}")


async def _profiled(server: Synapse, folder: Path, path: Path) -> None:
    account, person, rooms = await _furnished(server, "profiled")
    command = bots.command(bots.OURS, server, account, rooms, folder)
    command[:1] = [sys.executable, "-m", "benchmarks.matrix.profiled", str(path)]
    async with _running(bots.OURS, command, account) as bot:
        await _first(person, account.user, rooms[0])
        await _ask(person, account.user, rooms, WARM)
        bot.send_signal(signal.SIGUSR1)
        await _ask(person, account.user, rooms, REPLIES)
        bot.send_signal(signal.SIGUSR2)
        await _ask(person, account.user, rooms[:1], 1)


def _here(names: Sequence[str]) -> list[str]:
    """Return those that can be measured; why another cannot is told."""
    for name in names:
        if (why := bots.missing(name)) is not None:
            print(f"{name} is left out: {why}", file=sys.stderr, flush=True)
    return [name for name in names if bots.missing(name) is None]


async def _furnished(server: Synapse, user: str) -> tuple[MatrixClient, MatrixClient, list[str]]:
    """Return an account for a bot, a person, and rooms in which both are."""
    account = await server.register(user, PASSWORD)
    person = await server.register(f"person-{user}", PASSWORD)
    rooms = [await person.create_room(name=f"room {n}", preset="public_chat") for n in range(ROOMS)]
    for room in rooms:
        await account.act(room, "join")
    await person.sync()
    return account, person, rooms


def _running(
    name: str, command: Sequence[str], account: MatrixClient
) -> AbstractAsyncContextManager[subprocess.Popen[bytes]]:
    """Run a bot for `account`, and end it afterwards."""
    return started(name, command, {**os.environ, "MATRIX_PASSWORD": PASSWORD}, (PASSWORD, account.token))


async def _cost(server: Synapse, name: str, user: str, folder: Path) -> dict[str, float]:
    account, person, rooms = await _furnished(server, user)
    begin = perf_counter()
    command = bots.command(name, server, account, rooms, folder)
    async with _running(name, command, account) as bot:
        await _first(person, account.user, rooms[0])
        told = {"start to answer, s": perf_counter() - begin, "CPU to answer, ms": cpu(bot.pid) * 1e3}
        await _ask(person, account.user, rooms, WARM)
        before, begin = cpu(bot.pid), perf_counter()
        times = await _ask(person, account.user, rooms, REPLIES)
        told["CPU per answer, ms"] = (cpu(bot.pid) - before) / len(times) * 1e3
        told["answers per second"] = len(times) / (perf_counter() - begin)
        told["p50, ms"] = median(times) * 1e3
        before = cpu(bot.pid)
        for _ in range(IGNORED):
            await asyncio.gather(*(person.say(room, "that is no question, is it") for room in rooms))
        await _ask(person, account.user, rooms[:1], 1)
        told["CPU per ignored message, ms"] = (cpu(bot.pid) - before) / (IGNORED * ROOMS) * 1e3
        told["memory, MiB"] = memory(bot.pid)
    return told


async def _first(person: MatrixClient, bot: str, room: str) -> None:
    """Ask until the bot, which is on its way, has answered."""
    async with asyncio.timeout(_PATIENCE):
        while not any(event.sender == bot and event.type == "m.room.message" for event in person.heard):
            await person.say(room, COMMAND)
            await person.sync(wait=300)


async def _ask(person: MatrixClient, bot: str, rooms: list[str], number: int) -> list[float]:
    """Ask in all rooms at once, so often; return how long each answer took, in seconds."""
    times: list[float] = []
    for _ in range(number):
        begin = perf_counter()
        asked = dict(zip(rooms, await asyncio.gather(*(person.say(r, COMMAND) for r in rooms)), strict=True))
        waiting = set(rooms)
        async with asyncio.timeout(_PATIENCE):
            while waiting:
                for event in await person.sync(wait=1000):
                    if event.sender == bot and _answers(event.content, asked.get(event.room)):
                        waiting.discard(event.room)
                        times.append(perf_counter() - begin)
    return times


def _answers(content: Mapping[str, Any], asked: str | None) -> bool:
    """Tell whether a bot has answered what was `asked`; each has to do it in the same kind of message."""
    if content.get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id") != asked:
        return False
    kind, word = NOTICED
    assert content["msgtype"] == kind
    assert content["m.mentions"] == {}
    assert word in content["body"]
    assert word in content["formatted_body"]
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
