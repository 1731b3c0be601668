"""`milestonebot console`: the bot in this terminal, or on a pipe."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from milestonebot.app import TERMINAL, build, plan
from milestonebot.catalog import Catalog
from milestonebot.conversation import attend
from milestonebot.lookup import Lookup
from milestonebot.render import CHANNEL_WIDTH, FORMATS
from milestonebot.telling import example
from milestonebot.transports.console import ConsoleTransport, PipeReader

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from milestonebot.bot import Bot
    from milestonebot.document import Document
    from milestonebot.ports import Room
    from milestonebot.transports.console import Reader

    Show = Callable[[Document], Document | None]

_WELCOME = "Ask for a date or a milestone: {example}, {prefix}next, {prefix}help. Tab completes, exit leaves."


def run(parsed: Namespace) -> int:
    """Answer what is typed until it ends; return 0."""
    asyncio.run(_talk(parsed))
    return 0


async def _talk(parsed: Namespace) -> None:
    planned = plan(parsed, connects=False)
    bot = await build(planned)
    show = _show(parsed.format, bot.settings.of(planned.room).prefix)
    alone = planned.room == TERMINAL
    reader = _reader(bot, planned.room)
    transport = ConsoleTransport(reader, show, planned.clock, planned.room, private=alone)
    # One after the other: the next question is asked when the last is answered.
    async for message in transport.messages():
        await attend(bot, transport, message)


def _show(format_name: str | None, prefix: str) -> Show:
    """Return what shows a document: with colours and links on a terminal, as plain text elsewhere."""
    if format_name == "irc":
        return _as_on_irc(prefix)
    if format_name is not None or not sys.stdout.isatty():
        return _written(FORMATS[format_name or "text"])
    from milestonebot.render.terminal import printer  # noqa: PLC0415 - a pipe needs no colours

    return printer()


def _written(write: Callable[[Document], str]) -> Show:
    def show(document: Document) -> None:
        print(write(document), flush=True)

    return show


def _as_on_irc(prefix: str) -> Show:
    """Return what shows the three lines that a channel would see, and keeps the rest for `!more`."""
    from milestonebot.render.irc import render_irc  # noqa: PLC0415 - only this format needs it

    def show(document: Document) -> Document | None:
        page = render_irc(document, width=CHANNEL_WIDTH, more=f"{prefix}more")
        print(*page.lines, sep="\n", flush=True)
        return page.rest

    return show


def _reader(bot: Bot, room: Room) -> Reader:
    if not sys.stdin.isatty():
        return PipeReader(sys.stdin)
    from milestonebot.transports.prompt import (  # noqa: PLC0415 - a pipe needs no line editing
        NameCompleter,
        PromptReader,
        history_file,
    )

    catalog = bot.catalog or Catalog()
    prefix = bot.settings.of(room).prefix
    now = bot.clock.now()
    print(_WELCOME.format(example=example(Lookup(catalog, now.date()), now), prefix=prefix))
    completer = NameCompleter(list(bot.commands(room).all), _names(catalog), prefix)
    return PromptReader(completer, history_file(os.environ))


def _names(catalog: Catalog) -> dict[str, str]:
    """Return what Tab completes, and what each is."""
    facts = catalog.facts
    return {
        each.name: what
        for what, things in (
            ("blueprint", facts.blueprints),
            ("project", facts.projects),
            ("milestone", facts.milestones),
            ("series", facts.series),
        )
        for each in things
    }
