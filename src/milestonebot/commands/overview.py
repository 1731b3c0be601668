"""`!overview`: what landed since the previous milestone, as the milestone posts tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import missing, phrases, statuses, telling
from milestonebot.document import Document, Faint, Line, Link, Listing, Strong, say
from milestonebot.errors import NotFound
from milestonebot.model import Kind
from milestonebot.names import key
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.document import Block, Part
    from milestonebot.model import Blueprint, Milestone, Post

router = Router()


@router.command("overview", usage="[MILESTONE]", main=True)
async def overview(command: Command) -> Document:
    """Tell what landed since the previous milestone, project by project, the busiest first.

    Without a name it is the latest milestone that has blueprints.
    """
    milestone = _asked(command)
    catalog, name = command.catalog, telling.name
    named = catalog.blueprints_of(milestone)
    landed = [each for each in named if _has_landed(each)]
    unfinished = [each for each in named if not _has_landed(each)]
    called = name(milestone, catalog, command.settings.group)
    if not named:
        standing = telling.standing(milestone, command.now)
        facts = telling.facts(milestone, command.now)
        return say(
            "No source names what landed in ", Strong(called), f" ({standing}).", data=facts, found=False
        )
    head: list[Part] = [Strong(called), f", {telling.standing(milestone, command.now)}"]
    before = previous(milestone, command)
    if before is not None:
        since = name(before, catalog, command.settings.group)
        head.append(f" · since {since} ({phrases.short(before.when)})")
    head.append(f" · {telling.counts(landed) if landed else 'nothing is said to be done'}")
    posts = catalog.posts_of(milestone)
    blocks: list[Block] = [Line(tuple(head)), *_projects(landed), *_unfinished(unfinished), *_posts(posts)]
    after = telling.following(milestone, catalog)
    blocks += [Line(("Next: ", *telling.mentioned(each, command.lookup, command.now))) for each in after]
    data = {
        **telling.facts(milestone, command.now),
        "since": before,
        "projects": telling.by_project(landed),
        "unfinished": unfinished,
        "posts": posts,
        "next": [telling.facts(each, command.now) for each in after],
    }
    return Document(tuple(blocks), data)


def previous(milestone: Milestone, command: Command) -> Milestone | None:
    """Return the milestone or release before `milestone` in its group."""
    before = None
    for each in command.catalog.timelines.get(key(milestone.group), ()):
        if each is milestone:
            break
        if each.kind in telling.COUNTED and each.project in (None, milestone.project):
            before = each
    return before


def _asked(command: Command) -> Milestone:
    lookup = command.lookup
    if command.arguments:
        found = lookup.milestone(command.text)
        if found is None:
            raise missing.milestone(lookup, command.text)
        return found.best
    latest = [
        each
        for timeline in command.catalog.timelines.values()
        for each in timeline
        if each.kind is Kind.MILESTONE
        and telling.status(each, command.now) in ("released", "overdue")
        and command.catalog.blueprints_of(each)
    ]
    if not latest:
        raise NotFound("No source names what landed in a milestone yet.")
    return latest[-1]


def _has_landed(each: Blueprint) -> bool:
    """Tell whether no source says that it is unfinished: one without a status is taken as the milestone's."""
    return statuses.state(each.status) in ("implemented", "unknown")


def _projects(landed: Sequence[Blueprint]) -> list[Block]:
    """Return a list for each project, the busiest first, told by theme where one is known."""
    blocks: list[Block] = []
    for project, some in telling.by_project(landed).items():
        items = tuple(
            Line((_linked(each), *([Faint(f" ({each.theme})")] if each.theme else []))) for each in some
        )
        blocks.append(Listing(items, Line((Strong(project), f" {len(some)}"))))
    return blocks


def _unfinished(some: Sequence[Blueprint]) -> list[Block]:
    """Return the list of what was meant for the milestone and is not done, with how far it is."""
    items = tuple(Line((_linked(each), f" ({each.project}, {each.status})")) for each in some)
    return [Listing(items, Line(("Not done",)))] if items else []


def _linked(each: Blueprint) -> Part:
    text = each.title or each.name
    return Link(text, each.url) if each.url else text


def _posts(posts: Sequence[Post]) -> list[Block]:
    blocks: list[Block] = []
    for post in posts:
        if post.underway:
            work = "; ".join(f"{project} ({what})" for project, what in post.underway)
            blocks.append(Line((f"Larger work under way: {work}",)))
        parts: list[Part] = ["Told by ", Link(post.title, post.url) if post.url else post.title]
        parts.append("".join(f", {text}" for text in (post.author, phrases.short(post.published)) if text))
        blocks.append(Line(tuple(parts)))
        figures = tuple(
            Line((f"{each.what}: {'about ' if each.approximate else ''}{each.value:,}",))
            for each in post.figures
        )
        if figures:
            blocks.append(Listing(figures, Line(("Its figures",))))
    return blocks
