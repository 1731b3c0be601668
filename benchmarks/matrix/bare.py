"""A bot on a bare aiohttp loop: `python -m benchmarks.matrix.bare URL USER TOKEN`. It knows one answer."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aiohttp

COMMAND = "!milestone essex-2"
CONTENT = {
    "msgtype": "m.notice",
    "body": "essex-2 (Essex, 2012.1): released Thu 15 Dec 2011",
    "format": "org.matrix.custom.html",
    "formatted_body": "<strong>essex-2</strong> (Essex, 2012.1): released Thu 15 Dec 2011",
    "m.mentions": {},
}
FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": 100},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
            "state": {"lazy_load_members": True, "types": ["m.room.member"]},
        },
    }
)


async def main(url: str, user: str, token: str) -> None:
    """Answer until killed."""
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        since = (await _sync(session, {"timeout": "0"}))["next_batch"]
        while True:
            told = await _sync(session, {"timeout": "30000", "since": since})
            since = told["next_batch"]
            asked = [
                (room, event["event_id"])
                for room, news in told.get("rooms", {}).get("join", {}).items()
                for event in news["timeline"]["events"]
                if event["sender"] != user and event.get("content", {}).get("body") == COMMAND
            ]
            await asyncio.gather(*(_reply(session, room, event) for room, event in asked))


async def _sync(session: aiohttp.ClientSession, query: dict[str, str]) -> dict[str, Any]:
    async with session.get("/_matrix/client/v3/sync", params={"filter": FILTER, **query}) as response:
        told: dict[str, Any] = await response.json()
        return told


async def _reply(session: aiohttp.ClientSession, room: str, event: str) -> None:
    path = f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message/{uuid4()}"
    content = {**CONTENT, "m.relates_to": {"m.in_reply_to": {"event_id": event}}}
    async with session.put(path, json=content) as response:
        await response.read()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
