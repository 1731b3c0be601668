"""`!source`: where each fact came from, when it was read, and what disagrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Line, Listing, Strong, say
from milestonebot.errors import Usage
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.model import Blueprint, Claim, Milestone, Origin, Tag

router = Router()


@router.command("source", usage="NAME", aliases=("origin",))
async def source(command: Command) -> Document:
    """Tell where the facts about a milestone, series or blueprint came from, and what disagrees.

    Each source's claim is told with the document that it cites; the first is believed.
    """
    if not command.arguments:
        raise Usage("Say of what, as in: source essex-2")
    found = command.lookup.dated(command.text)
    if found is not None:
        return _of_dated(found.best, command)
    blueprints = command.lookup.blueprints(command.text)
    if not blueprints:
        raise missing.milestone(command.lookup, command.text)
    items = tuple(_of_blueprint(each) for each in blueprints)
    return Document((Listing(items),), {"blueprints": blueprints})


def _of_dated(asked: Milestone, command: Command) -> Document:
    name = telling.name(asked, command.catalog, command.settings.group)
    if not asked.claims:
        return say(
            Strong(name), f": {phrases.NO_DATE}; named by {_origin(asked.origin)}", data={"milestone": asked}
        )
    believed, *others = asked.claims
    differing = [claim for claim in others if claim.when != believed.when]
    agreeing = [claim for claim in others if claim.when == believed.when]
    blocks: list[Line | Listing] = [Line((Strong(name), f": {_claim(believed)}"))]
    blocks += [Line((f"also {_claim(each)}",)) for each in agreeing]
    if differing:
        items = tuple(Line((_claim(each),)) for each in differing)
        blocks.append(Listing(items, Line((Strong("Disagrees"),))))
    if asked.note:
        blocks.append(Line((asked.note,)))
    if asked.tags:
        items = tuple(Line((_tag(each),)) for each in asked.tags)
        blocks.append(Listing(items, Line(("Tags",))))
    data = {"milestone": asked, "believed": believed, "disagrees": differing}
    return Document(tuple(blocks), data)


def _of_blueprint(each: Blueprint) -> Line:
    return Line((Strong(f"{each.project}/{each.name}"), f": {_origin(each.origin)}"))


def _claim(claim: Claim) -> str:
    note = f" ({claim.note})" if claim.note else ""
    return f"{phrases.dated(claim.when)}, says {_origin(claim.origin)}{note}"


def _origin(origin: Origin) -> str:
    told = [origin.reference or origin.source]
    if origin.reference and origin.reference != origin.source:
        told.append(f"by way of {origin.source}")
    if origin.read is not None:
        told.append(f"read {phrases.day(origin.read)}")
    if origin.confidence:
        told.append(f"{origin.confidence} confidence")
    return ", ".join(told)


def _tag(tag: Tag) -> str:
    how = "" if tag.kind == "tagger" else " at the earliest"
    return f"{tag.project} {tag.name} {phrases.day(tag.day)}{how}"
