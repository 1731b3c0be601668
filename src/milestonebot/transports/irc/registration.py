"""From the connection to the server's welcome: capabilities, login, nick.

Order and replies are those of modern.ircdocs.horse, "Connection Registration", and of IRCv3's
capability-negotiation and sasl-3.1. CAP LS, PASS, NICK and USER went out when this begins.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.irc.capabilities import WANTED, Capabilities
from milestonebot.transports.irc.identity import alternatives
from milestonebot.transports.irc.sasl import chunks, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.transports.irc.lines import Line
    from milestonebot.transports.irc.settings import IrcSettings

_log = logging.getLogger(__name__)

NO_NICK = frozenset({"432", "433", "436", "437"})
"""Erroneous, in use, in collision, unavailable for now."""
LOGIN_FAILED = frozenset({"902", "904", "905", "906", "908"})


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
        self._others = alternatives(settings.nick)[1:]
        self._logging_in = False
        self._ended = False
        """Whether CAP END was said, or the welcome came without."""

    def capability(self, line: Line) -> None:
        """CAP."""
        for request in self.capabilities.hear(line):
            self._say(request)
        self._go_on()

    def authenticate(self, line: Line) -> None:
        """AUTHENTICATE: the server waits for our response."""
        if not self._logging_in or self._settings.sasl is None or line.param(0) != "+":
            return
        sasl = self._settings.sasl
        for chunk in chunks(plain(sasl.username, sasl.password.reveal())):
            self._say(f"AUTHENTICATE {chunk}")

    def logged_in(self, line: Line) -> None:
        """900: `nick mask account :text`."""
        self.account = line.param(2) or self.nick

    def login_ended(self, line: Line) -> None:
        """903, or one of those that tell of a failure."""
        if not self._logging_in:
            return
        self._logging_in = False
        if line.command in LOGIN_FAILED:
            self._not_logged_in(Refused(f"the login by SASL failed: {line.reason}"))
        elif self.account is None and self._settings.sasl is not None:
            self.account = self._settings.sasl.username
        self._end()

    def nick_refused(self, line: Line) -> None:
        """Try another nick; which one is wrong is told by the server's reply."""
        if not self._others:
            self.failure = NetworkError(f"no nick is to be had: {line.reason}")
            return
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

    def _go_on(self) -> None:
        if self._ended or self._logging_in or not self.capabilities.settled:
            return
        if self._settings.sasl is None or self.account is not None:
            self._end()
        elif "sasl" not in self.capabilities.enabled:
            self._not_logged_in(NetworkError("the server offers no login by SASL now"))
            self._end()
        elif not self._offers_plain():
            self._not_logged_in(NetworkError("the server offers no login by SASL PLAIN"))
            self._end()
        else:
            self._logging_in = True
            self._say("AUTHENTICATE PLAIN")

    def _offers_plain(self) -> bool:
        """Tell whether PLAIN is among the mechanisms; a server that lists none may have it."""
        listed = self.capabilities.listed.get("sasl", "")
        return not listed or "PLAIN" in listed.upper().split(",")

    def _not_logged_in(self, failure: NetworkError) -> None:
        sasl = self._settings.sasl
        if sasl is not None and sasl.required:
            self.failure = failure
        else:
            _log.warning("%s: %s; going on without", self._settings.name, failure)

    def _end(self) -> None:
        if not self._ended and self.failure is None:
            self._ended = True
            self._say("CAP END")
