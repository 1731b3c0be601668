"""One connection's side of the protocol: lines in; lines and messages out. No socket, no clock of its own.

Times are seconds of a clock that never goes back; `deadline` says when `tick` is due.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.transports.irc import nickserv
from milestonebot.transports.irc.attendance import JOIN_REFUSED, Attendance
from milestonebot.transports.irc.ctcp import Ctcp
from milestonebot.transports.irc.features import Features
from milestonebot.transports.irc.hearing import moment
from milestonebot.transports.irc.identity import Identity, alternatives
from milestonebot.transports.irc.pacing import Urgency
from milestonebot.transports.irc.receipts import PASSING, REFUSALS
from milestonebot.transports.irc.receiving import Receiving
from milestonebot.transports.irc.registration import LOGIN_FAILED, NO_NICK, Registration
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.lines import Line
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.shell import Shell

    Handle = Callable[[Line, float], None]

_log = logging.getLogger(__name__)

_GREETING = 10.0
"""Seconds from the welcome to the end of the greeting, for a server that never ends it."""


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
        self.phase = Phase.REGISTERING
        self.failure: NetworkError | None = None
        """Why the connection is of no use any more."""
        self.features = Features()
        self.me = Identity(settings.nick, settings.username, self.features)
        self._settings, self._clock, self._shell = settings, clock, shell
        self._registration = Registration(settings, partial(shell.say, urgency=Urgency.NOW))
        self._attendance = Attendance(
            settings, self.features, self._registration.capabilities, self.me, clock, shell.say
        )
        self.rooms = self._attendance.rooms
        nicks = frozenset((*former, *alternatives(settings.nick)))
        self.receiving = Receiving(
            settings.name,
            clock,
            shell,
            self.me,
            self.features,
            self._registration.capabilities,
            self._attendance,
            nicks,
            Ctcp(clock, source_code, now),
        )
        self.receipts = self.receiving.receipts
        self.inquiries = self.receiving.inquiries
        self.played = self.receiving.played
        self._due: dict[str, float] = {}
        self._timers = {
            "register": self._too_slow,
            "greeting": self._introduce,
            "identify": self._not_identified,
            "regain": self._regain,
        }
        self._watch = Watch(settings.waits.ping, now)
        self._handlers = self._all_handlers()

    def begin(self, now: float) -> None:
        """Count from `now`, when the connection stands."""
        self._watch.heard(now)
        self._due["register"] = now + self._settings.waits.register

    def hear(self, line: Line, now: float) -> None:
        """Take one line of the server."""
        self._watch.heard(now)
        handle = self._handlers.get(line.command)
        if handle is not None:
            handle(line, now)

    @property
    def account(self) -> str | None:
        """Return the services account that we are logged in to, once the server has told."""
        return self._registration.account

    @property
    def keeps_history(self) -> bool:
        """Tell whether the server can be asked what was said before."""
        return self._registration.capabilities.keeps_history

    @property
    def deadline(self) -> float:
        """Return when `tick` is due, unless something is heard before."""
        due = min(self._due.values(), default=float("inf"))
        if self.phase is not Phase.REGISTERING:
            due = min(due, self._watch.deadline)
        return min(due, self.rooms.deadline) if self.phase is Phase.READY else due

    def tick(self, now: float) -> None:
        """Do what is due."""
        for name in [name for name, due in self._due.items() if due <= now]:
            del self._due[name]
            self._timers[name](now)
        if self.phase is Phase.READY:
            self._attendance.ask(now)
        if self.phase is not Phase.REGISTERING:
            self._look(now)

    # --- timers

    def _look(self, now: float) -> None:
        try:
            probe = self._watch.look(now)
        except NetworkError as error:
            self.failure = error
        else:
            if probe is not None:
                self._shell.say(probe, Urgency.NOW)

    def _too_slow(self, _now: float) -> None:
        self.failure = NetworkError(f"no welcome within {self._settings.waits.register:g} s")

    def _not_identified(self, now: float) -> None:
        _log.warning("%s: the services did not answer the login; joining all the same", self._settings.name)
        self._ready(now)

    def _regain(self, now: float) -> None:
        # A nick that begins ours was cut by the server: there is no more to be had.
        if not self._settings.nick.startswith(self.me.nick):
            self._shell.say(f"NICK {self._settings.nick}")
            self._due["regain"] = now + self._settings.waits.regain

    # --- from the welcome to being ready

    def _welcomed(self, line: Line, now: float) -> None:
        if self.phase is not Phase.REGISTERING:
            return
        self._registration.welcomed(line)
        self._failed()
        self.phase = Phase.WELCOMED
        self.me.nick = self._registration.nick
        # "Welcome to the network nick!user@host", on most servers.
        self.me.seen(line.last.rpartition(" ")[2])
        self.receiving.since = moment(line, self._clock)
        self._due = {"greeting": now + _GREETING}

    def _introduce(self, now: float) -> None:
        """Say what we are, and log in where that could not be done before."""
        if self.phase is not Phase.WELCOMED:
            return
        self._due.pop("greeting", None)
        self.rooms.rekey()
        if self.features.bot_mode:
            self._shell.say(f"MODE {self.me.nick} +{self.features.bot_mode}")
        if self._settings.nickserv is None or self._registration.account is not None:
            self._ready(now)
            return
        self.phase = Phase.IDENTIFYING
        self._due["identify"] = now + self._settings.waits.identify
        self._shell.say(nickserv.identify(self._settings.nickserv, self.me.nick, self._settings.nick))

    def _identified(self, now: float) -> None:
        if self.phase is Phase.IDENTIFYING:
            _log.info("%s: logged in to the services", self._settings.name)
            self._ready(now)

    def _ready(self, now: float) -> None:
        self.phase = Phase.READY
        self._due.pop("identify", None)
        self._due["regain"] = now + self._settings.waits.regain
        self._shell.ready()
        self._attendance.ask(now)

    # --- what the server says

    def _all_handlers(self) -> dict[str, Handle]:
        registration = self._registration
        handlers: dict[str, Handle] = {
            **self._attendance.handlers,
            "JOIN": self._joined,
            "CAP": self._registering(registration.capability),
            "AUTHENTICATE": self._registering(registration.authenticate),
            "464": self._registering(registration.password_refused),
            **dict.fromkeys(("903", *LOGIN_FAILED), self._registering(registration.login_ended)),
            **dict.fromkeys(NO_NICK, self._nick_refused),
            "900": self._logged_in,
            "001": self._welcomed,
            "005": lambda line, _now: self._supports(line),
            "376": lambda _line, now: self._introduce(now),
            "422": lambda _line, now: self._introduce(now),
            "396": lambda line, _now: self.me.moved(line.param(1)),
            "PING": lambda line, _now: self._shell.say(f"PONG :{line.last}", Urgency.NOW),
            **self.receiving.handlers,
            **dict.fromkeys(PASSING | REFUSALS, self._refused),
            **dict.fromkeys(JOIN_REFUSED, self._not_joined),
            "ERROR": self._error,
            "NOTICE": self._noticed,
            "FAIL": self._refused,
            "MODE": self._mode,
            "CHGHOST": lambda line, _now: self._moved(line),
            "ACCOUNT": self._account,
        }
        return handlers

    def _registering(self, handle: Callable[[Line], None]) -> Handle:
        def handle_it(line: Line, _now: float) -> None:
            handle(line)
            self._failed()

        return handle_it

    def _failed(self) -> None:
        self.failure = self.failure or self._registration.failure

    def _joined(self, line: Line, now: float) -> None:
        if self.me.is_me(line.nick):
            self.played.forget(line.param(0))
        self._attendance.handlers["JOIN"](line, now)

    def _supports(self, line: Line) -> None:
        self.features.load(line.params[1:-1])
        self.rooms.rekey()

    def _error(self, line: Line, _now: float) -> None:
        self.failure = NetworkError(f"the server closed the connection: {line.reason}")

    def _logged_in(self, line: Line, now: float) -> None:
        self._registration.logged_in(line)
        self._identified(now)

    def _account(self, line: Line, now: float) -> None:
        self._attendance.handlers["ACCOUNT"](line, now)
        if self.me.is_me(line.nick) and line.param(0) != "*":
            self._identified(now)

    def _mode(self, line: Line, now: float) -> None:
        if not self.me.is_me(line.param(0)):
            self._attendance.mode(line)
        elif "r" in line.param(1).partition("-")[0]:
            # On most networks with services, +r is set on those who are logged in.
            self._identified(now)

    def _moved(self, line: Line) -> None:
        if self.me.is_me(line.nick):
            self.me.moved(f"{line.param(0)}@{line.param(1)}")

    def _nick_refused(self, line: Line, now: float) -> None:
        if self.phase is Phase.REGISTERING:
            self._registration.nick_refused(line)
            self._failed()
        elif self.features.is_channel(line.param(1)):
            self._attendance.refused(line, now)

    def _not_joined(self, line: Line, now: float) -> None:
        if not self._attendance.refused(line, now):
            self._refused(line, now)

    def _refused(self, line: Line, now: float) -> None:
        self.receiving.refused(line)
        service = self._settings.nickserv
        if service is not None and self.phase is Phase.IDENTIFYING and line.param(1) == service.name:
            _log.warning("%s: %s: %s; joining all the same", self._settings.name, service.name, line.reason)
            self._ready(now)

    def _noticed(self, line: Line, now: float) -> None:
        service = self._settings.nickserv
        if not self.receiving.is_new(line) or service is None or self.phase is not Phase.IDENTIFYING:
            return
        if self.features.fold(line.nick) != self.features.fold(service.name):
            return
        came_off = nickserv.verdict(line.last)
        if came_off is True:
            self._identified(now)
        elif came_off is False:
            _log.error("%s: %s refuses the login: %s", self._settings.name, line.nick, line.reason)
            self._ready(now)
