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
    from collections.abc import Hashable, Iterable, Mapping
    from datetime import datetime

    from milestonebot.model import Blueprint, Post, Project, ProjectGroup, Series

K = TypeVar("K", bound="Hashable")
T = TypeVar("T")


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
        dated = sorted((*facts.milestones, *map(_release_of, facts.series)), key=_order)
        return cls(
            facts=facts,
            loaded=loaded,
            groups={key(group.name): group for group in facts.groups},
            projects=_index(
                (name, project) for project in facts.projects for name in _project_names(project)
            ),
            series=_index((name, series) for series in facts.series for name in _series_names(series)),
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
        for series in self.series.get(key(milestone.series or ""), ()):
            if key(series.group) == key(milestone.group):
                return series
        return None

    def blueprints_of(self, milestone: Milestone) -> tuple[Blueprint, ...]:
        """Return the blueprints of `milestone`; of its project alone where it is a project's own."""
        found = self.landed.get((key(milestone.group), key(milestone.name)), ())
        if milestone.project is None:
            return found
        return tuple(each for each in found if key(each.project) == key(milestone.project))

    def posts_of(self, milestone: Milestone) -> tuple[Post, ...]:
        """Return the posts about `milestone`."""
        return self.posts.get((key(milestone.group), key(milestone.name)), ())

    def schedule_of(self, series: Series) -> tuple[Milestone, ...]:
        """Return all dated things of `series`, in order."""
        return self.schedules.get((key(series.group), key(series.name)), ())


def _index(pairs: Iterable[tuple[K, T]]) -> dict[K, tuple[T, ...]]:
    gathered: defaultdict[K, list[T]] = defaultdict(list)
    for name, thing in pairs:
        things = gathered[name]
        if not things or things[-1] is not thing:
            things.append(thing)
    return {name: tuple(things) for name, things in gathered.items()}


def _order(milestone: Milestone) -> tuple[date, date, bool, str]:
    when = milestone.when
    if when is None:
        return date.max, date.max, True, milestone.name
    return when.first, when.last, milestone.kind is not Kind.MILESTONE, milestone.name


def _release_of(series: Series) -> Milestone:
    """Return the release of `series` as a dated thing among its milestones."""
    title = f"{series.title or series.name.capitalize()} {series.version or ''}".strip()
    return Milestone(
        name=f"{series.name}-release",
        group=series.group,
        origin=series.origin,
        series=series.name,
        kind=Kind.RELEASE,
        title=f"{title} release",
        claims=series.release,
        released=series.released,
    )


def _group_releases(facts: Facts) -> Iterable[Release]:
    for series in facts.series:
        if series.version is not None:
            yield Release(
                series.version, series.group, series.origin, series=series.name, claims=series.release
            )


def _project_names(project: Project) -> Iterable[str]:
    return {key(project.name): None, **{key(alias): None for alias in project.aliases}}


def _series_names(series: Series) -> Iterable[str]:
    said = [series.name, *([series.title] if series.title else [])]
    names = {key(name): None for name in said}
    if series.version is not None:
        version = key(series.version)
        names |= {version: None, key(series.name) + version: None, version + key(series.name): None}
    return names


def _whole_names(milestone: Milestone) -> Iterable[str]:
    names = {key(milestone.name): None}
    series, rest = _split(milestone)
    if series and milestone.kind is Kind.MILESTONE and rest.isdigit():
        names |= {f"{series}m{rest}": None, f"{series}milestone{rest}": None}
    names |= {
        key(tag.name): None for tag in milestone.tags if not tag.name[:1].isdigit() or _letters(tag.name)
    }
    return names


def _letters(tag: str) -> bool:
    """Tell whether a tag names a milestone (`2013.2.b1`) and not, by a slip, a plain version."""
    return any(character.isalpha() for character in tag)


def _short_names(milestone: Milestone) -> Iterable[str]:
    series, rest = _split(milestone)
    if not series or not rest:
        return {}
    if milestone.kind is Kind.MILESTONE and rest.isdigit():
        return {f"{series[0]}{rest}": None, f"m{rest}": None, f"milestone{rest}": None}
    return {rest: None}


def _split(milestone: Milestone) -> tuple[str, str]:
    """Return the keys of the series and of what its name says beyond the series."""
    series, name = key(milestone.series or ""), key(milestone.name)
    return (series, name[len(series) :]) if series and name.startswith(series) else (series, "")
