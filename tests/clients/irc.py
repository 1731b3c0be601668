"""An IRC client on a socket: what it is told to send it sends, byte for byte."""

import asyncio
import base64
import contextlib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from tests.clients.line import Line, parse

HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds that a test waits for a line, unless it says otherwise."""
LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Sasl:
    """How to log in: a mechanism, and what to answer to its first challenge."""

    mechanism: str
    answer: str


def plain(account: str, password: str) -> Sasl:
    """Log in with a password (RFC 4616)."""
    blob = f"{account}\0{account}\0{password}".encode()
    return Sasl("PLAIN", base64.b64encode(blob).decode())


EXTERNAL = Sasl("EXTERNAL", "+")
"""Log in with the certificate of the TLS connection (RFC 4422, appendix A)."""


class Closed(Exception):
    """The server closed the connection; holds the last that it said."""


class IrcClient:
    """One connection; everything that came is in `heard`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.nick = "*"
        self.heard: list[Line] = []
        self.capabilities: dict[str, str] = {}
        """What the server offers, with values."""
        self.sasl_answer = ""
        """The numeric that ended the log-in: 903 for success, 904 for failure."""

    @classmethod
    async def connect(cls, port: int, tls: ssl.SSLContext | None = None) -> Self:
        """Connect and say nothing yet."""
        name = "localhost" if tls else None
        opening = asyncio.open_connection(HOST, port, ssl=tls, server_hostname=name, limit=LONGEST)
        return cls(*await asyncio.wait_for(opening, PATIENCE))

    async def close(self) -> None:
        """Close the connection without a word."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    # --- lines

    async def send_bytes(self, data: bytes) -> None:
        """Send exactly this: lines with what they end in, parts of lines, or what is no line at all."""
        self._writer.write(data)
        await self._writer.drain()

    async def send(self, *lines: str) -> None:
        """Send lines."""
        await self.send_bytes(b"".join(line.encode() + b"\r\n" for line in lines))

    async def receive(self) -> Line:
        """Return the next line; a PING is answered on the way."""
        raw = b""
        with contextlib.suppress(ConnectionError):
            raw = await self._reader.readline()
        if not raw.endswith(b"\n"):
            raise Closed("; ".join(line.text for line in self.heard[-3:]))
        line = parse(raw.rstrip(b"\r\n"))
        self.heard.append(line)
        if line.command == "PING":
            await self.send(f"PONG :{line.text}")
        return line

    async def until(
        self, *commands: str, where: Callable[[Line], bool] = lambda _: True, within: float = PATIENCE
    ) -> Line:
        """Return the next line with one of these commands that fulfils a condition; raises AssertionError."""
        begin = len(self.heard)
        try:
            async with asyncio.timeout(within):
                while True:
                    line = await self.receive()
                    if line.command in commands and where(line):
                        return line
        except TimeoutError:
            heard = "\n".join(repr(line.raw) for line in self.heard[begin:])
            raise AssertionError(f"no {' or '.join(commands)} in {within} s; there came:\n{heard}") from None

    async def caught_up(self) -> list[Line]:
        """Return what came until the server has done all that it was told before."""
        begin = len(self.heard)
        await self.send("PING :caught-up")
        await self.until("PONG", where=lambda line: line.text == "caught-up")
        return self.heard[begin:-1]

    async def whois(self, nick: str) -> list[Line]:
        """Return what the server tells of a nick (RFC 2812, section 3.6.2), and what came meanwhile."""
        begin = len(self.heard)
        await self.send(f"WHOIS {nick}")
        await self.until("318")
        return self.heard[begin:-1]

    async def account_of(self, nick: str) -> str | None:
        """Return the account that the server says a nick is logged in to (RPL_WHOISACCOUNT)."""
        told = (line.parameters[2] for line in await self.whois(nick) if line.command == "330")
        return next(told, None)

    # --- being somebody

    async def introduce(
        self, nick: str, *, capabilities: Sequence[str] = (), sasl: Sasl | None = None
    ) -> None:
        """Register the connection under a nick, with capabilities, and logged in if SASL allows it."""
        await self.send("CAP LS 302")
        wanted = [*capabilities, *(["sasl"] if sasl else [])]
        await self._list_capabilities()
        if wanted:
            await self.send(f"CAP REQ :{' '.join(wanted)}")
            answer = await self.until("CAP")
            assert answer.parameters[1] == "ACK", answer.raw
        await self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        if sasl:
            await self._log_in(sasl)
        await self.send("CAP END")
        welcome = await self.until("001")
        self.nick = welcome.parameters[0]
        await self.until("376", "422")

    async def _list_capabilities(self) -> None:
        goes_on = True
        while goes_on:
            answer = await self.until("CAP")
            goes_on = answer.parameters[2] == "*"
            pairs = (word.partition("=") for word in answer.text.split())
            self.capabilities |= {name: value for name, _, value in pairs}

    async def _log_in(self, sasl: Sasl) -> None:
        await self.send(f"AUTHENTICATE {sasl.mechanism}")
        if (await self.until("AUTHENTICATE", "904", "908")).command == "AUTHENTICATE":
            await self.send(f"AUTHENTICATE {sasl.answer}")
            await self.until("903", "904", "905", "906")
        self.sasl_answer = self.heard[-1].command

    async def become_operator(self, name: str, password: str) -> None:
        """Take an IRC operator's rights."""
        await self.send(f"OPER {name} {password}")
        await self.until("381")

    # --- talking

    async def join(self, channel: str) -> None:
        """Join a channel and return when its names have come."""
        await self.send(f"JOIN {channel}")
        await self.until("366", where=lambda line: line.parameters[1] == channel)

    async def say(self, target: str, text: str) -> None:
        """Say something in a channel or to a nick."""
        await self.send(f"PRIVMSG {target} :{text}")

    async def hear(self, nick: str, *, target: str | None = None, within: float = PATIENCE) -> Line:
        """Return the next message or notice of a nick, in a channel or to us."""
        return await self.until(
            "PRIVMSG",
            "NOTICE",
            where=lambda line: line.nick == nick and target in (None, line.parameters[0]),
            within=within,
        )

    async def ask_service(self, service: str, request: str, *, expect: str) -> Line:
        """Ask NickServ or ChanServ something and return the notice that has a text in it."""
        await self.say(service, request)
        return await self.until("NOTICE", where=lambda line: line.nick == service and expect in line.text)
