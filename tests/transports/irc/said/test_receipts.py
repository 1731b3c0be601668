"""How it is learned that the network has taken what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.transports.irc.wire.lines import parse
from tests.transports.irc.playing import Play

if TYPE_CHECKING:
    from milestonebot.transports.irc.said.receipts import Receipts

LABELS = ("message-tags", "batch", "echo-message", "labeled-response")
ECHO = ":relbot!r@h NOTICE #release :"


class Said:
    """A session that says things, and what became of each."""

    def __init__(self, *capabilities: str) -> None:
        self.play = Play().inside(*capabilities)
        self.receipts: Receipts = self.play.session.receipts
        self.outcomes: dict[str, str | NetworkError] = {}

    def say(self, text: str, target: str = "#Release", *, awaited: bool = True) -> str:
        def settle(outcome: str | NetworkError) -> None:
            assert text not in self.outcomes, "told once"
            self.outcomes[text] = outcome

        return self.receipts.said(target, text, settle if awaited else None)

    def server(self, *lines: str) -> dict[str, str | NetworkError]:
        self.play.server(*lines)
        outcomes, self.outcomes = self.outcomes, {}
        return outcomes


# --- labels


def test_an_echo_under_the_label_confirms_and_tells_the_id() -> None:
    said = Said(*LABELS)
    assert [said.say(text) for text in ("one", "two")] == ["@label=1 ", "@label=2 "]
    assert said.server(f"@label=2;msgid=b {ECHO}two", f"@label=1;msgid=a {ECHO}one") == {
        "two": "b",
        "one": "a",
    }
    assert said.receipts.fence() is None


def test_what_nobody_waits_for_has_no_label() -> None:
    said = Said(*LABELS)
    assert said.say("one", awaited=False) == ""
    said.say("two")
    assert said.server(f"{ECHO}one") == {}


def test_a_labelled_refusal_is_told() -> None:
    said = Said(*LABELS)
    for text in ("one", "two", "three", "four", "five"):
        said.say(text)
    outcomes = said.server(
        "@label=1 :s 403 relbot #release :No such channel",
        "@label=2 :s 442 relbot #release :You're not on that channel",
        "@label=3 :s FAIL PRIVMSG SPAM #release :Not now",
        "@label=4 :s 404 relbot #release :Cannot send to channel (+m)",
        "@label=5 :s 477 relbot #release :Cannot send to channel (+r)",
    )
    assert isinstance(outcomes["one"], Refused)
    assert "#release: No such channel (403)" in str(outcomes["one"])
    for text in ("two", "three", "four", "five"):
        assert isinstance(outcomes[text], NetworkError)
        assert not isinstance(outcomes[text], Refused)


def test_answers_of_several_lines_come_in_a_batch() -> None:
    said = Said(*LABELS)
    for text in ("one", "two", "three"):
        said.say(text)
    assert said.server(
        "@label=1 :s BATCH +a labeled-response",
        f"@batch=a;msgid=x {ECHO}one",
        "@batch=a :s 301 relbot ann :away",
    ) == {"one": "x"}
    (error,) = said.server(
        ":s BATCH -a", "@label=2 :s BATCH +b labeled-response", "@batch=b :s 403 relbot #release :No"
    ).values()
    assert isinstance(error, Refused)
    assert said.server(":s BATCH -b", "@label=3 :s BATCH +c labeled-response", ":s BATCH -c") == {"three": ""}


def test_an_acknowledgement_is_enough() -> None:
    said = Said(*LABELS)
    said.say("one")
    assert said.server("@label=1 :s ACK") == {"one": ""}


def test_an_echo_without_a_label_says_nothing_about_those_that_have_one() -> None:
    said = Said(*LABELS)
    said.say("one")
    assert said.server(f"{ECHO}one", "@label=9 " + ECHO + "one", ":s ACK", ":s 404 relbot #other :x") == {}


# --- tags of our own


def test_a_tag_goes_along_where_the_server_takes_it() -> None:
    def said(*capabilities: str, isupport: str = "") -> str:
        saying = Said(*capabilities)
        if isupport:
            saying.server(f":s 005 relbot {isupport} :are supported")
        return saying.receipts.said("#release", "text", lambda _: None, "+milestonebot/key=a")

    assert said(*LABELS) == "@label=1;+milestonebot/key=a "
    assert said("message-tags") == "@+milestonebot/key=a "
    assert said("echo-message") == ""
    for denied in ("*", "typing,milestonebot/key", "*,-typing"):
        assert said("message-tags", isupport=f"CLIENTTAGDENY={denied}") == ""
    for allowed in ("", "typing", "*,-milestonebot/key"):
        assert said("message-tags", isupport=f"CLIENTTAGDENY={allowed}") == "@+milestonebot/key=a "


# --- echoes alone


def test_echoes_come_in_order() -> None:
    said = Said("echo-message")
    assert [said.say(text) for text in ("one", "two")] == ["", ""]
    assert said.server(f"@msgid=a {ECHO}one", f"@msgid=b {ECHO}two") == {"one": "a", "two": "b"}
    assert said.receipts.fence() is None


def test_rooms_do_not_confirm_for_each_other_and_replies_not_for_announcements() -> None:
    said = Said("echo-message")
    said.say("reply", awaited=False)
    said.say("news")
    said.say("elsewhere", "#nova")
    assert said.server(f"{ECHO}reply") == {}
    assert said.server(":relbot!r@h NOTICE #NOVA :elsewhere") == {"elsewhere": ""}
    assert said.server(f"{ECHO}news") == {"news": ""}


def test_an_altered_echo_confirms_the_first_and_an_equal_one_gives_up_those_before_it() -> None:
    said = Said("echo-message")
    for text in ("\x02bold\x02", "lost", "kept"):
        said.say(text)
    assert said.server(f"{ECHO}bold") == {"\x02bold\x02": ""}
    outcomes = said.server(f"{ECHO}kept")
    assert outcomes["kept"] == ""
    assert isinstance(outcomes["lost"], InDoubt)


def test_a_refusal_is_of_the_first_to_that_target() -> None:
    said = Said("echo-message")
    said.say("one")
    said.say("two")
    outcomes = said.server(":s 403 relbot #release :No", f"{ECHO}two")
    assert isinstance(outcomes["one"], Refused)
    assert outcomes["two"] == ""


def test_what_is_played_back_is_no_receipt() -> None:
    said = Said("echo-message", "batch")
    said.say("one")
    assert said.server(":s BATCH +h chathistory #release", f"@batch=h {ECHO}one", ":s BATCH -h") == {}


# --- neither


def test_a_pong_confirms_what_was_said_before_its_ping() -> None:
    said = Said()
    said.say("one")
    said.say("two")
    first = said.receipts.fence()
    said.say("three")
    second = said.receipts.fence()
    assert (first, said.receipts.fence()) == ("PING :milestonebot-1", None)
    assert said.server(":s PONG s :milestonebot-1") == {"one": "", "two": ""}
    assert second == "PING :milestonebot-2"
    assert said.server(":s PONG s :milestonebot-2") == {"three": ""}


def test_a_refusal_before_the_pong_is_told() -> None:
    said = Said()
    said.say("one")
    said.say("two", "ann")
    said.receipts.fence()
    outcomes = said.server(":s 401 relbot ann :No such nick", ":s PONG s :milestonebot-1")
    assert outcomes["one"] == ""
    assert isinstance(outcomes["two"], Refused)


def test_a_pong_of_somebody_else_confirms_nothing() -> None:
    said = Said()
    said.say("one")
    said.receipts.fence()
    assert said.server(":s PONG s :milestonebot-alive", ":s PONG s :milestonebot-9", "PONG") == {}


def test_what_nobody_waits_for_needs_no_ping() -> None:
    said = Said()
    said.say("one", awaited=False)
    assert said.receipts.fence() is None


# --- the end


def test_with_the_connection_all_the_rest_is_in_doubt() -> None:
    for capabilities in (LABELS, ("echo-message",), ()):
        said = Said(*capabilities)
        said.say("one")
        said.receipts.fence()
        said.say("two")
        said.receipts.lost(NetworkError("gone"))
        outcomes = said.server().values()
        assert [(type(outcome), str(outcome)) for outcome in outcomes] == [(InDoubt, "gone")] * 2
        assert said.server(f"@label=1 {ECHO}one", ":s PONG s :milestonebot-1") == {}


def test_a_server_that_confirms_nothing_costs_no_memory() -> None:
    for capabilities in (LABELS, ("echo-message",), ()):
        said = Said(*capabilities)
        for number in range(3000):
            said.say(str(number))
            said.receipts.fence()
        assert len(said.outcomes) >= 1999
        assert all(isinstance(outcome, InDoubt) for outcome in said.outcomes.values())


def test_a_reason_in_a_refusal_has_no_control_characters() -> None:
    said = Said()
    said.say("one")
    line = parse(":s 404 relbot #Release :\x1b[2Jno")
    assert line is not None
    said.receipts.refused(line, "")
    assert str(said.outcomes["one"]) == "#Release: ?[2Jno (404)"
