"""`!more`: what was left of the last answer."""

from __future__ import annotations

from milestonebot.document import Document, say
from milestonebot.router import Command, Router

router = Router()


@router.command("more")
async def more(command: Command) -> Document:
    """Show what was left of your last answer here."""
    rest = command.desk.more()
    return rest if rest is not None else say("There is no more.", found=False)
