"""`!next`: the next milestone or release, and what follows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Line
from milestonebot.model import Kind
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Part
    from milestonebot.model import Milestone

router = Router()

_SHOWN = 3
_KINDS = {"release": (Kind.RELEASE,), "milestone": (Kind.MILESTONE,)}
"""What a last word asks for alone."""


@router.command("next", usage="[PROJECT, GROUP or SERIES]", main=True, lasting=True)
async def next_(command: Command) -> Document:
    """Tell the next milestone or release, and what follows it.

    Milestones and releases count; freezes and weeks are in `schedule`. `next release` is the next
    release alone.
    """
    return coming_up(command)


def coming_up(command: Command) -> Document:
    """Return what is next of what the arguments name; of the room's group where they name nothing."""
    kinds = _KINDS.get((command.arguments or ("",))[-1].casefold(), telling.COUNTED)
    if kinds is not telling.COUNTED:
        command = replace(command, arguments=command.arguments[:-1])
    what, dated = _scope(command)
    counted = [each for each in dated if each.kind in kinds and each.when is not None]
    ahead = [each for each in counted if telling.status(each, command.now) == "due"]
    if ahead:
        return _told(command, ahead[:_SHOWN])
    lines: list[Part] = [f"Nothing is scheduled next{what and f' for {what}'}, as far as any source says."]
    if counted:
        lines += [" The last was ", *telling.headed(counted[-1], command.lookup, command.now), "."]
    last = [telling.facts(each, command.now) for each in counted[-1:]]
    return Document((Line(tuple(lines)),), {"next": [], "last": last}, found=False)


def _told(command: Command, ahead: list[Milestone]) -> Document:
    first, *later = ahead
    parts = list(telling.headed(first, command.lookup, command.now))
    if later:
        group = command.settings.group
        told = (f"{telling.name(each, command.catalog, group)}, {phrases.dated(each.when)}" for each in later)
        parts.append(f" · then {'; '.join(told)}")
    return Document((Line(tuple(parts)),), {"next": [telling.facts(each, command.now) for each in ahead]})


def _scope(command: Command) -> tuple[str, list[Milestone]]:
    """Return what is asked about, and all that is dated of it, in order."""
    lookup, catalog, text = command.lookup, command.catalog, command.text
    if not text:
        wanted = key(command.settings.group or "")
        groups = [name for name in catalog.timelines if not wanted or name == wanted]
        return command.settings.group or "", _merged(command, groups)
    if (group := lookup.project_group(text)) is not None:
        return group.name, _merged(command, [key(group.name)])
    if (series := lookup.series(text)) is not None:
        return series.best.name, list(catalog.schedule_of(series.best))
    if (project := lookup.project(text)) is not None:
        name = key(project.best.name)
        timeline = catalog.timelines.get(key(project.best.group), ())
        return project.best.name, [each for each in timeline if key(each.project or name) == name]
    raise missing.scope(lookup, text)


def _merged(command: Command, groups: list[str]) -> list[Milestone]:
    """Return the timelines of `groups` as one; a project's own milestones are for who asks for it."""
    about = {key(name) for name in command.settings.projects}
    dated = [
        each
        for name in groups
        for each in command.catalog.timelines.get(name, ())
        if each.project is None or key(each.project) in about
    ]
    return sorted(dated, key=lambda each: each.when.first) if len(groups) > 1 else dated  # type: ignore[union-attr]  # a timeline holds only what has a date
