"""Logging in by SASL: one mechanism after the other, until one is accepted (IRCv3 sasl-3.1, sasl-3.2)."""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.irc.login.sasl import BadChallenge, Denied, chunks, mechanism

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.transports.irc.login.sasl import Mechanism
    from milestonebot.transports.irc.settings import Sasl
    from milestonebot.transports.irc.wire.lines import Line

_log = logging.getLogger(__name__)

ENDED = frozenset({"902", "903", "904", "905", "906", "907"})
"""Nick locked, success, failed, too long, aborted, logged in already. 908, the mechanisms, ends nothing."""
_KNOWN_BY = {"EXTERNAL": "certificate", "ECDSA-NIST256P-CHALLENGE": "key"}
_CUT = 400
_LONGEST = 16_384
"""Characters of a challenge; a server that sends more is not believed."""


class Login:
    """The state of one login after the other on a connection."""

    def __init__(self, network: str, sasl: Sasl, say: Callable[[str], None]) -> None:
        """Send lines with `say`."""
        self.under_way = False
        self.name = ""
        """The mechanism that is tried, or was tried last."""
        self._network = network
        self._sasl = sasl
        self._say = say
        self._left: list[str] = []
        self._mechanism: Mechanism | None = None
        self._challenge = ""
        self._lie: NetworkError | None = None
        """Why this server is not believed any more."""

    def begin(self, offered: str) -> NetworkError | None:
        """Try the first mechanism of the config that is `offered`; an empty list says nothing of them.

        Returns why that is not possible.
        """
        self._lie = None
        self._left = [name for name in self._sasl.mechanisms if _among(name, offered)]
        if not self._left:
            wanted = ", ".join(self._sasl.mechanisms)
            return NetworkError(f"the server offers no login by SASL {wanted}")
        self._next()
        return None

    def authenticate(self, line: Line) -> None:
        """AUTHENTICATE: a challenge, or a part of one."""
        if self._mechanism is None:
            return
        chunk = line.param(0)
        self._challenge += "" if chunk == "+" else chunk
        if len(chunk) >= _CUT and len(self._challenge) <= _LONGEST:
            return
        try:
            challenge = base64.b64decode(self._challenge[: _LONGEST + 1], validate=True)
            response = self._mechanism.answer(challenge)
        except Denied as error:
            _log.warning("%s: SASL %s", self._network, error)
            self._abort()
        except (BadChallenge, ValueError) as error:
            self._distrust(str(error))
        else:
            self._challenge = ""
            for part in chunks(response):
                self._say(f"AUTHENTICATE {part}")

    def mechanisms(self, line: Line) -> None:
        """908: `nick mechanisms :text`; the refusal itself comes behind it."""
        self._left = [name for name in self._left if _among(name, line.param(1))]

    def ended(self, line: Line) -> NetworkError | None:
        """Take one of `ENDED`; return why there is no login, once no mechanism is left.

        Where that is None and nothing is `under_way`, we are logged in.
        """
        if self.under_way and line.command in {"903", "907"}:
            return self._accepted(line)
        if not self.under_way:
            return None
        if self._left and line.command != "902":
            _log.warning("%s: SASL %s: %s; trying %s", self._network, self.name, line.reason, self._left[0])
            self._next()
            return None
        self._stop()
        known_by = _KNOWN_BY.get(self.name, "password")
        hint = f" (see to username and {known_by})"
        return self._lie or Refused(f"the login by SASL failed: {line.reason}{hint}")

    def give_up(self) -> NetworkError:
        """Stop waiting for services that do not answer; return that as the reason."""
        self._say("AUTHENTICATE *")
        self._stop()
        return NetworkError("the services did not answer the login by SASL in time")

    def _accepted(self, line: Line) -> NetworkError | None:
        proved = self._mechanism is None or self._mechanism.proved
        self._stop()
        if not proved and line.command == "903":
            self._lie = NetworkError(
                "the server claims a login, and did not prove that it knows the password"
            )
        return self._lie

    def _distrust(self, why: str) -> None:
        """Give up on a server that is not who it should be: no weaker mechanism is shown to it either."""
        _log.error("%s: SASL %s: %s; nothing more is tried", self._network, self.name, why)
        self._lie = NetworkError(f"the server is not to be trusted with a login: {why}")
        self._left = []
        self._abort()

    def _abort(self) -> None:
        self._mechanism, self._challenge = None, ""
        self._say("AUTHENTICATE *")

    def _next(self) -> None:
        self.name = self._left.pop(0)
        self._mechanism = mechanism(self.name, self._sasl)
        self._challenge = ""
        self.under_way = True
        self._say(f"AUTHENTICATE {self.name}")

    def _stop(self) -> None:
        self.under_way, self._mechanism, self._challenge = False, None, ""


def _among(name: str, offered: str) -> bool:
    return not offered or name in offered.upper().split(",")
