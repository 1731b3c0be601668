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

_MOST_BYTES = 44_000
"""An event may have 65,536 bytes with all that the homeserver adds ("Size limits"); encrypted, it is a
third longer."""
_ROOM_FOR_THE_END = 500


def content_of(
    document: Document, reply_to: Message | None, prefixes: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return an `m.notice` that pings nobody: bots answer in notices, so that bots do not answer bots.

    It does not begin like a command: with none of `prefixes`, nor with any that is usual. What an
    event cannot hold goes without its HTML, and is cut where even that is too long; the end names the
    document's command for all of it.
    """
    content: dict[str, Any] = {
        "msgtype": "m.notice",
        "body": render_plain(document, prefixes=prefixes),
        "format": "org.matrix.custom.html",
        "formatted_body": render_html(document, prefixes=prefixes),
        "m.mentions": {},
    }
    if reply_to is not None:
        content["m.relates_to"] = _relation(reply_to)
    if _size(content) > _MOST_BYTES:
        del content["format"], content["formatted_body"]
    if _size(content) > _MOST_BYTES:
        content["body"] = _cut(content["body"], document.more, prefixes)
    return content


def answer_transaction(reply_to: Message) -> str:
    """Return the transaction id of the answer to a message: answered twice, it is one event."""
    return sha256(f"reply\0{reply_to.id}".encode(errors="replace")).hexdigest()


def _cut(body: str, more: str | None, prefixes: tuple[str, ...]) -> str:
    """Return the lines of `body` that fit, and where the rest is told."""
    # One character is at most six bytes of JSON for each UTF-16 unit; most are one.
    kept = body[: _MOST_BYTES - _ROOM_FOR_THE_END]
    while _size(kept) > _MOST_BYTES - _ROOM_FOR_THE_END:
        kept = kept[: len(kept) * 3 // 4]
    whole, _, last = kept.rpartition("\n")
    told = f"… all of it: {''.join(prefixes[:1])}{more}" if more else "…"
    return f"{whole or last}\n{told}"


def _size(content: object) -> int:
    return len(json.dumps(content).encode())


def _relation(reply_to: Message) -> dict[str, Any]:
    relation: dict[str, Any] = {"m.in_reply_to": {"event_id": reply_to.id}}
    if reply_to.thread is not None:
        relation |= {"rel_type": "m.thread", "event_id": reply_to.thread, "is_falling_back": True}
    return relation
