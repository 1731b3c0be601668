"""Going on with a long answer by a click: the bot reacts to it, and whoever adds theirs gets the next page.

Reactions are not encrypted. Source: client-server API, "Event annotations and reactions".
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.matrix.heard.hearing import Listener, heard
from milestonebot.transports.matrix.said.leftovers import Leftover, Leftovers
from milestonebot.transports.matrix.said.reacting import react, take_back

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from pathlib import Path

    from milestonebot.document import Document
    from milestonebot.ports import Message, Room
    from milestonebot.transports.matrix.said.posting import Posting
    from milestonebot.transports.matrix.wire.stopping import Stopping
    from milestonebot.transports.matrix.wire.wire import Wire

_log = logging.getLogger(__name__)

MORE = "\N{HEAVY PLUS SIGN}"
_COMMAND = "more"
_STYLE = "\ufe0f"
"""Some clients put it behind, to have the sign drawn as a picture."""
_TRIES, _BETWEEN = 3, 5.0
"""How often the bot tries to react, or to take that back, and the seconds between."""

_LAST = 1.0
"""Seconds for what is under way when the bot stops."""


class Continuing:
    """The long answers of one account that can be gone on with."""

    def __init__(self, wire: Wire, posting: Posting, stopping: Stopping, folder: Path) -> None:
        """React over `wire`, where that takes nothing from what `posting` may send."""
        self._wire = wire
        self._posting = posting
        self._stopping = stopping
        self._leftovers = Leftovers(folder / "pages.json")
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Go on with what was left over before the last stop."""
        self._leftovers.open()

    async def close(self) -> None:
        """React no more; what is under way is finished, where that is soon."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_LAST)
            for task in late:
                task.cancel()

    def clicked(self, event: Mapping[str, Any], room: Room, user: str, level: int) -> Message | None:
        """Return a reaction as what it asks of the account `user`; None where it asks nothing."""
        page = _page_of(event)
        left = None if page is None else self._leftovers.get(page)
        if left is None or event.get("sender") == user:
            return None
        asked = {**event, "type": "m.room.message", "content": {"msgtype": "m.text", "body": _COMMAND}}
        message = heard(asked, room, Listener(user, ()), private=False, level=level)
        if message is None:
            return None
        return replace(message, addressed=True, thread=left.thread, rest=left.rest)

    def goes_on(self, document: Document) -> bool:
        """Tell whether `document` is what a page left over."""
        return self._leftovers.of(document) is not None

    def page_of(self, message: Message) -> str | None:
        """Return the page to which `message` was a reaction; None where the next one is told already."""
        return None if message.rest is None else self._leftovers.of(message.rest)

    def told(self, room_id: str, event: str, document: Document, rest: Document | None, to: Message) -> None:
        """Take note that the page `event` told `document` as an answer `to` a message, but for the `rest`."""
        left = None if rest is None else Leftover(room_id, rest, to.thread)
        for gone in self._leftovers.change(self._leftovers.of(document), event, left):
            if gone.mark is not None:
                self._begin(self._withdraw(gone.room_id, gone.mark))
        if left is not None:
            self._begin(self._offer(room_id, event))

    async def _offer(self, room_id: str, event: str) -> None:
        """React to a page, so that others need only click."""
        transaction = sha256(f"more\0{event}".encode(errors="replace")).hexdigest()
        for _ in range(_TRIES):
            try:
                if not self._posting.is_limited:
                    mark = await react(self._wire, room_id, event, MORE, transaction)
                    if not self._leftovers.mark(event, mark):
                        await self._withdraw(room_id, mark)
                    return
            except Refused as error:
                _log.debug("%s: a reaction: %s", room_id, error)
                return
            except NetworkError as error:
                _log.debug("%s: a reaction: %s", room_id, error)
            await self._stopping.pause(_BETWEEN)

    async def _withdraw(self, room_id: str, mark: str) -> None:
        """Take back the bot's reaction: to click there would bring nothing."""
        for _ in range(_TRIES):
            if await take_back(self._wire, room_id, mark):
                return
            await self._stopping.pause(_BETWEEN)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _page_of(event: Mapping[str, Any]) -> str | None:
    """Return the message that the reaction `event` asks to go on with."""
    content = event.get("content")
    relation = content.get("m.relates_to") if isinstance(content, dict) else None
    if not isinstance(relation, dict) or relation.get("rel_type") != "m.annotation":
        return None
    key, page = relation.get("key"), relation.get("event_id")
    clicked = isinstance(key, str) and key.rstrip(_STYLE) == MORE
    return page if clicked and isinstance(page, str) else None
