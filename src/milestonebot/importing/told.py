"""What a reviewer is told of a post: a line on standard error, and the same beside the fact."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from milestonebot.errors import Problem
from milestonebot.phrases import count, listed
from milestonebot.sources.post.counts import of_blueprints

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from milestonebot.sources.post import Findings, Mention, Planned

MOST: Final = 20
"""Things that are told one by one; of more, how many more."""


def name(post: Findings, used: str) -> str | None:
    """Tell where the milestone's name is from, if it may be wrong."""
    if post.milestone.name is None:
        return f"the post does not say which milestone it is about; put its name in place of {used}"
    return "; ".join(post.milestone.remarks) or None


def day(post: Findings) -> str | None:
    """Tell what is not known of the day, or how it was inferred."""
    told = post.dating
    if told is None:
        return "the post tells no day; add date: YYYY-MM-DD where you know it"
    if told.when is None:
        return f'the post says "{told.words}", and {told.remark}; add date: YYYY-MM-DD where you know it'
    if told.when.first != told.when.last:
        remark = f"; {told.remark}" if told.remark else ""
        return f'the post tells no day, only "{told.words}"{remark}; write the day where you know it'
    return f'the day is from "{told.words}"; {told.remark}' if told.remark else None


def out(post: Findings) -> str | None:
    """Tell where the post does not say that the milestone is out."""
    if post.released:
        return None
    if post.released is False:
        return "the post looks ahead to the milestone; add released: true if it is out"
    return "the post does not say that the milestone is out; add released: true if it is"


def plan(planned: Planned, named: str | None) -> str:
    """Tell of a day for a milestone to come; `named` is the name that it may have."""
    words = f'the post gives "{planned.dating.words}"'
    if planned.name is not None:
        remark = f"; {planned.dating.remark}" if planned.dating.remark else ""
        return f"{words} for {planned.name}{remark}"
    return f"{words} for the next milestone and does not name it; if it is {named or 'known to you'}, add it"


def begun(post: Findings) -> Iterator[str]:
    """Tell of work that the post calls begun, and what to do with it."""
    if found := [each for each in post.blueprints if each.begun]:
        words = listed([f'"{each}"' for each in dict.fromkeys(each.doubt or "" for each in found[:MOST])])
        yield f"taken for begun and not done, since the post says {words}; take out what is done"
    for sentence in post.underway:
        yield f'the post says "{sentence}"; if that is work begun and not done, add it under underway:'


def where(post: Findings) -> str | None:
    """Tell that the post's address is not known."""
    return None if post.head.url else "the post's address is not in the file; write it where you know it"


def when(post: Findings) -> str | None:
    """Tell that it is not known when the post was published."""
    return None if post.published else "the file does not tell when the post was published"


def titled(mention: Mention) -> str:
    """Return what to call it: its title, the words of its link, or its name."""
    return mention.title or mention.words or mention.target.name


def untitled(mention: Mention) -> str:
    """Tell the words that make no title."""
    return (
        f'no title; the text of its link is "{mention.words}"'
        if mention.words
        else "no title; its link has no text of its own"
    )


def beside(post: Findings) -> str | None:
    """Tell the bugs and milestone pages that the post links, which milestones files do not hold."""
    bugs = [each.target.name for each in post.bugs]
    pages = [f"{each.target.project} {each.target.name}" for each in post.milestones]
    told = [f"{what} {_some(names)}" for what, names in (("bugs", bugs), ("milestone pages", pages)) if names]
    return f"also linked: {'; '.join(told)}" if told else None


def summary(post: Findings) -> str:
    """Return how many blueprints the post links, by project, the busiest first."""
    landed = [each for each in post.blueprints if each.doubt is None]
    projects = Counter(each.target.project or "" for each in landed).most_common()
    spread = f": {', '.join(f'{project} {number}' for project, number in projects)}" if projects else ""
    others = [
        count(len(found), noun)
        for found, noun in (
            (post.bugs, "bug"),
            (post.milestones, "milestone page"),
            (range(post.others), "other link"),
        )
        if found
    ]
    kept = f"; not kept: {listed(others)}" if others else ""
    return f"{post.file}: {count(len(landed), 'blueprint')}{spread}{kept}"


def warnings(post: Findings, used: str, proposed: str | None) -> Iterator[Problem]:
    """Yield all that a reviewer should look at, each with its place where it has one."""
    remarks = (*post.remarks, name(post, used), when(post), out(post), day(post), where(post))
    remarks += tuple(plan(each, proposed) for each in post.planned)
    for remark in (*remarks, counted(post), *begun(post)):
        if remark is not None:
            yield Problem(post.file, 0, 0, remark, "warning")
    doubted = [each for each in post.blueprints if each.doubt is not None]
    for each in doubted[:MOST]:
        message = f'{_full(each)} is left out: the post says "{each.doubt}"; take it in if it landed'
        yield Problem(post.file, each.line, 1 if each.line else 0, message, "warning")
    if len(doubted) > MOST:
        yield Problem(post.file, 0, 0, f"and {len(doubted) - MOST} more are left out likewise", "warning")
    bare = [_full(each) for each in post.blueprints if each.doubt is None and each.title is None]
    if bare:
        yield Problem(post.file, 0, 0, f"no title could be told for {_some(bare)}", "warning")


def counted(post: Findings) -> str | None:
    """Tell that the post counts more, or fewer, blueprints than it links."""
    numbers = [each for each in post.counts if of_blueprints(each)]
    if not numbers or sum(each.value for each in numbers) == len(post.blueprints):
        return None
    told = listed([f"{each.value:,} {each.what}" for each in numbers[:MOST]])
    return f"the post counts {told}, and links {len(post.blueprints):,}"


def _full(mention: Mention) -> str:
    return f"{mention.target.project}/{mention.target.name}"


def _some(names: Sequence[str]) -> str:
    shown = list(names[:MOST])
    return listed(shown) if len(names) <= MOST else f"{', '.join(shown)} and {len(names) - MOST} more"
