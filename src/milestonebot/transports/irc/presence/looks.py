"""Rooms that take no formatting: channel modes tell, and the server's refusals.

Mode `c` refuses what has colours on InspIRCd and UnrealIRCd, and takes them out on Solanum (Libera.Chat:
modules/chm_nocolour.c) and OFTC's hybrid (m_message.c, MODE_NOCOLOR). Mode `S` takes them out on InspIRCd and
UnrealIRCd; elsewhere it lets in only those who come over TLS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

_NO_COLOURS, _STRIPPED = "c", "S"
_STRIPPING = ("inspircd", "unreal")
"""How those servers' versions begin (004) where `S` is of formatting."""
_MOST = 50_000
"""Rooms that are remembered; the bot is in none of most of them where there are more."""


class Looks:
    """Knows the rooms where text must be plain."""

    def __init__(self, features: Features) -> None:
        """Compare names, and read modes, as `features` say."""
        self._features = features
        self._modes = {_NO_COLOURS}
        self._plain: dict[str, set[str]] = {}
        """By the folded name: the modes that are why; an empty one stands for a refusal."""

    @property
    def told_by_modes(self) -> bool:
        """Tell whether the server has such a mode, so that it is worth asking for a room's."""
        return any(self._features.is_flag(mode) for mode in self._modes)

    def is_plain(self, room: str) -> bool:
        """Tell whether `room` takes no formatting."""
        return bool(self._plain.get(self._features.fold(room)))

    def software(self, line: Line) -> None:
        """004: `me server version …`."""
        if line.param(2).lower().startswith(_STRIPPING):
            self._modes.add(_STRIPPED)

    def refused(self, room: str) -> None:
        """Take note that a text was refused for its formatting."""
        self._hold(room, "")

    def forget(self, room: str) -> None:
        """Begin anew: the bot has just come."""
        self._plain.pop(self._features.fold(room), None)

    def are(self, line: Line) -> None:
        """324: `me #room +modes …`, all that are set."""
        self.forget(line.param(1))
        self._change(line.param(1), line.param(2))

    def mode(self, line: Line) -> None:
        """MODE of a channel: `#room +c-S …`."""
        self._change(line.param(0), line.param(1))

    def _change(self, room: str, changes: str) -> None:
        sign = "+"
        for letter in changes:
            if letter in "+-":
                sign = letter
            elif letter in self._modes and not self._features.has_parameter(sign, letter):
                if sign == "+":
                    self._hold(room, letter)
                else:
                    # What was refused may be taken now.
                    self._plain.get(self._features.fold(room), set()).difference_update({letter, ""})

    def _hold(self, room: str, mode: str) -> None:
        room = self._features.fold(room)
        if room in self._plain or len(self._plain) < _MOST:
            self._plain.setdefault(room, set()).add(mode)
