"""Between a network and the bot: each message is heard, answered, and the answer said.

One task for each room keeps the order within it, and lets a slow room wait alone.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from milestonebot.document import say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Sent

if TYPE_CHECKING:
    from milestonebot.bot import Bot
    from milestonebot.document import Document
    from milestonebot.ports import Message, Room, Transport

_log = logging.getLogger(__name__)

_IN_PRIVATE = "The answer is for you alone, and I cannot reach you in private. Ask me there."
_MOST_WAITING = 100
"""Messages of one room that wait for an answer; more are dropped, and that is logged."""


async def attend(bot: Bot, transport: Transport, message: Message) -> None:
    """Answer `message`, and keep what of the answer did not fit.

    What cannot be said now is not done: a network that can tells it again after a restart.
    """
    document = await bot.answer(message)
    if document is not None:
        try:
            sent = await _said(transport, message, document)
        except Refused as error:
            _log.warning("%s: the answer is refused: %s", message.room, error)
        except NetworkError as error:
            _log.warning("%s: the answer could not be said: %s", message.room, error)
            return
        else:
            bot.keep(message, sent.rest)
    transport.done(message)


async def _said(transport: Transport, message: Message, document: Document) -> Sent:
    """Say the answer where it was asked; to the asker alone what is for him, or else where to ask for it."""
    account = message.sender.account
    if document.private and not message.private and account is not None:
        try:
            await transport.tell(account, document)
        except NetworkError as error:
            _log.warning("%s: %s cannot be answered in private: %s", message.room, account, error)
            document = say(_IN_PRIVATE, found=False)
        else:
            return Sent()
    return await transport.send(message.room, document, reply_to=message)


async def converse(bot: Bot, transport: Transport) -> None:
    """Answer what is said on `transport` until it is left, and what was said before that."""
    rooms: dict[Room, asyncio.Queue[Message]] = {}
    async with asyncio.TaskGroup() as tasks:
        async for message in transport.messages(bot):
            queue = rooms.get(message.room)
            if queue is not None:
                _put(queue, message)
                continue
            rooms[message.room] = queue = asyncio.Queue(_MOST_WAITING)
            queue.put_nowait(message)
            tasks.create_task(_serve(bot, transport, message.room, rooms))


def _put(queue: asyncio.Queue[Message], message: Message) -> None:
    try:
        queue.put_nowait(message)
    except asyncio.QueueFull:
        _log.warning("%s: too many messages wait there; one is dropped", message.room)


async def _serve(
    bot: Bot, transport: Transport, room: Room, rooms: dict[Room, asyncio.Queue[Message]]
) -> None:
    """Answer what waits in `room`, in order; end when nothing is left."""
    queue = rooms[room]
    try:
        while not queue.empty():
            message = queue.get_nowait()
            try:
                await attend(bot, transport, message)
            except Exception:  # noqa: BLE001 - one bad message must not silence its room; it is logged
                _log.exception("%s: a message could not be answered", room)
    finally:
        # Nothing is awaited between the last look and here: no message can slip in between.
        del rooms[room]
