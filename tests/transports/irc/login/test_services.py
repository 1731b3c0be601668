"""Being somebody to real services, InspIRCd's Atheme: each way to log in, and services that come and go."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from milestonebot.ports import Room
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import NickServ, Sasl, Server
from tests.clients.irc import plain
from tests.servers.inspircd import Settings as ServerSettings
from tests.transports.irc.running import PATIENCE, QUICK, irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.transport import IrcTransport
    from tests.clients.irc import IrcClient
    from tests.servers.fixtures import IrcPerson, NewIrcNetwork
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]


async def comes(transport: IrcTransport, settings: IrcSettings) -> None:
    """Wait until it is in its room."""
    await until(lambda: Room("net", settings.rooms[0]) in transport.rooms)


async def registered_only(alice: IrcClient, room: str) -> None:
    """Make a room that lets only those in who are logged in."""
    await alice.join(room)
    await alice.send(f"MODE {room} +R")
    await alice.caught_up()


async def test_a_key_logs_in(irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique) -> None:
    nick, room, account = unique("relbot"), unique("#room"), unique("account")
    await irc_network.register(account, "right")
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    owner = await irc_person(irc_network.ports.fast, sasl=plain(account, "right"))
    public = base64.b64encode(point).decode()
    await owner.ask_service("NickServ", f"SET PUBKEY {public}", expect="public key")
    await registered_only(owner, room)
    sasl = Sasl(account, mechanisms=("ECDSA-NIST256P-CHALLENGE",), key=key, required=True)
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,), sasl=sasl)
    async with running(settings, answering=False) as transport:
        await comes(transport, settings)
        assert await owner.account_of(nick) == account


async def test_a_certificate_logs_in(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(irc_network.authority.certificate))
    nick, room, account = unique("relbot"), unique("#room"), unique("account")
    certificate = irc_network.authority.client(account)
    await irc_network.register(account, "right", fingerprint=certificate.fingerprint)
    alice = await irc_person(irc_network.ports.fast, sasl=plain(account, "right"))
    await registered_only(alice, room)
    settings = irc_settings(
        servers=(Server("localhost", irc_network.ports.tls),),
        nick=nick,
        rooms=(room,),
        certificate=certificate.pem,
        sasl=Sasl(account, mechanisms=("EXTERNAL",), required=True),
    )
    async with running(settings, answering=False) as transport:
        await comes(transport, settings)
        assert await alice.account_of(nick) == account


async def test_where_one_way_is_refused_the_next_is_gone(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, caplog: pytest.LogCaptureFixture
) -> None:
    nick, room, account = unique("relbot"), unique("#room"), unique("account")
    await irc_network.register(account, "right")
    alice = await irc_person(irc_network.ports.fast, sasl=plain(account, "right"))
    await registered_only(alice, room)
    # Without TLS there is no certificate; and of SCRAM this Atheme knows nothing.
    sasl = Sasl(account, Secret("right"), required=True, mechanisms=("EXTERNAL", "SCRAM-SHA-512", "PLAIN"))
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,), sasl=sasl)
    async with running(settings, answering=False) as transport:
        await comes(transport, settings)
        assert await alice.account_of(nick) == account
    assert "SASL EXTERNAL: " in caplog.text
    assert "trying PLAIN" in caplog.text


async def test_a_nick_of_the_account_is_taken_back_from_who_sits_on_it(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    room = unique("#room")
    alice, squatter = [await irc_person(irc_network.ports.fast, word) for word in ("alice", "relbot")]
    nick = squatter.nick
    await squatter.ask_service("NickServ", f"REGISTER right {nick}@services.test", expect="is now registered")
    await squatter.ask_service("NickServ", "LOGOUT", expect="logged out")
    await alice.join(room)
    sasl = Sasl(nick, Secret("right"), required=True)
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(room,), sasl=sasl)
    async with running(settings, answering=False) as transport:
        await alice.until("JOIN", where=lambda line: line.nick == f"{nick}_")
        await alice.until("NICK", where=lambda line: line.nick == f"{nick}_" and line.text == nick)
        await comes(transport, settings)


@pytest.mark.parametrize("kind", ["SASL", "NickServ"])
async def test_services_that_were_away_are_logged_in_to_when_they_are_back(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson, kind: str
) -> None:
    network = new_irc_network(ServerSettings())
    await network.register("relbot", "right")
    alice = await irc_person(network.ports.fast)
    for room in ("#open", "#closed"):
        await alice.join(room)
    await alice.send("MODE #closed +R")
    await alice.caught_up()
    # In good order, so that they keep what was registered.
    await asyncio.to_thread(network.services.stop)
    sasl = Sasl("relbot", Secret("right")) if kind == "SASL" else None
    settings = irc_settings(
        network.ports.plain,
        nick="relbot",
        rooms=("#open", "#closed"),
        waits=replace(QUICK, identify=0.2, rejoin=600.0),
        sasl=sasl,
        nickserv=None if sasl else NickServ(Secret("right")),
    )
    async with running(settings, answering=False) as transport:
        await comes(transport, settings)
        assert await alice.account_of("relbot") is None
        await asyncio.to_thread(network.services.start)
        # Nobody tells those who were there before; the bot would ask again within a minute.
        link = transport._staying.link  # noqa: SLF001 - it is not waited for that long
        assert link is not None
        closed = Room("net", "#closed")
        async with asyncio.timeout(PATIENCE):
            while closed not in transport.rooms:
                # The server does not always tell that services are back, and they may not know anybody yet.
                link.session.services.due = 0.0
                link.caught_up()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        while closed not in transport.rooms:  # noqa: ASYNC110 - no transport tells
                            await asyncio.sleep(0.001)
        assert await alice.account_of("relbot") == "relbot"


async def test_a_netsplit_of_services_does_no_harm(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(ServerSettings())
    await network.register("relbot", "right")
    alice = await irc_person(network.ports.fast)
    await alice.join("#room")
    sasl = Sasl("relbot", Secret("right"), required=True)
    settings = irc_settings(network.ports.plain, nick="relbot", rooms=("#room",), sasl=sasl)
    async with running(settings) as transport:
        await comes(transport, settings)
        await asyncio.to_thread(network.services.stop)
        await alice.say("#room", "!when essex-3")
        assert "essex-3" in (await alice.hear("relbot")).text
        await asyncio.to_thread(network.services.start)
        await alice.say("#room", "!when essex-3")
        assert "essex-3" in (await alice.hear("relbot")).text
        assert not [line for line in alice.heard if line.command == "QUIT" and line.nick == "relbot"]
