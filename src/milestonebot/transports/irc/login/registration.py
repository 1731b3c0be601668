"""From the connection to the server's welcome: capabilities, login, nick.

Order and replies are those of modern.ircdocs.horse, "Connection Registration", and of IRCv3's
capability-negotiation and sasl-3.1. CAP LS, PASS, NICK and USER went out when this begins.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.irc.login.capabilities import WANTED, Capabilities
from milestonebot.transports.irc.login.identity import alternatives
from milestonebot.transports.irc.login.mechanisms import Login
from milestonebot.transports.irc.wire.lines import for_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.wire.lines import Line

_log = logging.getLogger(__name__)

NO_NICK = frozenset({"432", "433", "436", "437"})
"""Erroneous, in use, in collision, unavailable for now."""


class Registration:
    """What is said until the server welcomes us; `failure` tells why it cannot come to that."""

    def __init__(self, settings: IrcSettings, say: Callable[[str], None]) -> None:
        """Send lines with `say`."""
        self.nick = settings.nick
        self.account: str | None = None
        """Who we are to the services, once they have told."""
        self.failure: NetworkError | None = None
        self.capabilities = Capabilities((*WANTED, "sasl") if settings.sasl else WANTED)
        self._settings = settings
        self._say = say
        self.no_nick = ""
        """Why the server refused the nick that was asked for."""
        self._others = alternatives(settings.nick)[1:]
        self.login = None if settings.sasl is None else Login(settings.name, settings.sasl, say)
        self.welcome = False
        """Whether the server has welcomed us: from then on a login that fails does no harm."""
        self.unanswered = False
        """Whether there is no login though nobody refused it: services may come back."""
        self._ended = False
        """Whether CAP END was said, or the welcome came without."""

    def capability(self, line: Line) -> None:
        """CAP."""
        had = "sasl" in self.capabilities.enabled
        for request in self.capabilities.hear(line):
            self._say(request)
        # After the welcome, only a login that has just become possible is news.
        if not self.welcome or (not had and "sasl" in self.capabilities.enabled):
            self._go_on()

    def log_in_again(self) -> bool:
        """Log in anew, by SASL; return False where that is not to be had.

        A server need not tell that its services are back: it is asked what it offers by now.
        """
        if self.login is None or self.login.under_way:
            return False
        if "sasl" not in self.capabilities.enabled:
            self._say("CAP LS 302")
            return False
        self._go_on()
        return self.login.under_way

    def authenticate(self, line: Line) -> None:
        """AUTHENTICATE: the server waits for our response."""
        if self.login is not None:
            self.login.authenticate(line)

    def mechanisms(self, line: Line) -> None:
        """908."""
        if self.login is not None:
            self.login.mechanisms(line)

    def logged_in(self, line: Line) -> None:
        """900: `nick mask account :text`."""
        self.account = line.param(2) or self.nick

    def logged_out(self) -> None:
        """901: the services do not know us any more."""
        self.account = None

    def login_ended(self, line: Line) -> None:
        """Take one of `ENDED`."""
        if self.login is not None and self.login.under_way:
            self._settle(self.login.ended(line))

    def login_overdue(self) -> None:
        """Go on without services that do not answer."""
        if self.login is not None and self.login.under_way:
            self._settle(self.login.give_up())

    def _settle(self, failure: NetworkError | None) -> None:
        if self.login is None or self.login.under_way:
            return
        if failure is None:
            self.account = self.account or (self._settings.sasl.username if self._settings.sasl else None)
            _log.info(
                "%s: logged in as %s by SASL %s",
                self._settings.name,
                for_log(self.account or ""),
                self.login.name,
            )
        else:
            self.account = None
            self._not_logged_in(failure)
        self._end()

    def nick_refused(self, line: Line) -> None:
        """Try another nick; which one is wrong is told by the server's reply."""
        if not self._others:
            self.failure = NetworkError(f"no nick is to be had: {line.reason}")
            return
        self.no_nick = self.no_nick or line.reason
        self.nick = self._others.pop(0)
        self._say(f"NICK {self.nick}")

    def password_refused(self, line: Line) -> None:
        """464."""
        self.failure = Refused(f"the server refuses its password: {line.reason}")

    def welcomed(self, line: Line) -> None:
        """001: from here on the first parameter is our nick."""
        self.nick = line.param(0) or self.nick
        sasl = self._settings.sasl
        if not self._ended and sasl is not None and self.account is None:
            # The server knows nothing of capabilities, or did not wait for their end.
            self._not_logged_in(NetworkError("the server offers no login by SASL"))
        self._ended = True
        self.welcome = True

    def _go_on(self) -> None:
        """Log in where that can be done now; the rest of the registration waits for it."""
        if self.login is not None and self.login.under_way:
            return
        if not self.capabilities.settled:
            return
        if self.login is None or self.account is not None:
            self._end()
        elif "sasl" in self.capabilities.enabled:
            self._log_in(self.login)
        elif not self._ended:
            self._not_logged_in(NetworkError("the server offers no login by SASL now"))
            self._end()

    def _log_in(self, login: Login) -> None:
        failure = login.begin(self.capabilities.listed.get("sasl", ""))
        if failure is not None:
            self._not_logged_in(failure)
            self._end()

    def _not_logged_in(self, failure: NetworkError) -> None:
        self.unanswered = not isinstance(failure, Refused)
        sasl = self._settings.sasl
        if sasl is not None and sasl.required and not self.welcome:
            self.failure = failure
        else:
            _log.warning("%s: %s; going on without", self._settings.name, failure)

    def _end(self) -> None:
        if not self._ended and self.failure is None:
            self._ended = True
            self._say("CAP END")
