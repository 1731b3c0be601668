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
from milestonebot.transports.irc.batches import Batches
from milestonebot.transports.irc.ctcp import Ctcp
from milestonebot.transports.irc.features import Features
from milestonebot.transports.irc.hearing import Hearing, ctcp, is_person, moment
from milestonebot.transports.irc.identity import Identity
from milestonebot.transports.irc.lines import compose
from milestonebot.transports.irc.pacing import Urgency
from milestonebot.transports.irc.receipts import FENCE, PASSING, REFUSALS, Receipts
from milestonebot.transports.irc.registration import LOGIN_FAILED, NO_NICK, Registration
from milestonebot.transports.irc.shell import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Clock
    from milestonebot.transports.irc.lines import Line
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.shell import Shell

    Handle = Callable[[Line, float], None]

_log = logging.getLogger(__name__)

_GREETING = 10.0
"""Seconds from the welcome to the end of the greeting, for a server that never ends it."""
_CHANCES = 2
"""PINGs that may be lost; then the connection is dead."""


class Session:
    """The protocol's state; a new one for each connection."""

    def __init__(
        self, settings: IrcSettings, clock: Clock, shell: Shell, now: float, source_code: str | None = None
    ) -> None:
        """Make one at `now`; it begins when CAP LS, NICK and USER have gone out."""
        self.phase = Phase.REGISTERING
        self.failure: NetworkError | None = None
        """Why the connection is of no use any more."""
        self.features = Features()
        self.me = Identity(settings.nick, settings.username, self.features)
        self._settings, self._clock, self._shell = settings, clock, shell
        self._registration = Registration(settings, partial(shell.say, urgency=Urgency.NOW))
        self.receipts = Receipts(self.features, self._registration.capabilities)
        self._attendance = Attendance(
            settings, self.features, self._registration.capabilities, self.me, clock, shell.say
        )
        self.rooms = self._attendance.rooms
        self._hearing = Hearing(settings.name, clock, self.features, self.rooms, self._attendance.people)
        self._batches = Batches()
        self._ctcp = Ctcp(clock, source_code, now)
        self._since = clock.now()
        self._due: dict[str, float] = {}
        self._timers = {
            "register": self._too_slow,
            "greeting": self._introduce,
            "identify": self._not_identified,
            "regain": self._regain,
        }
        self._heard_at = now
        self._pinged = 0
        self._handlers = self._all_handlers()

    def begin(self, now: float) -> None:
        """Count from `now`, when the connection stands."""
        self._heard_at = now
        self._due["register"] = now + self._settings.waits.register

    def hear(self, line: Line, now: float) -> None:
        """Take one line of the server."""
        self._heard_at = now
        self._pinged = 0
        handle = self._handlers.get(line.command)
        if handle is not None:
            handle(line, now)

    @property
    def deadline(self) -> float:
        """Return when `tick` is due, unless something is heard before."""
        due = min(self._due.values(), default=float("inf"))
        if self.phase is not Phase.REGISTERING:
            due = min(due, self._heard_at + self._settings.waits.ping * (self._pinged + 1))
        return min(due, self.rooms.deadline) if self.phase is Phase.READY else due

    def tick(self, now: float) -> None:
        """Do what is due."""
        for name in [name for name, due in self._due.items() if due <= now]:
            del self._due[name]
            self._timers[name](now)
        if self.phase is Phase.READY:
            self._attendance.ask(now)
        if self.phase is not Phase.REGISTERING:
            self._watch(now)

    # --- timers

    def _watch(self, now: float) -> None:
        if now < self._heard_at + self._settings.waits.ping * (self._pinged + 1):
            return
        if self._pinged == _CHANCES:
            self.failure = NetworkError("the server is silent: two PINGs were not answered")
        else:
            self._pinged += 1
            self._shell.say(f"PING :{FENCE}alive", Urgency.NOW)

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
        self._since = moment(line, self._clock)
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
            **dict.fromkeys(PASSING | REFUSALS, self._refused),
            **dict.fromkeys(JOIN_REFUSED, self._not_joined),
            **self._attendance.handlers,
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
            "PONG": lambda line, _now: self.receipts.ponged(line.last),
            "ERROR": self._error,
            "PRIVMSG": self._said,
            "NOTICE": self._noticed,
            "BATCH": lambda line, _now: self.receipts.answered(self._batches.hear(line)),
            "ACK": lambda line, _now: self.receipts.answered(self._batches.label(line)),
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
        self.receipts.refused(line, self._batches.label(line))
        service = self._settings.nickserv
        if service is not None and self.phase is Phase.IDENTIFYING and line.param(1) == service.name:
            _log.warning("%s: %s: %s; joining all the same", self._settings.name, service.name, line.reason)
            self._ready(now)

    def _said(self, line: Line, now: float) -> None:
        if self._echo(line) or self._batches.past(line) or self.phase is Phase.REGISTERING:
            return
        request = ctcp(line)
        if request is None or request.startswith("ACTION "):
            message = self._hearing.message(line, self.me.nick, self._since, vouched=self._attendance.vouched)
            if message is not None:
                self._shell.heard(message)
        elif self.me.is_me(line.param(0)) and is_person(line):
            answer = self._ctcp.answer(request, now)
            if answer is not None:
                self._shell.say(compose("NOTICE", line.nick, answer), Urgency.REPLY, line.nick)

    def _noticed(self, line: Line, now: float) -> None:
        service = self._settings.nickserv
        if self._echo(line) or service is None or self.phase is not Phase.IDENTIFYING:
            return
        if self.features.fold(line.nick) != self.features.fold(service.name):
            return
        came_off = nickserv.verdict(line.last)
        if came_off is True:
            self._identified(now)
        elif came_off is False:
            _log.error("%s: %s refuses the login: %s", self._settings.name, line.nick, line.reason)
            self._ready(now)

    def _echo(self, line: Line) -> bool:
        """Tell whether we said it ourselves; what is played back is no receipt."""
        if not self.me.is_me(line.nick):
            return False
        if not self._batches.past(line):
            self.me.seen(line.source)
            self.receipts.echoed(line, self._batches.label(line))
        return True
