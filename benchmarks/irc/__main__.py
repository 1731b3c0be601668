"""`python -m benchmarks.irc`: the bot, a bare socket and the `irc` package, by turns on one InspIRCd.

Needs the servers of the tests (`make servers`). CPU is the bot's own, as /proc tells it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from benchmarks.irc.people import arrive
from benchmarks.process import cpu, memory
from benchmarks.rounds import Rounds
from milestonebot.clock import SystemClock
from milestonebot.ports import Room
from milestonebot.settings import Settings
from milestonebot.transports.irc.settings import IrcSettings, Server
from milestonebot.transports.irc.transport import IrcTransport
from tests.servers.network import IrcNetwork
from tests.servers.tls import Authority
from tests.servers.warden import Warden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.irc.people import Person

PEOPLE = 50
AT_ONCE = 20
REPLIES = 400
"""For each of the people."""
ROUNDS, IGNORED = 20, 50
"""So often, each of the people says so much that is no question, and then asks one."""
ALONE = 400
CHANNELS = 500
ROOMS = [f"#room{number}" for number in range(PEOPLE)]
_HERE = Path(__file__).parent


def main(arguments: Sequence[str]) -> None:
    """Print a table."""
    parser = ArgumentParser(prog="python -m benchmarks.irc", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many is told")
    options = parser.parse_args(arguments)
    with Warden() as warden:
        own, stranger = Authority(warden.folder()), Authority(warden.folder())
        with IrcNetwork.started(warden, own, stranger) as network, tempfile.TemporaryDirectory() as folder:
            port = network.ports.fast
            bots = {
                "bare socket": [sys.executable, str(_HERE / "bare.py"), str(port), ",".join(ROOMS)],
                "irc package": [sys.executable, "-m", "benchmarks.irc.package", str(port), ",".join(ROOMS)],
                "milestonebot": _ours(Path(folder), port, limits=False),
                "milestonebot, limits on": _ours(Path(folder), port, limits=True),
            }
            told = Rounds()
            for _ in range(options.rounds):
                for name, command in bots.items():
                    print(f"{name} …", file=sys.stderr, flush=True)
                    told.add(name, asyncio.run(_measure(command, port)))
            told.add("milestonebot", asyncio.run(_announce(port)))
    print(told.table())
    print()
    print(told.ratios("irc package"))


def _ours(folder: Path, port: int, *, limits: bool) -> list[str]:
    path = folder / f"config-{limits}.yaml"
    config = {
        "state": f"state-{limits}",
        # So many that nobody is silenced; what counting costs is what is measured.
        "limits": {"commands": 10_000, "per": 1, "silence": 1} if limits else False,
        "networks": [
            {
                "name": "net",
                "kind": "irc",
                "nick": "relbot",
                "pace": False,
                "servers": [{"host": "127.0.0.1", "port": port, "tls": False}],
                "rooms": ROOMS,
            }
        ],
    }
    path.write_text(json.dumps(config), encoding="utf-8")
    return [str(Path(sys.executable).with_name("milestonebot")), "run", "--config", str(path)]


async def _measure(command: list[str], port: int) -> dict[str, float]:
    people = await arrive(port, ROOMS)
    begin = perf_counter()
    bot = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603, ASYNC220 - ours
    try:
        async with asyncio.timeout(30):
            await people[0].bot_here.wait()
            joined = perf_counter() - begin
            for person in people:
                await person.bot_here.wait()
        told = {"start to JOIN, ms": joined * 1e3}
        await _together(people, 20)
        told |= await _busy(people, bot.pid)
        times = [await people[0].time_one() for _ in range(ALONE)]
        told |= {"alone, p50, ms": median(times) * 1e3, "alone, p99, ms": quantiles(times, n=100)[98] * 1e3}
        told["memory, MiB"] = memory(bot.pid)
    finally:
        bot.terminate()
        bot.wait(10)
        for person in people:
            person.transport.abort()
        await asyncio.sleep(0.2)
    return told


async def _together(people: list[Person], replies: int) -> None:
    await asyncio.gather(*(person.ask(replies, AT_ONCE) for person in people))


async def _busy(people: list[Person], pid: int) -> dict[str, float]:
    before, begin = cpu(pid), perf_counter()
    await _together(people, REPLIES)
    spent, passed = cpu(pid) - before, perf_counter() - begin
    replies = PEOPLE * REPLIES
    before = cpu(pid)
    for _ in range(ROUNDS):
        # Not all at once, or the server would give up on whoever is to read it.
        for person in people:
            person.write(*[f"PRIVMSG {person.room} :that is no question, is it"] * IGNORED)
        await _together(people, 1)
    ignored = cpu(pid) - before - spent / replies * PEOPLE * ROUNDS
    return {
        "CPU per reply, µs": spent / replies * 1e6,
        "replies per second": replies / passed,
        "CPU per ignored line, µs": ignored / (PEOPLE * IGNORED * ROUNDS) * 1e6,
    }


async def _announce(port: int) -> dict[str, float]:
    """Return how long one announcement takes in many channels, confirmed by the server, in this process."""
    rooms = tuple(f"#news{number}" for number in range(CHANNELS))
    server = Server("127.0.0.1", port, tls=False)
    settings = IrcSettings("net", "relbot", (server,), rooms=rooms, pace=None)
    transport = IrcTransport(settings, Settings(), SystemClock())
    running = asyncio.create_task(transport.run())
    async with asyncio.timeout(60):
        while len(transport.rooms) < CHANNELS:  # noqa: ASYNC110 - no transport tells
            await asyncio.sleep(0.05)
        times = []
        for number in range(5):
            begin = perf_counter()
            told = (
                transport.announce(Room("net", room), "essex-2 is tomorrow", f"{number}") for room in rooms
            )
            await asyncio.gather(*told)
            times.append(perf_counter() - begin)
        await transport.stop()
        await running
    return {f"{CHANNELS} channels, ms": min(times) * 1e3}


if __name__ == "__main__":
    main(sys.argv[1:])
