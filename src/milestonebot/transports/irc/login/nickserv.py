"""Logging in to a nick service with a password, for networks without SASL.

Services speak sentences, not numerics: Atheme's, Anope's and OFTC's own are known here. That a
login came off is told by the server as well: 900, mode +r, account-notify.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milestonebot.secret import Secret

if TYPE_CHECKING:
    from milestonebot.transports.irc.settings import NickServ

NICK_SERVICE = "NickServ"

_DONE = re.compile(
    r"you are (?:now |already |successfully )*(?:identified|recognized|logged in|authenticated)"
    r"|password accepted",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:invalid|incorrect|wrong|bad) password|password (?:is )?(?:incorrect|invalid)|incorrect\."
    r"|(?:is not|isn'?t|not) (?:a )?registered|no such (?:nick|account)",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"(?:invalid|unknown|no such) command", re.IGNORECASE)
_MORE = re.compile(r"(?:insufficient|not enough|missing) param", re.IGNORECASE)
_ASKS = re.compile(r"nick(?:name)? is (?:registered|owned)|is a registered nick", re.IGNORECASE)
_CODES = re.compile(r"[\x02\x0f\x11\x16\x1d\x1e\x1f]|\x03(?:\d{1,2}(?:,\d{1,2})?)?")


def identify(nickserv: NickServ, nick: str, wanted: str) -> Secret:
    """Return the line that logs in; under another nick than the `wanted` one, the account is named."""
    account = nickserv.account or (wanted if nick != wanted else None)
    password = nickserv.password.reveal()
    words = [account, password] if account else [password]
    if nickserv.password_first:
        words.reverse()
    return Secret(to_service(nickserv, f"IDENTIFY {' '.join(words)}"))


def to_service(nickserv: NickServ | None, request: str) -> str:
    """Return the line that puts `request` to the services: by the server's own command where there is one."""
    if nickserv is None:
        return f"PRIVMSG {NICK_SERVICE} :{request}"
    if nickserv.command:
        return f"{nickserv.command} {request}"
    at = f"@{nickserv.server}" if nickserv.server else ""
    return f"PRIVMSG {nickserv.name}{at} :{request}"


def verdict(text: str) -> bool | None:
    """Tell whether a notice of the service says that the login came off; None says neither."""
    said = _CODES.sub("", text)
    if _DONE.search(said):
        return True
    return False if _FAILED.search(said) else None


def knows_not(text: str) -> bool:
    """Tell whether a notice says that there is no such command."""
    return _UNKNOWN.search(_CODES.sub("", text)) is not None


def wants_more(text: str) -> bool:
    """Tell whether a notice says that a parameter is missing, such as a password."""
    return _MORE.search(_CODES.sub("", text)) is not None


def asks(text: str) -> bool:
    """Tell whether a notice asks us to log in, since the nick is registered."""
    return _ASKS.search(_CODES.sub("", text)) is not None


def regain(nickserv: NickServ | None, nick: str) -> str:
    """Return the line that takes a nick of our account back (Atheme, OFTC)."""
    return to_service(nickserv, f"REGAIN {nick}")


def regain_by_password(nickserv: NickServ | None, nick: str, password: Secret) -> Secret:
    """Return the line that does so with services that do not know us by our login."""
    return Secret(to_service(nickserv, f"REGAIN {nick} {password.reveal()}"))


def ghost(nickserv: NickServ | None, nick: str) -> str:
    """Return the line that throws out who has a nick of our account (Anope and others)."""
    return to_service(nickserv, f"GHOST {nick}")
