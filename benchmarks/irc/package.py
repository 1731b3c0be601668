"""The least bot on the `irc` package. It knows one answer, and takes all from its environment."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from irc.client_aio import AioReactor

ROOMS = os.environ["ROOMS"].split(",")
NEWSROOMS = [room for room in ROOMS if room.startswith(os.environ["NEWSROOM"])]


async def main() -> None:
    """Be there until the server closes the connection."""
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    reactor: Any = AioReactor(loop=loop)
    answer, news = os.environ["ANSWER"], os.environ["NEWS"]

    def welcome(connection: Any, _event: Any) -> None:  # noqa: ANN401 - the package has no types
        for room in ROOMS:
            connection.join(room)

    def said(connection: Any, event: Any) -> None:  # noqa: ANN401 - likewise
        if event.arguments[0] == "!milestone essex-2":
            connection.notice(event.target, answer)
        elif event.arguments[0] == "!everywhere":
            for room in NEWSROOMS:
                connection.privmsg(room, news)

    reactor.add_global_handler("welcome", welcome)
    reactor.add_global_handler("pubmsg", said)
    reactor.add_global_handler("disconnect", lambda *_: gone.set())
    connection = reactor.server()
    await connection.connect("127.0.0.1", int(os.environ["PORT"]), "relbot")
    connection.send_raw(f"CAP REQ :{os.environ['CAPABILITIES']}")
    connection.send_raw("CAP END")
    await gone.wait()


if __name__ == "__main__":
    asyncio.run(main())
