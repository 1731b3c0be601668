"""From the connection to the welcome: capabilities, SASL, nick."""

import base64
import logging

import pytest

from milestonebot.errors import NetworkError, Refused
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import Sasl
from tests.transports.irc.playing import SASL, Play

ALL = (
    "message-tags server-time account-tag account-notify extended-join echo-message batch"
    " labeled-response cap-notify chghost multi-prefix setname standard-replies invite-notify"
)


def with_sasl(*, required: bool = False, length: int = 7) -> Play:
    return Play(sasl=Sasl("account", Secret("hunter2".ljust(length, "x")), required=required))


def test_nothing_is_asked_for_that_is_not_listed() -> None:
    play = Play()
    assert play.server(":s CAP * LS :batch unknown/thing sasl away-notify") == ["CAP REQ :batch"]
    assert play.server(":s CAP relbot ACK :batch") == ["CAP END"]


def test_all_that_is_of_use_is_asked_for_at_once() -> None:
    play = Play()
    (request,) = play.server(f":s CAP * LS :{ALL} sasl=PLAIN away-notify")
    assert sorted(request.removeprefix("CAP REQ :").split()) == sorted(ALL.split())


def test_an_empty_list_is_answered_by_the_end() -> None:
    assert Play().server(":s CAP * LS :") == ["CAP END"]


def test_a_list_may_go_on_over_lines() -> None:
    play = Play()
    assert play.server(":s CAP * LS * :batch sasl=EXTERNAL", ":s CAP * LS * :server-time") == []
    assert play.server(":s CAP * LS :chghost") == ["CAP REQ :server-time batch chghost"]


def test_a_list_without_an_end_is_not_kept_and_not_waited_for() -> None:
    play = Play()
    for number in range(5000):
        play.server(f":s CAP * LS * :capability/{number}")
    assert len(play.session._registration.capabilities.listed) <= 1000  # noqa: SLF001 - memory is what is tested
    play.later(60)
    assert "no welcome within 60 s" in str(play.session.failure)


def test_what_is_refused_together_is_asked_for_one_by_one_and_once() -> None:
    play = Play()
    play.server(":s CAP * LS :batch chghost server-time")
    again = play.server(":s CAP relbot NAK :server-time batch chghost")
    assert again == ["CAP REQ :server-time", "CAP REQ :batch", "CAP REQ :chghost"]
    assert play.server(":s CAP relbot ACK :batch", ":s CAP relbot NAK :chghost") == []
    assert play.server(":s CAP relbot NAK :server-time batch chghost") == ["CAP END"]


def test_a_single_one_that_is_refused_is_done_without() -> None:
    play = Play()
    play.server(":s CAP * LS :batch")
    assert play.server(":s CAP relbot NAK :batch") == ["CAP END"]


def test_capabilities_come_and_go_later() -> None:
    play = Play().inside()
    assert play.server(":s CAP relbot NEW :account-tag some/thing") == ["CAP REQ :account-tag"]
    play.server(":s CAP relbot ACK :account-tag")
    message = play.hear("!next", tags="@account=ann ")
    assert message is not None
    assert message.sender.account == "ann"
    play.server(":s CAP relbot DEL :account-tag")
    message = play.hear("!next", tags="@account=mallory ")
    assert message is not None
    assert message.sender.account is None


def test_what_nobody_asked_for_is_not_agreed_on() -> None:
    play = Play()
    play.server(":s CAP * LS :batch", ":s CAP relbot ACK :batch evil -batch")
    assert play.session._registration.capabilities.enabled == set()  # noqa: SLF001 - there is no other sign of it


# --- SASL


def test_sasl_plain_logs_in_before_the_end() -> None:
    play = with_sasl()
    assert play.server(":s CAP * LS :sasl=EXTERNAL,PLAIN") == ["CAP REQ :sasl"]
    assert play.server(":s CAP relbot ACK :sasl") == ["AUTHENTICATE PLAIN"]
    (response,) = play.server("AUTHENTICATE +")
    assert base64.b64decode(response.removeprefix("AUTHENTICATE ")) == b"account\0account\0hunter2"
    assert play.server(":s 900 * relbot!r@h account :You are now logged in", ":s 903 * :Done") == ["CAP END"]
    play.server(":s 001 relbot :Welcome")
    assert play.session.failure is None


def test_a_long_password_goes_in_chunks() -> None:
    play = with_sasl(length=284)
    play.server(":s CAP * LS :sasl", ":s CAP relbot ACK :sasl")
    lines = play.server("AUTHENTICATE +")
    assert [len(line.removeprefix("AUTHENTICATE ")) for line in lines] == [400, 1]


