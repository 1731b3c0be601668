"""`milestonebot plan`: what will be announced, where, when and in which words, without saying it."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from milestonebot import phrases
from milestonebot.agenda import coming, next_due, uncounted, void
from milestonebot.announcement import Occasion
from milestonebot.app import build, plan
from milestonebot.catalog import Catalog
from milestonebot.errors import MilestonebotError
from milestonebot.render import as_json, as_text
from milestonebot.render.clean import clean
from milestonebot.telling import name
from milestonebot.wording import worded
from milestonebot.zones import zone

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from milestonebot.announcement import Announcement
    from milestonebot.document import Document
    from milestonebot.outbox import Delivery
    from milestonebot.settings import Settings

_USUAL = "config.yaml"
_LINES = 6
"""Of an announcement's words so many are shown; --json has all."""
_AT_ONCE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One announcement in all rooms that read the same words."""

    rule: Announcement
    words: Document
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def due(self) -> datetime:
        return self.deliveries[0].due


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What the plan is made from."""

    rules: Sequence[Announcement]
    catalog: Catalog
    settings: Settings
    since: datetime
    until: datetime


def run(parsed: Namespace) -> int:
    """Print the plan of the days ahead; return 0."""
    parsed.config = parsed.config or _usual()
    parsed.data = parsed.room = None
    planned = plan(parsed, connects=False)
    rules = planned.config.announcements if planned.config is not None else ()
    if not rules:
        raise MilestonebotError(
            f"{parsed.config} has no announcements: write some under `announcements:`,"
            " as config.example.yaml shows"
        )
    catalog = asyncio.run(build(planned)).catalog or Catalog()
    since = planned.clock.now().astimezone(UTC)
    ahead = _Ahead(rules, catalog, planned.settings, since, _later(since, parsed.days))
    print(_as_json(ahead) if parsed.json else "\n".join(_as_text(ahead)))
    return 0


def _usual() -> str:
    if not os.path.exists(_USUAL):  # noqa: PTH110 - pathlib is for those who have files to read
        raise MilestonebotError("plan needs a config with `announcements:`; name it by --config FILE")
    return _USUAL


def _later(since: datetime, days: int) -> datetime:
    try:
        return since + timedelta(days=days)
    except OverflowError:
        return since.max.replace(tzinfo=UTC)


def _entries(ahead: _Ahead) -> Iterable[_Entry]:
    """Return what is due, in order; rooms that are about the same read the same words."""
    rules = {each.name: each for each in ahead.rules}
    words: dict[tuple[int, object, object], Document] = {}
    entries: dict[tuple[int, str], _Entry] = {}
    # What is due just now is still to come.
    for each in coming(ahead.catalog, ahead.rules, ahead.since - _AT_ONCE, ahead.until):
        rule, room = rules[each.announcement], ahead.settings.of(each.room)
        alike = (id(each.about), room.group, room.projects)
        if alike not in words:
            words[alike] = worded(each, rule, ahead.catalog, each.due, room)
        entry = entries.setdefault((id(each.about), as_text(words[alike])), _Entry(rule, words[alike]))
        entry.deliveries.append(each)
    return entries.values()


def _as_text(ahead: _Ahead) -> Iterator[str]:
    here = zone(ahead.settings.zone)
    first, last = (phrases.day(each.astimezone(here).date()) for each in (ahead.since, ahead.until))
    yield f"From {first} to {last}, as the catalog is now ({ahead.settings.zone}):"
    any_day = False
    for day, entries in groupby(_entries(ahead), lambda each: each.due.astimezone(here).date()):
        any_day = True
        yield ""
        yield phrases.day(day)
        for entry, *later in _folded(entries):
            yield from _told(entry, later, day)
    yield ""
    if not any_day:
        yield "Nothing is due in these days."
    yield from _besides(ahead)
    yield "What was announced, what expired and what failed: milestonebot outbox --all"


def _folded(entries: Iterable[_Entry]) -> Iterable[list[_Entry]]:
    """Return the entries of one day; those of one rule by cron, for the same rooms, together."""
    folded: dict[object, list[_Entry]] = {}
    for each in entries:
        rooms = tuple(delivery.room for delivery in each.deliveries)
        alike = (each.rule.name, rooms) if each.rule.cron is not None else id(each)
        folded.setdefault(alike, []).append(each)
    return folded.values()


