"""From an event of a room's timeline to what was said. Pure: events are plain JSON.

Source: the Matrix specification, client-server API, "Instant messaging", "Event replacements",
"Threading", "User and room mentions".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from milestonebot.ports import Message, Nature, Rights, Room, Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FALLBACK = re.compile(r"(?:^> ?.*\n)+\n?", re.MULTILINE)
_NATURES = {"m.text": Nature.TEXT, "m.notice": Nature.NOTICE, "m.emote": Nature.NOTICE}
_MODERATOR, _OWNER = 50, 100
_LATEST = 253_402_300_799_000
"""Milliseconds of the last moment that a datetime holds."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens: the account, and the names that it is addressed by."""

    user: str
    names: tuple[str, ...]


def heard(  # noqa: PLR0913 - what is known of the room and of who listens
    event: Mapping[str, Any],
    room: Room,
    listener: Listener,
    *,
    private: bool,
    level: int,
    concerns: Callable[[str], bool] | None = None,
) -> Message | None:
    """Return what `event` says; None where it says nothing, or is malformed.

    Where `concerns` is given, it tells of a text whether it may be for the bot; None is returned of what is
    not, nor is to be answered at all.
    """
    content = event.get("content")
    sender, name, at = event.get("sender"), event.get("event_id"), event.get("origin_server_ts")
    if event.get("type") != "m.room.message" or not isinstance(content, dict):
        return None
    body, kind = content.get("body"), content.get("msgtype")
    if not (
        isinstance(body, str) and isinstance(sender, str) and isinstance(name, str) and isinstance(at, int)
    ):
        return None
    nature = _NATURES.get(kind) if isinstance(kind, str) else None
    if nature is None or not 0 <= at <= _LATEST:
        return None
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, dict) else {}
    if relation.get("rel_type") == "m.replace":
        nature = Nature.EDIT
    if sender == listener.user:
        nature = Nature.OWN
    body = _without_fallback(body, relation)
    if concerns is not None and not (nature is Nature.TEXT and concerns(body)):
        return None
    text, by_name = _addressed(body, listener)
    return Message(
        room=room,
        sender=Sender(_local(sender), sender, _rights(level)),
        text=text,
        id=name,
        time=datetime.fromtimestamp(at / 1000, UTC),
        thread=_thread(relation),
        private=private,
        addressed=by_name,
        nature=nature,
    )


def _without_fallback(body: str, relation: Mapping[str, Any]) -> str:
    """Return `body` without the quotation that older clients put before a reply."""
    if "m.in_reply_to" in relation and body.startswith("> "):
        return _FALLBACK.sub("", body, count=1)
    return body


def _addressed(body: str, listener: Listener) -> tuple[str, bool]:
    """Return what is said to the bot, and whether it is: its name stands first, as a pill's text does."""
    said = body.lstrip().removeprefix("@")
    for length, name in _called(listener):
        if said[:length].casefold() == name:
            rest = said[length:]
            if rest[:1] in (":", ","):
                return rest[1:].strip(), True
            if not rest.strip() or rest[:1].isspace():
                return rest.strip(), body.lstrip().startswith("@") or not rest.strip()
    return body, False


@lru_cache(maxsize=1000)
def _called(listener: Listener) -> tuple[tuple[int, str], ...]:
    """Return the lengths and the folded forms of what `listener` is called, the longest first."""
    names = filter(None, (listener.user.removeprefix("@"), *listener.names))
    return tuple((len(name), name.casefold()) for name in sorted(names, key=len, reverse=True))


def _thread(relation: Mapping[str, Any]) -> str | None:
    root = relation.get("event_id")
    return root if relation.get("rel_type") == "m.thread" and isinstance(root, str) else None


def _rights(level: int) -> Rights:
    if level >= _OWNER:
        return Rights.OWNER
    if level >= _MODERATOR:
        return Rights.MODERATOR
    return Rights.VOICE if level > 0 else Rights.NONE


def _local(user: str) -> str:
    """Return the local part of a user id, which is how a person is spoken of."""
    return user.removeprefix("@").partition(":")[0]
