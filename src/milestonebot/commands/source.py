"""`!source`: where each fact came from, when it was read, and what disagrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, telling
from milestonebot.document import Document, Line, Listing, Strong
from milestonebot.errors import Usage
from milestonebot.model import Kind
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.model import Blueprint, Claim, Milestone, Origin, Release, Series, Tag

router = Router()


@router.command("source", usage="NAME", aliases=("origin",), lasting=True)
async def source(command: Command) -> Document:
    """Tell where the facts about a milestone, series, release or blueprint came from, and what disagrees.

    Each source's claim is told with the document that it cites; the first is believed.
    """
    if not command.arguments:
        raise Usage(f"Say of what, as in: {command.settings.prefix}source essex-2")
    lookup = command.lookup
    found = lookup.dated(command.text)
    if found is not None:
        return _of_dated(found.best, command)
    project, rest = lookup.split(command.arguments, lookup.project)
    release = lookup.releases(" ".join(rest), project.best.name if project is not None else None)
    if release is not None:
        return _of_release(release.best)
    blueprints = lookup.blueprints(command.text)
    if not blueprints:
        raise missing.milestone(lookup, command.text)
    return Document((Listing(tuple(map(_of_blueprint, blueprints))),), {"blueprints": blueprints})


def _of_dated(asked: Milestone, command: Command) -> Document:
    name = telling.name(asked, command.catalog, command.settings.group)
    blocks = _claims(name, asked.claims, asked.origin)
    if asked.window is not None:
        blocks.append(Line((f"scheduled for {phrases.dated(asked.window)}",)))
    if asked.note:
        blocks.append(Line((asked.note,)))
    series = command.catalog.series_of(asked) if asked.kind is Kind.RELEASE else None
    if series is not None:
        blocks += _of_series(series)
    blocks += _tags(asked.tags)
    data = {"milestone": asked, "series": series, "disagrees": _differing(asked.claims)}
    return Document(tuple(blocks), data)


def _of_release(asked: Release) -> Document:
    blocks = _claims(f"{asked.project or asked.group} {asked.version}", asked.claims, asked.origin)
    if asked.note:
        blocks.append(Line((asked.note,)))
    blocks += _tags(asked.tags)
    return Document(tuple(blocks), {"release": asked, "disagrees": _differing(asked.claims)})


def _of_series(series: Series) -> list[Line | Listing]:
    """Return what else is known of the origins of a series' facts."""
    blocks: list[Line | Listing] = [Line((f"{what}: {_origin(origin)}",)) for what, origin in series.origins]
    if series.starts_otherwise:
        believed = f"begins {phrases.dated(series.starts)}; disagrees"
        items = tuple(Line((_claim(each),)) for each in series.starts_otherwise)
        blocks.append(Listing(items, Line((believed,))))
    if series.note:
        blocks.append(Line((series.note,)))
    return blocks


def _of_blueprint(each: Blueprint) -> Line:
    note = f" ({each.note})" if each.note else ""
    return Line((Strong(f"{each.project}/{each.name}"), f": {_origin(each.origin)}{note}"))


def _claims(name: str, claims: Sequence[Claim], origin: Origin) -> list[Line | Listing]:
    """Return what is believed, who else says so, and who says otherwise."""
    if not claims:
        return [Line((Strong(name), f": {phrases.NO_DATE}; named by {_origin(origin)}"))]
    believed = claims[0]
    blocks: list[Line | Listing] = [Line((Strong(name), f": {_claim(believed)}"))]
    blocks += [Line((f"also {_claim(each)}",)) for each in claims[1:] if each.when == believed.when]
    if differing := _differing(claims):
        items = tuple(Line((_claim(each),)) for each in differing)
        blocks.append(Listing(items, Line((Strong("Disagrees"),))))
    return blocks


def _differing(claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim in claims[1:] if claim.when != claims[0].when]


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


def _tags(tags: Sequence[Tag]) -> list[Line | Listing]:
    items = tuple(Line((_tag(each),)) for each in tags)
    return [Listing(items, Line(("Tags",)))] if items else []


def _tag(tag: Tag) -> str:
    how = "" if tag.kind == "tagger" else " at the earliest"
    return f"{tag.project} {tag.name} {phrases.day(tag.day)}{how}"
