"""Between a network and the bot: each message is heard, answered, and the answer said.

What is ready is said at once. Where something has to be waited for, one task for each room keeps the
order within it, and lets a slow room wait alone.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from milestonebot.bot import Question
from milestonebot.document import say
from milestonebot.errors import NetworkError, Refused
from milestonebot.ports import Sent

if TYPE_CHECKING:
    from collections.abc import Awaitable

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
    await _answer(bot, transport, message, bot.hear(message))


async def _answer(
    bot: Bot, transport: Transport, message: Message, heard: Question | Document | None
) -> None:
    document = await bot.find(heard) if isinstance(heard, Question) else heard
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


def _answered_now(
    bot: Bot, transport: Transport, message: Message, heard: Question | Document | None
) -> bool:
    """Answer `message` where nothing has to be waited for; return whether that is so."""
    if isinstance(heard, Question) or (heard is not None and heard.private):
        return False
    if heard is not None:
        sent = transport.send_now(message.room, heard, reply_to=message)
        if sent is None:
            return False
        bot.keep(message, sent.rest)
    transport.done(message)
    return True


async def _said(transport: Transport, message: Message, document: Document) -> Sent:
    """Say the answer where it was asked; to the asker alone what is for him, or else where to ask for it."""
    account = message.sender.account
    if document.private and not message.private and account is not None:
        try:
            await transport.tell(account, document, asked=message)
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
            try:
                heard = bot.hear(message)
                if _answered_now(bot, transport, message, heard):
                    continue
            except Exception:  # noqa: BLE001 - one bad message must not silence the network; it is logged
                _log.exception("%s: a message could not be answered", message.room)
                continue
            rooms[message.room] = asyncio.Queue(_MOST_WAITING)
            tasks.create_task(_serve(bot, transport, message, heard, rooms))


def _put(queue: asyncio.Queue[Message], message: Message) -> None:
    try:
        queue.put_nowait(message)
    except asyncio.QueueFull:
        _log.warning("%s: too many messages wait there; one is dropped", message.room)


async def _serve(
    bot: Bot,
    transport: Transport,
    message: Message,
    heard: Question | Document | None,
    rooms: dict[Room, asyncio.Queue[Message]],
) -> None:
    """Answer `message`, and what comes to wait in its room meanwhile, in order; end when nothing is left."""
    room = message.room
    queue = rooms[room]
    try:
        await _logged(_answer(bot, transport, message, heard), room)
        while not queue.empty():
            # What waited is heard in its turn: there may be other data by now.
            await _logged(attend(bot, transport, queue.get_nowait()), room)
    finally:
        # Nothing is awaited between the last look and here: no message can slip in between.
        del rooms[room]


async def _logged(answering: Awaitable[None], room: Room) -> None:
    try:
        await answering
    except Exception:  # noqa: BLE001 - one bad message must not silence its room; it is logged
        _log.exception("%s: a message could not be answered", room)
