"""From the server's welcome to taking part: the login that is left to do, the nick, the rooms."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.transports.irc.login import vetting
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.wire.lines import for_log

if TYPE_CHECKING:
    from milestonebot.transports.irc.login.identity import Identity
    from milestonebot.transports.irc.login.registration import Registration
    from milestonebot.transports.irc.login.services import Services
    from milestonebot.transports.irc.presence.attendance import Attendance
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.shell import Shell
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line
    from milestonebot.transports.irc.wire.timers import Timers

_log = logging.getLogger(__name__)

_GREETING = 10.0
"""Seconds from the welcome to the end of the greeting, for a server that never ends it."""
_WITH_ACCOUNT = 3
_GIVEN = 3.0
"""Seconds for services to give us our nick, before it is taken."""


class Arrival:
    """Knows how far a connection has come: `phase`."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a connection knows, and every one of it is needed
        self,
        settings: IrcSettings,
        shell: Shell,
        timers: Timers,
        me: Identity,
        features: Features,
        registration: Registration,
        services: Services,
        attendance: Attendance,
    ) -> None:
        """Begin with the registration."""
        self.phase = Phase.REGISTERING
        self._settings = settings
        self._shell = shell
        self._timers = timers
        self._me = me
        self._features = features
        self._registration = registration
        self._services = services
        self._attendance = attendance

    def _login_overdue(self, now: float) -> None:
        self._registration.login_overdue()
        if self.phase is not Phase.REGISTERING:
            self.is_logged_in(now, yes=False)

    def _not_identified(self, now: float) -> None:
        wait = self._services.overdue()
        if wait is not None:
            self._timers.set("identify", now + wait, self._not_identified)
            return
        _log.warning("%s: the services did not answer the login; joining all the same", self._settings.name)
        self._services.lost(now)
        self.ready(now)

    def _regain(self, now: float) -> None:
        # A nick that begins ours was cut by the server: there is no more to be had.
        if not self._settings.nick.startswith(self._me.nick):
            if self._services.regain():
                self._timers.set("nick", now + _GIVEN, self._take_nick)
            else:
                self._take_nick(now)
            self._timers.set("regain", now + self._settings.waits.regain, self._regain)

    def _take_nick(self, _now: float) -> None:
        if not self._settings.nick.startswith(self._me.nick):
            self._shell.say(f"NICK {self._settings.nick}")

    def welcomed(self, line: Line, now: float) -> bool:
        """001; return whether it is the first."""
        if self.phase is not Phase.REGISTERING:
            return False
        self._registration.welcomed(line)
        self.phase = Phase.WELCOMED
        self._me.nick = self._registration.nick
        if self._me.nick != self._settings.nick:
            why = self._registration.no_nick or "the server's own doing"
            network, wanted = self._settings.name, self._settings.nick
            _log.warning("%s: called %s, and not %s: %s", network, for_log(self._me.nick), wanted, why)
        # "Welcome to the network nick!user@host", on most servers.
        self._me.seen(line.last.rpartition(" ")[2])
        self._timers.clear()
        self._timers.set("greeting", now + _GREETING, self.introduce)
        return True

    def introduce(self, now: float) -> None:
        """Say what we are, and log in where that could not be done before."""
        if self.phase is not Phase.WELCOMED:
            return
        self._timers.cancel("greeting")
        self._attendance.rooms.rekey()
        if self._features.bot_mode:
            self._shell.say(f"MODE {self._me.nick} +{self._features.bot_mode}")
        if not self._services.start(now):
            self.ready(now)
            return
        self.phase = Phase.IDENTIFYING
        self._timers.set("identify", now + self._settings.waits.identify, self._not_identified)

    def _identified(self, now: float, account: str = "") -> None:
        login = self._registration.login
        # What comes off by SASL is told with its mechanism.
        by_sasl = login is not None and login.under_way
        if not self._services.identified and not by_sasl and self.phase in {Phase.IDENTIFYING, Phase.READY}:
            known = f" as {for_log(account)}" if account else ""
            _log.info("%s: logged in to the services%s", self._settings.name, known)
        self._services.known()
        if self.phase is Phase.IDENTIFYING:
            self.ready(now)
        elif self.phase is Phase.READY:
            # What was refused to a stranger may be open now.
            self._attendance.rooms.hurry(now)
            self._timers.set("regain", now, self._regain)

    def ready(self, now: float) -> None:
        """Take part: the rooms are joined, and the nick is taken back."""
        self.phase = Phase.READY
        self._timers.cancel("identify")
        wait = 0.0 if self._services.identified else self._settings.waits.regain
        self._timers.set("regain", now + wait, self._regain)
        self._shell.ready()
        self._attendance.ask(now)

    def login_changed(self, now: float) -> None:
        """See whether a login by SASL is under way, or has come off after the welcome."""
        login = self._registration.login
        if login is not None and login.under_way:
            self._timers.set("login", now + self._settings.waits.identify, self._login_overdue)
        elif self._timers.cancel("login") and self.phase is not Phase.REGISTERING:
            self.is_logged_in(now, yes=self._registration.account is not None)

    def whois_account(self, line: Line, now: float) -> None:
        """330 and 307."""
        if self._me.is_me(line.param(1)) and not self._services.identified:
            # 330 is `me nick account :text`, 307 has no account.
            self._identified(now, line.param(2) if len(line.params) > _WITH_ACCOUNT else "")

    def logged_in(self, line: Line, now: float) -> None:
        """900."""
        self._registration.logged_in(line)
        self._identified(now, line.param(2))

    def is_logged_in(self, now: float, *, yes: bool) -> None:
        """Take the server's word on whether the services know us."""
        if yes:
            self._identified(now)
        else:
            _log.warning("%s: the services do not know us any more", self._settings.name)
            self._services.lost(now)

    def noticed(self, line: Line, now: float) -> None:
        """NOTICE, which may be the nick service's."""
        if not self._services.is_service(line):
            return
        came_off = self._services.hear(line, now)
        if came_off is True and not self._services.identified:
            self._identified(now)
        elif came_off is False and self.phase is Phase.IDENTIFYING:
            _log.error("%s: %s refuses the login: %s", self._settings.name, line.nick, line.reason)
            self.ready(now)

    def told_of_services(self, line: Line, now: float) -> None:
        """Take what WHOIS tells of who has the nick service's nick, or a refusal, which may be of its."""
        if line.command in vetting.ANSWERS:
            if not self._services.vet(line):
                self._unsent(f"{line.param(1)} is nobody whom the network calls a service", now)
        elif self._services.is_refusal(line):
            self._services.vet(line)
            self._unsent(f"{line.param(1)}: {line.reason}", now)

    def _unsent(self, why: str, now: float) -> None:
        """Go on where the services cannot be told who we are."""
        if self.phase is Phase.IDENTIFYING:
            _log.warning("%s: %s; not logged in, and joining all the same", self._settings.name, why)
            self._services.lost(now)
            self.ready(now)
        elif not self._services.identified:
            _log.info("%s: %s; not logged in", self._settings.name, why)
