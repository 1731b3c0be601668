"""Coming and going: the bot's own, and that of the people in its rooms."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.transports.irc.presence.looks import Looks
from milestonebot.transports.irc.presence.people import People
from milestonebot.transports.irc.presence.rooms import Rooms
from milestonebot.transports.irc.wire.lines import for_log, moment
from milestonebot.transports.irc.wire.pacing import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.login.capabilities import Capabilities
    from milestonebot.transports.irc.login.identity import Identity
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.shell import Shell
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

_log = logging.getLogger(__name__)

JOIN_REFUSED = frozenset(
    {"403", "405", "407", "437", "470", "471", "473", "474", "475", "476", "477", "479", "480", "489", "520"}
)
"""No such channel, too many, unavailable, forwarded, full, invited only, banned, with a key, bad name,
accounts only, throttled, TLS only, operators only. Each names the channel in its second parameter."""

_NOT_WANTED = "This room is not in my configuration"
_NOT_ANY_MORE = "I am not to be in this room any more"


class Attendance:
    """Keeps `rooms` and `people` as the server tells of them."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a connection knows, and every one of it is needed
        self,
        settings: IrcSettings,
        features: Features,
        capabilities: Capabilities,
        me: Identity,
        clock: Clock,
        shell: Shell,
    ) -> None:
        """Send lines through `shell`."""
        self.rooms = Rooms(settings.rooms, settings.waits, features.fold)
        self.people = People(features)
        self.looks = Looks(features)
        self._formatting = settings.formatting
        self._network = settings.name
        self._wanted = settings.nick
        self._capabilities = capabilities
        self._me = me
        self._features = features
        self._clock = clock
        self._shell = shell

    @property
    def vouched(self) -> bool:
        """Tell whether messages themselves tell the account of who said them (account-tag)."""
        return "account-tag" in self._capabilities.enabled

    @property
    def handlers(self) -> Mapping[str, Callable[[Line, float], None]]:
        """Return what each command means here."""
        return {
            "JOIN": self._join,
            "INVITE": self._invited,
            "PART": self._part,
            "KICK": self._kick,
            "QUIT": lambda line, _now: self._quit(line),
            "NICK": lambda line, _now: self._nick(line),
            "ACCOUNT": lambda line, _now: self._account(line.nick, line.param(0)),
            "353": lambda line, _now: self._names(line),
            "004": lambda line, _now: self.looks.software(line),
            "324": lambda line, _now: self.looks.are(line),
        }

    def ask(self, now: float) -> None:
        """Ask for the rooms that are due."""
        due = [(name, self._shell.key(name)) for name in self.rooms.to_join(now)]
        for name, key in due:
            if key:
                self._shell.say(f"JOIN {name} {key}")
        for line in _together([name for name, key in due if not key], self._features.joins):
            self._shell.say(line)

    def leave(self, name: str) -> None:
        """Leave a room, and do not ask for it again."""
        if self.rooms.drop(name):
            self.people.forget(name)
            self._shell.say(f"PART {name} :{_NOT_ANY_MORE}")

    def refused(self, line: Line, now: float) -> bool:
        """Take one of `JOIN_REFUSED`; tell whether it was about a room that was asked for."""
        channel = line.param(1)
        wait = self.rooms.refused(channel, now, line.reason)
        if wait is None:
            return False
        _log.warning(
            "%s: %s cannot be joined: %s; trying again in %.0f s", self._network, channel, line.reason, wait
        )
        return True

    def mode(self, line: Line) -> None:
        """MODE of a channel."""
        if self.rooms.joined_at(line.param(0)) is not None:
            self.people.mode(line)
            self.looks.mode(line)

    def _join(self, line: Line, now: float) -> None:
        channel = line.param(0)
        if not self._me.is_me(line.nick):
            if len(line.params) > 1:
                self._account(line.nick, line.param(1))
            return
        self._me.seen(line.source)
        self.people.forget(channel)
        name = self.rooms.joined(channel, now, moment(line, self._clock))
        if name is None:
            _log.warning("%s: taken to %s, which is not in the config; leaving", self._network, channel)
            self._shell.say(f"PART {channel} :{_NOT_WANTED}")
        else:
            _log.info("%s: joined %s", self._network, name)
            self.looks.forget(channel)
            if self._formatting and self.looks.told_by_modes:
                # In many rooms that is many lines.
                self._shell.say(f"MODE {channel}", Urgency.SPARE, name)

    def _invited(self, line: Line, now: float) -> None:
        """INVITE: `nick #room`; a room that we were to be in anyhow may let us in now."""
        if self._me.is_me(line.param(0)):
            self.rooms.invited(line.param(1), now)

    def _part(self, line: Line, now: float) -> None:
        if self._me.is_me(line.nick):
            self._out(line.param(0), now, "made to leave")
        else:
            self.people.left(line.param(0), line.nick)

    def _kick(self, line: Line, now: float) -> None:
        if self._me.is_me(line.param(1)):
            self._out(line.param(0), now, f"kicked by {line.nick}: {line.reason}")
        else:
            self.people.left(line.param(0), line.param(1))

    def _out(self, channel: str, now: float, why: str) -> None:
        self.people.forget(channel)
        name = self.rooms.left(channel, now, why)
        if name is not None:
            _log.warning("%s: out of %s: %s", self._network, name, why)

    def _quit(self, line: Line) -> None:
        self.people.quit(line.nick)
        self._free(line.nick)

    def _nick(self, line: Line) -> None:
        self.people.renamed(line.nick, line.param(0))
        if self._me.is_me(line.nick):
            self._me.renamed(line.param(0))
            # Whoever wanted it: services give a nick back, and take it from those who are not logged in.
            _log.info("%s: called %s now", self._network, for_log(line.param(0)))
        else:
            self._free(line.nick)

    def _free(self, nick: str) -> None:
        """Take our nick where somebody else has just given it up: mostly a ghost of our own."""
        same = self._features.fold(nick) == self._features.fold(self._wanted)
        if same and not self._me.is_me(self._wanted):
            self._shell.say(f"NICK {self._wanted}")

    def _account(self, nick: str, account: str) -> None:
        if not self.vouched:
            self.people.log(nick, account)

    def _names(self, line: Line) -> None:
        if self.rooms.joined_at(line.param(2)) is not None:
            self.people.names(line)


def _together(names: list[str], most: int) -> list[str]:
    """Return the lines that ask for rooms: several in one cost as much as one against a flood limit."""
    lines: list[str] = []
    many = most
    for name in names:
        if many < most and len(lines[-1].encode()) + len(name.encode()) < 400:  # noqa: PLR2004 - well within a line
            lines[-1] += f",{name}"
            many += 1
        else:
            lines.append(f"JOIN {name}")
            many = 1
    return lines
