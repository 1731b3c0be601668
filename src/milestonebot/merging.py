"""Several sources become one body of facts: the first that states a fact is believed.

What the others say of the same date is kept behind it, to be told by `!source`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from milestonebot.model import Blueprint, Claim, Facts, Kind, Milestone, Release, Series
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from milestonebot.model import Post, Project, ProjectGroup
    from milestonebot.when import When

    Entity = ProjectGroup | Project | Series | Milestone | Release | Blueprint | Post
    Name = Callable[[str, str | None], str | None]

E = TypeVar("E", bound="Entity")
D = TypeVar("D", Milestone, Release, Blueprint)

_ALL_KEPT = ("claims", "release", "starts_otherwise", "aliases", "tags")
"""The fields in which every source's word is kept."""
_OPEN = {"kind": Kind.MILESTONE, "long_term": False}
"""What these fields hold where a source says nothing; the others are None or empty."""


def merged(sources: Sequence[Facts]) -> Facts:
    """Return the union of `sources`, each thing once, in the order of its first mention.

    A project or a series that is called by another of its names is the one that has that name.
    """
    few = cache(key)  # for groups, projects and series, which many things name
    projects = _union(((few(p.group), few(p.name)), p) for s in sources for p in s.projects)
    series = _union(((few(r.group), few(r.name)), r) for s in sources for r in s.series)
    named = _renaming(projects, series)
    releases = (named(r) for s in sources for r in s.releases)
    blueprints = (named(b) for s in sources for b in s.blueprints)
    return Facts(
        groups=_union((few(g.name), g) for s in sources for g in s.groups),
        projects=projects,
        series=series,
        milestones=_union(_by_series([named(m) for s in sources for m in s.milestones], few)),
        releases=_union(((few(r.group), few(r.project or ""), key(r.version)), r) for r in releases),
        blueprints=_union(((few(b.group), few(b.project), b.name.casefold()), b) for b in blueprints),
        posts=_union(
            ((few(p.group), key(p.milestone), p.url or p.title), p) for s in sources for p in s.posts
        ),
    )


def _renaming(projects: Iterable[Project], series: Iterable[Series]) -> Callable[[D], D]:
    """Return what gives a thing the own names of its project and series: neutron for quantum."""
    project_of = _own_name((each, each.aliases) for each in projects)
    series_of = _own_name((each, (each.version, each.title)) for each in series)

    def named(thing: D) -> D:
        project, of = project_of(thing.group, thing.project), series_of(thing.group, thing.series)
        if (project, of) == (thing.project, thing.series):
            return thing
        return replace(thing, project=project, series=of)  # type: ignore[arg-type]  # who has a project keeps one

    return named


def _own_name(called: Iterable[tuple[Project | Series, Iterable[str | None]]]) -> Name:
    """Return what finds a thing's own name by its group and any of its names; own names go first."""
    own: dict[tuple[str, str], str] = {}
    other: dict[tuple[str, str], str] = {}
    for thing, names in called:
        group = key(thing.group)
        own[group, key(thing.name)] = thing.name
        for name in names:
            other.setdefault((group, key(name or "")), thing.name)
    names_of = other | own
    return cache(lambda group, name: name and names_of.get((key(group), key(name)), name))


def _by_series(
    milestones: list[Milestone], few: Callable[[str], str]
) -> Iterable[tuple[Hashable, Milestone]]:
    """Return them with what tells them apart: two series may each have a `feature-freeze`."""
    named = [((few(m.group), few(m.project or ""), key(m.name)), m) for m in milestones]
    series: dict[tuple[str, ...], str] = {}
    for name, each in named:
        if each.series:
            series.setdefault(name, few(each.series))
    return (((*name, few(each.series or "") or series.get(name)), each) for name, each in named)


def _union(entities: Iterable[tuple[Hashable, E]]) -> tuple[E, ...]:
    """Return each thing once, as its identity tells; what is stated again fills what the first left open."""
    union: dict[Hashable, E] = {}
    for identity, entity in entities:
        known = union.get(identity)
        union[identity] = entity if known is None else _filled(known, entity)
    return tuple(union.values())


def _filled(known: E, other: E) -> E:
    """Return `known` with what only `other` states, and with the claims of both."""
    gained: dict[str, Any] = {}
    for name in _names_of(type(known)):  # type: ignore[arg-type]  # a class is hashable
        mine, theirs = getattr(known, name), getattr(other, name)
        if name in _ALL_KEPT:
            gained[name] = (*mine, *(one for one in theirs if one not in mine)) if theirs else mine
        elif _is_open(name, mine) and not _is_open(name, theirs):
            gained[name] = theirs
    if isinstance(known, Series) and isinstance(other, Series):
        gained |= _origins_and_doubts(known, other, gained)
    if "window" in gained and not _fits(gained["window"], gained["claims"]):
        del gained["window"]
    return replace(known, **gained) if gained else known


@cache
def _names_of(kind: type[Entity]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name != "origins")


def _is_open(name: str, value: object) -> bool:
    return value is None or value == () or (name in _OPEN and value == _OPEN[name])


def _origins_and_doubts(known: Series, other: Series, gained: Iterable[str]) -> dict[str, object]:
    """Return where the gained fields come from, and the starts of the cycle that are not believed."""
    stated = dict(other.origins)
    origins = dict(known.origins) | {
        name: stated.get(name, other.origin) for name in gained if name not in _ALL_KEPT
    }
    start = Claim(other.starts, stated.get("starts", other.origin))
    doubted = () if other.starts in (None, known.starts) or "starts" in gained else (start,)
    doubts = dict.fromkeys((*known.starts_otherwise, *doubted, *other.starts_otherwise))
    return {"origins": tuple(origins.items()), "starts_otherwise": tuple(doubts)}


def _fits(window: When, claims: Sequence[Claim]) -> bool:
    """Tell whether a window that another source gave holds the day that is believed."""
    when = claims[0].when if claims else None
    return when is None or (window.covers(when.first) and window.covers(when.last))
