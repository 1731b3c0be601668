"""Dates that changed: the old one, the new one, who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from milestonebot import phrases
from milestonebot.announcement import Occasion
from milestonebot.document import Document, Faint, Line, Link, Listing, Strong
from milestonebot.wording.about import date, subject
from milestonebot.wording.fields import fill
from milestonebot.wording.values import dated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.announcement import Announcement
    from milestonebot.document import Part
    from milestonebot.model import Milestone
    from milestonebot.outbox import Delivery
    from milestonebot.when import When
    from milestonebot.wording.about import Told


def changed(delivery: Delivery, announcement: Announcement | None, told: Told) -> Document:
    """Return each change in a line; several as a list."""
    listed = delivery.about.get("changes")
    changes = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    say = announcement.say if announcement is not None else None
    lines = tuple(_said(each, say, told) if say is not None else _told(each, told) for each in changes)
    data = {"changes": changes}
    if len(lines) < 2:  # noqa: PLR2004 - one change needs no list
        return Document(lines or (Line(("A date changed.",)),), data)
    return Document((Listing(lines, Line((f"{len(lines)} dates changed",))),), data)


def _told(change: Mapping[str, Any], told: Told) -> Line:
    milestone = subject(change, told.catalog)
    old, new = date(change.get("old")), date(change.get("new"))
    match old, new:
        case None, None:
            what = f"has {phrases.NO_DATE}"
        case _, None:
            what = f"has no date any more; it was {told.dated(old)}"
        case None, _:
            what = f"has a date: {_dated(new, told)}"
        case _:
            what = f"moves from {told.dated(old)} to {_dated(new, told)}"
    return Line((Strong(told.name(milestone)), f" {what}", *_source(change, milestone, new)))


def _dated(when: When | None, told: Told) -> str:
    return told.dated(when) if when is None else f"{told.dated(when)}, {phrases.away(when, told.now)}"


def _source(change: Mapping[str, Any], milestone: Milestone, new: When | None) -> list[Part]:
    """Return who says so, with the link that they cite for the new date."""
    source = change.get("source")
    if not isinstance(source, str) or not source:
        return []
    claim = next((each for each in milestone.claims if each.when == new), None)
    reference = claim.origin.reference if claim is not None else None
    if reference is not None and reference.startswith(("https://", "http://")):
        return [Faint(" (says "), Link(source, reference), Faint(")")]
    return [Faint(f" (says {source})")]


def _said(change: Mapping[str, Any], say: str, told: Told) -> Line:
    milestone = subject(change, told.catalog)
    old, new = date(change.get("old")), date(change.get("new"))
    values = dated(milestone, new, told) | {
        "old": told.dated(old),
        "new": told.dated(new),
        "source": str(change.get("source") or ""),
    }
    return Line((fill(say, Occasion.CHANGED, values),))