@pytest.mark.parametrize("numeric", ["902", "904", "905", "906"])
def test_a_login_that_fails_is_a_refusal_where_it_is_required(numeric: str) -> None:
    play = with_sasl(required=True)
    play.server(":s CAP * LS :sasl", ":s CAP relbot ACK :sasl", "AUTHENTICATE +")
    assert play.server(f":s {numeric} * :SASL authentication failed") == []
    assert isinstance(play.session.failure, Refused)
    assert str(play.session.failure) == (
        "the login by SASL failed: SASL authentication failed (see to username and password)"
    )


def test_a_login_that_fails_is_warned_of_where_it_is_not_required(caplog: pytest.LogCaptureFixture) -> None:
    play = with_sasl()
    play.server(":s CAP * LS :sasl", ":s CAP relbot ACK :sasl", "AUTHENTICATE +")
    assert play.server(":s 908 * EXTERNAL :are available", ":s 904 * :SASL authentication failed") == [
        "CAP END"
    ]
    assert play.session.failure is None
    assert "SASL" in caplog.text


@pytest.mark.parametrize(
    "lines",
    [
        [":s CAP * LS :batch", ":s CAP relbot ACK :batch"],
        [":s CAP * LS :"],
        [":s CAP * LS :sasl", ":s CAP relbot NAK :sasl"],
        [":s CAP * LS :sasl=EXTERNAL", ":s CAP relbot ACK :sasl"],
        [":s 421 * CAP :Unknown command", ":s 001 relbot :Welcome"],
    ],
    ids=["not listed", "nothing listed", "refused", "other mechanisms", "no capabilities at all"],
)
def test_a_login_that_is_not_to_be_had_is_tried_again_later_where_it_is_required(lines: list[str]) -> None:
    play = with_sasl(required=True)
    play.server(*lines)
    assert isinstance(play.session.failure, NetworkError)
    assert not isinstance(play.session.failure, Refused)
    without = with_sasl()
    without.server(*lines)
    assert without.session.failure is None


def test_sasl_is_asked_for_even_where_the_mechanism_is_not_listed() -> None:
    play = with_sasl()
    assert play.server(":s CAP * LS :sasl=EXTERNAL") == ["CAP REQ :sasl"]
    assert play.server(":s CAP relbot ACK :sasl") == ["CAP END"]


def test_a_password_is_given_to_nobody_who_was_not_asked() -> None:
    assert Play().server("AUTHENTICATE +") == []
    assert with_sasl().server("AUTHENTICATE +", ":s 903 * :Done") == []


def test_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        play = Play(sasl=SASL)
        play.server(":s CAP * LS :sasl", ":s CAP relbot ACK :sasl", "AUTHENTICATE +", ":s 904 * :Failed")
        play.welcome()
    assert "hunter2" not in caplog.text
    assert base64.b64encode(b"hunter2").decode()[:6] not in caplog.text


# --- the nick


def test_a_nick_in_use_gets_underscores_and_then_numbers() -> None:
    play = Play()
    refused = ":s 433 * relbot :Nickname is already in use"
    assert [play.server(refused)[0] for _ in range(5)] == [
        "NICK relbot_",
        "NICK relbot__",
        "NICK relbot___",
        "NICK relbot004",
        "NICK relbot005",
    ]
    for _ in range(6):
        play.server(refused)
    assert "no nick is to be had" in str(play.session.failure)


def test_the_server_has_the_last_word_on_the_nick() -> None:
    play = Play()
    play.server(":s 433 * relbot :In use", ":s 001 relbot_x :Welcome", ":s 376 relbot_x :End")
    assert play.session.me.nick == "relbot_x"


def test_the_nick_is_taken_back_when_it_is_given_up_and_now_and_then_tried() -> None:
    play = Play()
    play.server(":s 433 * relbot :In use", ":s 001 relbot_ :Welcome", ":s 376 relbot_ :End")
    assert "NICK relbot" in play.later(121)
    play.server(":s 433 relbot_ relbot :In use")
    assert play.session.failure is None
    assert play.server(":relbot!a@b QUIT :Ping timeout") == ["NICK relbot"]
    play.server(":relbot_!a@b NICK relbot")
    assert play.session.me.nick == "relbot"
    assert [line for line in play.later(500) if line.startswith("NICK")] == []


def test_a_nick_that_the_server_cut_is_good_enough() -> None:
    play = Play(nick="milestonebot")
    play.server(":s 001 milestone :Welcome", ":s 376 milestone :End")
    assert [line for line in play.later(500) if line.startswith("NICK")] == []


def test_a_server_password_that_is_wrong_is_a_refusal() -> None:
    play = Play()
    play.server(":s 464 * :Password incorrect")
    assert isinstance(play.session.failure, Refused)


def test_an_error_is_the_reason_why_it_is_over() -> None:
    play = Play()
    play.server("ERROR :Closing Link: (K-Lined)")
    assert str(play.session.failure) == "the server closed the connection: Closing Link: (K-Lined)"
