"""`!about`: what this bot is, and how old what it knows is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import __version__, phrases
from milestonebot.document import Document, Link, Strong, say
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from datetime import timedelta

    from milestonebot.document import Part

router = Router()


@router.command("about")
async def about(command: Command) -> Document:
    """Tell the bot's version, how long it runs, how old its catalog is, and where its code is."""
    facts, loaded = command.catalog.facts, command.catalog.loaded
    up = command.now - command.desk.started
    known = ", ".join(
        phrases.count(len(things), noun)
        for things, noun in (
            (facts.projects, "project"),
            (tuple(facts.milestones), "date"),
            (facts.blueprints, "blueprint"),
        )
    )
    parts: list[Part] = [
        Strong(f"milestonebot {__version__}"),
        f": up for {_duration(up)} · catalog of {known}",
    ]
    if loaded is not None:
        parts.append(f", loaded {_duration(command.now - loaded)} ago")
    code = command.desk.source_code
    parts += (
        [" · source code: ", Link(code, code)]
        if code
        else [" · Apache-2.0, source code in its Python package"]
    )
    return say(
        *parts,
        data={
            "version": __version__,
            "uptime_seconds": max(0, int(up.total_seconds())),
            "catalog_loaded": loaded,
            "source_code": code,
        },
    )


def _duration(span: timedelta) -> str:
    """Return the largest unit of `span`, which is all that a person asks for."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return phrases.count(seconds // size, unit)
    return phrases.count(seconds, "second")
