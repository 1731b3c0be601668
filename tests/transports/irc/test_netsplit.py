"""A network of two servers that fall apart and find each other again while the bot answers and announces."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from milestonebot.document import say
from milestonebot.ports import Rights, Room
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import Sasl
from tests.clients.irc import plain
from tests.transports.irc.running import QUICK, irc_settings, running, until

if TYPE_CHECKING:
    from milestonebot.ports import Message
    from milestonebot.transports.irc.transport import IrcTransport
    from tests.clients.irc import IrcClient
    from tests.servers.fixtures import IrcPerson, NewLinkedNetwork

ROOM = Room("net", "#room")
ESSEX_3 = "\x02essex-3\x02"


async def in_room(transport: IrcTransport) -> None:
    """Wait until the bot is in its room."""
    await until(lambda: ROOM in transport.rooms)


def heard(person: IrcClient, nick: str) -> list[str]:
    """Return what a person has heard from a nick in the room, in order."""
    return [line.text for line in person.heard if line.nick == nick and line.command in {"PRIVMSG", "NOTICE"}]


async def test_it_answers_and_announces_through_a_netsplit_and_nothing_is_lost_or_said_twice(
    new_linked_network: NewLinkedNetwork, irc_person: IrcPerson
) -> None:
    network = new_linked_network()
    await network.link()
    alice, bob = await irc_person(network.near.fast), await irc_person(network.far.fast, "bob")
    for person in (alice, bob):
        await person.join(ROOM.name)
    async with running(irc_settings(network.near.fast, rooms=(ROOM.name,))) as transport:
        await bob.until("JOIN", where=lambda line: line.nick == "relbot")
        news = [f"news {number}" for number in range(30)]
        # The split comes in the midst of them: the bot's own server takes each all the same.
        saying = [asyncio.create_task(transport.announce(ROOM, each, f"k#{each}")) for each in news[:20]]
        await asyncio.gather(network.split(), *saying)
        assert all(task.result() for task in saying), "each is confirmed, with its id"
        await bob.until("QUIT", where=lambda line: line.nick == "relbot")
        await transport.announce(ROOM, news[20], "k#20")
        await alice.say(ROOM.name, "!when essex-3")
        while ESSEX_3 not in (await alice.hear("relbot")).text:
            pass
        await network.link()
        await bob.until("JOIN", where=lambda line: line.nick == "relbot")
        for each in news[21:]:
            await transport.announce(ROOM, each, f"k#{each}")
        await bob.say(ROOM.name, "!when essex-3")
        while ESSEX_3 not in (await bob.hear("relbot")).text:
            pass
        await alice.caught_up()
        await bob.caught_up()
        assert [text for text in heard(alice, "relbot") if text.startswith("news")] == news
        there = [text for text in heard(bob, "relbot") if text.startswith("news")]
        assert there == [each for each in news if each in there], "in order, and none twice"
        assert there[-9:] == news[21:]
        assert sum(ESSEX_3 in text for text in heard(alice, "relbot")) == 2
        assert not [line for line in alice.heard if line.command == "QUIT" and line.nick == "relbot"]
        assert transport.rooms == {ROOM}


async def test_who_was_on_the_other_side_comes_back_with_account_and_status_and_nobody_keeps_them(
    new_linked_network: NewLinkedNetwork, irc_person: IrcPerson
) -> None:
    network = new_linked_network()
    await network.link()
    await network.register("boss", "right")
    bob = await irc_person(network.far.fast, "bob", sasl=plain("boss", "right"))
    assert bob.sasl_answer == "903"
    await bob.join(ROOM.name)
    settings = irc_settings(network.near.fast, rooms=(ROOM.name,))
    async with running(settings, answering=False) as transport:
        await bob.until("JOIN", where=lambda line: line.nick == "relbot")
        said = transport.messages()

        async def asked(person: IrcClient) -> Message:
            await person.say(ROOM.name, "hello")
            return await anext(said)

        def people() -> tuple[str | None, Rights]:
            """Return what the bot knows of who has that nick, without a message."""
            link = transport._staying.link  # noqa: SLF001 - nobody says anything meanwhile
            assert link is not None
            known = link.session.attendance.people
            return known.account(bob.nick), known.rights(ROOM.name, bob.nick)

        sender = (await asked(bob)).sender
        assert (sender.account, sender.rights) == ("boss", Rights.MODERATOR)
        await network.split()
        await until(lambda: people() == (None, Rights.NONE))
        # While the split lasts, somebody else may take the nick here, and is nobody.
        thief = await irc_person(network.near.fast)
        await thief.send(f"NICK {bob.nick}")
        await thief.until("NICK")
        await thief.join(ROOM.name)
        sender = (await asked(thief)).sender
        assert (sender.name, sender.account, sender.rights) == (bob.nick, None, Rights.NONE)
        await thief.send("QUIT")
        await network.link()
        await until(lambda: people()[1] is Rights.MODERATOR)
        sender = (await asked(bob)).sender
        assert (sender.name, sender.account, sender.rights) == (bob.nick, "boss", Rights.MODERATOR)
        assert transport.rooms == {ROOM}


@pytest.mark.parametrize("kind", ["there before the split", "come while it lasts"])
async def test_services_on_the_other_side_are_logged_in_to_when_they_are_back(
    new_linked_network: NewLinkedNetwork, irc_person: IrcPerson, kind: str
) -> None:
    network = new_linked_network(far_services=True)
    await network.link()
    await network.register("relbot", "right")
    alice = await irc_person(network.near.fast)
    await alice.join(ROOM.name)
    squatter = await irc_person(network.near.fast)
    before = kind == "there before the split"
    settings = irc_settings(
        network.near.fast,
        rooms=(ROOM.name,),
        sasl=Sasl("relbot", Secret("right")),
        waits=replace(QUICK, regain=4.0),
    )
    if not before:
        await network.split()
        await squatter.send("NICK relbot")
        await squatter.until("NICK")
    async with running(settings) as transport:
        await in_room(transport)
        if before:
            await network.split()
        # Whether services are there or not: it answers and announces.
        link = transport._staying.link  # noqa: SLF001 - nothing else tells who it is
        assert link is not None
        assert await transport.announce(ROOM, "news", "k#0")
        await alice.say(ROOM.name, "!when essex-3")
        nick = "relbot" if before else "relbot_"
        assert [(await alice.hear(nick)).text[:4] for _ in range(2)] == ["news", ESSEX_3[:4]]
        await network.link()
        if not before:
            # The bot would ask again within a minute.
            link.session.services.due = 0.0
        await until(lambda: link.session.services.identified)
        await until(lambda: link.session.me.nick == "relbot")
        assert await alice.account_of("relbot") == "relbot"
        assert await transport.announce(ROOM, "more news", "k#1")
        assert (await alice.hear("relbot")).text == "more news"


async def test_a_nick_that_collides_when_the_network_is_whole_again_is_taken_back(
    new_linked_network: NewLinkedNetwork, irc_person: IrcPerson
) -> None:
    network = new_linked_network()
    # On the other side the nick is older: there the server gives the bot another, its id.
    older = await irc_person(network.far.fast)
    await older.send("NICK relbot")
    await older.until("NICK")
    await older.join(ROOM.name)
    alice = await irc_person(network.near.fast)
    await alice.join(ROOM.name)
    settings = irc_settings(network.near.fast, rooms=(ROOM.name,), waits=replace(QUICK, regain=600.0))
    async with running(settings) as transport:
        await in_room(transport)
        link = transport._staying.link  # noqa: SLF001 - nothing else tells its nick
        assert link is not None
        await network.link()
        await until(lambda: link.session.me.nick != "relbot")
        await alice.say(ROOM.name, f"{link.session.me.nick}: when is essex-3?")
        assert ESSEX_3 in (await alice.hear(link.session.me.nick)).text
        await older.send("QUIT")
        await until(lambda: link.session.me.nick == "relbot")
        await transport.send(ROOM, say("here"))
        assert (await alice.hear("relbot")).text == "here"
