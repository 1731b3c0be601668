"""What is different between two catalogs, in a few phrases. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.agenda.subjects import subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from milestonebot.catalog import Catalog
    from milestonebot.model import Milestone, Series

    Things: TypeAlias = Mapping[object, tuple[str, object]]
    """By what never changes: the name for a reader, and the facts that may."""

_NAMED = 3


def told(before: Catalog, after: Catalog) -> tuple[str, ...]:
    """Return what is new, other or gone of series and milestones, and of how many blueprints.

    Where a fact stands in a file does not matter here.
    """
    blueprints = len(set(_blueprints(before)) ^ set(_blueprints(after)))
    return (
        *_some("series", _series(before), _series(after)),
        *_some("milestone", _milestones(before), _milestones(after)),
        *([f"{phrases.count(blueprints, 'blueprint')} new, other or gone"] if blueprints else []),
    )


def _milestones(catalog: Catalog) -> Things:
    def facts(of: Milestone) -> object:
        dates = [(claim.when, claim.origin.source.partition(":")[0]) for claim in of.claims]
        return dates, of.released, of.kind, of.title, of.note

    return {subject(each): (each.name, facts(each)) for each in catalog.facts.milestones}


def _series(catalog: Catalog) -> Things:
    def facts(of: Series) -> object:
        dates = [claim.when for claim in of.release]
        return dates, of.released, of.version, of.title, of.status, of.starts, of.eol, of.note

    return {(each.group, each.name): (each.name, facts(each)) for each in catalog.facts.series}


def _blueprints(catalog: Catalog) -> Iterable[tuple[object, ...]]:
    for each in catalog.facts.blueprints:
        name = each.group, each.project, each.name
        yield *name, each.milestone, each.series, each.status, each.definition, each.title, each.url


def _some(noun: str, old: Things, new: Things) -> Iterable[str]:
    told = {
        "new": [new[name][0] for name in new if name not in old],
        "other": [new[name][0] for name in new if name in old and new[name][1] != old[name][1]],
        "gone": [old[name][0] for name in old if name not in new],
    }
    for how, names in told.items():
        others = len(names) - _NAMED
        shown = [*names[:_NAMED], f"{others} more"] if others > 0 else names
        if names:
            yield f"{noun} {how}: {phrases.listed(shown)}"
