"""The catalog: one immutable snapshot of all facts, with an index for each look-up.

A reload builds another snapshot and swaps it; nothing here changes after `Catalog.of`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from milestonebot.merging import merged
from milestonebot.model import Facts, Kind, Milestone, Release
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from datetime import datetime

    from milestonebot.model import Blueprint, Post, Project, ProjectGroup, Series

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")
N = TypeVar("N", "Project", "Series")


@dataclass(frozen=True, slots=True, eq=False)
class Catalog:
    """All that the sources say, merged. Names in mappings are `names.key`s."""

    facts: Facts = field(default_factory=Facts)
    loaded: datetime | None = None
    """When the snapshot was made."""
    groups: Mapping[str, ProjectGroup] = field(default_factory=dict)
    projects: Mapping[str, tuple[Project, ...]] = field(default_factory=dict)
    """By name and by former names."""
    series: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    """By name, title and version, and by both: `antelope 2023.1`."""
    milestones: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    """By whole name, `essex-2`, and by the names of its tags."""
    short: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    """By what is said within a series: `e2`, `m2`, `feature freeze`."""
    releases: Mapping[str, tuple[Release, ...]] = field(default_factory=dict)
    """By version."""
    blueprints: Mapping[str, tuple[Blueprint, ...]] = field(default_factory=dict)
    timelines: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    """By group: everything with a date, in order, the releases of its series among it."""
    schedules: Mapping[tuple[str, str], tuple[Milestone, ...]] = field(default_factory=dict)
    """By group and series: all of it, in order; what has no date stands last."""
    landed: Mapping[tuple[str, str], tuple[Blueprint, ...]] = field(default_factory=dict)
    """By group and milestone: its blueprints, in the order of their source."""
    posts: Mapping[tuple[str, str], tuple[Post, ...]] = field(default_factory=dict)
    """By group and milestone."""

    @classmethod
    def of(cls, *sources: Facts, loaded: datetime | None = None) -> Catalog:
        """Build the snapshot of `sources`: the first that states a fact is believed."""
        facts = merged(sources)
        dated = sorted(_with_releases(facts), key=_order)
        return cls(
            facts=facts,
            loaded=loaded,
            groups={key(group.name): group for group in facts.groups if key(group.name)},
            projects=_index(_called(facts.projects, lambda project: map(key, project.aliases))),
            series=_index(_called(facts.series, _series_names)),
            milestones=_index((name, each) for each in dated for name in _whole_names(each)),
            short=_index((name, each) for each in dated for name in _short_names(each)),
            releases=_index((key(each.version), each) for each in (*facts.releases, *_group_releases(facts))),
            blueprints=_index((key(each.name), each) for each in facts.blueprints),
            timelines=_index((key(each.group), each) for each in dated if each.when is not None),
            schedules=_index(((key(each.group), key(each.series or "")), each) for each in dated),
            landed=_index(
                ((key(each.group), key(each.milestone)), each) for each in facts.blueprints if each.milestone
            ),
            posts=_index(((key(each.group), key(each.milestone)), each) for each in facts.posts),
        )

    def series_of(self, milestone: Milestone) -> Series | None:
        """Return the series that `milestone` belongs to."""
        group = key(milestone.group)
        named = self.series.get(key(milestone.series or ""), ())
        return next((each for each in named if key(each.group) == group), None)

    def blueprints_of(self, milestone: Milestone) -> tuple[Blueprint, ...]:
        """Return the blueprints of `milestone`; of its project alone where it is a project's own.

        Another series may have a milestone of that name: its blueprints are not among them.
        """
        found = self.landed.get((key(milestone.group), key(milestone.name)), ())
        project, series = key(milestone.project or ""), key(milestone.series or "")
        return tuple(
            each
            for each in found
            if (not project or key(each.project) == project)
            and (not series or each.series in (None, milestone.series) or key(each.series) == series)
        )

    def posts_of(self, milestone: Milestone) -> tuple[Post, ...]:
        """Return the posts about `milestone`."""
        return self.posts.get((key(milestone.group), key(milestone.name)), ())

    def schedule_of(self, series: Series) -> tuple[Milestone, ...]:
        """Return all dated things of `series`, in order."""
        return self.schedules.get((key(series.group), key(series.name)), ())


def _index(pairs: Iterable[tuple[K, T]]) -> dict[K, tuple[T, ...]]:
    """Return the things by name; the name of nothing but punctuation, whose key is empty, is nobody's."""
    gathered: defaultdict[K, list[T]] = defaultdict(list)
    for name, thing in pairs:
        if name:
            gathered[name].append(thing)
    return {name: tuple(things) for name, things in gathered.items()}


