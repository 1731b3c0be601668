import asyncio
import ssl
from collections.abc import Callable

import pytest

from tests.clients.irc import EXTERNAL, Closed, IrcClient, plain
from tests.servers.fixtures import IrcConnection, IrcPerson, NewIrcNetwork
from tests.servers.inspircd import OPER, OPER_PASSWORD, Settings
from tests.servers.network import IrcNetwork

IRCV3 = (
    "account-notify",
    "account-tag",
    "batch",
    "echo-message",
    "extended-join",
    "labeled-response",
    "message-tags",
    "server-time",
)
Unique = Callable[[str], str]


async def test_a_password_logs_in_to_an_account_that_nickserv_registered(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    account = unique("account")
    await irc_network.register(account, "right")
    right = await irc_person(irc_network.ports.plain, sasl=plain(account, "right"))
    wrong = await irc_person(irc_network.ports.plain, sasl=plain(account, "wrong"))
    assert (right.sasl_answer, wrong.sasl_answer) == ("903", "904")


async def test_a_certificate_logs_in_where_nickserv_knows_it(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    account = unique("account")
    authority = irc_network.authority
    known, unknown = authority.client(f"{account}-known"), authority.client(f"{account}-unknown")
    await irc_network.register(account, "password", fingerprint=known.fingerprint)
    answers = []
    for tls in (authority.trusting(known), authority.trusting(unknown), authority.trusting()):
        client = await irc_person(irc_network.ports.tls, tls=tls, sasl=EXTERNAL)
        answers.append(client.sasl_answer)
    assert answers == ["903", "904", "904"]


async def test_the_server_of_the_untrusted_port_is_not_trusted(
    irc_network: IrcNetwork, irc_connection: IrcConnection
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await irc_connection(irc_network.ports.untrusted, irc_network.authority.trusting())


async def test_messages_carry_time_account_label_and_id_and_come_back_to_their_sender(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    account, channel = unique("account"), unique("#channel")
    await irc_network.register(account, "password")
    alice = await irc_person(irc_network.ports.plain, capabilities=IRCV3, sasl=plain(account, "password"))
    await alice.join(channel)
    joined = [line for line in alice.heard if line.command == "JOIN"]
    assert joined[-1].parameters == (channel, account, alice.nick)
    await alice.send(f"@label=one PRIVMSG {channel} :hello")
    echo = await alice.hear(alice.nick, target=channel)
    assert echo.text == "hello"
    assert echo.tags.keys() >= {"time", "msgid"}
    assert (echo.tags["label"], echo.tags["account"]) == ("one", account)
    await alice.send(f"@label=two WHOIS {alice.nick}")
    batch = await alice.until("BATCH")
    assert batch.parameters[1] == "labeled-response"
    assert batch.tags["label"] == "two"


async def test_bots_can_say_that_they_are_bots(irc_network: IrcNetwork, irc_person: IrcPerson) -> None:
    robot = await irc_person(irc_network.ports.fast, "robot")
    features = [word for line in robot.heard if line.command == "005" for word in line.parameters]
    assert "BOT=B" in features
    await robot.send(f"MODE {robot.nick} +B")
    assert (await robot.until("MODE")).parameters == (robot.nick, "+B")


async def test_a_channel_can_replay_its_history(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    channel = unique("#channel")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(channel)
    await alice.send(f"MODE {channel} +H 5:1h")
    await alice.say(channel, "said before")
    await alice.caught_up()
    bob = await irc_person(irc_network.ports.fast, "bob", capabilities=("batch", "server-time"))
    await bob.join(channel)
    assert (await bob.until("BATCH")).parameters[1:] == ("chathistory", channel)
    assert (await bob.hear(alice.nick)).text == "said before"


async def test_an_operator_can_kill(irc_network: IrcNetwork, irc_person: IrcPerson) -> None:
    oper, victim = await irc_person(irc_network.ports.fast), await irc_person(irc_network.ports.fast)
    await oper.become_operator(OPER, OPER_PASSWORD)
    await oper.send(f"KILL {victim.nick} :test")
    with pytest.raises(Closed):
        await victim.until("nothing")


async def flood(client: IrcClient, channel: str) -> float:
    """Say ten things at once and return how many seconds the server took to take them in."""
    await client.join(channel)
    begin = asyncio.get_running_loop().time()
    await client.send(*[f"PRIVMSG {channel} :{number}" for number in range(10)])
    await client.caught_up()
    return asyncio.get_running_loop().time() - begin


async def test_the_plain_port_reads_slowly_from_one_who_says_too_much(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique
) -> None:
    ports = irc_network.ports
    slow, fast = await irc_person(ports.plain), await irc_person(ports.fast)
    took = await asyncio.gather(flood(slow, unique("#channel")), flood(fast, unique("#channel")))
    assert took[0] > 2
    assert took[1] < took[0] / 2


async def test_without_fakelag_one_who_says_too_much_is_dropped(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(Settings(fakelag=False))
    client = await irc_person(network.ports.plain)
    with pytest.raises(Closed, match="Excess Flood"):
        await flood(client, "#channel")


async def test_pingfreq_is_how_often_the_server_asks(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(Settings(pingfreq="1s"))
    client = await irc_person(network.ports.fast)
    await client.until("PING")


async def test_a_restart_drops_everyone_and_forgets_no_account(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(Settings())
    await network.register("account", "password")
    before = await irc_person(network.ports.fast)
    await asyncio.to_thread(network.restart)
    with pytest.raises(Closed):
        await before.until("nothing")
    after = await irc_person(network.ports.plain, sasl=plain("account", "password"))
    assert after.sasl_answer == "903"


async def test_a_server_that_was_killed_is_gone_until_it_is_started(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(Settings())
    await network.register("account", "password")
    await asyncio.to_thread(network.kill)
    with pytest.raises(ConnectionRefusedError):
        await irc_person(network.ports.fast)
    await asyncio.to_thread(network.start)
    after = await irc_person(network.ports.plain, sasl=plain("account", "password"))
    assert after.sasl_answer == "903"


async def test_services_can_go_and_come_back_alone(
    new_irc_network: NewIrcNetwork, irc_person: IrcPerson
) -> None:
    network = new_irc_network(Settings())
    await network.register("account", "password")
    watcher = await irc_person(network.ports.fast)
    await watcher.send("MONITOR + NickServ")
    await watcher.until("730")
    await asyncio.to_thread(network.services.stop)
    await watcher.until("731")
    without = await irc_person(network.ports.fast)
    assert "sasl" not in without.capabilities
    await asyncio.to_thread(network.start)
    await watcher.until("730")
    after = await irc_person(network.ports.plain, sasl=plain("account", "password"))
    assert after.sasl_answer == "903"
