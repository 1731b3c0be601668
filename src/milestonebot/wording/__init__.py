"""What an announcement says: one file for each occasion.

The words are made when they are said, so that "today" is true when it is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.announcement import Occasion
from milestonebot.wording.about import Told
from milestonebot.wording.changed import changed
from milestonebot.wording.countdown import countdown
from milestonebot.wording.digest import digest
from milestonebot.wording.note import note
from milestonebot.wording.released import released

if TYPE_CHECKING:
    from datetime import datetime

    from milestonebot.announcement import Announcement
    from milestonebot.catalog import Catalog
    from milestonebot.document import Document
    from milestonebot.outbox import Delivery
    from milestonebot.settings import RoomSettings

__all__ = ["worded"]


def worded(
    delivery: Delivery,
    announcement: Announcement | None,
    catalog: Catalog,
    now: datetime,
    settings: RoomSettings,
) -> Document:
    """Return what `delivery` says when it is said `now`, in a room of these `settings`.

    Without its `announcement`, or where the catalog has its milestone no more, it tells what was known
    when it was planned. Never raises.
    """
    told = Told.of(announcement, catalog, now, settings)
    match delivery.occasion:
        case Occasion.COUNTDOWN:
            return countdown(delivery, announcement, told)
        case Occasion.RELEASED:
            return released(delivery, announcement, told)
        case Occasion.CHANGED:
            return changed(delivery, announcement, told)
        case Occasion.DIGEST:
            return digest(announcement, told)
        case Occasion.NOTE:
            return note(delivery, announcement)
