"""TLS: who is trusted, and that nobody else is told a word."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import pytest

from milestonebot.ports import State
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import Server
from tests.transports.irc.running import irc_settings, running, until
from tests.transports.irc.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.tls import Authority, Certificate


@pytest.fixture
def certificate(authority: Authority, unique: Callable[[str], str]) -> Certificate:
    return authority.server(unique("scripted"))


def serving(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context


async def test_a_trusted_server_is_talked_to(
    authority: Authority, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    async with ScriptedServer(serving(certificate)) as server:
        settings = irc_settings(servers=(Server("localhost", server.port),))
        async with running(settings) as transport:
            await (await server.guest()).let_in()
            assert transport.connection.state is State.UP


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_pinned_server_is_talked_to_whatever_authority_and_name_say(
    certificate: Certificate, host: str
) -> None:
    pins = ("00" * 32, ":".join(certificate.fingerprint[at : at + 2] for at in range(0, 64, 2)).upper())
    async with ScriptedServer(serving(certificate)) as server:
        settings = irc_settings(servers=(Server(host, server.port, fingerprints=pins),))
        async with running(settings):
            await (await server.guest()).let_in()


CASES = {
    "no authority": (False, "localhost", (), "its certificate is not trusted"),
    "another name": (True, "elsewhere.example", (), "its certificate is not trusted"),
    "another pin": (True, "localhost", ("ab" * 32,), "none of those in the config"),
}


@pytest.mark.parametrize("case", CASES)
async def test_nobody_else_is_told_a_word(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    trusted, name, pins, told = CASES[case]
    certificate = authority.server(case.replace(" ", "-"), (f"DNS:{name}",))
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    # Whoever answers this PING has said a word.
    talkative = ScriptedServer(serving(certificate), first=b"PING :early\r\n")
    async with talkative as server, ScriptedServer() as plain:
        bad = Server("localhost", server.port, fingerprints=pins, password=Secret("hunter2"))
        settings = irc_settings(servers=(bad, Server("127.0.0.1", plain.port, tls=False)))
        async with running(settings) as transport:
            await until(lambda: told in transport.connection.reason)
            # The next server is tried, and the first heard nothing.
            await (await plain.guest()).let_in()
            assert transport.connection.state is State.UP
            while not server.empty:
                assert await (await server.guest()).line() == ""


async def test_plain_text_is_spoken_only_where_the_config_says_so() -> None:
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.read(1000)
        if not heard.done():
            heard.set_result(data)
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as plain:
        settings = irc_settings(servers=(Server("127.0.0.1", plain.sockets[0].getsockname()[1]),))
        async with running(settings):
            # A TLS handshake record (RFC 8446, section 5.1).
            assert (await heard)[:2] == b"\x16\x03"
