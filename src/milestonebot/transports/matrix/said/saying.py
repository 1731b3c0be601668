"""From a Document to the content of a message event."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from milestonebot.document import Document
from milestonebot.render.html import render_html
from milestonebot.render.plain import render_plain
from milestonebot.transports.matrix.said.paging import MOST_ITEMS, count, hinted, paged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.document import Block
    from milestonebot.ports import Message

    Ask = tuple[str | None, str]
    """What to type for more, where that can be typed, and what to click."""

_MOST_BYTES = 44_000
"""An event may have 65,536 bytes with all that the homeserver adds ("Size limits"); encrypted, it is a
third longer."""
_ROOM_FOR_THE_END = 500
_WIDEST = 12
"""Bytes of JSON that one character may take."""
_MOST_RENDERED = 100
"""Documents whose text is remembered."""
_PAGE_BYTES = 24_000
"""What a page may have: room for its relation, and for a hint, is left."""


def content_of(
    document: Document, reply_to: Message | None, prefixes: tuple[str, ...] = (), page: str | None = None
) -> dict[str, Any]:
    """Return an `m.notice` that pings nobody: bots answer in notices, so that bots do not answer bots.

    It does not begin like a command: with none of `prefixes`, nor with any that is usual. What an
    event cannot hold goes without its HTML, and is cut where even that is too long; the end names the
    document's command for all of it. `page` is the message that it goes on from, where `reply_to` was
    only a reaction to that.
    """
    plain, html = _rendered(document.blocks, prefixes, document.private)
    content: dict[str, Any] = {
        "msgtype": "m.notice",
        "body": plain,
        "format": "org.matrix.custom.html",
        "formatted_body": html,
        "m.mentions": {},
    }
    if reply_to is not None:
        content["m.relates_to"] = relation_to(reply_to, page)
    if _is_larger(content, _MOST_BYTES):
        del content["format"], content["formatted_body"]
    if _is_larger(content, _MOST_BYTES):
        content["body"] = _cut(content["body"], document.more, prefixes)
    return content


def page_of(
    document: Document,
    reply_to: Message | None,
    prefixes: tuple[str, ...],
    page: str | None,
    ask: Ask,
) -> tuple[dict[str, Any], Document | None]:
    """Return a content that tells as much of `document` as people read at once, and what is left of it.

    Where something is, it ends by telling how to `ask` for that; the rest is as `content_of` has it.
    """
    if count(document) <= MOST_ITEMS:
        content = content_of(document, reply_to, prefixes, page)
        if not _is_larger(content, _PAGE_BYTES):
            return content, None
    first, rest = paged(document, fits)
    told = document if rest is None else hinted(first, rest, *ask)
    return content_of(told, reply_to, prefixes, page), rest


def fits(document: Document) -> bool:
    """Tell whether `document` is short enough for a page."""
    plain, html = render_plain(document), render_html(document)
    return not _is_larger({"body": plain, "formatted_body": html}, _PAGE_BYTES)


def answer_transaction(reply_to: Message) -> str:
    """Return the transaction id of the answer to a message: answered twice, it is one event."""
    return sha256(f"reply\0{reply_to.id}".encode(errors="replace")).hexdigest()


@lru_cache(maxsize=_MOST_RENDERED)
def _rendered(blocks: tuple[Block, ...], prefixes: tuple[str, ...], private: bool) -> tuple[str, str]:  # noqa: FBT001 - it is part of what is remembered
    """Return `blocks` as plain text and as HTML; what many ask for is laid out once."""
    document = Document(blocks, private=private)
    return render_plain(document, prefixes=prefixes), render_html(document, prefixes=prefixes)


def _cut(body: str, more: str | None, prefixes: tuple[str, ...]) -> str:
    """Return the lines of `body` that fit, and where the rest is told."""
    # One character is at most six bytes of JSON for each UTF-16 unit; most are one.
    kept = body[: _MOST_BYTES - _ROOM_FOR_THE_END]
    while _size(kept) > _MOST_BYTES - _ROOM_FOR_THE_END:
        kept = kept[: len(kept) * 3 // 4]
    whole, _, last = kept.rpartition("\n")
    told = f"… all of it: {''.join(prefixes[:1])}{more}" if more else "…"
    return f"{whole or last}\n{told}"


def _is_larger(content: Mapping[str, Any], most: int) -> bool:
    """Tell whether `content` has more than `most` bytes; short ones are not written out to see."""
    told = len(content["body"]) + len(content.get("formatted_body", ""))
    return told * _WIDEST + _ROOM_FOR_THE_END > most and _size(content) > most


def _size(content: object) -> int:
    return len(json.dumps(content).encode())


def relation_to(reply_to: Message, page: str | None = None) -> dict[str, Any]:
    """Return how an event answers `reply_to`, or goes on from `page`: in the thread, where there is one."""
    relation: dict[str, Any] = {"m.in_reply_to": {"event_id": page or reply_to.id}}
    if reply_to.thread is not None:
        relation |= {"rel_type": "m.thread", "event_id": reply_to.thread, "is_falling_back": True}
    return relation
