"""`!reload`: config and data are read anew, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot import phrases
from milestonebot.document import Document, Line, Listing, Strong, say
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milestonebot.document import Block

router = Router()

_SHOWN = 5


@router.command("reload", admin=True, private=True)
async def reload(command: Command) -> Document:
    """Read the config and the milestones anew, and tell what changed, or what is wrong.

    What is wrong leaves all that it is in as it was. Some changes of the config take a restart: they are
    told, too.
    """
    applied = await command.desk.operating.reload()
    data = {
        "changed": list(applied.changed),
        "restart": list(applied.restart),
        "problems": list(applied.problems),
    }
    blocks: list[Block] = []
    if applied.problems:
        mistakes = phrases.count(len(applied.problems), "mistake")
        blocks.append(_listing(f"{mistakes}; what is wrong is kept as it was", applied.problems))
    if applied.changed:
        blocks.append(_listing("Changed", applied.changed))
    if applied.restart:
        blocks.append(_listing("Only after a restart", applied.restart))
    if not blocks:
        return say("I have read all anew; nothing has changed.", data=data)
    return Document(tuple(blocks), data, found=not applied.problems)


def _listing(title: str, told: Sequence[str]) -> Listing:
    items = [Line((each,)) for each in told[:_SHOWN]]
    others = len(told) - _SHOWN
    if others > 0:
        items.append(Line((f"and {others} more, which my log tells",)))
    return Listing(tuple(items), Line((Strong(title),)))
