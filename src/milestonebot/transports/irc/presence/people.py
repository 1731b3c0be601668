"""Who may do what: the status of people in the rooms, and the accounts that the network vouches for."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from milestonebot.ports import Rights
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

_MOST = 50_000
"""People who are remembered, with a status or an account; a network that lies has no end of them."""


class People:
    """Knows those alone who have a status in a room or an account; everybody else has neither.

    An account is forgotten as soon as its holder leaves any room, or the bot does: from then on the
    nick might become another person's unseen.
    """

    def __init__(self, features: Features) -> None:
        """Compare names, and read modes, as `features` say."""
        self._features = features
        self._modes: dict[str, dict[str, str]] = {}
        self._accounts: OrderedDict[str, str] = OrderedDict()

    def rights(self, room: str, nick: str) -> Rights:
        """Return what `nick` may do in `room`."""
        fold = self._features.fold
        return self._features.rights(self._modes.get(fold(room), {}).get(fold(nick), ""))

    def account(self, nick: str) -> str | None:
        """Return the account of `nick`, as far as it was told."""
        return self._accounts.get(self._features.fold(nick))

    def log(self, nick: str, account: str) -> None:
        """ACCOUNT, or a JOIN that tells it: `*` is none."""
        nick = self._features.fold(nick)
        self._accounts.pop(nick, None)
        if account not in ("*", ""):
            self._accounts[nick] = account
            if len(self._accounts) > _MOST:
                self._accounts.popitem(last=False)

    def names(self, line: Line) -> None:
        """353, `me = #room :@op +voiced person`; with multi-prefix the signs stand together."""
        fold, statuses = self._features.fold, self._features.statuses
        here = self._room(line.param(2))
        for each in line.last.split():
            nick = each.lstrip("".join(statuses))
            signs = each[: len(each) - len(nick)]
            nick = nick.partition("!")[0]
            here.pop(fold(nick), None)
            if signs and nick:
                self._hold(here, fold(nick), "".join(statuses[sign] for sign in signs))

    def mode(self, line: Line) -> None:
        """MODE of a channel: `#room +o-v nick other`."""
        here, given = self._room(line.param(0)), list(line.params[2:])
        sign = "+"
        for letter in line.param(1):
            if letter in "+-":
                sign = letter
                continue
            parameter = given.pop(0) if given and self._features.has_parameter(sign, letter) else ""
            if parameter and letter in self._features.statuses.values():
                nick = self._features.fold(parameter)
                held = here.pop(nick, "").replace(letter, "")
                self._hold(here, nick, held + letter if sign == "+" else held)

    def left(self, room: str, nick: str) -> None:
        """PART or KICK of somebody."""
        self._room(room).pop(self._features.fold(nick), None)
        self._accounts.pop(self._features.fold(nick), None)

    def quit(self, nick: str) -> None:
        """QUIT."""
        nick = self._features.fold(nick)
        self._accounts.pop(nick, None)
        for here in self._modes.values():
            here.pop(nick, None)

    def renamed(self, old: str, new: str) -> None:
        """NICK."""
        old, new = self._features.fold(old), self._features.fold(new)
        account = self._accounts.pop(old, None)
        self._accounts.pop(new, None)
        if account is not None:
            self._accounts[new] = account
        for here in self._modes.values():
            held = here.pop(old, "")
            here.pop(new, None)
            self._hold(here, new, held)

    def forget(self, room: str) -> None:
        """Begin anew: the bot itself has left `room`, or has just come."""
        self._modes.pop(self._features.fold(room), None)
        self._accounts.clear()

    def _room(self, room: str) -> dict[str, str]:
        room = self._features.fold(room)
        if room not in self._modes and len(self._modes) >= _MOST:
            return {}
        return self._modes.setdefault(room, {})

    def _hold(self, here: dict[str, str], nick: str, modes: str) -> None:
        if modes and len(here) < _MOST:
            here[nick] = modes
