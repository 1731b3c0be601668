"""`milestonebot import`: milestone posts become a milestones file for a maintainer to review.

Nothing is taken for true that a post does not say. What it leaves open stands as a comment in
the file, marked REVIEW, and is told besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from milestonebot.errors import ConfigError, MilestonebotError, Problem
from milestonebot.importing import told
from milestonebot.importing.review import MARK, NO_GROUP, Review, named_file, proposed
from milestonebot.importing.written import Entry, Remark, lines
from milestonebot.sources.post import read_post
from milestonebot.sources.post.text import LARGEST, clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from milestonebot.sources.post import Findings

__all__ = ["Imported", "import_posts"]

MOST: Final = 1000
"""Posts that are read at once."""

_NAME = re.compile(r"[^\W_][\w.+~:-]{0,199}")
"""A name as milestones files have it."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A milestones file, and what its reviewer should know."""

    yaml: str
    notes: tuple[Problem | str, ...]
    """How many blueprints each post gave, and what could not be told."""


def import_posts(paths: Sequence[Path], group: str | None = None) -> Imported:
    """Return a milestones file of what the posts at `paths` say, in their order.

    `group` is the project group; without it the posts' only tag is. ConfigError tells every
    post that cannot be read, MilestonebotError a group that has no name's form.
    """
    if group is not None and _NAME.fullmatch(group) is None:
        raise MilestonebotError(
            f"--group: {clean(group)[:40]!r} is no name, as openstack is: letters, digits and . _ + - ~ :"
        )
    posts = _read(paths)
    review = Review(posts)
    said = _group(posts, group)
    notes: list[Problem | str] = []
    for post, name in zip(posts, review.names, strict=True):
        notes.append(told.summary(post))
        notes += told.warnings(post, name, proposed(name))
    if said.comments:
        notes += [Problem(posts[0].file, 0, 0, each.removeprefix(MARK), "warning") for each in said.comments]
    return Imported(_text(posts, review, said), tuple(notes))


def _read(paths: Sequence[Path]) -> list[Findings]:
    """Read all posts, so that all problems are told at once."""
    if not paths or len(paths) > MOST:
        raise ConfigError((Problem("import", 0, 0, f"name one to {MOST} posts"),))
    posts: list[Findings] = []
    problems: list[Problem] = []
    for path in paths:
        shown = clean(str(path))
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
            posts.append(read_post(data, shown))
        except ConfigError as error:
            problems += error.problems
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "that is no path"
            problems.append(Problem(shown, 0, 0, f"cannot be read: {reason}"))
    if problems:
        raise ConfigError(tuple(problems))
    return posts


def _group(posts: Sequence[Findings], group: str | None) -> Entry:
    """Return the group: the one that was named, or else the only tag of all posts."""
    tags = {each.lower(): each for post in posts for each in post.head.tags}
    names = {re.sub(r"\s+", "-", each): title for each, title in tags.items()}
    if group is not None:
        title = names.get(group.lower())
        return Entry("group", tuple(_named(group, title)))
    if len(names) == 1:
        name, title = next(iter(names.items()))
        if _NAME.fullmatch(name):
            return Entry("group", tuple(_named(name, title)))
    tagged = f"the tags are {', '.join(list(tags.values())[:10])}" if tags else "there are no tags"
    remark = (
        f"{MARK}the project group is not told ({tagged}); put its name in place of {NO_GROUP}, or use --group"
    )
    return Entry("group", tuple(_named(NO_GROUP, None)), (remark,))


def _named(name: str, title: str | None) -> Iterator[Entry]:
    yield Entry("name", name)
    if title is not None and title != name:
        yield Entry("title", title)


def _text(posts: Sequence[Findings], review: Review, group: Entry) -> str:
    files = ", ".join(named_file(post) for post in posts[: told.MOST])
    more = f" and {len(posts) - told.MOST} more" if len(posts) > told.MOST else ""
    about = f"Written by `milestonebot import` from {files}{more}. Decide what is marked REVIEW."
    parts = ["\n".join(lines([Remark(about)]))]
    parts += ["\n".join(lines([entry])) for entry in review.entries(group)]
    return "\n\n".join(parts) + "\n"
