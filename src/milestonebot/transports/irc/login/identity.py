"""Who the bot is on a network: its nick now, and the mask that others see it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milestonebot.transports.irc.wire.features import Features

_SHORT = 6
"""Letters of the nick that are kept where even a longer one is refused: RFC 1459 promises nine in all."""
_LONGEST_USER = 11
_LONGEST_HOST = 64
"""Bytes: RFC 1459's 63 for a host, and one more where networks give out names of their own."""


def alternatives(nick: str) -> list[str]:
    """Return `nick`, and those that are tried in its place, in order."""
    longer = [nick + "_" * count for count in range(1, 4)]
    return [nick, *longer, *(f"{nick[:_SHORT]}{count:03d}" for count in range(4, 11))]


class Identity:
    """What the server calls us."""

    def __init__(self, nick: str, username: str, features: Features) -> None:
        """Begin with what we ask for."""
        self.nick = nick
        self._username = username
        self._features = features
        self._mask: str | None = None

    def is_me(self, nick: str) -> bool:
        """Tell whether `nick` is ours."""
        return nick == self.nick or self._features.fold(nick) == self._features.fold(self.nick)

    @property
    def mask(self) -> str:
        """Return our `nick!user@host`; while it is not known, the longest that it could be.

        The server puts it before what we say, and cuts what then is longer than a line.
        """
        if self._mask is not None:
            return self._mask
        user = max(_LONGEST_USER, len(self._username.encode()) + 1)
        return f"{self.nick}!{'u' * user}@{'h' * _LONGEST_HOST}"

    def seen(self, mask: str) -> None:
        """Take `mask`, which came before a line of ours."""
        if "!" in mask and "@" in mask:
            self._mask = mask

    def renamed(self, nick: str) -> None:
        """NICK: we have another one now."""
        if self._mask is not None:
            self._mask = nick + self._mask[self._mask.index("!") :]
        self.nick = nick

    def moved(self, told: str) -> None:
        """396 and CHGHOST: we have another host, or user and host."""
        user, at, host = told.rpartition("@")
        if not at and self._mask is not None:
            user = self._mask.partition("!")[2].rpartition("@")[0]
        if user and host:
            self._mask = f"{self.nick}!{user}@{host}"
