"""What landed in a milestone since the one before it, project by project, as the milestone posts tell it.

`!overview` and the announcement of a release say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases, statuses, telling
from milestonebot.document import Document, Faint, Line, Link, Listing, Strong
from milestonebot.names import key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from milestonebot.catalog import Catalog
    from milestonebot.document import Block, Part
    from milestonebot.lookup import Lookup
    from milestonebot.model import Blueprint, Milestone, Post


def overview(
    milestone: Milestone,
    lookup: Lookup,
    now: datetime,
    *,
    opening: Sequence[Part] | None = None,
    named: Sequence[Blueprint] | None = None,
) -> Document:
    """Return what landed in `milestone`; its first line begins with `opening`, else with how it stands.

    The first line is complete by itself: since when, and how many blueprints of which projects. `named`
    are those of its blueprints that are told, where it is not all of them.
    """
    catalog = lookup.catalog
    named = catalog.blueprints_of(milestone) if named is None else named
    landed = [each for each in named if has_landed(each)]
    unfinished = [each for each in named if not has_landed(each)]
    called = telling.name(milestone, catalog, lookup.group)
    head: list[Part] = list(opening or (Strong(called), f", {telling.standing(milestone, now)}"))
    before = previous(milestone, catalog)
    if before is not None:
        since = telling.name(before, catalog, lookup.group)
        head.append(f" · since {since} ({phrases.short(before.when)})")
    head.append(f" · {telling.counts(landed) if landed else 'nothing is said to be done'}")
    posts = catalog.posts_of(milestone)
    blocks: list[Block] = [Line(tuple(head)), *_projects(landed), *_unfinished(unfinished), *_posts(posts)]
    after = telling.following(milestone, catalog)
    blocks += [Line(("Next: ", *telling.mentioned(each, lookup, now))) for each in after]
    data = {
        **telling.facts(milestone, now),
        "since": before,
        "projects": telling.by_project(landed),
        "unfinished": unfinished,
        "posts": posts,
        "next": [telling.facts(each, now) for each in after],
    }
    return Document(tuple(blocks), data)


def previous(milestone: Milestone, catalog: Catalog) -> Milestone | None:
    """Return the milestone or release before `milestone` in its group."""
    before = None
    for each in catalog.timelines.get(key(milestone.group), ()):
        if each is milestone:
            return before
        if each.kind in telling.COUNTED and each.project in (None, milestone.project):
            before = each
    return None


def has_landed(each: Blueprint) -> bool:
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
