"""What is new since planning last looked: dates that changed, things that are out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milestonebot.agenda.dated import Thing
from milestonebot.agenda.subjects import told
from milestonebot.model import Milestone, Origin
from milestonebot.outbox import Known
from milestonebot.telling import is_out
from milestonebot.when import When
from milestonebot.zones import zone

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from typing import Any

    from milestonebot.agenda.dated import Dated
    from milestonebot.outbox import Memory


@dataclass(frozen=True, slots=True)
class Change:
    """A date that was set, moved or withdrawn; dates are as `When.iso` writes them, or None."""

    thing: Thing
    old: str | None
    new: str | None
    source: str
    """Who says so; of a date that is gone, who had said it."""
    turn: int

    def about(self) -> dict[str, Any]:
        """Return it as JSON values: what `Thing.about` has less `date`, and `old`, `new` and `source`."""
        of = {name: value for name, value in self.thing.about().items() if name != "date"}
        return of | {"old": self.old, "new": self.new, "source": self.source}


@dataclass(slots=True)
class News:
    """What one look noticed."""

    known: dict[str, Known] = field(default_factory=dict)
    """What is to be remembered anew."""
    changes: list[Change] = field(default_factory=list)
    came_out: list[Thing] = field(default_factory=list)
    """Was known, and not out; is out in some zone."""
    appeared: list[Thing] = field(default_factory=list)
    """Was not known, and is out in some zone."""
    corrected: list[tuple[Thing, When | None]] = field(default_factory=list)
    """Was out, and is still, by another date than the one beside it."""


def noticed(dated: Dated, memory: Memory, now: datetime, zones: Collection[str]) -> News:
    """Return what is new; at the first look all is remembered, and nothing is news.

    What vanished is remembered without a date, so that its changes go on being counted.
    """
    news, first = News(), memory.watermark is None
    heres = [now.astimezone(zone(name)) for name in sorted(zones)]
    today = now.toordinal()
    for subject, thing in dated.things.items():
        known = memory.known.get(subject)
        # Zones differ by 26 hours: only of what is near it matters where one is.
        out = thing.milestone.released is True and thing.day <= today + 2
        if out and thing.day >= today - 2:
            out = any(is_out(thing.milestone, here) for here in heres)
        if known is None:
            _first_seen(news, thing, out=out, first=first)
        elif known.when != thing.iso or known.out != out or known.source != thing.source:
            _seen_again(news, thing, known, out=out)
    for subject in memory.known.keys() - dated.things.keys():
        _vanished(news, subject, memory.known[subject])
    return news


def _first_seen(news: News, thing: Thing, *, out: bool, first: bool) -> None:
    turn = int(not first and thing.iso is not None)
    news.known[thing.subject] = Known(thing.iso, out, thing.source, turn)
    if turn:
        news.changes.append(Change(thing, None, thing.iso, thing.source, turn))
    if out and not first:
        news.appeared.append(thing)


def _seen_again(news: News, thing: Thing, known: Known, *, out: bool) -> None:
    moved = not same(known.when, thing.milestone.when)
    turn = known.turn + moved
    news.known[thing.subject] = Known(thing.iso, out, thing.source, turn)
    if moved:
        news.changes.append(Change(thing, known.when, thing.iso, thing.source, turn))
    if out and not known.out:
        news.came_out.append(thing)
    elif out and moved:
        news.corrected.append((thing, None if known.when is None else When.parse(known.when)))


def _vanished(news: News, subject: str, known: Known) -> None:
    if known.when is None:
        return
    turn = known.turn + 1
    news.known[subject] = Known(None, known.out, known.source, turn)
    news.changes.append(Change(_gone(subject), known.when, None, known.source, turn))


def _gone(subject: str) -> Thing:
    """Return what the name of a subject alone still tells of it."""
    of = told(subject)
    gone = Milestone(of["milestone"], of["group"], Origin(""), of["series"], of["project"], of["kind"])
    return Thing(subject, gone)


def same(written: str | None, when: When | None) -> bool:
    """Tell whether `written` states the date `when`; a moment is the same in any zone's time."""
    if written is None or when is None:
        return written is None and when is None
    if written == when.iso():
        return True
    return when.at is not None and When.parse(written).at == when.at.replace(second=0, microsecond=0)
