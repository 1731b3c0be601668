"""Being somebody to the network's services: logged in after the welcome, again when they were away.

Before the welcome, a login by SASL is the registration's.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from milestonebot.backoff import Backoff
from milestonebot.transports.irc.login import nickserv
from milestonebot.transports.irc.login.vetting import Vetting

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.secret import Secret
    from milestonebot.transports.irc.login.identity import Identity
    from milestonebot.transports.irc.login.registration import Registration
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.wire.features import Features
    from milestonebot.transports.irc.wire.lines import Line

_log = logging.getLogger(__name__)

_SOON = 5.0
"""Seconds after which a login that was lost is tried again: services that were away have much to do."""
_FIRST, _LONGEST = 60.0, 900.0
"""Seconds between two tries."""
_DOWN = "440"
"""Services are down: what Solanum's and OFTC's servers answer to the command of a service that is away."""
_LOOK = 5.0
"""Seconds for the server's word on who we are, where the services said nothing."""


class Services:
    """Logs in with NickServ or SASL, and asks for the nick back; `due` tells when `tick` has work."""

    def __init__(
        self,
        settings: IrcSettings,
        registration: Registration,
        me: Identity,
        features: Features,
        say: Callable[[str], None],
    ) -> None:
        """Send lines with `say`."""
        self.identified = False
        self.due = float("inf")
        self._settings = settings
        self._registration = registration
        self._me = me
        self._features = features
        self._say = say
        self._backoff = Backoff(_FIRST, _LONGEST)
        self._looked = False
        self._ghosting = False
        name = nickserv.NICK_SERVICE if settings.nickserv is None else settings.nickserv.name
        self._vetting = Vetting(name, features)
        self._secret: Secret | None = None
        """What the services are told when it is known that they are there."""

    def start(self, now: float) -> bool:
        """Log in where that was not done before the welcome; return whether that is to be waited for."""
        self.identified = self._registration.account is not None
        if self.identified or self._settings.nickserv is None:
            if not self.identified and self._registration.unanswered:
                self.due = now + self._backoff.wait(0.0)
            return False
        self._identify()
        return True

    def overdue(self) -> float | None:
        """Ask the server who we are, once; return for how long to wait, or None where that was done."""
        if self._looked:
            return None
        self._looked = True
        self._say(f"WHOIS {self._me.nick}")
        return _LOOK

    def known(self) -> None:
        """Take note that we are logged in."""
        self.identified, self.due = True, float("inf")
        self._backoff.reset()

    def lost(self, now: float) -> None:
        """Take note that we are not logged in any more, or that it did not come off."""
        was, self.identified = self.identified, False
        self._registration.logged_out()
        if self._settings.nickserv is not None or self._settings.sasl is not None:
            self.due = min(self.due, now + (_SOON if was else self._backoff.wait(0.0)))

    def tick(self, now: float) -> bool:
        """Try again to log in; return whether a login by SASL has begun."""
        if now < self.due:
            return False
        self.due = now + self._backoff.wait(0.0)
        if self._registration.log_in_again():
            return True
        self._identify()
        return False

    def is_service(self, line: Line) -> bool:
        """Tell whether a line is the nick service's."""
        return self._vetting.is_service(line)

    def vet(self, line: Line) -> bool:
        """Take what tells who has the nick service's nick; log in where it is the service.

        Returns False where it is somebody else's, or nobody's.
        """
        verdict = self._vetting.hear(line)
        if verdict:
            secret, self._secret = self._secret, None
            if secret is not None:
                self._say(secret.reveal())
        return verdict is not False

    def is_refusal(self, line: Line) -> bool:
        """Tell whether a line says that what was sent to the services did not reach them."""
        service = self._settings.nickserv
        if service is None:
            return False
        if line.command == _DOWN:
            return True
        at = f"{service.name}@{service.server}"
        fold = self._features.fold
        names = {fold(name) for name in (service.name, service.server, at, service.command) if name}
        return fold(line.param(1)) in names

    def hear(self, line: Line, now: float) -> bool | None:
        """Take a notice of the nick service; tell whether it says that a login came off, or did not."""
        if self._ghosting and nickserv.wants_more(line.last) and self._password is not None:
            # Atheme 7.2 takes a login by SASL to heart only before the welcome: it must hear the password.
            self._ghosting = False
            nick = self._settings.nick
            self._tell(nickserv.regain_by_password(self._settings.nickserv, nick, self._password))
        if self._ghosting and nickserv.knows_not(line.last):
            # Where there is no REGAIN, GHOST only throws the other out.
            self._ghosting = False
            self._say(nickserv.ghost(self._settings.nickserv, self._settings.nick))
        if not self.identified and nickserv.asks(line.last) and self._settings.nickserv is not None:
            self.due = min(self.due, now + _SOON)
        return nickserv.verdict(line.last)

    def regain(self) -> bool:
        """Ask for our nick, which somebody else has; return False where services would not know us."""
        if not self.identified:
            return False
        self._ghosting = True
        self._say(nickserv.regain(self._settings.nickserv, self._settings.nick))
        return True

    def _identify(self) -> None:
        service = self._settings.nickserv
        if service is not None:
            self._tell(nickserv.identify(service, self._me.nick, self._settings.nick))

    @property
    def _password(self) -> Secret | None:
        service, sasl = self._settings.nickserv, self._settings.sasl
        return service.password if service is not None else None if sasl is None else sasl.password

    def _tell(self, secret: Secret) -> None:
        """Say a line that holds the password, to nobody but the services."""
        if self._settings.nickserv is not None and self._settings.nickserv.sure:
            self._say(secret.reveal())
        else:
            # Whoever has the nick would be told.
            self._secret = secret
            self._say(self._vetting.ask())
