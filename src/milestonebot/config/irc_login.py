"""How the bot is somebody on an IRC network: SASL, a certificate, NickServ."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from milestonebot import secret
from milestonebot.config.elsewhere import Given, NetworkSecret, Surroundings, uses
from milestonebot.config.options import Entry
from milestonebot.transports.irc.login.sasl import load_key
from milestonebot.transports.irc.settings import NickServ, Sasl

if TYPE_CHECKING:
    from pydantic import SecretStr


def _account(text: str) -> str:
    if not text.isprintable() or " " in text or not text:
        raise ValueError(f"{text[:40]!r} is no name of an account: it has no spaces")
    return text


def _key(path: object, info: ValidationInfo) -> object:
    """Read a private key where its file is named; what is wrong with it is told now and not at the login."""
    if isinstance(path, str) and isinstance(info.context, Surroundings):
        if not uses(info, "networks"):
            return path
        try:
            return load_key(info.context.value({"file": path}).encode())
        except ValueError as error:
            raise ValueError(f"{path[:60]!r}: {error}") from None
    raise ValueError("expected the path of a file")


def _certificate(path: object, info: ValidationInfo) -> Path:
    """Find the file, and see that it holds a certificate and its key."""
    if not isinstance(path, str) or not isinstance(info.context, Surroundings):
        raise ValueError("expected the path of a file")  # noqa: TRY004 - pydantic tells ValueErrors
    if not uses(info, "networks"):
        return Path(path)
    found = info.context.find(path)
    try:
        # A password is never asked for: at a terminal, OpenSSL would.
        ssl.create_default_context().load_cert_chain(found, password="")
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise ValueError(
            f"{path[:60]!r} does not hold a certificate and its key, in PEM and without a password: {why}"
        ) from None
    return found


Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "EXTERNAL", "ECDSA-NIST256P-CHALLENGE", "PLAIN"]
BY_PASSWORD: tuple[Mechanism, ...] = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
PLAIN_TEXT: Mechanism = "PLAIN"
"""The one that tells the password itself."""
EXTERNAL: Mechanism = "EXTERNAL"
ECDSA: Mechanism = "ECDSA-NIST256P-CHALLENGE"
_A_PATH = WithJsonSchema({"type": "string"})
EcdsaKey = Annotated[Any, BeforeValidator(_key), _A_PATH]
Certificate = Annotated[Path, BeforeValidator(_certificate), _A_PATH]
Account = Annotated[Given, AfterValidator(_account)]


class SaslEntry(Entry):
    """The account to log in to while connecting."""

    mechanisms: Annotated[
        list[Mechanism],
        Field(
            min_length=1,
            description="How to log in, in the order in which it is tried; without it, all that the other "
            "keys allow, the safest first.",
        ),
    ] = Field(default_factory=list)
    username: Annotated[Account, Field(description="The account.")]
    password: Annotated[NetworkSecret | None, Field(description="Its password.")] = None
    ecdsa_key: Annotated[
        EcdsaKey, Field(description="A file with the private key for ECDSA-NIST256P-CHALLENGE, in PEM.")
    ] = None
    required: Annotated[
        bool, Field(description="Whether the network is left where the login fails; else it is used without.")
    ] = False


_SERVER = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
ServicesName = Literal["standard", "oftc", "libera"]
_NICKSERV = "NICKSERV"


def _command(text: str) -> str:
    if not (text.isascii() and text.isalpha()):
        raise ValueError(f"{text[:40]!r} is no command of a server: write it as {_NICKSERV}")
    return text.upper()


def _services_server(text: str) -> str:
    if not _SERVER.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no name of a server: write it as WHOIS NickServ tells it")
    return text


class NickServEntry(Entry):
    """Logging in with NickServ, where there is no SASL."""

    password: Annotated[NetworkSecret, Field(description="The account's password.")]
    account: Annotated[
        Account | None, Field(description="The account, where it is not that of the nick.")
    ] = None
    services: Annotated[
        ServicesName,
        Field(
            description="How the services are talked to: `standard` (messages to NickServ, once WHOIS has "
            "told that it is a service), `oftc` or `libera` (the server's own command, which reaches nobody "
            "else)."
        ),
    ] = "standard"
    command: Annotated[
        Annotated[Given, AfterValidator(_command)] | None,
        Field(description="The server's own command that reaches services alone, such as NICKSERV."),
    ] = None
    server: Annotated[
        Annotated[Given, AfterValidator(_services_server)] | None,
        Field(description="The services' server: messages go to NickServ there and to nobody else."),
    ] = None


def sasl_settings(entry: SaslEntry | None, certificate: Path | None) -> Sasl | None:
    """Return what the transport is told of the account."""
    if entry is None:
        return None
    password = None if entry.password is None else revealed(entry.password)
    return Sasl(entry.username, password, entry.required, mechanisms(entry, certificate), entry.ecdsa_key)


def mechanisms(entry: SaslEntry, certificate: Path | None) -> tuple[str, ...]:
    """Return those of the config, or those that it has the means for, without a password first."""
    if entry.mechanisms:
        return tuple(entry.mechanisms)
    return (
        *((EXTERNAL,) if certificate is not None else ()),
        *((ECDSA,) if entry.ecdsa_key is not None else ()),
        *(BY_PASSWORD if entry.password is not None else ()),
    )


def nickserv_settings(entry: NickServEntry | None) -> NickServ | None:
    """Return what the transport is told of NickServ."""
    if entry is None:
        return None
    own = "" if entry.services == "standard" or entry.server is not None else _NICKSERV
    return NickServ(
        revealed(entry.password),
        entry.account,
        command=entry.command or own,
        server=entry.server or "",
        password_first=entry.services == "oftc",
    )


def revealed(given: SecretStr) -> secret.Secret:
    """Return a secret as the rest of the bot knows it."""
    return secret.Secret(given.get_secret_value())
