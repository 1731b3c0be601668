"""Rooms that take no formatting: known before anything is said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.clock import SystemClock
from milestonebot.document import Document, Strong, line
from milestonebot.ports import Message, Room, Sender
from milestonebot.transports.irc.wire.pacing import Urgency
from tests.transports.irc.playing import GREETING, Play
from tests.transports.irc.running import irc_settings, running, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.fixtures import IrcPerson
    from tests.servers.network import IrcNetwork

    Unique = Callable[[str], str]

LIBERA = "eIbq,k,flj,CFLMPQRSTcgimnprstuz"
OFTC = "bqeI,k,l,cimnpstzMRS"
INSPIRCD = "IXbegw,k,FHJLfjl,ACDKMNOPQRSTUcimnprstuz"
JOINED = ":relbot!rel@bot.example JOIN #nova"
NEWS = Document((line(Strong("essex-2"), " is tomorrow"),))


def joined(modes: str, software: str, *, formatting: bool = True) -> Play:
    """Come into #nova, on a server with these channel modes."""
    play = Play(formatting=formatting, rooms=("#nova",))
    play.server(":s CAP * LS :", GREETING[0], f":s 004 relbot irc.test {software} iow c")
    play.server(f":s 005 relbot CHANMODES={modes} :are supported", *GREETING[1:])
    play.lines = play.server(JOINED)
    return play


def plain(play: Play) -> bool:
    """Tell whether #nova takes no formatting, by another spelling of its name."""
    return play.session.receiving.is_plain("#Nova")


@pytest.mark.parametrize(
    ("modes", "software", "set_modes", "expected"),
    [
        (LIBERA, "solanum-1.0-dev", "+cnt", True),
        (LIBERA, "solanum-1.0-dev", "+Snt", False),
        (LIBERA, "solanum-1.0-dev", "+nt", False),
        (OFTC, "hybrid-7.2.2+oftc1.7.3", "+ntc", True),
        (OFTC, "hybrid-7.2.2+oftc1.7.3", "+Snt", False),
        (INSPIRCD, "InspIRCd-3", "+ntc", True),
        (INSPIRCD, "InspIRCd-3", "+Snt", True),
        (INSPIRCD, "InspIRCd-3", "+klc secret 5", True),
        ("beI,c,l,imnpst", "odd-1", "+c key", False),
    ],
)
def test_the_modes_of_a_room_tell(modes: str, software: str, set_modes: str, expected: bool) -> None:  # noqa: FBT001 - a column
    play = joined(modes, software)
    play.server(f":s 324 relbot #nova {set_modes}")
    assert plain(play) is expected


def test_they_are_asked_for_when_it_has_come_and_behind_all_else() -> None:
    play = joined(LIBERA, "solanum-1.0-dev")
    assert play.urgencies[-1] is Urgency.SPARE
    assert play.said() == ["MODE #nova"]


@pytest.mark.parametrize(("modes", "formatting"), [("beI,k,l,imnpst", True), (LIBERA, False)])
def test_where_they_can_tell_nothing_they_are_not_asked_for(modes: str, formatting: bool) -> None:  # noqa: FBT001 - a column
    assert joined(modes, "x-1", formatting=formatting).said() == []


def test_a_change_counts_at_once() -> None:
    play = joined(INSPIRCD, "InspIRCd-3")
    play.server(":s 324 relbot #nova +nt", ":ann!a@h MODE #nova +ocS ann")
    assert plain(play)
    play.server(":ann!a@h MODE #nova -c")
    assert plain(play), "it is still stripped"
    play.server(":ann!a@h MODE #nova +m-S")
    assert not plain(play)


def test_what_a_refusal_told_holds_until_the_mode_is_taken() -> None:
    play = joined(INSPIRCD, "InspIRCd-3")
    play.server(":s 404 relbot #nova :Can't send colors to channel (+c is set)")
    assert plain(play)
    play.server(":ann!a@h MODE #nova -i")
    assert plain(play)
    play.server(":ann!a@h MODE #nova -c")
    assert not plain(play)


def test_coming_anew_it_is_learned_anew() -> None:
    play = joined(INSPIRCD, "InspIRCd-3")
    play.server(":s 324 relbot #nova +c", ":ann!a@h KICK #nova relbot :Go")
    assert play.server(JOINED) == ["MODE #nova"]
    assert not plain(play)


@pytest.mark.parametrize("mode", ["c", "S"])
async def test_the_first_word_in_a_room_without_colours_has_none(
    irc_network: IrcNetwork, irc_person: IrcPerson, unique: Unique, mode: str
) -> None:
    nick, name = unique("relbot"), unique("#room")
    alice = await irc_person(irc_network.ports.fast)
    await alice.join(name)
    await alice.send(f"MODE {name} +{mode}")
    settings = irc_settings(irc_network.ports.plain, nick=nick, rooms=(name,))
    async with running(settings, answering=False) as transport:
        room = Room("net", name)
        await until(lambda: room in transport.rooms)
        link = transport._staying.link  # noqa: SLF001 - that it knows is seen before it says anything
        assert link is not None
        await until(lambda: link.session.receiving.is_plain(name))
        # Nothing is refused and said again: the first is right.
        assert await transport.announce(room, transport.compose(room, NEWS)[0], "k")
        assert (await alice.hear(nick)).text == "essex-2 is tomorrow"
        await alice.send(f"MODE {name} -{mode}")
        await until(lambda: not link.session.receiving.is_plain(name))
        message = Message(room, Sender("ann"), "!x", "1AA~1", SystemClock().now())
        await transport.send(room, NEWS, reply_to=message)
        assert (await alice.hear(nick)).text == "\x02essex-2\x02 is tomorrow"
