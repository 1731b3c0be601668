from collections.abc import Callable

from tests.servers.fixtures import IrcConnection, IrcPerson, NewOldIrcServer
from tests.servers.ngircd import OPER, OPER_PASSWORD, Ngircd

Unique = Callable[[str], str]


async def test_two_people_talk(old_irc_server: Ngircd, irc_person: IrcPerson, unique: Unique) -> None:
    channel = unique("#channel")
    alice, bob = await irc_person(old_irc_server.plain), await irc_person(old_irc_server.plain, "bob")
    await alice.join(channel)
    await bob.join(channel)
    await alice.say(channel, "hello")
    assert (await bob.hear(alice.nick, target=channel)).text == "hello"


async def test_it_speaks_tls(old_irc_server: Ngircd, irc_person: IrcPerson) -> None:
    client = await irc_person(old_irc_server.tls, tls=old_irc_server.authority.trusting())
    assert client.heard[-1].command in {"376", "422"}


async def test_it_offers_next_to_nothing(old_irc_server: Ngircd, irc_person: IrcPerson) -> None:
    client = await irc_person(old_irc_server.plain)
    assert client.capabilities == {"multi-prefix": ""}


async def test_a_lone_cr_ends_a_line_for_it(
    old_irc_server: Ngircd, irc_person: IrcPerson, unique: Unique
) -> None:
    channel = unique("#channel")
    alice, bob = await irc_person(old_irc_server.plain), await irc_person(old_irc_server.plain, "bob")
    await bob.join(channel)
    await alice.join(channel)
    await alice.send_bytes(f"PRIVMSG {channel} :one\rPRIVMSG {channel} :two\r\n".encode())
    assert [(await bob.hear(alice.nick)).text for _ in range(2)] == ["one", "two"]


async def test_an_operator_can_kill(old_irc_server: Ngircd, irc_person: IrcPerson) -> None:
    oper, victim = await irc_person(old_irc_server.plain), await irc_person(old_irc_server.plain)
    await oper.become_operator(OPER, OPER_PASSWORD)
    await oper.send(f"KILL {victim.nick} :test")
    await victim.until("KILL", "ERROR")


async def test_it_can_be_restarted(
    new_old_irc_server: NewOldIrcServer, irc_connection: IrcConnection
) -> None:
    server = new_old_irc_server()
    first = server.ircd.pid
    server.ircd.restart()
    assert server.ircd.pid != first
    await irc_connection(server.plain)
