"""The `irc` package's asyncio client, hardened: the only file that imports it.

The package connects, introduces us and cuts what comes into lines. What it does with a line is
replaced, since there an exception closes the connection, and so is what it does when a connection
ends and when something is sent; see docs/decisions/irc.md. None of the package's own log lines that
hold what was sent or heard is ever reached: they would hold passwords.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
import ssl
from hashlib import sha256
from itertools import zip_longest
from typing import TYPE_CHECKING

from irc.client_aio import AioConnection, AioReactor, IrcProtocol
from irc.connection import AioFactory

from milestonebot.errors import NetworkError, Refused, reason
from milestonebot.transports.irc.wire.lines import Unsendable, compose, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from milestonebot.transports.irc.settings import IrcSettings, Server
    from milestonebot.transports.irc.wire.ears import Ears

_log = logging.getLogger(__name__)

LONGEST = 16_384
"""Bytes of a line; tags and all, no server sends as many (IRCv3 message-tags allows 8,191 of tags)."""


_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
_HANG_UP = 1.0
"""Seconds for a server that is not trusted to let go of the connection."""


class Buffer:
    """Cuts lines, in UTF-8 or else Latin-1; a line that does not end is dropped up to its end.

    It takes the place of the package's, which cuts and decodes each line for itself.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.buffer = b""
        self._dropping = False

    def feed(self, data: bytes) -> None:
        """Take what came."""
        if self._dropping:
            _, end, data = data.partition(b"\n")
            if not end:
                return
            self._dropping = False
        self.buffer += data

    def __iter__(self) -> Iterator[str]:
        """Yield the lines that are complete."""
        whole, end, self.buffer = self.buffer.rpartition(b"\n")
        if len(self.buffer) > LONGEST:
            self.buffer, self._dropping = b"", True
        return iter(_lines(whole) if end else ())


def _lines(whole: bytes) -> list[str]:
    """Return the lines of what ends where a line does, less that last end."""
    try:
        lines = whole.decode().replace("\r\n", "\n").removesuffix("\r").split("\n")
    except UnicodeDecodeError:
        parts = (part.removesuffix(b"\r") for part in whole.split(b"\n"))
        return [_decoded(part) for part in parts if len(part) <= LONGEST]
    return lines if len(whole) <= LONGEST else [line for line in lines if _fits(line)]


def _fits(line: str) -> bool:
    # A character has four bytes at most.
    return len(line) <= LONGEST // 4 or len(line.encode()) <= LONGEST


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


class _Protocol(IrcProtocol):
    connection: Wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            # Nothing is read, and so nothing answered, before the server is known to be the right one.
            transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.connection.lost(_told(exc) if exc else "the server closed the connection")

    def pause_writing(self) -> None:
        self.connection.writable = False

    def resume_writing(self) -> None:
        self.connection.writable = True
        self.connection.ears.writable()


class Wire(AioConnection):
    """One connection to a server; nothing is read before `listen`."""

    buffer_class = Buffer
    protocol_class = _Protocol
    transport: asyncio.Transport

    def __init__(self, reactor: AioReactor, ears: Ears) -> None:
        super().__init__(reactor)
        self.ears = ears
        self.writable = True
        self.gone = asyncio.Event()
        """Set when the connection is closed."""

    def process_data(self, new_data: bytes) -> None:
        """Take what came."""
        self.buffer.feed(new_data)
        for line in self.buffer:
            if line:
                self._process_line(line)
        self.ears.caught_up()
        self._acknowledge()

    def _acknowledge(self) -> None:
        """Acknowledge what came now and not 40 ms later.

        Some servers, InspIRCd for one, send nothing more until then (Nagle's algorithm: RFC 896).
        """
        if _QUICKACK is not None and not self.transport.is_closing():
            # It holds for a while only: Linux, tcp(7).
            self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)

    def _process_line(self, line: str) -> None:
        try:
            self.ears.line(line)
        except Exception:  # noqa: BLE001 - it is logged
            # Whatever a server says, the connection outlives it.
            _log.exception("a line of the server could not be dealt with")

    def send_raw(self, string: str) -> None:
        """Send a line of the package's own, NICK or USER."""
        self.send([encode(string)])

    def send(self, lines: Sequence[bytes]) -> None:
        """Send whole lines at once."""
        if not self.transport.is_closing():
            self.transport.write(b"".join(lines))

    def listen(self) -> None:
        """Begin to read."""
        self.transport.resume_reading()

    def lost(self, reason: str) -> None:
        """Take note that the connection is closed."""
        self.connected = False
        self.gone.set()
        self.ears.closed(reason)

    async def close(self, within: float) -> None:
        """Close it when what was written is out, or after so many seconds all the same."""
        self.transport.close()
        try:
            async with asyncio.timeout(within):
                await self.gone.wait()
        except TimeoutError:
            self.transport.abort()
            await self.gone.wait()


