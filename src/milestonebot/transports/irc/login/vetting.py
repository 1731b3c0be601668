"""Whether who has the nick service's nick is the service: while services are away, anybody may take it.

The server's WHOIS tells. Servers mark services as they mark operators, by 313, and OFTC's by 309 (its
numeric.h, RPL_WHOISSERVICE); nobody else can have them say that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

WHOIS_SERVICE = "309"
_OPERATOR, _USER, _END = "313", "311", "318"
ANSWERS = frozenset({WHOIS_SERVICE, _OPERATOR, _USER, _END})


class Vetting:
    """Asks who has a nick, and remembers the service's mask."""

    def __init__(self, nick: str, features: Features) -> None:
        """Compare nicks as `features` say."""
        self.mask = ""
        """`user@host` of the service, once it is known."""
        self._nick = nick
        self._features = features
        self._asked = False
        self._user = ""
        self._serves = False

    def ask(self) -> str:
        """Return the question."""
        self._asked, self._user, self._serves = True, "", False
        return f"WHOIS {self._nick}"

    def is_service(self, line: Line) -> bool:
        """Tell whether a line is the service's, and not of somebody else who has its nick by now."""
        same = self._features.fold(line.nick) == self._features.fold(self._nick)
        return same and (not self.mask or line.source.partition("!")[2] == self.mask)

    def hear(self, line: Line) -> bool | None:
        """Take one of `ANSWERS`, or a refusal; tell whether it is the service; None while that is open."""
        if not self._asked or self._features.fold(line.param(1)) != self._features.fold(self._nick):
            return None
        if line.command == _USER:
            self._user = f"{line.param(2)}@{line.param(3)}"
        elif line.command in {WHOIS_SERVICE, _OPERATOR}:
            self._serves = True
        else:
            # The end, or that there is no such nick.
            self._asked = False
            self.mask = self._user if self._serves else ""
            return self._serves
        return None
