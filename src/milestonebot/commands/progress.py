"""`!progress`: how much of a milestone is implemented, started, blocked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from milestonebot import missing, phrases, statuses, telling
from milestonebot.document import Bar, Document, Line, Strong, Table, say
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.model import Blueprint, Milestone

router = Router()


@router.command("progress", usage="[MILESTONE] [project]", lasting=True)
async def progress(command: Command) -> Document:
    """Count how much of a milestone is implemented, started, blocked; of one project or of each.

    Only what a source says is counted as such; the rest is "unknown". Without a name it is the
    next milestone.
    """
    milestone, project = _asked(command)
    chosen = [
        each
        for each in command.catalog.blueprints_of(milestone)
        if project is None or key(each.project) == key(project)
    ]
    name = telling.name(milestone, command.catalog, command.settings.group)
    if project is not None:
        name = f"{project} {name}"
    if not chosen:
        facts = telling.facts(milestone, command.now)
        return say("No source names blueprints for ", Strong(name), ".", data=facts, found=False)
    return _told(name, chosen, telling.facts(milestone, command.now))


def _told(name: str, chosen: Sequence[Blueprint], facts: dict[str, object]) -> Document:
    tally = Counter(statuses.state(each.status) for each in chosen)
    states = {state: tally[state] for state in statuses.STATES if tally[state]}
    told = ", ".join(f"{number} {state}" for state, number in states.items())
    total = phrases.count(len(chosen), "blueprint")
    head = Line((Strong(name), ": ", Bar(tally["implemented"], len(chosen)), f" of {total}: {told}"))
    projects = {of: (telling.done(some), len(some)) for of, some in telling.by_project(chosen).items()}
    rows = tuple(
        (Line((Strong(of),)), Line((Bar(done, total),)), Line((f"{done} of {total}",)))
        for of, (done, total) in projects.items()
    )
    blocks = (head, Table(rows)) if len(rows) > 1 else (head,)
    done_by = {of: {"implemented": done, "total": total} for of, (done, total) in projects.items()}
    return Document(blocks, {**facts, "total": len(chosen), "states": states, "projects": done_by})


def _asked(command: Command) -> tuple[Milestone, str | None]:
    lookup = command.lookup
    found, rest = lookup.split(command.arguments, lookup.milestone)
    project, left = lookup.split(rest, lookup.project) if rest else (None, ())
    if left:
        raise (missing.milestone if found is None else missing.project)(lookup, " ".join(left))
    milestone = found.best if found is not None else telling.upcoming(lookup, command.now)
    if milestone is None:
        raise missing.milestone(lookup, command.text or "next")
    return milestone, project.best.name if project is not None else None
