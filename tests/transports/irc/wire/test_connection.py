"""The package's client, hardened: what it reads, and when."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st
from irc.client_aio import AioReactor

from milestonebot.transports.irc.wire.connection import LONGEST, Buffer, Wire

if TYPE_CHECKING:
    from collections.abc import Iterable


class Silent:
    """Ears that hear nothing."""

    def line(self, text: str) -> None: ...

    def caught_up(self) -> None: ...

    def writable(self) -> None: ...

    def closed(self, reason: str) -> None: ...


class Pausing(asyncio.Transport):
    reading = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


async def test_nothing_is_read_before_the_server_is_known_to_be_the_right_one() -> None:
    # With TLS 1.2 a server's first words can come in one piece with the end of the handshake.
    wire, transport = Wire(AioReactor(loop=asyncio.get_running_loop()), Silent()), Pausing()
    protocol = wire.protocol_class(wire, asyncio.get_running_loop())
    protocol.connection_made(transport)
    assert not transport.reading
    wire.transport = transport
    wire.listen()
    assert transport.reading


def cut(pieces: Iterable[bytes]) -> list[str]:
    buffer, lines = Buffer(), []
    for piece in pieces:
        buffer.feed(piece)
        lines += list(buffer)
        assert len(buffer.buffer) <= LONGEST
    return lines


@given(st.binary(max_size=200), st.lists(st.integers(0, 200)))
def test_how_bytes_come_in_pieces_changes_nothing(data: bytes, places: list[int]) -> None:
    bounds = sorted({0, len(data), *(place for place in places if place < len(data))})
    pieces = [data[begin:end] for begin, end in pairwise(bounds)]
    assert cut(pieces) == cut([data])


def test_lines_are_utf_8_or_else_latin_1_each_for_itself() -> None:
    assert cut(["é\r\n".encode(), "é\n".encode("latin-1"), b"\xff\xfe\r\n"]) == ["é", "é", "ÿþ"]


def test_what_is_too_long_is_dropped_and_the_next_line_is_read() -> None:
    endless = [b"x" * 5000] * 20
    assert cut([*endless, b"y\nnext\n"]) == ["next"]
    assert cut([b"x" * (LONGEST + 1) + b"\nnext\n"]) == ["next"]
    assert cut([b"x" * LONGEST + b"\n"]) == ["x" * LONGEST]
