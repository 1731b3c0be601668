"""`milestonebot import`: milestone posts become YAML for a maintainer to review."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from milestonebot.errors import ConfigError
from milestonebot.importing import import_posts

if TYPE_CHECKING:
    from argparse import Namespace


def run(parsed: Namespace) -> int:
    """Print the YAML; what could not be told goes to standard error. Return 1 where a post is unreadable."""
    try:
        imported = import_posts(parsed.posts, group=parsed.group)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    for note in imported.notes:
        print(note, file=sys.stderr)
    print(imported.yaml, end="")
    return 0
