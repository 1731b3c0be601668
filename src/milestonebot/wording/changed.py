"""Dates that changed: the old one, the new one, who says so.

What was planned before an outage may have changed again when it is said: then it is told as past, with the
date that holds by now, so that each change is told and none as if it still stood.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from milestonebot import phrases
from milestonebot.agenda import found, same
from milestonebot.announcement import Occasion
from milestonebot.document import Document, Faint, Line, Link, Listing, Strong
from milestonebot.wording.about import date, subject
from milestonebot.wording.fields import fill
from milestonebot.wording.values import dated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.announcement import Announcement
    from milestonebot.document import Part
    from milestonebot.model import Origin
    from milestonebot.outbox import Delivery
    from milestonebot.when import When
    from milestonebot.wording.about import Told

_LINE = re.compile(r":\d+\Z", re.ASCII)


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
    old, new = date(change.get("old")), date(change.get("new"))
    name = told.name(subject(change, told.catalog))
    overtaken = _overtaken(change, told)
    match old, new:
        case None, None:
            what = f"has {phrases.NO_DATE}"
        case _, None:
            gone = "lost its date," if overtaken else "has no date any more; it was"
            what = f"{gone} {told.dated(old)}"
        case None, _:
            what = f"had a date: {told.dated(new)}" if overtaken else f"has a date: {_dated(new, told)}"
        case _:
            moves = f"{'moved' if overtaken else 'moves'} from {told.dated(old)} to"
            what = f"{moves} {told.dated(new) if overtaken else _dated(new, told)}"
    since = f", and {_since(change, told)}" if overtaken else ""
    return Line((Strong(name), f" {what}{since}", *_source(change, told)))


def _overtaken(change: Mapping[str, Any], told: Told) -> bool:
    """Tell whether its date is another by now than the one that it changed to."""
    new = change.get("new")
    return (new is None or date(new) is not None) and not same(new, _now(change, told))


def _now(change: Mapping[str, Any], told: Told) -> When | None:
    known = found(change, told.catalog)
    return None if known is None else known.when


def _since(change: Mapping[str, Any], told: Told) -> str:
    now = _now(change, told)
    if now is None:
        return "has no date any more"
    again = "has a date again" if change.get("new") is None else "changed again since"
    return f"{again}: {_dated(now, told)}"


def _dated(when: When | None, told: Told) -> str:
    return told.dated(when) if when is None else f"{told.dated(when)}, {phrases.away(when, told.now)}"


def _origin(change: Mapping[str, Any], told: Told) -> Origin | None:
    """Return who says what holds by now: lines move, and the one that was planned may be another's."""
    known = found(change, told.catalog)
    if known is None:
        return None
    return known.claims[0].origin if known.claims else known.origin


def _file(change: Mapping[str, Any]) -> str:
    """Return who had stated what is gone, without the line, where something else stands by now."""
    return _LINE.sub("", str(change.get("source") or ""))


def _source(change: Mapping[str, Any], told: Told) -> list[Part]:
    """Return who says so, with the link that they cite."""
    origin = _origin(change, told)
    if origin is None:
        file = _file(change)
        return [Faint(f" ({file} has it no more)")] if file else []
    if not origin.source:
        return []
    if origin.reference is not None and origin.reference.startswith(("https://", "http://")):
        return [Faint(" (says "), Link(origin.source, origin.reference), Faint(")")]
    return [Faint(f" (says {origin.source})")]


def _said(change: Mapping[str, Any], say: str, told: Told) -> Line:
    milestone = subject(change, told.catalog)
    old, new = date(change.get("old")), date(change.get("new"))
    origin = _origin(change, told)
    values = dated(milestone, new, told) | {
        "old": told.dated(old),
        "new": told.dated(new),
        "source": _file(change) if origin is None else origin.source,
    }
    since = f" ({_since(change, told)})" if _overtaken(change, told) else ""
    return Line((fill(say, Occasion.CHANGED, values) + since,))
