"""From a Document to the content of a message event."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from milestonebot.render.html import render_html
from milestonebot.render.plain import render_plain

if TYPE_CHECKING:
    from milestonebot.document import Document
    from milestonebot.ports import Message

_MOST_BYTES = 60_000
"""An event may have 65,536 bytes with all that the homeserver adds ("Size limits")."""
_MOST_CHARACTERS = 14_000
KEY = "org.milestonebot.key"
"""Where an event carries the key of what it says."""


def content_of(
    document: Document, key: str | None, reply_to: Message | None, prefixes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return an `m.notice` that pings nobody: bots answer in notices, so that bots do not answer bots.

    It does not begin like a command: with none of `prefixes`, nor with any that is usual.
    """
    content: dict[str, Any] = {
        "msgtype": "m.notice",
        "body": render_plain(document, prefixes=prefixes),
        "format": "org.matrix.custom.html",
        "formatted_body": render_html(document, prefixes=prefixes),
        "m.mentions": {},
    }
    if key is not None:
        content[KEY] = key
    if reply_to is not None:
        content["m.relates_to"] = _relation(reply_to)
    return _fitting(content)


def _fitting(content: dict[str, Any]) -> dict[str, Any]:
    """Return `content` within what an event may hold: without HTML, or cut, where it is too long."""
    if _size(content) > _MOST_BYTES:
        content = {name: value for name, value in content.items() if name not in ("format", "formatted_body")}
    if _size(content) > _MOST_BYTES:
        content["body"] = f"{content['body'][:_MOST_CHARACTERS]}…"
    return content


def _size(content: dict[str, Any]) -> int:
    return len(json.dumps(content, ensure_ascii=False).encode(errors="replace"))


def transaction_of(key: str | None, reply_to: Message | None) -> str | None:
    """Return the transaction id: the same key, or an answer to the same message, is one event."""
    if key is not None:
        return sha256(f"key\0{key}".encode(errors="replace")).hexdigest()
    if reply_to is not None:
        return sha256(f"reply\0{reply_to.id}".encode(errors="replace")).hexdigest()
    return None


def _relation(reply_to: Message) -> dict[str, Any]:
    relation: dict[str, Any] = {"m.in_reply_to": {"event_id": reply_to.id}}
    if reply_to.thread is not None:
        relation |= {"rel_type": "m.thread", "event_id": reply_to.thread, "is_falling_back": True}
    return relation
