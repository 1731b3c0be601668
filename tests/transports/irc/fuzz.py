"""`python -m tests.transports.irc.fuzz [--bytes N] [--seed S]`: what no server would say, byte by byte.

Lines of `corpus.txt`, which real servers have said or might, are mixed up, cut, doubled and damaged, and
come in pieces of any size. Nothing may raise, whatever is said must be a line, and memory is bounded.
"""

from __future__ import annotations

import logging
import random
import resource
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from milestonebot.secret import Secret
from milestonebot.transports.irc.said import inquiries
from milestonebot.transports.irc.settings import Sasl
from milestonebot.transports.irc.wire.connection import LONGEST, Buffer
from milestonebot.transports.irc.wire.lines import encode
from tests.asking import bot
from tests.transports.irc.playing import NICKSERV, Play

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPUS = (Path(__file__).parent / "corpus.txt").read_bytes().split(b"\n")
SASL = Sasl("account", Secret("hunter2"), mechanisms=("SCRAM-SHA-256", "EXTERNAL", "PLAIN"))
SESSION = 50_000
"""Bytes that one session hears, as far as it lives."""
_BOT = bot()
"""Who says what of the lines may be passed over."""
_MOST_GROWTH = 100.0
"""MiB by which the process may grow."""
_PIECES = (1, 3, 17, 100, 512, 4096, 65_536)
_BYTES = (b"\r", b"\n", b"\0", b" ", b":", b"@", b";", b"\x01", b"\xff", b"\xe2\x80\xa8", b"=", b"#", b"!")


def damaged(chance: random.Random) -> bytes:
    """Return a line with its end, whole or not."""
    line = bytearray(chance.choice(CORPUS))
    for _ in range(chance.choice((0, 0, 0, 1, 2, 5))):
        place = chance.randrange(len(line) + 1)
        match chance.randrange(6):
            case 0:
                del line[place : place + chance.randrange(1, 20)]
            case 1:
                line[place:place] = chance.choice(_BYTES)
            case 2:
                line[place : place + 1] = chance.randbytes(1)
            case 3:
                line += chance.choice(CORPUS)
            case 4:
                words = bytes(line).split(b" ")
                chance.shuffle(words)
                line = bytearray(b" ".join(words))
            case _:
                line[place:place] = bytes(line[:place]) * chance.randrange(1, 4)
    if chance.random() < 0.0005:
        line *= 1 + 3 * LONGEST // (len(line) + 1)
    return bytes(line) + chance.choice((b"\r\n", b"\r\n", b"\n", b"\r", b""))


def begun(chance: random.Random) -> Play:
    """Return a session that has come as far as chance has it."""
    play = Play(sasl=chance.choice((SASL, None)), nickserv=chance.choice((NICKSERV, None)))
    play.session.secure = chance.random() < 0.5
    play.bot = chance.choice((None, _BOT))
    if chance.random() < 0.6:
        play.inside("batch", "account-tag", "server-time", "message-tags", "echo-message")
    return play


def disturb(play: Play, chance: random.Random) -> None:
    """Let time pass, or the bot say and ask something; see that all that it said are lines."""
    session = play.session
    match chance.randrange(4):
        case 0:
            play.now += chance.choice((0.0, 1.0, 30.0, 600.0))
            session.tick(play.now)
        case 1:
            session.receipts.said("#release", "news", lambda _: None, "+milestonebot/key=8ac1")
            session.receipts.fence()
        case 2:
            asked = chance.choice(
                (
                    inquiries.mark(),
                    inquiries.whois(session.features, "relbot_"),
                    inquiries.accounts(session.features, "#release"),
                    inquiries.history(
                        session.features, "#release", "timestamp=2026-05-01T11:00:00.000Z", 100
                    ),
                )
            )
            session.inquiries.put(asked, lambda _: None)
    for line in play.said():
        # One that is too long is not sent, and logged; none is more than a line.
        encode(line, 1 << 20)
    play.messages.clear()


def fuzz(count: int, seed: int) -> int:
    """Let sessions hear `count` bytes; return how many lines that were."""
    chance = random.Random(seed)  # noqa: S311 - the same lines for the same seed
    buffer, play, heard, lines = Buffer(), begun(chance), 0, 0
    left, waiting = count, b""
    while left > 0:
        while len(waiting) < 1000:
            waiting += damaged(chance)
        cut = chance.choice(_PIECES)
        piece, waiting = waiting[:cut], waiting[cut:]
        left -= len(piece)
        heard += len(piece)
        buffer.feed(piece)
        for text in buffer:
            lines += 1
            play.session.take(text, play.now)
        assert len(buffer.buffer) <= LONGEST + _PIECES[-1]
        disturb(play, chance)
        if play.session.failure is not None or heard > SESSION:
            buffer, play, heard = Buffer(), begun(chance), 0
    return lines


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str]) -> int:
    """Fuzz; return 1 where memory is not bounded."""
    parser = ArgumentParser(prog="python -m tests.transports.irc.fuzz", description="Fuzz the IRC core.")
    parser.add_argument("--bytes", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    # Each session warns of what it meets, which is as it should be, and nothing to read here.
    logging.disable()
    fuzz(100_000, options.seed + 1)
    before = _memory()
    lines = fuzz(options.bytes, options.seed)
    grown = _memory() - before
    sys.stdout.write(f"{options.bytes:,} bytes in {lines:,} lines, {grown:.1f} MiB more than before\n")
    return int(grown > _MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
