"""The least bot on the `irc` package: `python package.py PORT ROOM,ROOM…`. It knows one answer."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from irc.client_aio import AioReactor

from benchmarks.irc.bare import ANSWER, CAPABILITIES


async def main(port: int, rooms: list[str]) -> None:
    """Be there until the server closes the connection."""
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    reactor: Any = AioReactor(loop=loop)

    def welcome(connection: Any, _event: Any) -> None:  # noqa: ANN401 - the package has no types
        for room in rooms:
            connection.join(room)

    def said(connection: Any, event: Any) -> None:  # noqa: ANN401 - likewise
        if event.arguments[0] == "!milestone essex-2":
            connection.notice(event.target, ANSWER)

    reactor.add_global_handler("welcome", welcome)
    reactor.add_global_handler("pubmsg", said)
    reactor.add_global_handler("disconnect", lambda *_: gone.set())
    connection = reactor.server()
    await connection.connect("127.0.0.1", port, "relbot")
    connection.send_raw(f"CAP REQ :{CAPABILITIES}")
    connection.send_raw("CAP END")
    await gone.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2].split(",")))
