"""Several sources become one body of facts: the first that states a fact is believed.

What the others say of the same date is kept behind it, to be told by `!source`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

from milestonebot.model import Facts
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from milestonebot.model import Blueprint, Milestone, Post, Project, ProjectGroup, Release, Series

    Entity = ProjectGroup | Project | Series | Milestone | Release | Blueprint | Post

E = TypeVar("E", bound="Entity")

_CLAIMS = ("claims", "release")
"""The fields in which every source's word is kept."""


def merged(sources: Sequence[Facts]) -> Facts:
    """Return the union of `sources`, each thing once, in the order of its first mention."""
    return Facts(
        groups=_union((s.groups for s in sources), lambda g: key(g.name)),
        projects=_union((s.projects for s in sources), lambda p: (key(p.group), key(p.name))),
        series=_union((s.series for s in sources), lambda s: (key(s.group), key(s.name))),
        milestones=_union(
            (s.milestones for s in sources), lambda m: (key(m.group), key(m.project or ""), key(m.name))
        ),
        releases=_union(
            (s.releases for s in sources), lambda r: (key(r.group), key(r.project or ""), key(r.version))
        ),
        blueprints=_union((s.blueprints for s in sources), lambda b: (b.group, b.project, b.name)),
        posts=_union(
            (s.posts for s in sources), lambda p: (key(p.group), key(p.milestone), p.url or p.title)
        ),
    )


def _union(parts: Iterable[tuple[E, ...]], identity: Callable[[E], Hashable]) -> tuple[E, ...]:
    """Return each thing once; what is stated again fills what the first left open."""
    union: dict[Hashable, E] = {}
    for part in parts:
        for entity in part:
            name = identity(entity)
            known = union.get(name)
            union[name] = entity if known is None else _filled(known, entity)
    return tuple(union.values())


def _filled(known: E, other: E) -> E:
    """Return `known` with what only `other` states, and with the claims of both."""
    gained: dict[str, object] = {}
    for each in fields(known):
        mine, theirs = getattr(known, each.name), getattr(other, each.name)
        if each.name in _CLAIMS:
            gained[each.name] = (*mine, *(claim for claim in theirs if claim not in mine))
        elif mine in (None, ()) and theirs not in (None, ()):
            gained[each.name] = theirs
    return replace(known, **gained) if gained else known  # type: ignore[arg-type]  # each by its own name
