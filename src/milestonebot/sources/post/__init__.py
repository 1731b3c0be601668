"""Milestone posts: text that people write about a milestone becomes what it says of facts.

Nothing here reads files, knows the time, or decides: `milestonebot.importing` makes a file of
it for a maintainer to review.
"""

from milestonebot.sources.post.findings import (
    Count,
    Dating,
    Findings,
    Head,
    Kind,
    Mention,
    Named,
    Planned,
    Target,
)
from milestonebot.sources.post.read import read_post

__all__ = [
    "Count",
    "Dating",
    "Findings",
    "Head",
    "Kind",
    "Mention",
    "Named",
    "Planned",
    "Target",
    "read_post",
]
