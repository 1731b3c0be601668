"""Words for many rooms: what hundreds are told at once is worded once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from milestonebot.wording import worded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from milestonebot.announcement import Announcement, Occasion
    from milestonebot.catalog import Catalog
    from milestonebot.document import Document
    from milestonebot.outbox import Delivery
    from milestonebot.settings import RoomSettings


class _Worded(NamedTuple):
    occasion: Occasion
    announcement: Announcement | None
    about: Mapping[str, Any]
    document: Document


class Wordings:
    """Words as `worded` does; within one second, the same for rooms of the same project group once.

    Nothing else of a room is in the words, and no date is known more exactly than to the second.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._catalog: Catalog | None = None
        self._second: datetime | None = None
        self._known: dict[tuple[str, str | None], _Worded] = {}

    def of(
        self,
        delivery: Delivery,
        announcement: Announcement | None,
        catalog: Catalog,
        now: datetime,
        settings: RoomSettings,
    ) -> Document:
        """Return what `worded` does, and the very same document as before where that holds."""
        second = now.replace(microsecond=0)
        if catalog is not self._catalog or second != self._second:
            self._catalog, self._second = catalog, second
            self._known.clear()
        key = delivery.announcement, settings.group
        known = self._known.get(key)
        if (
            known is None
            or known.occasion is not delivery.occasion
            or known.announcement is not announcement
            or known.about != delivery.about
        ):
            document = worded(delivery, announcement, catalog, now, settings)
            known = self._known[key] = _Worded(delivery.occasion, announcement, delivery.about, document)
        return known.document
