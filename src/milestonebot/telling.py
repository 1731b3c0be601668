"""How a thing of the catalog is told: its name, how it stands today, what it holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from milestonebot import phrases, statuses
from milestonebot.catalog import titles
from milestonebot.document import Line, Link, Strong
from milestonebot.model import Kind, Milestone
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from milestonebot.catalog import Catalog
    from milestonebot.document import Part
    from milestonebot.lookup import Lookup
    from milestonebot.model import Blueprint, Project, Series

COUNTED = (Kind.MILESTONE, Kind.RELEASE)
"""What `!next` counts; freezes and weeks are for `!schedule`."""


def name(milestone: Milestone, catalog: Catalog, group: str | None = None) -> str:
    """Return what it is called: `essex-2`, `nova essex-2`, `Essex 2012.1 release`.

    Where the catalog holds several groups and the room is about none, the group is named; and so is
    the series, where another has a milestone of that name.
    """
    called = milestone.title if milestone.kind is Kind.RELEASE and milestone.title else milestone.name
    if milestone.series is not None and key(milestone.series) not in key(called):
        alike = catalog.milestones.get(key(milestone.name), ())
        if any(each.series not in (None, milestone.series) for each in alike):
            called = f"{milestone.series} {called}"
    if milestone.project is not None:
        called = f"{milestone.project} {called}"
    if len(catalog.groups) > 1 and key(group or "") != key(milestone.group):
        called = f"{milestone.group} {called}"
    return called


def series_title(series: Series) -> str:
    """Return `Essex, 2012.1`; the name alone where there is no version."""
    return ", ".join(titles(series))


def is_out(milestone: Milestone, now: datetime) -> bool:
    """Tell whether it is known to be released by `now`."""
    when = milestone.when
    if when is None or milestone.released is not True:
        return milestone.released is True
    return when.at <= now if when.at is not None else phrases.days_away(when, now) <= 0


def status(milestone: Milestone, now: datetime) -> str:
    """Return one word for programs: released, due, overdue, past or undated."""
    if is_out(milestone, now):
        return "released"
    if milestone.when is None:
        return "undated"
    if phrases.days_away(milestone.when, now) >= 0:
        return "due"
    return "overdue" if milestone.kind in COUNTED else "past"


def standing(milestone: Milestone, now: datetime) -> str:
    """Return how it stands: `released Thu 15 Dec 2011, 5 days ago`.

    What no source says is not guessed: a target that is past is "due", and not "released".
    """
    when = milestone.when
    if when is None:
        return "released, no date set" if is_out(milestone, now) else phrases.NO_DATE
    told = f"{phrases.dated(when)}, {phrases.away(when, now)}"
    within = "" if when.first == when.last else "in "
    match status(milestone, now):
        case "released":
            return f"released {within}{told}"
        case "overdue":
            known = "not out yet" if milestone.released is False else "no source says that it is out"
            return f"was due {within}{told}; {known}"
        case _:
            return told


def headed(milestone: Milestone, lookup: Lookup, now: datetime) -> tuple[Part, ...]:
    """Return its name and how it stands: `essex-3: Thu 26 Jan 2012, in 37 days`."""
    called = name(milestone, lookup.catalog, lookup.group)
    return (Strong(called), f": {standing(milestone, now)}")


def mentioned(milestone: Milestone, lookup: Lookup, now: datetime) -> tuple[Part, ...]:
    """Return the same within a sentence: `essex-3, Thu 26 Jan 2012, in 37 days`."""
    called = name(milestone, lookup.catalog, lookup.group)
    return (Strong(called), f", {standing(milestone, now)}")


def facts(milestone: Milestone, now: datetime) -> dict[str, object]:
    """Return the same for programs; `days` are from today, negative when past.

    The milestone is as its sources state it: its `released` may be of a later day, `status` is not.
    """
    when = milestone.when
    days = None if when is None else phrases.days_away(when, now)
    return {"milestone": milestone, "status": status(milestone, now), "days": days}


def upcoming(lookup: Lookup, now: datetime, project: Project | None = None) -> Milestone | None:
    """Return the next milestone of the room's group, or of `project`, that is due."""
    name = key(project.name) if project is not None else ""
    group = key(project.group if project is not None else lookup.group or "")
    timelines = [each for of, each in lookup.catalog.timelines.items() if group in ("", of)]
    next_of_each = (next(_due(timeline, name, now), None) for timeline in timelines)
    due = [each for each in next_of_each if each is not None]
    return min(due, key=lambda each: lookup.away(each.when), default=None)


def _due(timeline: Iterable[Milestone], project: str, now: datetime) -> Iterator[Milestone]:
    for each in timeline:
        mine = each.kind is Kind.MILESTONE and key(each.project or project) == project
        if mine and status(each, now) == "due":
            yield each


def example(lookup: Lookup, now: datetime) -> str:
    """Return a question that this catalog answers."""
    ahead = upcoming(lookup, now)
    return f"when is {ahead.name}?" if ahead is not None else "what is the next milestone?"


def following(milestone: Milestone, catalog: Catalog, *, most: int = 1) -> tuple[Milestone, ...]:
    """Return the milestones and releases of its group that come after `milestone`."""
    when = milestone.when
    if when is None:
        return ()
    after = (
        each
        for each in catalog.timelines.get(key(milestone.group), ())
        if each.kind in COUNTED
        and each.project in (None, milestone.project)
        and each.when is not None
        and each.when.first > when.last
    )
    return tuple(each for each, _ in zip(after, range(most), strict=False))


def by_project(blueprints: Iterable[Blueprint]) -> dict[str, list[Blueprint]]:
    """Return them by project, the busiest first; equally busy ones as they are listed."""
    gathered: dict[str, list[Blueprint]] = {}
    for each in blueprints:
        gathered.setdefault(each.project, []).append(each)
    return dict(sorted(gathered.items(), key=lambda pair: -len(pair[1])))


def done(blueprints: Iterable[Blueprint]) -> int:
    """Return how many of them a source says are implemented."""
    return sum(statuses.state(each.status) == "implemented" for each in blueprints)


def tally(blueprints: Iterable[Blueprint]) -> dict[str, int]:
    """Return how many there are of each project, the busiest first."""
    return dict(Counter(each.project for each in blueprints).most_common())


def counts(blueprints: Sequence[Blueprint]) -> str:
    """Return `19 blueprints named: nova 13, horizon 3, keystone 2, glance 1`."""
    projects = ", ".join(f"{project} {number}" for project, number in tally(blueprints).items())
    return f"{phrases.count(len(blueprints), 'blueprint')} named: {projects}"


def blueprint(each: Blueprint, *, status: bool = True) -> Line:
    """Return one line: its name with its link, title, status and assignee, as far as known."""
    head: Part = Link(each.name, each.url) if each.url else Strong(each.name)
    known = [each.title, each.status if status else None, f"by {each.assignee}" if each.assignee else None]
    rest = ", ".join(text for text in known if text)
    return Line((head, f" {rest}") if rest else (head,))


def also(asked: str, others: Sequence[Milestone], lookup: Lookup) -> str | None:
    """Return what else `asked` names, so that nobody takes epoxy-2 for essex-2."""
    if not others:
        return None
    told = [f"{name(each, lookup.catalog, lookup.group)} ({phrases.short(each.when)})" for each in others[:2]]
    return f"{asked[:40]} is also {phrases.listed(told)}"
