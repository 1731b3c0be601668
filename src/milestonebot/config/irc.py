"""A network of `kind: irc`: its servers, the bot's account there, and its channels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from milestonebot import secret
from milestonebot.config.elsewhere import Given, Secret
from milestonebot.config.options import IN_DOUBT, Emptied, Entry, InDoubt, Reconnect, RoomEntry, RoomOptions
from milestonebot.config.values import NetworkName, RoomName
from milestonebot.transports.irc.settings import IrcSettings, NickServ, Sasl, Server, Waits

if TYPE_CHECKING:
    from pydantic import SecretStr

_HOST = re.compile(r"[\w.:-]+")
# RFC 2812, section 2.3.1, and letters of any script, which some networks allow.
_NICK = re.compile(r"(?:[^\W\d]|[\[\]\\`^{|}])[\w\[\]\\`^{|}-]{0,29}")
_USERNAME = re.compile(r"[A-Za-z0-9._-]{1,20}")
_FINGERPRINT = re.compile(r"(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}")
_CHANNEL = re.compile(r"[#&+!][^\s,\x07:]{1,199}")


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no server: write its name alone, as irc.oftc.net")
    return text


def _nick(text: str) -> str:
    if not _NICK.fullmatch(text):
        raise ValueError(
            f"{text[:40]!r} is no nick: letters, digits and []\\`_^{{|}}-, no digit first, 30 at most"
        )
    return text


def _username(text: str) -> str:
    if not _USERNAME.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no username: letters, digits and . _ -, 20 at most")
    return text


def _realname(text: str) -> str:
    if not text.isprintable() or not 1 <= len(text) <= 100:  # noqa: PLR2004 - what servers keep of it
        raise ValueError("expected one line of at most 100 characters")
    return text


def _account(text: str) -> str:
    if not text.isprintable() or " " in text or not text:
        raise ValueError(f"{text[:40]!r} is no name of an account: it has no spaces")
    return text


def _fingerprint(text: str) -> str:
    if not _FINGERPRINT.fullmatch(text):
        raise ValueError("expected the SHA-256 of a certificate: 64 hexadecimal digits, colons or not")
    return text.replace(":", "").lower()


def _channel(text: str) -> str:
    if not _CHANNEL.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no channel: it begins with #, and has no comma, colon or space")
    return text


Mechanism = Literal["PLAIN"]
_PLAIN: Mechanism = "PLAIN"
Account = Annotated[Given, AfterValidator(_account)]
Channel = Annotated[RoomName, AfterValidator(_channel)]


class IrcServer(Entry):
    """One server of the network."""

    host: Annotated[
        Given, AfterValidator(_host), Field(description="Its name or address, such as irc.oftc.net.")
    ]
    port: Annotated[int, Field(ge=1, le=65_535, description="Its port; 6697 is TLS, 6667 plain text.")] = 6697
    tls: Annotated[
        bool, Field(description="Whether the connection is encrypted, and the server's certificate checked.")
    ] = True
    tls_fingerprints: Annotated[
        list[Annotated[str, AfterValidator(_fingerprint)]],
        Field(description="SHA-256 of the certificates that are trusted; no authority is asked then."),
    ] = Field(default_factory=list)
    password: Annotated[
        Secret | None, Field(description="What the server itself asks everybody for; hardly any does.")
    ] = None

    @model_validator(mode="after")
    def _pins_need_tls(self) -> Self:
        if self.tls_fingerprints and not self.tls:
            raise ValueError("tls_fingerprints need tls: true; plain text has no certificate")
        return self


class SaslEntry(Entry):
    """The account to log in to while connecting."""

    mechanisms: Annotated[
        list[Mechanism], Field(min_length=1, description="How to log in; in this version by PLAIN alone.")
    ] = Field(default_factory=lambda: [_PLAIN])
    username: Annotated[Account, Field(description="The account.")]
    password: Annotated[Secret, Field(description="Its password.")]
    required: Annotated[
        bool, Field(description="Whether the network is left where the login fails; else it is used without.")
    ] = False


class NickServEntry(Entry):
    """Logging in with NickServ, where there is no SASL."""

    password: Annotated[Secret, Field(description="The account's password.")]
    account: Annotated[
        Account | None, Field(description="The account, where it is not that of the nick.")
    ] = None


class IrcRoom(RoomEntry):
    """A channel and what is set for it."""

    name: Annotated[Channel, Field(description='The channel\'s name, in quotes: "#nova".')]


class IrcNetwork(RoomOptions):
    """One IRC network."""

    name: Annotated[NetworkName, Field(description="The network's name, as `network/room` begins with.")]
    kind: Annotated[Literal["irc"], Field(description="IRC.")]
    nick: Annotated[
        Given,
        AfterValidator(_nick),
        Field(description="The nick; nick_ where it is in use, until it is free."),
    ]
    username: Annotated[
        Given, AfterValidator(_username), Field(description="What stands before the @ in the bot's mask.")
    ] = "milestonebot"
    realname: Annotated[
        Given, AfterValidator(_realname), Field(description="What /whois tells: whose bot it is, say.")
    ] = "milestonebot"
    servers: Annotated[list[IrcServer], Field(min_length=1, description="The servers, tried in turn.")]
    sasl: Annotated[SaslEntry | None, Field(description="The account to log in to while connecting.")] = None
    nickserv: Annotated[
        NickServEntry | None, Field(description="Logging in with NickServ, where there is no SASL.")
    ] = None
    rooms: Annotated[
        Emptied[Channel | IrcRoom],
        Field(description="The channels to be in: names, or names with what is set for them."),
    ] = Field(default_factory=list)
    notices: Annotated[
        bool, Field(description="Whether the bot answers in NOTICE, as RFC 1459 wants it, or in PRIVMSG.")
    ] = True
    formatting: Annotated[bool, Field(description="Whether it uses bold and italic.")] = True
    reconnect: Annotated[Reconnect, Field(description="How soon a lost network is tried again.")] = (
        Reconnect()
    )
    in_doubt: Annotated[InDoubt, Field(description=IN_DOUBT)] = "repeat"


def irc_settings(entry: IrcNetwork) -> IrcSettings:
    """Return what the transport is told."""
    return IrcSettings(
        name=entry.name,
        nick=entry.nick,
        servers=tuple(_server(each) for each in entry.servers),
        username=entry.username,
        realname=entry.realname,
        sasl=_sasl(entry.sasl),
        nickserv=_nickserv(entry.nickserv),
        rooms=tuple(room.name if isinstance(room, RoomEntry) else room for room in entry.rooms),
        notices=entry.notices,
        formatting=entry.formatting,
        waits=Waits(reconnect=entry.reconnect.initial, longest_reconnect=entry.reconnect.max),
        repeat_in_doubt=entry.in_doubt == "repeat",
    )


def _server(entry: IrcServer) -> Server:
    password = None if entry.password is None else _secret(entry.password)
    return Server(entry.host, entry.port, entry.tls, tuple(entry.tls_fingerprints), password)


def _sasl(entry: SaslEntry | None) -> Sasl | None:
    return None if entry is None else Sasl(entry.username, _secret(entry.password), entry.required)


def _nickserv(entry: NickServEntry | None) -> NickServ | None:
    return None if entry is None else NickServ(_secret(entry.password), entry.account)


def _secret(given: SecretStr) -> secret.Secret:
    return secret.Secret(given.get_secret_value())
