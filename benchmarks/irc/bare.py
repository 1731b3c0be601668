"""A bot on a bare asyncio socket. It knows one answer and no more, and takes all from its environment."""

from __future__ import annotations

import asyncio
import os

ANSWER = os.environ["ANSWER"].encode()
NEWS = os.environ["NEWS"].encode()
ROOMS = os.environ["ROOMS"].split(",")
NEWSROOMS = [room.encode() for room in ROOMS if room.startswith(os.environ["NEWSROOM"])]


class Bare(asyncio.Protocol):
    """Answers `!milestone essex-2`, and PING."""

    transport: asyncio.Transport

    def __init__(self, gone: asyncio.Event) -> None:
        """Join ROOMS; set `gone` at the end."""
        self._gone = gone
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce ourselves."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(
            b"CAP LS 302\r\nNICK relbot\r\nUSER relbot 0 * :relbot\r\n"
            + f"CAP REQ :{os.environ['CAPABILITIES']}\r\nCAP END\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Answer what came in one write."""
        *lines, self._rest = (self._rest + data).split(b"\r\n")
        told = []
        for line in lines:
            if b" PRIVMSG " in line:
                if line.endswith(b" :!milestone essex-2"):
                    room = line.partition(b" PRIVMSG ")[2].partition(b" ")[0]
                    told.append(b"NOTICE %s :%s\r\n" % (room, ANSWER))
                elif line.endswith(b" :!everywhere"):
                    told += [b"PRIVMSG %s :%s\r\n" % (room, NEWS) for room in NEWSROOMS]
            elif line.startswith(b"PING") or b" PING " in line[:60]:
                told.append(b"PONG " + line.partition(b"PING ")[2] + b"\r\n")
            elif b" 001 " in line:
                told += [f"JOIN {room}\r\n".encode() for room in ROOMS]
        if told:
            self.transport.write(b"".join(told))

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that it is over."""
        del exc
        self._gone.set()


async def main() -> None:
    """Be there until the server closes the connection."""
    gone = asyncio.Event()
    port = int(os.environ["PORT"])
    await asyncio.get_running_loop().create_connection(lambda: Bare(gone), "127.0.0.1", port)
    await gone.wait()


if __name__ == "__main__":
    asyncio.run(main())
