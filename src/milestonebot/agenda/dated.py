"""The dated things of a catalog that announcements are about, in order and by subject.

Made once for each snapshot, so that a look at thousands of them costs no more than what is due.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING

from milestonebot.agenda.scopes import Within
from milestonebot.agenda.subjects import subject
from milestonebot.agenda.times import day_of
from milestonebot.announcement import KINDS
from milestonebot.model import Kind, Milestone
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date
    from typing import Any

    from milestonebot.announcement import Announcement, Scope
    from milestonebot.catalog import Catalog
    from milestonebot.model import Release


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A dated thing that can be announced, under its subject."""

    subject: str
    milestone: Milestone
    version: bool = False
    """Whether it is a published version of a project, and no milestone of the plan."""
    iso: str | None = None
    """Its believed date as `When.iso` writes it."""
    day: int = 0
    """The ordinal of its first day, in UTC for a moment; 0 where it has no date."""

    @classmethod
    def of(cls, milestone: Milestone, *, version: bool = False) -> Thing:
        """Return `milestone` with its subject and day."""
        when = milestone.when
        day = 0 if when is None else day_of(when, UTC).toordinal()
        return cls(subject(milestone), milestone, version, None if when is None else when.iso(), day)

    @property
    def source(self) -> str:
        """Return who says its believed date."""
        claims = self.milestone.claims
        return claims[0].origin.source if claims else self.milestone.origin.source

    def about(self) -> dict[str, Any]:
        """Return what every occasion tells of it, as JSON values.

        `subject`, `group`, `series`, `project`, `milestone` (its name; of a version, the version), and
        `date` as `When.iso` writes it; what there is not is None.
        """
        milestone = self.milestone
        return {
            "subject": self.subject,
            "group": milestone.group,
            "series": milestone.series,
            "project": milestone.project,
            "milestone": milestone.name,
            "date": self.iso,
        }


class Timeline:
    """Dated things in order."""

    def __init__(self, things: Iterable[Thing]) -> None:
        """Order those of `things` that have a date."""
        self.things = sorted((each for each in things if each.iso), key=lambda each: each.day)
        self._days = [each.day for each in self.things]

    def between(self, first: date, last: date) -> list[Thing]:
        """Return those of the days from `first` to `last`, and two days more on either side.

        Zones differ by 26 hours, so that what is on some day somewhere is among them.
        """
        begin = bisect_left(self._days, first.toordinal() - 2)
        return self.things[begin : bisect_right(self._days, last.toordinal() + 2)]

    def since(self, ordinal: int) -> Iterator[Thing]:
        """Yield those from the day `ordinal` on."""
        for number in range(bisect_left(self._days, ordinal), len(self.things)):
            yield self.things[number]


class Dated:
    """What of one catalog can be announced."""

    def __init__(self, catalog: Catalog) -> None:
        """Find the dated things of all series, and the versions of all projects."""
        self.catalog = catalog
        self.things: dict[str, Thing] = {}
        for thing in _things(catalog):
            self.things.setdefault(thing.subject, thing)
        self._owned: defaultdict[str, list[Thing]] = defaultdict(list)
        for thing in self.things.values():
            self._owned[key(thing.milestone.project or "")].append(thing)
        self._within: dict[Scope, Within] = {}
        self._held: dict[tuple[Scope, frozenset[Kind]], tuple[Timeline, list[Thing]]] = {}

    def holds(self, announcement: Announcement, thing: Thing) -> bool:
        """Tell whether `announcement` is for `thing`: for its kind, and for where it belongs."""
        of_kind = thing.milestone.kind in announcement.kinds
        return of_kind and self._bounds(announcement.scope).holds(thing.milestone, thing.version)

    def timeline(self, scope: Scope, kinds: Collection[Kind] = KINDS) -> Timeline:
        """Return what of these `kinds` `scope` holds, in order."""
        return self._of(scope, kinds)[0]

    def undated(self, scope: Scope, kinds: Collection[Kind] = KINDS) -> list[Thing]:
        """Return what of these `kinds` `scope` holds that has no date."""
        return self._of(scope, kinds)[1]

    def _bounds(self, scope: Scope) -> Within:
        if scope not in self._within:
            self._within[scope] = Within(scope, self.catalog)
        return self._within[scope]

    def _of(self, scope: Scope, kinds: Collection[Kind]) -> tuple[Timeline, list[Thing]]:
        wanted = frozenset(kinds)
        if (scope, wanted) not in self._held:
            within = self._bounds(scope)
            near = (each for each in self._near(scope, within) if each.milestone.kind in wanted)
            held = [each for each in near if within.holds(each.milestone, each.version)]
            self._held[scope, wanted] = Timeline(held), [each for each in held if each.iso is None]
        return self._held[scope, wanted]

    def _near(self, scope: Scope, within: Within) -> Iterable[Thing]:
        """Return what is no other project's, where `scope` names projects."""
        if not scope.projects:
            return self.things.values()
        return (thing for project in ("", *sorted(within.projects)) for thing in self._owned[project])


@lru_cache(maxsize=1)
def dated(catalog: Catalog) -> Dated:
    """Return the index of `catalog`; it is made once for each snapshot, and only the last is kept."""
    return Dated(catalog)


def found(about: Mapping[str, Any], catalog: Catalog) -> Milestone | None:
    """Return the dated thing that `about` is about; a project's version is a release, too.

    None where the catalog has it no more, or where `about` names none, as that of a digest.
    """
    name = about.get("subject")
    thing = dated(catalog).things.get(name) if isinstance(name, str) else None
    return None if thing is None else thing.milestone


def _things(catalog: Catalog) -> Iterator[Thing]:
    for schedule in catalog.schedules.values():
        yield from map(Thing.of, schedule)
    for release in catalog.facts.releases:
        if release.project is not None:
            yield Thing.of(_published(release), version=True)


def _published(release: Release) -> Milestone:
    """Return a version as a milestone: it is out on its day, and without one nobody says that it is."""
    return Milestone(
        name=release.version,
        group=release.group,
        origin=release.origin,
        series=release.series,
        project=release.project,
        kind=Kind.RELEASE,
        claims=release.claims,
        released=True if release.when is not None else None,
        note=release.note,
        tags=release.tags,
    )
