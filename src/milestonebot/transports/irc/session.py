"""One connection's side of the protocol: lines in; lines and messages out. No socket, no clock of its own.

Times are seconds of a clock that never goes back; `deadline` says when `tick` is due.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.transports.irc.arrival import Arrival
from milestonebot.transports.irc.login.identity import Identity, alternatives
from milestonebot.transports.irc.login.registration import Registration
from milestonebot.transports.irc.login.services import Services
from milestonebot.transports.irc.presence.attendance import Attendance
from milestonebot.transports.irc.said.ctcp import Ctcp
from milestonebot.transports.irc.said.receiving import Receiving
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.sorting import Sorting
from milestonebot.transports.irc.watch import Watch
from milestonebot.transports.irc.wire.features import Features
from milestonebot.transports.irc.wire.lines import parse
from milestonebot.transports.irc.wire.pacing import Urgency
from milestonebot.transports.irc.wire.sts import Upgrade, told
from milestonebot.transports.irc.wire.timers import Timers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.shell import Shell
    from milestonebot.transports.irc.wire.lines import Line

    Handle = Callable[[Line, float], None]

_log = logging.getLogger(__name__)


class Session:
    """The protocol's state; a new one for each connection."""

    def __init__(  # noqa: PLR0913 - what it knows of the world, the last two by name
        self,
        settings: IrcSettings,
        clock: Clock,
        shell: Shell,
        now: float,
        *,
        source_code: str | None = None,
        former: Collection[str] = (),
    ) -> None:
        """Make one at `now`; it begins when CAP LS, NICK and USER have gone out.

        `former` are the nicks that earlier connections had.
        """
        self.secure = False
        """Whether the connection is encrypted."""
        self._failure: NetworkError | None = None
        self.features = Features()
        self.me = Identity(settings.nick, settings.username, self.features)
        self._settings, self._clock, self._shell = settings, clock, shell
        self._registration = Registration(settings, partial(shell.say, urgency=Urgency.NOW))
        self.services = Services(settings, self._registration, self.me, self.features, shell.say)
        self.attendance = Attendance(
            settings, self.features, self._registration.capabilities, self.me, clock, shell
        )
        self.rooms = self.attendance.rooms
        nicks = frozenset((*former, *alternatives(settings.nick)))
        self.receiving = Receiving(
            settings.name,
            clock,
            shell,
            self.me,
            self.features,
            self._registration.capabilities,
            self.attendance,
            nicks,
            Ctcp(clock, source_code, now),
        )
        self.receipts = self.receiving.receipts
        self.inquiries = self.receiving.inquiries
        self.played = self.receiving.played
        self._timers = Timers()
        self.arrival = Arrival(
            settings,
            shell,
            self._timers,
            self.me,
            self.features,
            self._registration,
            self.services,
            self.attendance,
        )
        self._watch = Watch(settings.waits.ping, now)
        self._sorting = Sorting(
            clock,
            shell,
            self.me,
            self.features,
            self._registration,
            self.attendance,
            self.receiving,
            self.arrival,
        )
        self._handlers: dict[str, Handle] = {
            **self._sorting.handlers(),
            "CAP": self._capability,
            "ERROR": self._error,
        }

    def begin(self, now: float) -> None:
        """Count from `now`, when the connection stands."""
        self._watch.heard(now)
        self._timers.set("register", now + self._settings.waits.register, self._too_slow)

    def take(self, text: str, now: float) -> None:
        """Take one line of the server as it came, without its end.

        Most lines are people's talk: these are not even taken apart.
        """
        if self.receiving.chatter.passed(text):
            self._watch.heard(now)
        elif (line := parse(text)) is not None:
            self.hear(line, now)

    def hear(self, line: Line, now: float) -> None:
        """Take one line of the server."""
        if self._failure is not None:
            return
        self._watch.heard(now)
        handle = self._handlers.get(line.command)
        if handle is not None:
            handle(line, now)

    def enter(self, name: str, now: float, told: Callable[[str], None]) -> None:
        """Ask for a room; `told` is called when it is joined, or else with the reason."""
        self.rooms.want(name, now, told)
        if self.arrival.phase is Phase.READY:
            self.attendance.ask(now)

    def leave(self, name: str) -> None:
        """Leave a room, and do not ask for it again."""
        self.attendance.leave(name)

    @property
    def phase(self) -> Phase:
        """Return how far the connection has come."""
        return self.arrival.phase

    @property
    def failure(self) -> NetworkError | None:
        """Return why the connection is of no use any more."""
        return self._failure or self._registration.failure

    @property
    def account(self) -> str | None:
        """Return the services account that we are logged in to, once the server has told."""
        return self._registration.account

    @property
    def vouches(self) -> bool:
        """Tell whether messages themselves tell the account of who said them."""
        return self.attendance.vouched

    @property
    def keeps_history(self) -> bool:
        """Tell whether the server can be asked what was said before."""
        return self._registration.capabilities.keeps_history

    @property
    def deadline(self) -> float:
        """Return when `tick` is due, unless something is heard before."""
        due = self._timers.deadline
        if self.arrival.phase is not Phase.REGISTERING:
            due = min(due, self._watch.deadline)
        return min(due, self.rooms.deadline, self.services.due) if self.arrival.phase is Phase.READY else due

    def tick(self, now: float) -> None:
        """Do what is due."""
        self._timers.tick(now)
        if self.arrival.phase is Phase.READY:
            self.attendance.ask(now)
            if self.services.tick(now):
                self.arrival.login_changed(now)
        if self.arrival.phase is not Phase.REGISTERING:
            self._look(now)

    # --- timers

    def _look(self, now: float) -> None:
        try:
            probe = self._watch.look(now)
        except NetworkError as error:
            self._failure = error
        else:
            if probe is not None:
                self._shell.say(probe, Urgency.NOW)

    def _too_slow(self, _now: float) -> None:
        self._failure = NetworkError(f"no welcome within {self._settings.waits.register:g} s")

    # --- what the server says

    def _capability(self, line: Line, now: float) -> None:
        if line.param(1).upper() in {"LS", "NEW"} and self._insists(line):
            return
        self._sorting.registering(self._registration.capability)(line, now)

    def _insists(self, line: Line) -> bool:
        """Tell whether the server wants TLS in place of this connection (IRCv3 sts)."""
        policy = next((each[4:] for each in line.last.split() if each.startswith("sts=")), None)
        if policy is None:
            return False
        port, duration = told(policy)
        if self.secure:
            if duration is not None:
                self._shell.policy(duration)
        elif port is not None:
            self._failure = Upgrade(port)
        return self._failure is not None

    def _error(self, line: Line, _now: float) -> None:
        self._failure = NetworkError(f"the server closed the connection: {line.reason}")