def _told(entry: _Entry, later: Sequence[_Entry], day: date) -> Iterator[str]:
    rooms = ", ".join(clean(str(each.room)) for each in entry.deliveries)
    times = dict.fromkeys([_clock(entry.due, entry.rule.zone, day), _clock(entry.due, "UTC", day)])
    more = ""
    if later:
        last = _clock(later[-1].due, entry.rule.zone, day)
        more = f" and {phrases.count(len(later), 'time')} more until {last}"
    yield f"  {', '.join(times)}{more} · {clean(entry.rule.name)} · {rooms}"
    lines = as_text(entry.words).splitlines()
    yield from (f"    {line}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"    … and {phrases.count(len(lines) - _LINES, 'line')} more, in --json"


def _clock(moment: datetime, zone_name: str, day: date) -> str:
    """Return `14:00 UTC`; with its weekday where that is not `day`."""
    here = moment.astimezone(zone(zone_name))
    weekday = "" if here.date() == day else f"{phrases.day(here.date())[:3]} "
    return f"{weekday}{here:%H:%M} {zone_name}"


def _besides(ahead: _Ahead) -> Iterator[str]:
    """Yield what has no day, and what the announcements do that are not due in these days."""
    undated: dict[str, list[str]] = {}
    for rule in ahead.rules:
        for milestone in _undated(ahead, rule):
            undated.setdefault(milestone, []).append(rule.name)
    for milestone, rules in undated.items():
        yield f"{clean(milestone)}: no day is set to count down to ({clean(', '.join(rules))})"
    for rule in ahead.rules:
        if (told := _silent(ahead, rule)) is not None:
            yield f"{clean(rule.name)}: {told}"


def _undated(ahead: _Ahead, rule: Announcement) -> list[str]:
    if rule.occasion is not Occasion.COUNTDOWN:
        return []
    return [name(each, ahead.catalog) for each in uncounted(ahead.catalog, rule, ahead.since)]


def _silent(ahead: _Ahead, rule: Announcement) -> str | None:
    """Return why `rule` may say nothing in these days, or what it says that nobody can plan."""
    if void(ahead.catalog, rule):
        return "announces nothing, since the catalog has nothing that it is for"
    if rule.occasion is Occasion.CHANGED:
        return "whenever a date is set, moves or is withdrawn"
    if rule.occasion is Occasion.RELEASED:
        return "also whenever a source says that something is out"
    due = next_due(ahead.catalog, rule, ahead.since - _AT_ONCE)
    if due is None:
        return "nothing is ahead of it"
    if due <= ahead.until:
        return None
    here = due.astimezone(zone(rule.zone))
    return f"nothing in these days; next on {phrases.day(here.date())}, {here:%H:%M} {rule.zone}"


def _as_json(ahead: _Ahead) -> str:
    """Return the same for programs; moments are ISO 8601, in UTC but for `local`."""
    told = {
        "since": ahead.since.isoformat(),
        "until": ahead.until.isoformat(),
        "deliveries": [
            _delivery(each, entry, zone(entry.rule.zone))
            for entry in _entries(ahead)
            for each in entry.deliveries
        ],
        "announcements": [_rule(ahead, each) for each in ahead.rules],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _delivery(each: Delivery, entry: _Entry, here: tzinfo) -> dict[str, Any]:
    words = json.loads(as_json(entry.words))
    return {
        "key": each.key,
        "announcement": each.announcement,
        "kind": each.occasion.value,
        "room": str(each.room),
        "due": each.due.isoformat(),
        "local": each.due.astimezone(here).isoformat(),
        "zone": entry.rule.zone,
        "until": each.until.isoformat(),
        "about": dict(each.about),
        "text": words["text"],
        "data": words["data"],
    }


def _rule(ahead: _Ahead, rule: Announcement) -> dict[str, Any]:
    due = next_due(ahead.catalog, rule, ahead.since - _AT_ONCE)
    return {
        "name": rule.name,
        "kind": rule.occasion.value,
        "rooms": [str(room) for room in rule.rooms],
        "next": None if due is None else due.isoformat(),
        "undated": _undated(ahead, rule),
        "void": void(ahead.catalog, rule),
    }
