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
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from milestonebot.store.connection import Dialect

    Row = Sequence[Any]

DELIVERIES = """
    SELECT key, announcement, occasion, network, room, due, about,
        until, stage, attempts, since, parts, said, event, at, problem
    FROM deliveries
"""
"""Begins each query whose rows are for `deliveries_of`."""
_OCCASIONS = {each.value: each for each in Occasion}
_STAGES = {each.value: each for each in Stage}


def changing(delivery: Delivery, dialect: Dialect) -> tuple[Any, ...]:
    """Return the columns from `until` on: those that change while a delivery is on its way."""
    kept = dialect.kept
    return (
        kept(delivery.until),
        delivery.stage.value,
        delivery.attempts,
        kept(delivery.since),
        None if delivery.parts is None else _json(delivery.parts),
        delivery.said,
        _storable(delivery.event),
        kept(delivery.at),
        _storable(delivery.problem),
    )


@lru_cache(maxsize=64)
def _json(parts: tuple[str, ...]) -> str:
    return json.dumps(parts)


def of_deliveries(deliveries: Iterable[Delivery], dialect: Dialect) -> list[Row]:
    """Return the rows of deliveries, as DELIVERIES has them."""
    texts: dict[int, str] = {}
    made: list[Row] = []
    for each in deliveries:
        # Many rooms are told the same: one text does for all that share it.
        if (about := texts.get(id(each.about))) is None:
            about = texts[id(each.about)] = json.dumps(dict(each.about))
        room, due = each.room, dialect.kept(each.due)
        head = (each.key, each.announcement, each.occasion.value, room.network, room.name, due, about)
        made.append(head + changing(each, dialect))
    return made


def deliveries_of(found: Iterable[Row], dialect: Dialect) -> list[Delivery]:
    """Return the deliveries of rows that were asked for by DELIVERIES."""
    moment = dialect.found
    made = []
    for row in found:
        key, announcement, occasion, network, room, due, about, until, *changed = row
        stage, attempts, since, parts, said, event, at, problem = changed
        made.append(
            Delivery(
                key,
                announcement,
                _OCCASIONS[occasion],
                Room(network, room),
                sure(moment(due)),
                sure(moment(until)),
                _about(about),
                _STAGES[stage],
                attempts,
                moment(since),
                None if parts is None else _parts(parts),
                said,
                event,
                moment(at),
                problem,
            )
        )
    return made


def sure(moment: datetime | None) -> datetime:
    """Return the moment of a column that is never empty; raises ValueError where it is."""
    if moment is None:
        raise ValueError("a column is empty that never is")
    return moment


@lru_cache(maxsize=64)
def _about(text: str) -> Mapping[str, Any]:
    """Return what the words are made from; many rooms share it, so that nobody can change it."""
    return MappingProxyType(json.loads(text))


@lru_cache(maxsize=64)
def _parts(text: str) -> tuple[str, ...]:
    """Return the parts of a delivery; many rooms are told the same."""
    return tuple(json.loads(text))


def of_known(known: Mapping[str, Known]) -> list[Row]:
    """Return the rows of what is known: subject, date, out, source, turn."""
    return [(subject, each.when, each.out, each.source, each.turn) for subject, each in known.items()]


def known_of(values: Row) -> Known:
    """Return what is known, of the columns after its subject."""
    when, out, source, turn = values
    return Known(when, bool(out), source, turn)


def _storable(text: str | None) -> str | None:
    """Return `text`, which may quote a server, without what a database refuses: NUL, half characters."""
    if text is None:
        return None
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
