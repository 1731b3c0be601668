"""`!networks`, `!reload`, `!join` and `!part`: for admins, in private."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from milestonebot.announcement import Announcement, Occasion
from milestonebot.bot import Bot
from milestonebot.clock import at
from milestonebot.commands import router
from milestonebot.conversation import attend
from milestonebot.errors import NetworkError, Refused
from milestonebot.operating import Applied, NetworkReport
from milestonebot.ports import Connection, Message, Room, Sender, State
from milestonebot.render.plain import render_plain
from milestonebot.settings import RoomSettings, Settings
from tests.asking import message, shipped
from tests.transports.scripted import ScriptedTransport

if TYPE_CHECKING:
    from milestonebot.document import Document

NOW = at("2011-12-20").now().replace(hour=12)
HERE, KNOWN = Room("oftc", "#here"), Room("oftc", "#Nova")
SETTINGS = Settings(
    rooms={HERE: RoomSettings(), KNOWN: RoomSettings()}, admins=frozenset({("oftc", "release-manager")})
)


@dataclass
class Operator:
    """A running bot that does what the test says."""

    reports: list[NetworkReport] = field(default_factory=list)
    applied: Applied = field(default_factory=Applied)
    error: NetworkError | None = None
    done: list[tuple[str, Room]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return ["oftc", "matrix"]

    async def networks(self) -> list[NetworkReport]:
        return self.reports

    async def reload(self) -> Applied:
        return self.applied

    async def enter(self, room: Room) -> None:
        self._do("enter", room)

    async def leave(self, room: Room) -> None:
        self._do("leave", room)

    def _do(self, what: str, room: Room) -> None:
        self.done.append((what, room))
        if self.error is not None:
            raise self.error


def bot(operator: Operator | None) -> Bot:
    rule = Announcement("countdown", Occasion.COUNTDOWN, rooms=(KNOWN,))
    asked = Bot(router(), SETTINGS, at("2011-12-20"), shipped(), announcements=[rule])
    asked.operating = operator
    return asked


def typed(text: str, account: str | None = "release-manager", *, private: bool = False) -> Message:
    return replace(message(text, room=HERE, private=private), sender=Sender("rm", account))


async def answer(operator: Operator | None, text: str, account: str | None = "release-manager") -> Document:
    told = await bot(operator).answer(typed(text, account))
    assert told is not None
    return told


async def told(operator: Operator | None, text: str, account: str | None = "release-manager") -> str:
    return render_plain(await answer(operator, text, account))


@pytest.mark.parametrize("text", ["!networks", "!reload", "!join oftc/#nova", "!part oftc/#nova"])
async def test_they_are_for_admins_of_a_running_service_alone(text: str) -> None:
    operator = Operator()
    for account in (None, "somebody", "rm"):
        assert await told(operator, text, account) == "Sorry, that is for my admins."
    assert operator.done == []
    assert "for the running service" in await told(None, text)
    assert (await answer(operator, text)).private


async def test_help_shows_them_to_admins_alone() -> None:
    for command in ("networks", "reload", "join", "part"):
        assert f"!{command}" in await told(Operator(), f"!help {command}")
        assert f"!{command}" in await told(Operator(), "!help all")
        assert f"!{command}" not in await told(Operator(), "!help all", "somebody")


async def test_a_slip_in_a_name_suggests_them_to_admins_alone() -> None:
    for slip, command in (("netwroks", "networks"), ("relaod", "reload"), ("annuonce", "announce")):
        assert f"!{command}" in await said(f"!{slip}", "release-manager")
        assert f"!{command}" not in await said(f"!{slip}", "somebody")
    assert "!milestone" in await said("!milesotne", "somebody")


async def said(text: str, account: str) -> str:
    answer = await bot(Operator()).answer(typed(text, account, private=True))
    assert answer is not None
    return render_plain(answer)


async def test_networks_tells_state_rooms_and_announcements() -> None:
    hour = timedelta(hours=1)
    rooms = [Room("oftc", f"#r{number}") for number in range(7)]
    up = NetworkReport(
        "oftc",
        Connection(State.UP, NOW - hour),
        rooms,
        {KNOWN: "Cannot join channel (+i)", Room("oftc", "#odd"): ""},
        waiting=1,
        failed=2,
        problem="no such room",
    )
    down = NetworkReport("matrix", Connection(State.DOWN, NOW - 2 * hour, "it hangs"))
    left = NetworkReport("libera", Connection(State.STOPPED, NOW, "wrong password"))
    text = await told(Operator([up, down, left]), "!networks")
    assert "oftc: up since Tue 20 Dec 2011, 11:00" in text
    assert "in #r0, #r1, #r2, #r3, #r4 and 2 more" in text
    assert "not in #Nova (Cannot join channel (+i)) and #odd" in text
    assert (
        "1 announcement yet to be made; 2 announcements failed within a week, the last: no such room" in text
    )
    assert "matrix: down since Tue 20 Dec 2011, 10:00 (it hangs)" in text
    assert "libera: left for good since Tue 20 Dec 2011, 12:00 (wrong password)" in text
    one = await told(Operator([up, down, left]), "!networks OFTC")
    assert "#r5 and #r6" in one
    assert "matrix" not in one
    assert "I am on no network oft; there are oftc, matrix and libera." in await told(
        Operator([up, down, left]), "!networks oft"
    )


async def test_reload_tells_what_changed_what_has_to_wait_and_every_mistake() -> None:
    assert "nothing has changed" in await told(Operator(), "!reload")
    mistakes = [f"config.yaml:{line}:1: error: wrong" for line in range(1, 8)]
    applied = Applied(["oftc/#new is entered"], ["oftc: nick"], mistakes)
    document = await answer(Operator(applied=applied), "!reload")
    text = render_plain(document)
    assert "7 mistakes; what is wrong is kept as it was" in text
    assert "config.yaml:5:1: error: wrong" in text
    assert "config.yaml:6:1" not in text
    assert "and 2 more, which my log tells" in text
    assert "oftc/#new is entered" in text
    assert "Only after a restart" in text
    assert "oftc: nick" in text
    assert not document.found


async def test_join_and_part_say_for_how_long_they_hold() -> None:
    operator = Operator()
    assert await told(operator, "!join matrix/#new:example.org") == (
        "I am in matrix/#new:example.org."
        " My config does not name it: write it there if I am to be in it for good."
    )
    assert await told(operator, "!join OFTC/#nova") == "I am in oftc/#Nova."
    assert await told(operator, "!join #other") == (
        "I am in oftc/#other. My config does not name it: write it there if I am to be in it for good."
    )
    assert await told(operator, "!part #other") == "I am out of oftc/#other."
    assert await told(operator, "!part oftc/#nova") == (
        "I am out of oftc/#Nova. My config names it, so after a restart I am there again."
        " Meanwhile nothing can be announced there: countdown."
    )
    assert operator.done == [
        ("enter", Room("matrix", "#new:example.org")),
        ("enter", KNOWN),
        ("enter", Room("oftc", "#other")),
        ("leave", Room("oftc", "#other")),
        ("leave", KNOWN),
    ]


async def test_what_cannot_be_entered_or_left_is_told() -> None:
    busy = Operator(error=NetworkError("invite only"))
    assert (
        await told(busy, "!join #x") == "Not in oftc/#x yet: invite only. I go on trying, until !part oftc/#x"
    )
    assert await told(Operator(error=Refused("#x is no channel")), "!join #x") == "» #x is no channel."
    assert await told(Operator(error=Refused("oftc/#x: not there")), "!part #x") == "oftc/#x: not there."


@pytest.mark.parametrize("text", ["!join", "!join a b", "!part nova", "!part oftc/", "!join oftc"])
async def test_what_names_no_room_is_asked_about(text: str) -> None:
    operator = Operator()
    assert "Which room? Write !" in await told(operator, text)
    assert operator.done == []


@pytest.mark.parametrize("text", ["!join #nova sesame", "!join oftc/#nova sesame"])
async def test_a_key_is_not_taken_from_a_message_nor_repeated(text: str) -> None:
    operator = Operator()
    said = await told(operator, text)
    assert said.startswith("Which room? Write !join network/room. A room's key stands in my config")
    assert "sesame" not in said
    assert operator.done == []


async def test_a_network_that_there_is_not_is_told_with_the_near_one() -> None:
    operator = Operator()
    text = await told(operator, "!join oftv/#nova")
    assert text == "I am on no network oftv. Did you mean oftc/#nova?"
    assert operator.done == []


async def test_in_a_room_the_answer_goes_to_the_admin_alone() -> None:
    network = ScriptedTransport("oftc")
    await attend(bot(Operator()), network, typed("!reload"))
    assert [account for account, _ in network.told] == ["release-manager"]
    assert [room for room, _, _ in network.said] == [Room("oftc", "release-manager")]


async def test_where_the_admin_cannot_be_reached_the_room_hears_no_more_than_that() -> None:
    network = ScriptedTransport("oftc")
    network.failures = [NetworkError("nobody is logged in as that")]
    asked = typed("!networks")
    await attend(bot(Operator([NetworkReport("oftc", Connection(State.UP, NOW))])), network, asked)
    (said,) = network.said
    assert said[0] == HERE
    assert (
        render_plain(said[1])
        == "The answer is for you alone, and I cannot reach you in private. Ask me there."
    )
    assert network.finished == [asked]


async def test_in_private_it_is_an_answer_like_any_other() -> None:
    network = ScriptedTransport("oftc")
    asked = typed("networks", private=True)
    await attend(bot(Operator([NetworkReport("oftc", Connection(State.UP, NOW))])), network, asked)
    assert network.told == []
    assert [reply for _, _, reply in network.said] == [asked]


async def test_a_reason_that_is_a_sentence_gets_no_second_full_stop() -> None:
    asks = Operator(error=NetworkError("404: is the bot invited?"))
    assert "yet: 404: is the bot invited? I go on trying" in await told(asks, "!join #x")
    assert await told(Operator(error=Refused("Go away.")), "!join #x") == "Go away."
    assert await told(Operator(error=Refused("Go away.")), "!part #x") == "Go away."


async def test_direct_rooms_are_told_by_their_person() -> None:
    direct, other = Room("matrix", "!Mv8E"), Room("matrix", "#nova:example.org")
    report = NetworkReport(
        "matrix",
        Connection(State.UP, NOW),
        [direct, other],
        people={direct: "@alice:example.org"},
    )
    text = await told(Operator([report]), "!networks")
    assert "in #nova:example.org and @alice:example.org (private)" in text
