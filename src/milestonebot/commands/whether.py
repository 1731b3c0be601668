"""`!is`: yes or no, whether a milestone is out or a blueprint is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, telling
from milestonebot.document import Document, Link, Strong, say
from milestonebot.errors import Usage
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Part
    from milestonebot.model import Blueprint

router = Router()


@router.command("is", usage="MILESTONE out, or BLUEPRINT in MILESTONE", lasting=True)
async def whether(command: Command) -> Document:
    """Answer yes or no: whether a milestone is out, or whether a blueprint is in it.

    As in `is essex-2 out` and `is nova-rootwrap in essex-2`.
    """
    words = command.arguments
    at = words.index("in") if "in" in words else -1
    if 0 < at < len(words) - 1:
        return _is_in(command, " ".join(words[:at]), " ".join(words[at + 1 :]))
    if not words or at >= 0:
        sign = command.settings.prefix
        raise Usage(f"Say of what, as in: {sign}is essex-2 out, or: {sign}is nova-rootwrap in essex-2")
    return _is_out(command, " ".join(words[:-1] if words[-1] in ("out", "released") else words))


def _is_out(command: Command, text: str) -> Document:
    found = command.lookup.dated(text)
    if found is None:
        raise missing.dated(command.lookup, text)
    out = telling.status(found.best, command.now)
    answer = {"released": "Yes", "overdue": "No source says so", "past": "It is past"}.get(out, "Not yet")
    facts = telling.facts(found.best, command.now)
    return say(f"{answer}: ", *telling.mentioned(found.best, command.lookup, command.now), data=facts)


def _is_in(command: Command, blueprint: str, text: str) -> Document:
    lookup = command.lookup
    milestone = lookup.milestone(text)
    if milestone is None:
        raise missing.milestone(lookup, text)
    blueprints = lookup.blueprints(blueprint)
    if not blueprints:
        raise missing.blueprint(lookup, blueprint)
    inside = [each for each in blueprints if key(each.milestone or "") == key(milestone.best.name)]
    named = inside or list(blueprints)
    name = telling.name(milestone.best, command.catalog, command.settings.group)
    parts: list[Part] = ["Yes: " if inside else "Not by any source: "]
    for each in named[:3]:
        parts += [_link(each), f" ({each.project}) is in {each.milestone or 'no milestone that is known'}; "]
    parts[-1] = str(parts[-1]).removesuffix("; ")
    if not inside:
        parts += [", not in ", Strong(name)]
    data = {"answer": bool(inside), "blueprints": named, "milestone": milestone.best}
    return say(*parts, data=data)


def _link(each: Blueprint) -> Part:
    return Link(each.name, each.url) if each.url else Strong(each.name)
