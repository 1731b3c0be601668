"""InspIRCd 3: an IRC server with nearly all of IRCv3."""

from dataclasses import dataclass
from pathlib import Path

from scripts.setup_servers import find
from tests.servers import templates
from tests.servers.daemon import Daemon, Program, runnable_copy
from tests.servers.tls import Certificate
from tests.servers.warden import unprivileged

NETWORK = "TestNet"
SERVER = "irc.test"
SERVICES = "services.test"
OPER = "oper"
OPER_PASSWORD = "oper-password"  # noqa: S105 - of a server on loopback that lives for one test run
LINK_PASSWORD = "link-password"  # noqa: S105 - likewise


@dataclass(frozen=True, slots=True)
class Ports:
    """Where it listens on 127.0.0.1."""

    plain: int
    """With a public network's flood limits: one command a second, ten at once; 10 KiB unread input."""
    fast: int
    """Without flood limits, for those who watch the bot."""
    tls: int
    """As `plain`, over TLS; asks for a client's certificate."""
    untrusted: int
    """As `tls`, with the certificate of an authority that nobody trusts."""
    services: int
    """For Atheme."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs from test to test."""

    pingfreq: str = "2m"
    """How long a client may be silent before it is asked, and then may be silent until it is dropped."""
    fakelag: bool = True
    """Whether a client that says too much is read slowly; else it is dropped for "Excess Flood"."""
    at_once: int = 10
    """Lines that are taken at once."""
    a_second: int = 1
    """Lines that are taken in a second after that."""


@dataclass(frozen=True, slots=True)
class Place:
    """One server's place in its network."""

    name: str = SERVER
    id: str = "1AA"
    links: tuple[tuple[str, int], ...] = ()
    """The servers that it knows, by name and port; an operator's CONNECT links it to them."""


def inspircd(  # noqa: PLR0913, PLR0917 - what a server is made of
    folder: Path,
    ports: Ports,
    settings: Settings,
    certificate: Certificate,
    untrusted: Certificate,
    place: Place = Place(),
) -> Daemon:
    """Configure an InspIRCd in a folder."""
    program = find("inspircd")
    assert program is not None
    config = templates.write(
        "inspircd.conf",
        folder,
        network=NETWORK,
        server=place.name,
        id=place.id,
        links="\n".join(_link(name, port) for name, port in place.links),
        services_name=SERVICES,
        link_password=LINK_PASSWORD,
        oper=OPER,
        oper_password=OPER_PASSWORD,
        plain=ports.plain,
        fast=ports.fast,
        tls=ports.tls,
        untrusted=ports.untrusted,
        services=ports.services,
        certificate=certificate.certificate,
        key=certificate.key,
        untrusted_certificate=untrusted.certificate,
        untrusted_key=untrusted.key,
        pingfreq=settings.pingfreq,
        threshold=settings.at_once,
        commandrate=1000 * settings.a_second,
        fakelag="yes" if settings.fakelag else "no",
    )
    return Daemon(
        Program(
            "inspircd",
            [runnable_copy(program, folder), "--nofork", "--config", config],
            folder,
            ready="InspIRCd is now running as",
            user=unprivileged(),
        )
    )


def _link(name: str, port: int) -> str:
    return (
        f'<link name="{name}" ipaddr="127.0.0.1" port="{port}" allowmask="127.0.0.1" '
        f'sendpass="{LINK_PASSWORD}" recvpass="{LINK_PASSWORD}">'
    )
