"""`!blueprints` and `!blueprint`: the list of a milestone's, and one in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Line, Link, Listing, Strong, say
from milestonebot.errors import Usage
from milestonebot.names import key
from milestonebot.router import Command, Router
from milestonebot.statuses import matching_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.document import Part
    from milestonebot.model import Blueprint, Milestone

router = Router()

_MOST_IN_FULL = 3


@router.command("blueprints", usage="MILESTONE [project] [status]", aliases=("bps",), main=True, lasting=True)
async def blueprints(command: Command) -> Document:
    """List a milestone's blueprints by project, each with its link.

    A project or a status narrows the list: `blueprints essex-2 nova implemented`. In a room that
    is about some projects it lists theirs; `blueprints essex-2 all` lists every project's.
    """
    if not command.arguments:
        raise Usage(f"Say of which milestone, as in: {command.settings.prefix}blueprints essex-2 nova")
    lookup = command.lookup
    found, rest = lookup.split(command.arguments, lookup.milestone)
    if found is None:
        raise missing.milestone(lookup, command.text)
    return listing(command, found.best, rest)


@router.command("blueprint", usage="NAME", aliases=("bp", "spec"), main=True, lasting=True)
async def blueprint(command: Command) -> Document:
    """Tell one blueprint in full: what it is, its milestone, status, assignee and link.

    Where two projects have one of that name both are told; `nova/lasterror` picks.
    """
    if not command.arguments:
        raise Usage(f"Say which, as in: {command.settings.prefix}blueprint nova-rootwrap")
    found = command.lookup.blueprints(command.text)
    if not found:
        raise missing.blueprint(command.lookup, command.text)
    lines = tuple(map(_in_full, found[:_MOST_IN_FULL]))
    return Document(lines, {"blueprints": found})


def listing(command: Command, milestone: Milestone, narrowed: Sequence[str] = ()) -> Document:
    """Return the blueprints of `milestone`, of the project and status that `narrowed` names."""
    project, status = _narrowing(command, narrowed)
    about = [project] if project is not None else [] if "all" in narrowed else command.settings.projects
    projects = {key(name) for name in about}
    chosen = [
        each
        for each in command.catalog.blueprints_of(milestone)
        if (not projects or key(each.project) in projects)
        and (status is None or (each.status or "").casefold() == status.casefold())
    ]
    name = telling.name(milestone, command.catalog, command.settings.group)
    of = " ".join(text for text in (project, status and status.lower()) if text)
    data = {**telling.facts(milestone, command.now), "project": project, "blueprints": chosen}
    if not chosen:
        none = "No blueprint" if not of else f"No {of} blueprint"
        return say(f"{none} is named for ", Strong(name), ".", data=data, found=False)
    # What all of them are is said once.
    statuses = {each.status for each in chosen}
    same = statuses.pop() if len(statuses) == 1 else None
    all_are = f", all {same.lower()}" if same and status is None and len(chosen) > 1 else ""
    items = {
        of_project: tuple(telling.blueprint(each, status=not all_are) for each in some)
        for of_project, some in telling.by_project(chosen).items()
    }
    if project is not None:
        title = Line((Strong(name), f", {of}: {phrases.count(len(chosen), 'blueprint')}{all_are}"))
        return Document(tuple(Listing(some, title) for some in items.values()), data)
    head = Line((Strong(name), f"{', ' + of if of else ''}: {telling.counts(chosen)}{all_are}"))
    parts = (Listing(some, Line((Strong(of_project), f" {len(some)}"))) for of_project, some in items.items())
    return Document((head, *parts), data)


def _narrowing(command: Command, said: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the project and the status that the words name; raise where one names neither."""
    words = [word for word in said if word != "all"]
    project, words_left = command.lookup.split(words, command.lookup.project) if words else (None, ())
    name = project.best.name if project is not None else None
    if not words_left:
        return name, None
    status = matching_status(" ".join(words_left))
    if status is None:
        raise missing.project(command.lookup, " ".join(words_left))
    return name, status


def _in_full(each: Blueprint) -> Line:
    head: Part = Link(each.name, each.url) if each.url else Strong(each.name)
    parts: list[Part] = [head, f" ({each.project})"]
    if each.title:
        parts.append(f": {each.title}")
    known = {
        "milestone": each.milestone,
        "status": each.status,
        "priority": each.priority,
        "definition": each.definition,
        "assignee": each.assignee,
        "theme": each.theme,
    }
    parts += [f" · {what} {value}" for what, value in known.items() if value]
    if each.summary:
        parts.append(f" · {each.summary}")
    return Line(tuple(parts))
