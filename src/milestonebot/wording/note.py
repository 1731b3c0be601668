"""A note, and what an admin announces by hand: a text as somebody wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.document import Document, line

if TYPE_CHECKING:
    from milestonebot.announcement import Announcement
    from milestonebot.outbox import Delivery


def note(delivery: Delivery, announcement: Announcement | None) -> Document:
    """Return the text as the config has it now; as it was planned where the config has none."""
    planned = delivery.about.get("text")
    text = (announcement.text if announcement is not None else None) or str(planned or "")
    return Document(tuple(line(each) for each in text.split("\n")), {"text": text})
