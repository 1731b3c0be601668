"""`!reload`: config and data are read anew, for admins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.operating import told
from milestonebot.router import Command, Router

if TYPE_CHECKING:
    from milestonebot.document import Document

router = Router()


@router.command("reload", admin=True, private=True)
async def reload(command: Command) -> Document:
    """Read the config and the milestones anew, and tell what changed, or what is wrong.

    What is wrong leaves all that it is in as it was. Some changes of the config take a restart: they are
    told, too.
    """
    return told(await command.desk.operating.reload())
