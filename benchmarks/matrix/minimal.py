"""A minimal bot on nio, as its documentation shows: `python -m benchmarks.matrix.minimal URL USER TOKEN`."""

from __future__ import annotations

import asyncio
import sys

from nio import MatrixRoom, RoomMessageText
from nio.client.async_client import AsyncClient

from benchmarks.matrix.bare import COMMAND, CONTENT


async def main(url: str, user: str, token: str) -> None:
    """Answer until killed, each answer in a task of its own."""
    client = AsyncClient(url, user)
    client.access_token, client.user_id = token, user
    sending: set[asyncio.Task[object]] = set()

    async def answer(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender != user and event.body == COMMAND:
            content = {**CONTENT, "m.relates_to": {"m.in_reply_to": {"event_id": event.event_id}}}
            task = asyncio.create_task(client.room_send(room.room_id, "m.room.message", content))
            sending.add(task)
            task.add_done_callback(sending.discard)

    await client.sync(timeout=0)
    client.add_event_callback(answer, RoomMessageText)  # type: ignore[arg-type]  # as nio documents it
    await client.sync_forever(timeout=30_000)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
