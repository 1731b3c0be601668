"""A network of `kind: irc`: its servers, the bot's account there, and its channels."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from milestonebot.config.elsewhere import Given, NetworkSecret, Unread
from milestonebot.config.irc_login import (
    Certificate,
    NickServEntry,
    SaslEntry,
    nickserv_settings,
    revealed,
    sasl_settings,
)
from milestonebot.config.options import (
    IN_DOUBT,
    Emptied,
    Entry,
    InDoubt,
    Off,
    Reconnect,
    RoomEntry,
    RoomOptions,
)
from milestonebot.config.values import Duration, NetworkName, room_name
from milestonebot.transports.irc.settings import PACES, IrcSettings, Pace, Server, Waits, is_channel

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

_HOST = re.compile(r"(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::(\d+))?")
_KEY = re.compile(r"(?!:)[^\s,\x00-\x1f\x7f]{1,100}")
# RFC 2812, section 2.3.1, allows 23 of ASCII; a comma divides the keys of one JOIN, and servers differ
# in how many they take and in which letters.
_WITH_PORT = re.compile(r"([\w.-]+):(\d+)")
_MOST_OF_A_NAME = 253
"""Characters of a name in the DNS (RFC 1035, section 2.3.4), without the dot at its end."""
# RFC 2812, section 2.3.1, and letters of any script, which some networks allow.
_NICK = re.compile(r"(?:[^\W\d]|[\[\]\\`^{|}])[\w\[\]\\`^{|}-]{0,29}")
_USERNAME = re.compile(r"[A-Za-z0-9._-]{1,20}")
_FINGERPRINT = re.compile(r"(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}")


def _host(text: str) -> str:
    """Return a name or an address, which may be one of IPv6 without brackets."""
    try:
        ip_address(text)
    except ValueError:
        # What ends in a number is an address, and this is none.
        number = text.rpartition(".")[2].isdigit()
        if number or not _HOST.fullmatch(text) or len(text) > _MOST_OF_A_NAME:
            raise ValueError(f"{text[:60]!r} is no server: write {_host_meant(text)}") from None
    return text


def _host_meant(text: str) -> str:
    """Return how to write what holds a port, or brackets, which a link needs."""
    if (found := _BRACKETED.fullmatch(text)) is not None:
        host = f'host: "{found[1]}"'
    elif (found := _WITH_PORT.fullmatch(text)) is not None:
        host = f"host: {found[1]}"
    else:
        return "its name alone, as irc.oftc.net"
    return f"{host}, port: {found[2][:5]}" if found[2] else host


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


def _fingerprint(text: str) -> str:
    if not _FINGERPRINT.fullmatch(text):
        raise ValueError("expected the SHA-256 of a certificate: 64 hexadecimal digits, colons or not")
    return text.replace(":", "").lower()


def _keyless(text: str) -> str:
    """Return `text`; tell where a key belongs that stands behind the channel, as in `/join #nova key`."""
    name, space, key = text.strip().partition(" ")
    if space and key.strip() and is_channel(name):
        # What may be a key is not shown: it is a secret.
        meant = f'if "{name[:60]}" is followed by its key, write {{name: "{name[:60]}", key: {{env: NAME}}}}'
        raise ValueError(f"a channel's name ends at a space; {meant}")
    return text


def _channel(text: str) -> str:
    if not is_channel(text):
        raise ValueError(f"{text[:60]!r} is no channel: it begins with #, and has no comma, colon or space")
    return text


def _key(key: SecretStr | None) -> SecretStr | None:
    if key is None or isinstance(key, Unread) or _KEY.fullmatch(key.get_secret_value()):
        return key
    raise ValueError("this is no key of a channel: it has no space, comma or control, no colon first")


Channel = Annotated[str, AfterValidator(_keyless), AfterValidator(room_name), AfterValidator(_channel)]


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
        NetworkSecret | None, Field(description="What the server itself asks everybody for; hardly any does.")
    ] = None


class IrcRoom(RoomEntry):
    """A channel and what is set for it."""

    name: Annotated[Channel, Field(description='The channel\'s name, in quotes: "#nova".')]
    key: Annotated[
        NetworkSecret | None,
        AfterValidator(_key),
        Field(description="What it is joined with, where it has a key (mode +k)."),
    ] = None


class PaceEntry(Entry):
    """How fast lines go out."""

    burst: Annotated[int, Field(ge=1, le=1000, description="Lines that may go out at once.")] = 5
    every: Annotated[Duration, Field(description="The pause between two lines after that.")] = 2.0


PaceName = Literal["standard", "oftc", "libera"]


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
    certificate: Annotated[
        Certificate | None,
        Field(description="A file with a certificate of the bot's own and its key, in PEM, for CertFP."),
    ] = None
    rooms: Annotated[
        Emptied[Channel | IrcRoom],
        Field(description="The channels to be in: names, or names with what is set for them."),
    ] = Field(default_factory=list)
    notices: Annotated[
        bool, Field(description="Whether the bot answers in NOTICE, as RFC 1459 wants it, or in PRIVMSG.")
    ] = True
    formatting: Annotated[bool, Field(description="Whether it uses bold and italic.")] = True
    pace: Annotated[
        PaceEntry | PaceName | Off,
        Field(
            description="How fast lines go out: `standard` (as RFC 1459 reckons), `oftc`, `libera`, numbers "
            "of your own, or `off` for a server that sets no limit."
        ),
    ] = "standard"
    reconnect: Annotated[Reconnect, Field(description="How soon a lost network is tried again.")] = (
        Reconnect()
    )
    in_doubt: Annotated[InDoubt, Field(description=IN_DOUBT)] = "repeat"


def irc_settings(entry: IrcNetwork, state: Path) -> IrcSettings:
    """Return what the transport is told; what it remembers is kept in a folder of its own below `state`."""
    return IrcSettings(
        name=entry.name,
        nick=entry.nick,
        servers=tuple(_server(each) for each in entry.servers),
        username=entry.username,
        realname=entry.realname,
        sasl=sasl_settings(entry.sasl, entry.certificate),
        nickserv=nickserv_settings(entry.nickserv),
        certificate=entry.certificate,
        folder=state / entry.name,
        pace=_pace(entry.pace),
        rooms=tuple(room.name if isinstance(room, RoomEntry) else room for room in entry.rooms),
        notices=entry.notices,
        formatting=entry.formatting,
        waits=Waits(reconnect=entry.reconnect.initial, longest_reconnect=entry.reconnect.max),
        repeat_in_doubt=entry.in_doubt == "repeat",
    )


def _server(entry: IrcServer) -> Server:
    password = None if entry.password is None else revealed(entry.password)
    return Server(entry.host, entry.port, entry.tls, tuple(entry.tls_fingerprints), password)


def _pace(entry: PaceEntry | PaceName | Literal[False]) -> Pace | None:
    if entry is False:
        return None
    return Pace(entry.burst, entry.every) if isinstance(entry, PaceEntry) else PACES[entry]
