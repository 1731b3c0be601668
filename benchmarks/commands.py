"""Whole commands in the made catalog: heard, answered, and rendered as an IRC channel sees them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from benchmarks import clock, made
from benchmarks.figures import Figure
from milestonebot.bot import Bot
from milestonebot.catalog import Catalog
from milestonebot.clock import FixedClock
from milestonebot.commands import router
from milestonebot.ports import Message, Room, Sender
from milestonebot.render.irc import render_irc, text_width
from milestonebot.settings import Settings

if TYPE_CHECKING:
    from milestonebot.document import Document
    from milestonebot.model import Facts

GOAL = 50.0
"""ms, so that no question holds up the others for longer than anyone notices."""
_ROOM = Room("network", "#channel")
_WIDTH = text_width("milestonebot!milestonebot@bots.example.org", "PRIVMSG", _ROOM.name)


def figures(facts: Facts) -> list[Figure]:
    """Measure commands from the message to the lines that are said."""
    settings = Settings()
    settings = replace(settings, default=replace(settings.default, limits=None))
    now = datetime.combine(made.TODAY, time(12), UTC)
    bot = Bot(router(), settings, FixedClock(now), Catalog.of(facts))
    name = facts.blueprints[4711].name
    asked = {
        "!milestone": f"!milestone {made.milestone_name(512)}",
        "!milestone, a near miss": f"!milestone {made.milestone_name(512)[1:]}",
        "!blueprints of a milestone, 100 of them": f"!blueprints {made.milestone_name(512)}",
        "!blueprint": f"!blueprint {name}",
        "!blueprint, a near miss": f"!blueprint {name[:-5]}x{name[-5:]}",
        "!overview": f"!overview {made.milestone_name(512)}",
        "!search, common words": "!search support cache",
        "!next": "!next",
        "!schedule": f"!schedule {facts.series[51].name}",
        "!project": f"!project {facts.projects[3].name}",
        "when is …?": f"milestonebot: when is {made.milestone_name(512)}?",
        "is … in …?": f"milestonebot: is {name} in {made.milestone_name(512)}?",
        "words that mean nothing": "milestonebot: what do you make of all this then, my friend?",
        "!milestone of eight words": "!milestone one of these eight words may be it",
    }
    ids = count()
    answer(bot, "!search cache", ids)  # the search index is measured on its own
    taken = {what: clock.seconds(partial(answer, bot, text, ids)) for what, text in asked.items()}
    return [Figure(what, value * 1e3, "ms", GOAL) for what, value in taken.items()]


def answer(bot: Bot, text: str, ids: count[int]) -> tuple[str, ...]:
    """Return the lines that the bot says to `text`."""
    message = Message(_ROOM, Sender("you"), text, str(next(ids)), bot.clock.now())
    told = at_once(bot, message)
    assert told is not None
    lines = render_irc(told, width=_WIDTH).lines
    assert lines
    return lines


def at_once(bot: Bot, message: Message) -> Document | None:
    """Return the answer of a bot that waits for nothing, without an event loop."""
    try:
        bot.answer(message).send(None)
    except StopIteration as finished:
        told: Document | None = finished.value
        return told
    raise AssertionError("an answer from a catalog in memory waited for something")
