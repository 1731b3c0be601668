"""`!search`: best matches over blueprints, milestones, projects."""

from __future__ import annotations

from milestonebot import telling
from milestonebot.document import Document, Line, Listing, Strong, say
from milestonebot.errors import Usage
from milestonebot.model import Blueprint, Milestone, Project
from milestonebot.router import Command, Router
from milestonebot.search import index_of

router = Router()

_MOST = 10


@router.command("search", usage="WORDS", aliases=("find",), main=True, lasting=True)
async def search(command: Command) -> Document:
    """Find blueprints, milestones and projects by words of their names and titles."""
    if not command.arguments:
        raise Usage(f"Say what to look for, as in: {command.settings.prefix}search vm state")
    found = index_of(command.catalog).search(command.text, _MOST)
    if not found:
        return say("Nothing matches ", Strong(command.text[:80]), ".", data={"results": []}, found=False)
    items = tuple(_told(thing, command) for thing in found)
    return Document((Listing(items),), {"results": found})


def _told(thing: Blueprint | Milestone | Project, command: Command) -> Line:
    if isinstance(thing, Blueprint):
        told = telling.blueprint(thing)
        where = f" ({thing.project}{', ' + thing.milestone if thing.milestone else ''})"
        return Line((*told.parts[:1], where, *told.parts[1:]))
    if isinstance(thing, Milestone):
        return Line(telling.headed(thing, command.lookup, command.now))
    return Line((Strong(thing.name), f" project{': ' + thing.title if thing.title else ''}"))
