"""What a maintainer can set for an IRC network: plain values, already checked. All times are seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from milestonebot.secret import Secret


_CHANNEL = re.compile(r"[#&+!][^\s,\x07:]{1,199}")


def is_channel(name: str) -> bool:
    """Tell whether `name` is written as a channel is (RFC 2812, section 1.3)."""
    return _CHANNEL.fullmatch(name) is not None and name.isprintable()


@dataclass(frozen=True, slots=True)
class Server:
    """One server of a network."""

    host: str
    port: int = 6697
    tls: bool = True
    fingerprints: tuple[str, ...] = ()
    """SHA-256 of its certificate in hex, colons or not; where there are any, no authority is asked."""
    password: Secret | None = None
    """What the server itself wants to hear of everybody (PASS: RFC 2812, section 3.1.1)."""


@dataclass(frozen=True, slots=True)
class Sasl:
    """An account to log in to before the connection is registered."""

    username: str
    password: Secret | None = None
    required: bool = False
    """Whether the network is left where the login fails."""
    mechanisms: tuple[str, ...] = ("PLAIN",)
    """Of `sasl.MECHANISMS`, in the order in which they are tried."""
    key: EllipticCurvePrivateKey | None = None
    """The private key for ECDSA-NIST256P-CHALLENGE."""


@dataclass(frozen=True, slots=True)
class NickServ:
    """A nick service to log in with, where there is no SASL."""

    password: Secret
    account: str | None = None
    """None is the account of the nick."""
    name: str = "NickServ"
    command: str = ""
    """The server's own command that reaches services alone, such as NICKSERV; else they are sent messages."""
    server: str = ""
    """Of the services: what is sent to a nick there reaches nobody elsewhere (RFC 2812, section 3.3.1)."""
    password_first: bool = False
    """Whether IDENTIFY is followed by the password and then the account, as OFTC's services have it."""

    @property
    def sure(self) -> bool:
        """Tell whether what is sent can reach nobody but services, whoever has their nick."""
        return bool(self.command or self.server)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast lines go out: `burst` at once, then one in `every` seconds."""

    burst: int = 5
    every: float = 2.0


PACES: Mapping[str, Pace] = {
    "standard": Pace(),
    "oftc": Pace(4, 1.2),
    "libera": Pace(4, 0.6),
}
"""By the name of the network's rules, a little slower than its servers allow: OFTC's hybrid (packet.h,
MAX_FLOOD) lets 5 lines through at once and then one a second, Libera.Chat's Solanum (reference.conf,
client_flood_*) 5 and then two a second. The standard is RFC 1459, section 8.10."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long is waited for what, in seconds."""

    connect: float = 15.0
    """For a host's addresses, and for a connection to each of them, TLS included."""
    register: float = 60.0
    """From the connection to the server's welcome."""
    identify: float = 20.0
    """For services to say who we are; then the rooms are joined all the same."""
    confirm: float = 30.0
    """For the server to take what was said under a key."""
    ping: float = 30.0
    """For the server to say anything, before it is asked; and then for each of its two chances to answer."""
    rejoin: float = 60.0
    """Before a room is asked for again that refused, or from which the bot was kicked; then doubling."""
    longest_rejoin: float = 900.0
    ghost: float = 600.0
    """For a server to drop a dead connection of ours, at the most."""
    look: float = 5.0
    """Between two looks whether it has."""
    answer: float = 60.0
    """For the server to answer a question of ours."""
    regain: float = 120.0
    """Between two tries to take the configured nick back."""
    reconnect: float = 2.0
    """After the first failure; then doubling."""
    longest_reconnect: float = 300.0
    stable: float = 60.0
    """After so long a connection counts as good, and waiting begins anew."""
    leave: float = 3.0
    """For what is under way to be said before the connection is left; together with `quit` under 5 s."""
    quit: float = 1.0
    """For the server to close the connection after QUIT."""


@dataclass(frozen=True, slots=True)
class IrcSettings:
    """One IRC network."""

    name: str
    """What the config calls the network."""
    nick: str
    servers: tuple[Server, ...]
    """Tried in turn."""
    username: str = "milestonebot"
    realname: str = "milestonebot"
    sasl: Sasl | None = None
    nickserv: NickServ | None = None
    certificate: Path | None = None
    """A file in PEM with our certificate and its key, which TLS shows to the server (CertFP)."""
    folder: Path | None = None
    """Where what must outlive the process is kept: STS policies; None keeps nothing."""
    rooms: tuple[str, ...] = ()
    notices: bool = True
    """Whether it answers in NOTICE; see docs/decisions/irc.md."""
    formatting: bool = True
    """Whether bold and italic are used."""
    pace: Pace | None = field(default_factory=Pace)
    """RFC 1459, section 8.10, is where the defaults come from; None sets no limit."""
    waits: Waits = field(default_factory=Waits)
    repeat_in_doubt: bool = True
    """Whether an announcement is said again of which nothing tells whether it arrived."""
