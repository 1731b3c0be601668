"""Logging in on OFTC, against a stand-in for its server and services.

The server's command NICKSERV goes to the services (oftc-hybrid, modules/m_services.c); their IDENTIFY
takes the password, then the nick, changes the nick to that, and sets mode +R (oftc-ircservices,
modules/nickserv.c).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import NickServ
from tests.transports.irc.running import irc_settings, running
from tests.transports.irc.scripted import ScriptedServer

if TYPE_CHECKING:
    from tests.transports.irc.scripted import Guest

NICK, PASSWORD = "relbot", "hunter2"
SAYS = ":NickServ!services@services.oftc.net NOTICE"


async def identify(guest: Guest, nick: str, request: str) -> None:
    """Answer as the services do."""
    word, password, *name = request.split()
    assert word == "IDENTIFY"
    wanted = name[0] if name else nick
    if wanted != NICK:
        await guest.send(f"{SAYS} {nick} :Nickname {wanted} is not registered.")
    elif password != PASSWORD:
        await guest.send(
            f"{SAYS} {nick} :Identify failed as {wanted}.  You may have entered an incorrect password."
        )
    else:
        if wanted != nick:
            await guest.send(f":{nick}!rel@bot.example NICK :{wanted}")
        await guest.send(f"{SAYS} {wanted} :You are successfully identified as {wanted}.")
        await guest.send(f":services.oftc.net MODE {wanted} :+R")


async def greeted(guest: Guest, nick: str) -> None:
    """Let the bot in under a nick, as far as the end of the greeting; `relbot` may be in use."""
    await guest.until("CAP LS 302")
    await guest.send(":s CAP * LS :multi-prefix")
    if nick != NICK:
        await guest.send(f":s 433 * {NICK} :Nickname is already in use.")
    await guest.until("CAP REQ")
    await guest.send(":s CAP * ACK :multi-prefix")
    await guest.until("CAP END")
    await guest.send(
        f":s 001 {nick} :Welcome to the OFTC Internet Relay Chat Network {nick}",
        f":s 005 {nick} NETWORK=OFTC CHANTYPES=# :are supported",
        f":s 376 {nick} :End of /MOTD command.",
    )


@pytest.mark.parametrize("nick", [NICK, f"{NICK}_"])
async def test_the_password_comes_first_and_by_the_servers_own_command(nick: str) -> None:
    async with ScriptedServer() as server:
        nickserv = NickServ(Secret(PASSWORD), command="NICKSERV", password_first=True)
        async with running(irc_settings(server.port, nick=NICK, nickserv=nickserv)) as transport:
            guest = await server.guest()
            await greeted(guest, nick)
            request = (await guest.until("NICKSERV ")).removeprefix("NICKSERV ")
            await identify(guest, nick, request)
            await guest.until("JOIN")
            assert not [line for line in guest.lines if PASSWORD in line and line.startswith("PRIVMSG")]
            link = transport._staying.link  # noqa: SLF001 - nothing else tells who it is
            assert link is not None
            assert link.session.services.identified
            assert link.session.me.nick == NICK


async def test_services_that_are_down_are_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    async with ScriptedServer() as server:
        nickserv = NickServ(Secret(PASSWORD), command="NICKSERV", password_first=True)
        async with running(irc_settings(server.port, nick=NICK, nickserv=nickserv)) as transport:
            guest = await server.guest()
            await greeted(guest, NICK)
            await guest.until("NICKSERV ")
            await guest.send(f":s 440 {NICK} :Services is currently down.")
            await guest.until("JOIN")
            assert "Services is currently down" in caplog.text
            link = transport._staying.link  # noqa: SLF001 - it is not waited for a minute
            assert link is not None
            link.session.services.due = asyncio.get_running_loop().time()
            await guest.send("PING :now")
            await identify(guest, NICK, (await guest.until("NICKSERV ")).removeprefix("NICKSERV "))
            await guest.caught_up()
            assert link.session.services.identified
