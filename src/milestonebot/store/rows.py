"""What is kept, as rows of the tables and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from milestonebot.announcement import Occasion
from milestonebot.outbox import Delivery, Known, Stage
from milestonebot.ports import Room

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row


def changing(delivery: Delivery) -> dict[str, Any]:
    """Return the columns that change while a delivery is on its way."""
    return {
        "until": delivery.until,
        "stage": delivery.stage.value,
        "attempts": delivery.attempts,
        "since": delivery.since,
        "parts": None if delivery.parts is None else json.dumps(delivery.parts),
        "said": delivery.said,
        "event": _storable(delivery.event),
        "at": delivery.at,
        "problem": _storable(delivery.problem),
    }


def of_delivery(delivery: Delivery, planned: datetime) -> dict[str, Any]:
    """Return the row of a new delivery, which came to its stage when it was `planned`."""
    return changing(delivery) | {
        "key": delivery.key,
        "announcement": delivery.announcement,
        "occasion": delivery.occasion.value,
        "network": delivery.room.network,
        "room": delivery.room.name,
        "due": delivery.due,
        "about": json.dumps(dict(delivery.about)),
        "at": delivery.at or planned,
    }


def delivery_of(row: Row[Any]) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(
        row.key,
        row.announcement,
        Occasion(row.occasion),
        Room(row.network, row.room),
        row.due,
        row.until,
        json.loads(row.about),
        Stage(row.stage),
        row.attempts,
        row.since,
        None if row.parts is None else tuple(json.loads(row.parts)),
        row.said,
        row.event,
        row.at,
        row.problem,
    )


def of_known(known: Mapping[str, Known]) -> list[dict[str, Any]]:
    """Return the rows of what is known."""
    return [
        {"subject": subject, "date": each.when, "out": each.out, "source": each.source, "turn": each.turn}
        for subject, each in known.items()
    ]


def known_of(row: Row[Any]) -> Known:
    """Return what is known, of a row."""
    return Known(row.date, row.out, row.source, row.turn)


def _storable(text: str | None) -> str | None:
    """Return `text`, which may quote a server, without what a database refuses: NUL, half characters."""
    if text is None:
        return None
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
