"""What is kept, as rows of the tables and back."""

from __future__ import annotations

import json
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from milestonebot.announcement import Occasion
from milestonebot.outbox import Delivery, Known, Stage
from milestonebot.ports import Room

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row

_OCCASIONS = {each.value: each for each in Occasion}
_STAGES = {each.value: each for each in Stage}


def changing(delivery: Delivery) -> dict[str, Any]:
    """Return the columns that change while a delivery is on its way."""
    return {
        "until": delivery.until,
        "stage": delivery.stage.value,
        "attempts": delivery.attempts,
        "since": delivery.since,
        "parts": None if delivery.parts is None else _json(delivery.parts),
        "said": delivery.said,
        "event": _storable(delivery.event),
        "at": delivery.at,
        "problem": _storable(delivery.problem),
    }


@lru_cache(maxsize=64)
def _json(parts: tuple[str, ...]) -> str:
    return json.dumps(parts)


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
    """Return the delivery of a row of the whole table."""
    # By place: looking up each column's name would cost as much as all else.
    _, key, announcement, occasion, network, room, due, until, about, stage, *changed = tuple(row)
    attempts, since, parts, said, event, at, problem = changed
    return Delivery(
        key,
        announcement,
        _OCCASIONS[occasion],
        Room(network, room),
        due,
        until,
        _about(about),
        _STAGES[stage],
        attempts,
        since,
        None if parts is None else _parts(parts),
        said,
        event,
        at,
        problem,
    )


@lru_cache(maxsize=64)
def _about(text: str) -> Mapping[str, Any]:
    """Return what the words are made from; many rooms share it, so that nobody can change it."""
    return MappingProxyType(json.loads(text))


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[str, ...]:
    """Return the parts of a delivery; many rooms are told the same."""
    return tuple(json.loads(text))


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
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
