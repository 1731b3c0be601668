"""A digest: what comes next, and how far each project is with the next of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases, telling
from milestonebot.agenda.dated import dated as dated_things
from milestonebot.announcement import Occasion, Scope
from milestonebot.document import Bar, Document, Line, Strong
from milestonebot.wording.about import blueprints as blueprints_of
from milestonebot.wording.fields import fill
from milestonebot.wording.values import dated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.announcement import Announcement
    from milestonebot.document import Block, Part
    from milestonebot.model import Blueprint, Milestone
    from milestonebot.wording.about import Told

_WEEKS = 8
_MOST = 4
"""Milestones that are told; the first, however far it is."""


def digest(announcement: Announcement | None, told: Told) -> Document:
    """Return two lines: what comes within some weeks, and how far its first is, by project."""
    scope = announcement.scope if announcement is not None else Scope()
    ahead = _ahead(scope, told)
    if not ahead:
        what = _scoped(scope)
        line = Line((f"Nothing is scheduled next{what and f' for {what}'}, as far as any source says.",))
        return Document((line,), {"next": []}, found=False)
    blueprints = blueprints_of(ahead[0], scope, told.catalog)
    data = {
        "next": [telling.facts(each, told.now) for each in ahead],
        "progress": {
            project: {"implemented": telling.done(some), "total": len(some)}
            for project, some in telling.by_project(blueprints).items()
        },
    }
    blocks: list[Block] = [_coming(ahead, scope, told), *_progress(ahead[0], blueprints, told)]
    if announcement is not None and announcement.say is not None:
        values = dated(ahead[0], ahead[0].when, told) | {"progress": _counted(blueprints)}
        blocks = [Line((fill(announcement.say, Occasion.DIGEST, values),)), *blocks[1:]]
    return Document(tuple(blocks), data)


def _ahead(scope: Scope, told: Told) -> list[Milestone]:
    """Return what is due next within `scope`, in order: of some weeks, and at least the first."""
    found: list[Milestone] = []
    for thing in dated_things(told.catalog).timeline(scope).since(told.now.toordinal() - 2):
        each = thing.milestone
        when = each.when
        if when is None or telling.status(each, told.now) != "due":
            continue
        if found and phrases.days_away(when, told.now) > _WEEKS * phrases.WEEK:
            break
        found.append(each)
        if len(found) == _MOST:
            break
    return found


def _coming(ahead: Sequence[Milestone], scope: Scope, told: Told) -> Line:
    first, *later = (told.here_as_well(each) for each in ahead)
    what = _scoped(scope)
    parts: list[Part] = [f"Next{what and f' for {what}'}: "]
    parts += telling.mentioned(first, told.lookup, told.now)
    if later:
        parts.append(
            f" · then {'; '.join(f'{told.name(each)}, {phrases.dated(each.when)}' for each in later)}"
        )
    return Line(tuple(parts))


def _progress(milestone: Milestone, blueprints: Sequence[Blueprint], told: Told) -> list[Line]:
    if not blueprints:
        return []
    done, total = telling.done(blueprints), len(blueprints)
    projects = ", ".join(
        f"{project} {telling.done(some)} of {len(some)}"
        for project, some in telling.by_project(blueprints).items()
    )
    head: tuple[Part, ...] = (Strong(told.name(milestone)), ": ", Bar(done, total))
    return [Line((*head, f" of {phrases.count(total, 'blueprint')} implemented: {projects}"))]


def _counted(blueprints: Sequence[Blueprint]) -> str:
    total = phrases.count(len(blueprints), "blueprint")
    return f"{telling.done(blueprints)} of {total} implemented" if blueprints else "no blueprints named"


def _scoped(scope: Scope) -> str:
    """Return what a digest is for, in words: `nova and glance in essex`."""
    of = phrases.listed(list(scope.projects)) or scope.group or ""
    if scope.series is None:
        return of
    return f"{of} in {scope.series}" if of else scope.series
