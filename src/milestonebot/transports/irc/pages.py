"""Rendered answers, remembered: what many ask for is laid out once."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from milestonebot.render.irc import render_irc

if TYPE_CHECKING:
    from collections.abc import Hashable

    from milestonebot.document import Document
    from milestonebot.render.irc import IrcPage

_MOST = 256
"""Pages that are remembered; those that were not asked for the longest are forgotten."""


class Pages:
    """Renders as `render_irc` does; the same document in the same shape is rendered once."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._known: OrderedDict[Hashable, IrcPage] = OrderedDict()

    def render(self, document: Document, width: int, more: str, prefix: str, *, formatting: bool) -> IrcPage:
        """Return the page; what a document says for programs has no part in it."""
        key = (document.blocks, document.found, width, more, prefix, formatting)
        page = self._known.get(key)
        if page is None:
            page = render_irc(document, width=width, more=more, formatting=formatting, prefixes=(prefix,))
            self._known[key] = page
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return page
