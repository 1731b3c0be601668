"""Rooms that are entered and left while the bot is connected: what it says, and what it remembers."""

from __future__ import annotations

from tests.transports.irc.playing import GREETING, Play

LEAVING = "I am not to be in this room any more"


def enter(play: Play, name: str) -> list[str]:
    """Enter a room; return the list in which it will be told how that ends."""
    told: list[str] = []
    play.session.enter(name, play.now, told.append)
    return told


def test_a_room_is_asked_for_at_once_and_told_when_it_is_joined() -> None:
    play = Play().inside()
    told = enter(play, "#New")
    assert play.said() == ["JOIN #New"]
    assert told == []
    play.server(":relbot!rel@bot.example JOIN #new")
    assert told == [""]
    assert sorted(play.session.rooms) == ["#New", "#Release", "#nova"]


def test_before_the_welcome_it_is_asked_for_with_the_others() -> None:
    play = Play(rooms=("#a",))
    enter(play, "#b")
    assert not [line for line in play.said() if line.startswith("JOIN")]
    play.server(":irc.test CAP * LS :")
    assert "JOIN #a,#b" in play.server(*GREETING)
    play.server(":relbot!rel@bot.example JOIN #b")
    assert list(play.session.rooms) == ["#b"]


def test_one_that_is_joined_already_is_not_asked_for() -> None:
    play = Play().inside()
    assert enter(play, "#RELEASE") == [""]
    assert play.said() == []


def test_a_refusal_is_told_kept_and_tried_again() -> None:
    play = Play().inside()
    told = enter(play, "#new")
    play.server(":s 473 relbot #new :Cannot join channel (+i)")
    assert told == ["Cannot join channel (+i)"]
    assert play.session.rooms.why_not("#new") == "Cannot join channel (+i)"
    assert "JOIN #new" in play.later(61)
    play.server(":relbot!rel@bot.example JOIN #new")
    assert play.session.rooms.why_not("#new") == ""
    assert told == ["Cannot join channel (+i)"]


def test_a_room_from_which_it_was_kicked_is_asked_for_at_once_where_an_admin_wants_it() -> None:
    play = Play(rooms=("#release",)).inside()
    play.server(":op!o@h KICK #release relbot :Go away")
    assert play.session.rooms.why_not("#release") == "kicked by op: Go away"
    enter(play, "#release")
    assert play.said() == ["JOIN #release"]


def test_a_room_that_is_left_is_not_asked_for_again() -> None:
    play = Play(rooms=("#release",)).inside()
    play.session.leave("#RELEASE")
    (said,) = play.said()
    assert said == f"PART #RELEASE :{LEAVING}"
    assert list(play.session.rooms) == []
    assert play.server(":relbot!rel@bot.example PART #release") == []
    assert not [line for line in play.later(1000) if line.startswith("JOIN")]


def test_a_room_that_is_left_before_it_is_joined_is_left_once_it_is() -> None:
    play = Play().inside()
    told = enter(play, "#new")
    play.said()
    play.session.leave("#new")
    assert told == ["it is not wanted any more"]
    assert play.said() == []
    (said,) = play.server(":relbot!rel@bot.example JOIN #new")
    assert said.startswith("PART #new ")
    assert not [line for line in play.later(1000) if line.startswith("JOIN")]


def test_a_room_can_be_entered_again_before_the_server_confirms_that_it_was_left() -> None:
    play = Play().inside()
    play.session.leave("#nova")
    told = enter(play, "#nova")
    assert [line.split()[0] for line in play.said()] == ["PART", "JOIN"]
    play.server(":relbot!rel@bot.example PART #nova", ":relbot!rel@bot.example JOIN #nova")
    assert told == [""]
    assert sorted(play.session.rooms) == ["#Release", "#nova"]


def test_who_waits_is_told_that_the_connection_is_gone() -> None:
    play = Play().inside()
    told = enter(play, "#new")
    play.session.rooms.lost("closed")
    assert told == ["closed"]
