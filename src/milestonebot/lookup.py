"""How names are read: what a person typed becomes a thing of the catalog, or a near miss.

Names come round again: of several that are called the same, the one nearest to today is meant,
and the others are kept beside it to be named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from milestonebot.model import Kind
from milestonebot.names import key, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from milestonebot.catalog import Catalog
    from milestonebot.model import Blueprint, Milestone, Project, ProjectGroup, Release, Series
    from milestonebot.when import When

T = TypeVar("T")

_MOST_WORDS = 8
_FILLING = frozenset({"of", "for", "in", "on", "the", "and"})
_FAR = 10**7
"""More days than a calendar has: where a thing without a date stands."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a name means here and now."""

    best: T
    others: tuple[T, ...] = ()
    """What else is called that, nearer ones first."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The catalog as it is read on one day, in one room."""

    catalog: Catalog
    today: date
    group: str | None = None
    """The project group that the room is about."""

    def milestone(self, text: str, project: str | None = None) -> Found[Milestone] | None:
        """Return the dated thing that `text` names; the group's where `project` has no own.

        `nova essex-2` names nova's own. Where nova has none those are two names, for two arguments.
        """
        asked = key(text)
        found = (
            self._milestone(_called(self.catalog.milestones, asked), project, now_first=True)
            or self._in_series(text, project)
            or self._milestone(self._said_now(asked), project)
        )
        if found is None and project is None:
            own = self._of_project(text)
            return own if own is not None and own.best.project is not None else None
        return found

    def dated(self, text: str) -> Found[Milestone] | None:
        """Return the dated thing that `text` names; of a series or a version, its release.

        Within the current series some of its words are enough: `rc1` for `indri-rc1-target-week`.
        `nova essex-2` is the group's where nova has no own.
        """
        found = self.milestone(text) or self._of_project(text)
        if found is not None:
            return found
        series = self.series(text)
        if series is None:
            current = self.current()
            return self._milestone(self._within(current, text), None) if current is not None else None
        releases = [self._release(each) for each in (series.best, *series.others)]
        told = [each for each in releases if each is not None]
        return Found(told[0], tuple(told[1:])) if told else None

    def series(self, text: str) -> Found[Series] | None:
        """Return the series that `text` names: `essex`, `2012.1`, `Antelope 2023.1`."""
        found = self._mine(_called(self.catalog.series, key(text)))
        return self._nearest(found, lambda series: series.when)

    def project(self, text: str) -> Found[Project] | None:
        """Return the project that `text` names, by its present name or a former one."""
        found = self._mine(self.catalog.projects.get(key(text), ()))
        return Found(found[0], found[1:]) if found else None

    def project_group(self, text: str) -> ProjectGroup | None:
        """Return the project group that `text` names."""
        return self.catalog.groups.get(key(text))

    def blueprints(self, text: str) -> tuple[Blueprint, ...]:
        """Return all that are called `text`: `lasterror`, `nova/lasterror`, or its link."""
        project, name = _blueprint_name(text)
        found = self._mine(self.catalog.blueprints.get(key(name), ()))
        if project:
            known = {key(each.name) for each in self.catalog.projects.get(key(project), ())} | {key(project)}
            found = tuple(each for each in found if key(each.project) in known)
        return tuple(each for each in found if each.name.casefold() == name.casefold()) or found

    def releases(self, text: str, project: str | None = None) -> Found[Release] | None:
        """Return the release of that version: the group's, or the one of `project`."""
        found = self._mine(_called(self.catalog.releases, key(text)))
        if project is not None:
            found = tuple(each for each in found if key(each.project or "") == key(project))
        ordered = sorted(found, key=lambda each: (each.project is not None, self.away(each.when)))
        return Found(ordered[0], tuple(ordered[1:])) if ordered else None

    def current(self, group: str | None = None) -> Series | None:
        """Return the series in whose cycle today is: the next to be released, else the last."""
        series = self._mine(self.catalog.facts.series, group)
        ending = [(end, each) for each in series if (end := self._end(each)) is not None]
        ahead = [(end, each) for end, each in ending if end.last >= self.today]
        nearest = min(ahead or ending, key=lambda pair: self.away(pair[0]), default=None)
        return nearest[1] if nearest is not None else None

    def away(self, when: When | None) -> int:
        """Return how many days lie between today and `when`, past or to come."""
        if when is None:
            return _FAR
        if when.covers(self.today):
            return 0
        nearer = when.first if when.first > self.today else when.last
        return abs((nearer - self.today).days)

    def split(self, said: Sequence[str], read: Callable[[str], T | None]) -> tuple[T | None, tuple[str, ...]]:
        """Return what the longest run of words in `said` names, and the words around it."""
        said = tuple(said)
        most = min(len(said), _MOST_WORDS)
        for length in range(most, 0, -1):
            for start in range(most - length + 1):
                found = read(" ".join(said[start : start + length]))
                if found is not None:
                    around = said[:start] + said[start + length :]
                    return found, tuple(word for word in around if word.casefold() not in _FILLING)
        return None, said

    def nearest_of(self, things: Sequence[T]) -> T:
        """Return the thing of `things` that is nearest to today; the first where none has a date."""
        return min(things, key=lambda thing: self.away(getattr(thing, "when", None)))

    def elsewhere(self, text: str) -> tuple[Milestone, ...]:
        """Return what `text` is short for in other series than the current one, nearer ones first."""
        found = self._mine(self.catalog.short.get(key(text), ()))
        return tuple(sorted(found, key=lambda each: self.away(each.when)))

    def _milestone(
        self, found: Iterable[Milestone], project: str | None, *, now_first: bool = False
    ) -> Found[Milestone] | None:
        """Return the nearest of `found`, or with `now_first` the one of the current series.

        A project's own goes before the group's where the project is asked for, and else behind it.
        """
        mine = [each for each in self._mine(found) if each.project is None or self._own(each, project)]
        if len(mine) > 1:
            early = self._of_now(mine) if now_first else ()
            mine.sort(
                key=lambda each: (
                    (each.project is None) is (project is not None),
                    each not in early,
                    self._distance(each),
                )
            )
        if not mine:
            return None
        others = tuple(each for each in mine[1:] if (each.project is None) is (mine[0].project is None))
        return Found(mine[0], others)

    def _of_project(self, text: str) -> Found[Milestone] | None:
        """Read `nova essex-2` and `nova/essex-2`: nova's own, or that of its group."""
        said = [word for word in text.replace("/", " ").split() if word.casefold() not in _FILLING]
        for cut in range(1, min(len(said), _MOST_WORDS)):
            project = self.project(" ".join(said[:cut]))
            if project is not None:
                there = replace(self, group=project.best.group)
                found = there.milestone(" ".join(said[cut:]), project.best.name)
                if found is not None and key(found.best.group) == key(project.best.group):
                    return found
        return None

    def _release(self, series: Series) -> Milestone | None:
        schedule = self.catalog.schedule_of(series)
        return next((each for each in schedule if each.kind is Kind.RELEASE and each.project is None), None)

    def _end(self, series: Series) -> When | None:
        """Return its release day; where none is set, the last date of its schedule."""
        if series.when is not None:
            return series.when
        dates = [each.when for each in self.catalog.schedule_of(series) if each.when is not None]
        return dates[-1] if dates else None

    def _own(self, milestone: Milestone, project: str | None) -> bool:
        return project is None or key(milestone.project or "") == key(project)

    def _in_series(self, text: str, project: str | None) -> Found[Milestone] | None:
        """Read `essex feature freeze`, `feature freeze essex` and `feature freeze of 2012.1`."""
        said = tuple(word for word in text.split() if word.casefold() not in _FILLING)
        for cut in range(1, min(len(said), _MOST_WORDS)):
            for series_name, rest in ((said[:cut], said[cut:]), (said[-cut:], said[:-cut])):
                series = self.series(" ".join(series_name))
                if series is not None:
                    named = (series.best, *series.others)
                    found = [thing for each in named for thing in self._within(each, " ".join(rest))]
                    if found:
                        return self._milestone(found, project)
        return None

    def _within(self, series: Series, rest: str) -> tuple[Milestone, ...]:
        """Return what `rest` means within `series`: its short name, or words of one."""
        schedule = self.catalog.schedule_of(series)
        exact = self.catalog.short.get(key(rest), ())
        found = tuple(each for each in schedule if each in exact)
        if found:
            return found
        asked = set(words(rest)) - {key(series.name), key(series.version or "")}
        if not asked:
            return ()
        labelled = tuple(each for each in schedule if each.label and key(each.label) == key(rest))
        return labelled or tuple(
            each for each in schedule if asked <= set(words(each.name)) and each.kind is not Kind.MILESTONE
        )

    def _said_now(self, asked: str) -> tuple[Milestone, ...]:
        """Return what a short name means: `e2` in any series, `feature freeze` in the current one."""
        found = self.catalog.short.get(asked, ())
        if not found or (asked[1:].isdigit() and asked[:1] != "m"):
            return found
        return self._of_now(found)

    def _of_now(self, found: Iterable[Milestone]) -> tuple[Milestone, ...]:
        """Return those of `found` whose series is the current one of its group."""
        found = tuple(found)
        current = [self.current(group) for group in {key(each.group): each.group for each in found}.values()]
        now = {(key(each.group), key(each.name)) for each in current if each is not None}
        return tuple(each for each in found if (key(each.group), key(each.series or "")) in now)

    def _distance(self, milestone: Milestone) -> tuple[int, bool]:
        when = milestone.when
        return self.away(when), when is not None and when.last < self.today

    def _mine(self, things: Iterable[T], group: str | None = None) -> tuple[T, ...]:
        """Return those of the room's group; all where it has none of them."""
        things = tuple(things)
        wanted = key(group or self.group or "")
        if not wanted:
            return things
        mine = tuple(each for each in things if key(getattr(each, "group", "")) == wanted)
        return mine or (things if group is None else ())

    def _nearest(self, things: Sequence[T], when: Callable[[T], When | None]) -> Found[T] | None:
        ordered = sorted(things, key=lambda each: self.away(when(each)))
        return Found(ordered[0], tuple(ordered[1:])) if ordered else None


def _called(index: Mapping[str, tuple[T, ...]], asked: str) -> tuple[T, ...]:
    """Return what is called `asked`; of a version, `1.1` and `v1.1`, where it is not called just so."""
    if asked in index:
        return index[asked]
    bare = asked[1:].removeprefix(".") if asked[:1] == "v" else asked
    return (index.get(bare) or index.get(f"v{bare}") or ()) if bare[:1].isdigit() else ()


def _blueprint_name(text: str) -> tuple[str, str]:
    """Return the project, where one is named, and the blueprint's name."""
    if "/+spec/" in text:
        before, _, name = text.partition("/+spec/")
        return before.rpartition("/")[2], name.split("?")[0].split("#")[0].strip("/> ")
    project, slash, name = text.partition("/")
    return (project.strip(), name.strip()) if slash else ("", text)