async def dial(settings: IrcSettings, server: Server, ears: Ears) -> Wire:
    """Connect to `server`, each of its addresses in turn, and introduce the bot.

    Raises NetworkError, which says what went wrong last, and Refused where the config is to blame.
    """
    failure = NetworkError(f"{server.host}: it has no address")
    try:
        async with asyncio.timeout(settings.waits.connect):
            addresses = await _addresses(server)
    except TimeoutError:
        raise NetworkError(f"{server.host}: its address is not told in time") from None
    except (OSError, UnicodeError) as error:
        raise NetworkError(f"{server.host}: {_told(error)}") from None
    for address in addresses:
        try:
            async with asyncio.timeout(settings.waits.connect):
                return await _dial(settings, server, address, ears)
        except TimeoutError:
            failure = NetworkError(f"{address}: no connection within {settings.waits.connect:g} s")
        except OSError as error:
            failure = NetworkError(f"{address}: {_told(error)}")
        except Refused:
            raise
        except NetworkError as error:
            failure = error
    raise failure


async def _addresses(server: Server) -> list[str]:
    """Return the addresses of `server`, the families by turns: one of them may be broken here (RFC 8305)."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    families: dict[int, list[str]] = {}
    for family, _, _, _, place in found:
        families.setdefault(family, []).append(str(place[0]))
    return [each for turn in zip_longest(*families.values()) for each in turn if each is not None]


async def _dial(settings: IrcSettings, server: Server, address: str, ears: Ears) -> Wire:
    def begin(_protocol: object, transport: asyncio.Transport) -> None:
        wire.transport = transport
        # Before anything else, so that a server that knows capabilities waits with its welcome.
        wire.send_raw("CAP LS 302")
        if server.password is not None:
            wire.send_raw(compose("PASS", server.password.reveal()))

    wire = Wire(AioReactor(on_connect=begin, loop=asyncio.get_running_loop()), ears)
    try:
        await wire.connect(
            address,
            server.port,
            settings.nick,
            username=settings.username,
            ircname=settings.realname,
            connect_factory=_Opener(server, settings.certificate),
        )
    except Unsendable as error:
        wire.transport.abort()
        await wire.gone.wait()
        raise Refused(f"nick, username, realname or password cannot be sent: {error}") from None
    return wire


class _Opener:
    """What the package calls for a connection: with TLS as the config wants it, and checked."""

    def __init__(self, server: Server, certificate: Path | None) -> None:
        self._server = server
        tls = {"ssl": _context(server, certificate), "server_hostname": server.host} if server.tls else {}
        self._open = AioFactory(**tls)

    async def __call__(
        self, protocol: _Protocol, address: tuple[str, int]
    ) -> tuple[asyncio.Transport, _Protocol]:
        transport, protocol = await self._open(protocol, address)
        if self._server.tls and self._server.fingerprints:
            certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
            found = sha256(certificate or b"").hexdigest()
            if not any(hmac.compare_digest(found, _bare(pin)) for pin in self._server.fingerprints):
                # The handshake is brought to its end: the server sees a client that leaves, and no fault.
                transport.close()
                asyncio.get_running_loop().call_later(_HANG_UP, transport.abort)
                raise NetworkError(f"{address[0]}: its certificate, {found}, is none of those in the config")
        return transport, protocol


def _context(server: Server, certificate: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if certificate is not None:
        # Without a password, even where OpenSSL would ask for one at a terminal.
        context.load_cert_chain(certificate, password="")
    if server.fingerprints:
        # The certificate itself is known: no authority and no name can add to that.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _bare(fingerprint: str) -> str:
    return fingerprint.replace(":", "").replace(" ", "").lower()


def _told(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return reason(error)
