"""A countdown: `essex-3 is in 7 days: Thu 26 Jan 2012`, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases, telling
from milestonebot.announcement import Occasion
from milestonebot.document import Document, Line, Strong, say
from milestonebot.when import Precision
from milestonebot.wording.about import subject
from milestonebot.wording.fields import fill
from milestonebot.wording.values import dated

if TYPE_CHECKING:
    from milestonebot.announcement import Announcement
    from milestonebot.model import Milestone
    from milestonebot.outbox import Delivery
    from milestonebot.wording.about import Told


def countdown(delivery: Delivery, announcement: Announcement | None, told: Told) -> Document:
    """Return how far it is now, which is not how far it was when the countdown was planned."""
    milestone = subject(delivery.about, told.catalog)
    facts = telling.facts(milestone, told.now)
    if announcement is not None and announcement.say is not None:
        values = dated(milestone, milestone.when, told)
        return say(fill(announcement.say, Occasion.COUNTDOWN, values), data=facts)
    line = Line((Strong(told.name(milestone)), f" {_standing(milestone, told)}"))
    return Document((line,), facts)


def _standing(milestone: Milestone, told: Told) -> str:
    when = milestone.when
    if when is None:
        return f"has {phrases.NO_DATE}"
    away, date = phrases.away(when, told.now), told.dated(when)
    if phrases.days_away(when, told.now) < 0:
        return f"{_was(milestone, told)} {away}: {date}"
    if when.first == when.last:
        return f"is {away}: {date}"
    if when.precision is Precision.MONTH:
        return f"is {away}: {date}"
    some_day = f"some day in {date}" if date.startswith("the week") else f"some day from {date}"
    if phrases.days_away(when, told.now) > 0:
        return f"is due {some_day}, which begins {away}"
    return f"is due {some_day}" if away == "now" else f"is {away}, {some_day}"


def _was(milestone: Milestone, told: Told) -> str:
    if telling.is_out(milestone, told.now):
        return "was released"
    return "was due" if milestone.kind in telling.COUNTED else "was"