def _called(things: tuple[N, ...], others: Callable[[N], Iterable[str]]) -> Iterable[tuple[str, N]]:
    """Return pairs of a name and a thing: first by its own name, then by what else it is called."""
    yield from ((key(thing.name), thing) for thing in things)
    for thing in things:
        yield from ((name, thing) for name in dict.fromkeys(others(thing)) if name != key(thing.name))


def _order(milestone: Milestone) -> tuple[date, date, bool, str]:
    when = milestone.when
    if when is None:
        return date.max, date.max, True, milestone.name
    return when.first, when.last, milestone.kind is not Kind.MILESTONE, milestone.name


def titles(series: Series) -> tuple[str, ...]:
    """Return `("Essex", "2012.1")`; the version only where there is one that the title does not say."""
    title = series.title or series.name[:1].upper() + series.name[1:]
    version = series.version
    return (title,) if version is None or key(version) in key(title) else (title, version)


def _with_releases(facts: Facts) -> tuple[Milestone, ...]:
    """Return all milestones, and the release of each series, where it is not among them already."""
    stated = [each for each in facts.milestones if each.kind is Kind.RELEASE and each.project is None]
    series = {(key(each.group), key(each.series or "")) for each in stated}
    releases = [
        _release_of(each)
        for each in facts.series
        if each.release or (key(each.group), key(each.name)) not in series
    ]
    names = {key(each.name) for each in stated}
    if any(key(each.name) in names for each in releases):
        return merged([Facts(milestones=(*facts.milestones, *releases))]).milestones
    return (*facts.milestones, *releases)


def _release_of(series: Series) -> Milestone:
    """Return the release of `series` as a dated thing among its milestones."""
    return Milestone(
        name=f"{series.name}-release",
        group=series.group,
        origin=series.origin,
        series=series.name,
        kind=Kind.RELEASE,
        title=f"{' '.join(titles(series))} release",
        claims=series.release,
        released=series.released,
    )


def _group_releases(facts: Facts) -> Iterable[Release]:
    """Return the releases that the series are, where they are not stated already."""
    stated = {(key(each.group), key(each.version)) for each in facts.releases if each.project is None}
    for series in facts.series:
        if series.version is not None and (key(series.group), key(series.version)) not in stated:
            yield Release(
                series.version, series.group, series.origin, series=series.name, claims=series.release
            )


def _series_names(series: Series) -> Iterable[str]:
    """Return what else a series is called: by its title, its version, and by both."""
    version = key(series.version or "")
    for name in (key(series.name), key(series.title or "")):
        yield from (name, version, name + version, version + name)


def _whole_names(milestone: Milestone) -> Iterable[str]:
    names = {key(milestone.name): None}
    series, rest = _split(milestone)
    names[series + rest] = None
    if series and milestone.kind is Kind.MILESTONE and rest.isdigit():
        names |= {f"{series}m{rest}": None, f"{series}milestone{rest}": None}
    return names | {key(tag.name): None for tag in milestone.tags if _letters(tag.name)}


def _letters(tag: str) -> bool:
    """Tell whether a tag names a milestone (`2013.2.b1`) and not, by a slip, a plain version."""
    return any(character.isalpha() for character in tag)


def _short_names(milestone: Milestone) -> Iterable[str]:
    series, rest = _split(milestone)
    if not series:
        return {}
    if milestone.kind is Kind.MILESTONE and rest.isdigit():
        return {f"{series[0]}{rest}": None, f"m{rest}": None, f"milestone{rest}": None}
    return {rest: None}


def _split(milestone: Milestone) -> tuple[str, str]:
    """Return the keys of the series and of what its name says beyond the series."""
    series = key(milestone.series or "")
    return series, key(milestone.name).removeprefix(series)
