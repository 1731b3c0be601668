"""`milestonebot ask`: one answer on standard output."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from milestonebot.app import TERMINAL, build, plan
from milestonebot.errors import MilestonebotError
from milestonebot.ports import Message, Sender
from milestonebot.render import FORMATS

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Coroutine

    from milestonebot.app import Plan
    from milestonebot.document import Document

ANSWERED, NOTHING_FOUND = 0, 1


def run(parsed: Namespace) -> int:
    """Print the answer; return 0 where there is one, 1 where nothing was found."""
    # One answer is over before there is any garbage worth looking for.
    gc.disable()
    planned = plan(parsed, connects=False)
    coroutine = _answer(planned, " ".join(parsed.question))
    document = _at_once(coroutine) if planned.waits_for_nothing else _in_a_loop(coroutine)
    if document is None:
        if planned.room != TERMINAL:
            raise MilestonebotError(f"nothing is answered to that in {planned.room}")
        raise MilestonebotError("there is no question in that; try: milestonebot ask '!next'")
    print(FORMATS[parsed.format or "text"](document))
    # Nor is it worth looking for at the end, where Python would look through all that was loaded.
    gc.freeze()
    return ANSWERED if document.found else NOTHING_FOUND


async def _answer(planned: Plan, question: str) -> Document | None:
    prefix = planned.settings.of(planned.room).prefix
    typed = question.partition(" ")[0].strip("?!,;").casefold() if question.startswith(prefix) else ""
    bot = await build(planned, typed or None)
    now, alone = planned.clock.now(), planned.room == TERMINAL
    return await bot.answer(Message(planned.room, Sender("you"), question, "1", now, private=alone))


def _at_once(coroutine: Coroutine[object, object, Document | None]) -> Document | None:
    """Return the result of a coroutine that waits for nothing: asyncio's import costs 45 ms."""
    try:
        coroutine.send(None)
    except StopIteration as finished:
        document: Document | None = finished.value
        return document
    raise RuntimeError("a part of the bot that ships with it waited for something")


def _in_a_loop(coroutine: Coroutine[object, object, Document | None]) -> Document | None:
    from asyncio import run as run_in_a_loop  # noqa: PLC0415 - see above

    return run_in_a_loop(coroutine)
