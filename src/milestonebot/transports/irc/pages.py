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
        self._known: OrderedDict[Hashable, tuple[Document, IrcPage]] = OrderedDict()

    def render(self, document: Document, width: int, more: str, prefix: str, *, formatting: bool) -> IrcPage:
        """Return the page; the very same document is what was rendered before, and not one like it."""
        # To compare all that is in a document would cost as much as to render it.
        key = (id(document), width, more, prefix, formatting)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known[1]
        page = render_irc(document, width=width, more=more, formatting=formatting, prefixes=(prefix,))
        # The document is kept, so that no other can have its id.
        self._known[key] = (document, page)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return page
