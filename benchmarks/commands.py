"""Whole commands in the made catalog: heard, answered, and rendered as an IRC channel sees them."""

from __future__ import annotations

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
from milestonebot.settings import RoomSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.document import Document
    from milestonebot.model import Facts

GOAL = 50.0
"""ms, so that no question holds up the others for longer than anyone notices."""
_ROOM = Room("network", "#channel")
_WIDTH = text_width("milestonebot!milestonebot@bots.example.org", "PRIVMSG", _ROOM.name)


def figures(facts: Facts) -> list[Figure]:
    """Measure commands from the message to the lines that are said."""
    name = facts.blueprints[4711].name
    milestone = made.milestone_name(512)
    asked = {
        "!milestone": f"!milestone {milestone}",
        "!milestone, a near miss": f"!milestone {milestone[1:]}",
        "!blueprints of a milestone, 100 of them": f"!blueprints {milestone}",
        "!blueprint": f"!blueprint {name}",
        "!blueprint, a near miss": f"!blueprint {name[:-5]}x{name[-5:]}",
        "!overview": f"!overview {milestone}",
        "!search, common words": "!search support cache",
        "!next": "!next",
        "!schedule": f"!schedule {facts.series[51].name}",
        "!project": f"!project {facts.projects[3].name}",
        "when is …?": f"milestonebot: when is {milestone}?",
        "is … in …?": f"milestonebot: is {name} in {milestone}?",
        "words that mean nothing": "milestonebot: what do you make of all this then, my friend?",
        "!milestone of eight words": "!milestone one of these eight words may be it",
    }
    wide = {
        "!schedule of 1,000 dates": "!schedule wide",
        "!blueprints, 1,000 of them": "!blueprints wide-7",
        "!overview of 1,000 blueprints": "!overview wide-7",
    }
    return [*_measured(facts, asked), *_measured(made.wide_facts(), wide)]


def _measured(facts: Facts, asked: dict[str, str]) -> Iterator[Figure]:
    settings = Settings(default=RoomSettings(limits=None))
    now = datetime.combine(made.TODAY, time(12), UTC)
    bot = Bot(router(), settings, FixedClock(now), Catalog.of(facts))
    ids = count()
    answer(bot, "!search cache", ids)  # the search index is measured on its own
    for what, text in asked.items():
        yield Figure(what, clock.seconds(partial(answer, bot, text, ids)) * 1e3, "ms", GOAL)


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
