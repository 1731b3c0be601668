"""`!project`: one project, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Link, Strong, say
from milestonebot.errors import Usage
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Part

router = Router()


@router.command("project", usage="NAME", lasting=True)
async def project(command: Command) -> Document:
    """Tell a project: what it is, its latest release, its next milestone, its blueprints."""
    if not command.arguments:
        raise Usage(f"Say which, as in: {command.settings.prefix}project nova")
    lookup, catalog = command.lookup, command.catalog
    found = lookup.project(command.text)
    if found is None:
        raise missing.project(lookup, command.text)
    asked = found.best
    name = key(asked.name)
    blueprints = [each for each in catalog.facts.blueprints if key(each.project) == name]
    published = [
        each
        for each in catalog.facts.releases
        if key(each.project or "") == name and each.when is not None and each.when.last <= command.today
    ]
    latest = max(published, key=lambda each: -lookup.away(each.when), default=None)
    upcoming = telling.upcoming(lookup, command.now, asked)
    parts: list[Part] = [Link(asked.name, asked.url) if asked.url else Strong(asked.name)]
    told = [asked.title or "", f"of {asked.group}"]
    if asked.aliases:
        told.append(f"also called {phrases.listed(list(asked.aliases))}")
    if latest is not None and latest.when is not None:
        told.append(f"latest release {latest.version}, {phrases.dated(latest.when)}")
    if blueprints:
        told.append(f"{phrases.count(len(blueprints), 'blueprint')} named")
    parts.append(f": {' · '.join(text for text in told if text)}")
    if upcoming is not None:
        parts += [" · next: ", *telling.mentioned(upcoming, lookup, command.now)]
    data = {
        "project": asked,
        "latest": latest,
        "blueprints": len(blueprints),
        "next": telling.facts(upcoming, command.now) if upcoming is not None else None,
    }
    return say(*parts, data=data)
