"""Deliveries for tests, and what is said for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from milestonebot.announcement import Announcement, Occasion, Scope
from milestonebot.outbox import Delivery
from milestonebot.ports import Room
from milestonebot.render.plain import render_plain
from milestonebot.settings import RoomSettings
from milestonebot.wording import worded

if TYPE_CHECKING:
    from milestonebot.catalog import Catalog
    from milestonebot.document import Document

ROOM = Room("oftc", "#openstack-release")
SETTINGS = RoomSettings()


def rule(occasion: Occasion, *, zone: str = "UTC", say: str | None = None, **given: Any) -> Announcement:  # noqa: ANN401 - what else Announcement has
    return Announcement("rule", occasion, (ROOM,), zone=zone, say=say, **given)


def delivery(occasion: Occasion, about: dict[str, Any]) -> Delivery:
    due = datetime(2011, 12, 20, tzinfo=UTC)
    return Delivery("key", "rule", occasion, ROOM, due, due + timedelta(hours=12), about)


def about(name: str, date: str | None = None, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - what else it has
    """Return what the agenda tells of a milestone of Essex."""
    told = {"group": "openstack", "series": "essex", "project": None, "milestone": name, "date": date}
    return {"subject": f"openstack/essex/{name}", **told, **given}


def document(  # noqa: PLR0913, PLR0917 - a wording depends on that much
    occasion: Occasion,
    catalog: Catalog,
    now: str,
    told: dict[str, Any] | None = None,
    announcement: Announcement | None = None,
    settings: RoomSettings = SETTINGS,
) -> Document:
    moment = datetime.fromisoformat(now)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    of = announcement or rule(occasion, scope=Scope())
    return worded(delivery(occasion, told or {}), of, catalog, moment, settings)


def said(*given: Any, **named: Any) -> list[str]:  # noqa: ANN401 - what `document` takes
    """Return the lines of `document` as plain text."""
    return render_plain(document(*given, **named)).splitlines()
