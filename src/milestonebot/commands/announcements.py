"""`!announcements`: what the bot will say here by itself, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.announcement import Occasion
from milestonebot.document import Document, Faint, Line, Listing, Strong, say
from milestonebot.router import Command, Router
from milestonebot.when import When
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.document import Block, Part
    from milestonebot.outbox import Delivery

router = Router()

_MOST = 5
_AHEAD = (1, 7, 31, 92, 366)
"""Days that are looked ahead, until something is found."""
_LONGEST = 80
_NOTICED = {
    Occasion.RELEASED: "what is released",
    Occasion.CHANGED: "dates that change",
}
"""What comes of news, whose day nobody knows ahead."""


@router.command("announcements")
async def announcements(command: Command) -> Document:
    """Tell what will be announced in this room next, and when; of what is repeated, the next time."""
    here = [
        replace(each, rooms=(command.room,))
        for each in command.desk.announcements
        if command.room in each.rooms
    ]
    if not here:
        where = "Announcements are for rooms; ask there." if command.desk.private else "None come here."
        return say(where, data={"coming": []}, found=False)
    known = {each.name: each for each in here}
    coming = [(each, known[each.announcement]) for each in _coming(command, here)]
    items = tuple(_told(command, delivery, of) for delivery, of in coming)
    title = Line(("Coming here",))
    first: Block = Listing(items, title) if items else Line(("Nothing is due here within a year.",))
    kinds = {each.occasion for each in here}
    noticed = phrases.listed([words for kind, words in _NOTICED.items() if kind in kinds])
    blocks = (first, Line((Faint(f"Also told once it is known: {noticed}"),))) if noticed else (first,)
    return Document(blocks, {"coming": [_data(delivery, of) for delivery, of in coming]})


def _coming(command: Command, here: Sequence[Announcement]) -> list[Delivery]:
    from milestonebot.agenda import coming  # noqa: PLC0415 - no other command needs the agenda

    found: list[Delivery] = []
    for each in here:
        # Of what is repeated, once is enough; and what comes every minute is not listed for a year.
        for days in _AHEAD if each.cron is not None else _AHEAD[-1:]:
            due = coming(command.catalog, [each], command.now, command.now + timedelta(days=days))
            if due:
                found += due[:1] if each.cron is not None else due[:_MOST]
                break
    return sorted(found, key=lambda delivery: delivery.due)[:_MOST]


def _told(command: Command, delivery: Delivery, of: Announcement) -> Line:
    """Return `Thu 12 Jan 2012, 14:00 UTC: essex-3 is in 14 days`, with the announcement's name."""
    return Line((Strong(_local(delivery, of)), ": ", *_what(command, delivery, of), Faint(f" ({of.name})")))


def _local(delivery: Delivery, of: Announcement) -> str:
    return phrases.dated(When.moment(delivery.due.astimezone(zone(of.zone)), of.zone))


def _what(command: Command, delivery: Delivery, of: Announcement) -> Sequence[Part]:
    from milestonebot.wording import worded  # noqa: PLC0415 - see above

    match delivery.occasion:
        case Occasion.RELEASED:
            return (f"{delivery.about.get('milestone')}, and what landed in it",)
        case Occasion.DIGEST:
            return ("what comes next",)
    document = worded(delivery, of, command.catalog, delivery.due, command.settings)
    first = document.blocks[0]
    if isinstance(first, Line) and delivery.occasion is Occasion.COUNTDOWN:
        return first.parts
    text = str(document.data.get("text", "")).replace("\n", " ")
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…",)


def _data(delivery: Delivery, of: Announcement) -> dict[str, object]:
    return {
        "due": delivery.due.isoformat(timespec="minutes"),
        "announcement": of.name,
        "kind": of.occasion.value,
        "milestone": delivery.about.get("milestone"),
    }
