"""What works in a milestones file and is hardly meant: `milestonebot check` warns of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from milestonebot.errors import Problem
from milestonebot.names import key
from milestonebot.phrases import days_away

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from milestonebot.catalog import Catalog
    from milestonebot.model import Facts, Milestone, Post, Series
    from milestonebot.sources.reading import Loc, Reading
    from milestonebot.when import When


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning, and what it depends on beyond its file."""

    problem: Problem
    ahead: When | None = None
    """It holds while this is still to come."""
    milestone: tuple[str, str] | None = None
    """It holds where no source has this milestone: its group and its name."""

    def holds(self, catalog: Catalog, now: datetime) -> bool:
        """Tell whether to warn, of a file that is read into `catalog`."""
        if self.ahead is not None:
            return _is_ahead(self.ahead, now)
        return self.milestone is None or not _has(catalog, *self.milestone)


def doubts(reading: Reading, facts: Facts) -> Iterator[Doubt]:
    """Yield what is doubtful in one file, whose facts these are."""
    series = zip(reading.file.series.items(), facts.series, strict=True)
    for (name, entry), each in series:
        yield from _early(reading, ("series", name), each)
        yield from _out(reading, ("series", name), entry.released, each)
    milestones = zip(reading.file.milestones.items(), facts.milestones, strict=True)
    for (name, target), milestone in milestones:
        yield from _out(reading, ("milestones", name), target.released, milestone)
    for i, post in enumerate(facts.posts):
        yield _about(reading, ("posts", i, "milestone"), post)


def _early(reading: Reading, loc: Loc, series: Series) -> Iterator[Doubt]:
    """Yield where a series ends before it is released, or begins after that."""
    release = series.when
    if release is None:
        return
    told = release.iso()
    if series.eol is not None and series.eol.last < release.first:
        message = f"its life ends {series.eol.iso()}, before its release, {told}; mend one of them"
        yield Doubt(_warning(reading, (*loc, "eol"), message))
    if series.starts is not None and series.starts.first > release.last:
        message = f"its cycle starts {series.starts.iso()}, after its release, {told}; mend one of them"
        yield Doubt(_warning(reading, (*loc, "starts"), message))


def _out(reading: Reading, loc: Loc, released: object, thing: Series | Milestone) -> Iterator[Doubt]:
    """Yield what is said to be out, and depends on its day."""
    if not thing.released or thing.when is None:
        return
    day = thing.when.iso()
    if released is True:
        message = f"says that it is out, and its date, {day}, is still to come; write false, or mend the date"
    else:
        message = f"the day it went out, {day}, is still to come; write a plan as date:"
    yield Doubt(_warning(reading, (*loc, "released"), message), ahead=thing.when)


def _about(reading: Reading, loc: Loc, post: Post) -> Doubt:
    message = (
        f"no milestone of {post.group} is called {post.milestone}, so nobody is told of this post; "
        "add it under milestones:, or mend the name"
    )
    return Doubt(_warning(reading, loc, message), milestone=(post.group, post.milestone))


def _warning(reading: Reading, loc: Loc, message: str) -> Problem:
    return Problem(reading.located.file, *reading.located.place(loc), message, "warning")


def _is_ahead(when: When, now: datetime) -> bool:
    return when.at > now if when.at is not None else days_away(when, now) > 0


def _has(catalog: Catalog, group: str, name: str) -> bool:
    """Tell whether `group` has a milestone called `name` itself: posts are not found by short names."""
    called = catalog.milestones.get(key(name), ())
    return any(key(each.group) == key(group) and key(each.name) == key(name) for each in called)
