"""From a document to the lines of a room; what many ask for is laid out once."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from milestonebot.errors import Refused
from milestonebot.render.irc import NARROWEST, render_irc, text_width

if TYPE_CHECKING:
    from collections.abc import Hashable

    from milestonebot.document import Document
    from milestonebot.ports import Room
    from milestonebot.render.irc import IrcPage
    from milestonebot.settings import InForce, RoomSettings
    from milestonebot.transports.irc.session import Session

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


class Layout:
    """Knows what fits a line of a connection, and how it may look there."""

    def __init__(self, settings: InForce, *, formatting: bool) -> None:
        """Take from `settings` how each room asks for more; without `formatting` all is plain."""
        self._settings = settings
        self._formatting = formatting
        self._pages = Pages()

    def page(  # noqa: PLR0913, PLR0917 - all that a line's width and look depend on
        self, session: Session, room: Room, command: str, target: str, document: Document, rest: str | None
    ) -> IrcPage:
        """Return the lines that fit behind `command` and its target, as others see it.

        Where that is not all, they tell that `rest` asks for the rest. Raises Refused where nothing fits.
        """
        width = text_width(session.me.mask, command, target, limit=session.features.line)
        if width < NARROWEST:
            raise Refused(f"{room}: the name leaves no room for a message")
        here = self._settings.of(room)
        more = _asking(here, session.me.nick, rest)
        formatting = self._formatting and not session.receiving.is_plain(room.name)
        return self._pages.render(document, width, more, here.prefix, formatting=formatting)


def _asking(here: RoomSettings, nick: str, command: str | None) -> str:
    """Return what to type for `command` in a room; by name where that has no prefix or not that command."""
    if command is None:
        return ""
    return here.typed(command) or f"{nick}: {command}"
