"""`python -m benchmarks.irc`: the bot beside others, by turns on one InspIRCd.

Beside it stand a bare socket, the least bot on the `irc` package, and Limnoria and Sopel where `make peers`
has made their environments. Needs the servers of the tests (`make servers`). CPU is the bot's own. All rounds
take about eight minutes, `--quick` three and a half.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.irc import announcing, bots, measuring
from benchmarks.irc.measuring import Load
from benchmarks.irc.meeting import ROOM, meet
from benchmarks.irc.parts import parts
from benchmarks.rounds import Rounds
from benchmarks.running import BotFailed, ending_all
from tests.servers.network import IrcNetwork
from tests.servers.postgres import Postgres
from tests.servers.tls import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.servers.warden import Warden

_SLOW = frozenset(bots.PEERS)
"""They answer some hundreds a second, and are asked less."""
_LOADS = {
    False: Load(passes=4, replies=100, ignored=5, alone=100, starts=10),
    True: Load(passes=2, replies=50, ignored=2, alone=25, starts=6),
}
_QUICK = {
    False: Load(passes=3, replies=100, ignored=5, alone=15, starts=3),
    True: Load(passes=1, replies=20, ignored=1, alone=5, starts=2),
}
_ROUNDS = 3
"""Fewer would let one bot's turn fall into a busy minute of the machine, and another's into a quiet one."""
_ANNOUNCED = 9
"""Announcements in 500 channels, of each bot."""
_EVERYWHERE = f"{announcing.CHANNELS} channels"


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    parser = ArgumentParser(prog="python -m benchmarks.irc", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="how often each bot has its turn")
    parser.add_argument("--quick", action="store_true", help="with little asked")
    options = parser.parse_args(arguments)
    try:
        told, memory = _measured(rounds=options.rounds, quick=options.quick)
    except BotFailed as error:
        sys.exit(str(error))
    print(told.table())
    print(f"\n{told.ratios(bots.PACKAGE)}\n")
    print("memory of ours by part, MiB: " + ", ".join(f"{what} {size:.1f}" for what, size in memory.items()))


def _measured(*, rounds: int, quick: bool) -> tuple[Rounds, dict[str, float]]:
    """Return what all bots have cost by turns, and where our memory goes."""
    with ending_all() as warden:
        own, stranger = Authority(warden.folder()), Authority(warden.folder())
        with IrcNetwork.started(warden, own, stranger) as network:
            bench = Bench(network.ports.fast, warden.folder(), quick=quick)
            met = list(bench.meet())
            for name in met:
                bench.start(name)
            for _ in range(rounds):
                for name in met:
                    bench.answer_many(name)
            bench.announce(warden)
            return bench.told, parts(bench.port)


@dataclass
class Bench:
    """One server, and what bots have cost on it."""

    port: int
    folder: Path
    quick: bool
    answer: str = ""

    def __post_init__(self) -> None:
        """Begin with nothing measured."""
        self.told = Rounds()

    def meet(self) -> Iterator[str]:
        """Give the bots that are here; tell what each asks of the server that others do not."""
        shared: frozenset[str] | None = None
        for name in (bots.OURS, *(each for each in bots.NAMES if each != bots.OURS)):
            if (why := bots.missing(name)) is not None:
                _say(f"{name} is left out: {why}")
                continue
            met = asyncio.run(meet(self.port, self._made(name, [ROOM])))
            self.answer = self.answer or met.answer
            assert met.answer == self.answer, f"{name} answers otherwise: {met.answer}"
            shared = shared or met.capabilities
            more, less = sorted(met.capabilities - shared), sorted(shared - met.capabilities)
            told = [f"also {', '.join(more)}"] * bool(more) + [f"not {', '.join(less)}"] * bool(less)
            _say(f"{name}: capabilities {'; '.join(told) or ', '.join(sorted(shared))}")
        yield from (each for each in bots.NAMES if bots.missing(each) is None)

    def start(self, name: str) -> None:
        """Start a bot some times."""
        _say(f"{name}: starts …")
        one, starts = self._made(name, measuring.ROOMS[:1]), self._load(name).starts
        for taken in asyncio.run(measuring.introducing(one, starts)):
            self.told.add(name, {"exec to first line, ms": taken * 1e3})
        for taken in asyncio.run(measuring.starting(one(self.port), self.port, starts)):
            self.told.add(name, {"exec to JOIN, ms": taken * 1e3})

    def answer_many(self, name: str) -> None:
        """Let a bot have its turn to answer."""
        _say(f"{name}: answers …")
        bot = self._made(name, measuring.ROOMS)(self.port)
        for told in asyncio.run(measuring.answering(bot, self.port, self._load(name))):
            self.told.add(name, told)

    def announce(self, warden: Warden) -> None:
        """Let each say one thing in many channels; ours with and without its store."""
        for name in bots.NAMES:
            if name in (bots.OURS, bots.LIMITED) or bots.missing(name) is not None:
                continue
            _say(f"{name}: {_EVERYWHERE} …")
            made = self._everywhere(name)
            for taken in asyncio.run(announcing.theirs(self.port, made, _ANNOUNCED)):
                self.told.add(name, {f"{_EVERYWHERE}, ms": taken * 1e3})
        # On a disk: the folder for temporary files may be in memory.
        with tempfile.TemporaryDirectory(dir=".") as folder:
            self._announced({"": announcing.NOWHERE, " SQLite": f"{folder}/announced.db"})
        if Postgres.missing() is None:
            with Postgres.started(warden, durable=True) as server:
                self._announced({" PostgreSQL": server.new_database()})

    def _announced(self, stores: dict[str, str]) -> None:
        for store, where in stores.items():
            _say(f"{bots.OURS}: {_EVERYWHERE},{store or ' no store'} …")
            for taken in asyncio.run(announcing.ours(self.port, where, _ANNOUNCED)):
                self.told.add(bots.OURS, {f"{_EVERYWHERE},{store} ms": taken.heard * 1e3})
                if store:
                    self.told.add(bots.OURS, {f"{_EVERYWHERE}, kept as sent,{store} ms": taken.ended * 1e3})

    def _load(self, name: str) -> Load:
        return (_QUICK if self.quick else _LOADS)[name in _SLOW]

    def _made(self, name: str, rooms: Sequence[str]) -> Callable[[int], bots.Bot]:
        return lambda port: bots.bot(name, port, rooms, self.folder, self.answer)

    def _everywhere(self, name: str) -> Callable[[Sequence[str]], bots.Bot]:
        return lambda rooms: bots.bot(name, self.port, rooms, self.folder, self.answer)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
