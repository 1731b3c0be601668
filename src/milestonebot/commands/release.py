"""`!release`: something published, by its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases
from milestonebot.document import Document, Link, Strong, say
from milestonebot.errors import Usage
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Part
    from milestonebot.model import Release

router = Router()


@router.command("release", usage="[project] VERSION", aliases=("version",), lasting=True)
async def release(command: Command) -> Document:
    """Tell when a version was published, and which series it belongs to.

    `release 2012.1` is the group's, `release nova 2012.1` one project's; where the project has
    none of its own that is known, the group's is told.
    """
    if not command.arguments:
        raise Usage(f"Say which version, as in: {command.settings.prefix}release 2012.1")
    lookup = command.lookup
    project, rest = lookup.split(command.arguments, lookup.project)
    version = " ".join(rest)
    name = project.best.name if project is not None else None
    found = lookup.releases(version, name) or lookup.releases(version)
    if found is None:
        return _of_series(command, version)
    parts = _told(found.best, command)
    if name is not None and key(found.best.project or "") != key(name):
        parts.append(f" · no source has a release of {name} by that version")
    others = [each.project for each in found.others if each.project]
    if name is None and others:
        parts.append(f" · also of {phrases.listed(others[:5])}")
    return say(*parts, data={"release": found.best, "also": found.others})


def _told(asked: Release, command: Command) -> list[Part]:
    called = f"{asked.project or asked.group} {asked.version}"
    parts: list[Part] = [Link(called, asked.url) if asked.url else Strong(called)]
    if asked.series:
        parts.append(f" ({asked.series})")
    when = asked.when
    if when is None:
        return [*parts, f": {phrases.NO_DATE}"]
    known = "" if phrases.days_away(when, command.now) > 0 else "released "
    return [*parts, f": {known}{phrases.dated(when)}, {phrases.away(when, command.now)}"]


def _of_series(command: Command, version: str) -> Document:
    """Answer `release essex` by the series' versions."""
    lookup = command.lookup
    series = lookup.series(version)
    if series is None:
        raise missing.release(lookup, version or command.text)
    found = [
        each
        for versions in command.catalog.releases.values()
        for each in versions
        if key(each.series or "") == key(series.best.name) and key(each.group) == key(series.best.group)
    ]
    if not found:
        raise missing.release(lookup, version)
    parts = [part for each in found for part in (" · ", *_told(each, command))][1:]
    return say(*parts, data={"series": series.best, "releases": found})
