"""A Document becomes what one network shows. Nothing outside this package knows markup.

Each module is imported when it is first used: an answer in plain text pays for no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from milestonebot.document import Document

CHANNEL_WIDTH = 400
"""Bytes of a line in `as_irc`: what a usual host name and channel name leave of 512."""


def as_text(document: Document) -> str:
    """Return `document` as plain text."""
    from milestonebot.render.plain import render_plain  # noqa: PLC0415 - see above

    return render_plain(document)


def as_html(document: Document) -> str:
    """Return `document` as Matrix HTML."""
    from milestonebot.render.html import render_html  # noqa: PLC0415 - see above

    return render_html(document)


def as_irc(document: Document) -> str:
    """Return the lines that an IRC channel would see first, formatting codes and hint included."""
    from milestonebot.render.irc import render_irc  # noqa: PLC0415 - see above

    return "\n".join(render_irc(document, width=CHANNEL_WIDTH).lines)


def as_json(document: Document) -> str:
    """Return `document` as JSON, its facts as data."""
    from milestonebot.render.data import render_json  # noqa: PLC0415 - see above

    return render_json(document)


FORMATS: Mapping[str, Callable[[Document], str]] = {
    "text": as_text,
    "html": as_html,
    "irc": as_irc,
    "json": as_json,
}
"""What `--format` offers."""
