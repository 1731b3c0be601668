"""Logging in by SASL, mechanism after mechanism, on servers good and bad."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from milestonebot.errors import Refused
from milestonebot.secret import Secret
from milestonebot.transports.irc.login.sasl import MECHANISMS
from milestonebot.transports.irc.settings import Sasl
from milestonebot.transports.irc.shell import Phase
from tests.transports.irc.playing import GREETING, NICKSERV, Play
from tests.transports.irc.scram import ScramServer

SCRAM, PLAIN = "SCRAM-SHA-256", "PLAIN"
ACCOUNT = Sasl("account", Secret("hunter2"), mechanisms=(SCRAM, PLAIN))
FAILED = ":s 904 * :SASL authentication failed"
ABORT = ["AUTHENTICATE *"]
DONE = (":s 900 * relbot!r@h account :You are now logged in", ":s 903 * :Done")


def asked(sasl: Sasl = ACCOUNT, offered: str = "sasl") -> Play:
    """Come as far as the first AUTHENTICATE."""
    play = Play(sasl=sasl)
    play.server(f":s CAP * LS :{offered} cap-notify")
    play.server(":s CAP * ACK :cap-notify sasl")
    return play


def blob(lines: list[str]) -> bytes:
    """Return what the bot's AUTHENTICATE lines hold."""
    words = [line.removeprefix("AUTHENTICATE ") for line in lines]
    return base64.b64decode("".join(word for word in words if word != "+"))


def challenge(data: bytes) -> str:
    return f"AUTHENTICATE :{base64.b64encode(data).decode()}"


def scram(play: Play, server: ScramServer) -> list[str]:
    """Play SCRAM up to the server's last message, and return what the bot says to it."""
    first = blob(play.server("AUTHENTICATE +"))
    final = blob(play.server(challenge(server.first(first))))
    return play.server(challenge(server.final(final)))


# --- the order


@pytest.mark.parametrize("offered", ["sasl", "sasl=PLAIN,EXTERNAL,SCRAM-SHA-256", "sasl=scram-sha-256,plain"])
def test_the_configs_order_counts_and_not_the_servers(offered: str) -> None:
    play = Play(sasl=ACCOUNT)
    play.server(f":s CAP * LS :{offered}")
    assert play.server(":s CAP * ACK :sasl") == [f"AUTHENTICATE {SCRAM}"]


def test_what_is_not_offered_is_not_tried() -> None:
    play = Play(sasl=ACCOUNT)
    play.server(":s CAP * LS :sasl=EXTERNAL,PLAIN")
    assert play.server(":s CAP * ACK :sasl") == ["AUTHENTICATE PLAIN"]


def test_where_one_is_refused_the_next_is_tried(caplog: pytest.LogCaptureFixture) -> None:
    play = asked()
    assert play.server(FAILED) == ["AUTHENTICATE PLAIN"]
    assert "SASL SCRAM-SHA-256: SASL authentication failed; trying PLAIN" in caplog.text
    assert blob(play.server("AUTHENTICATE +")) == b"account\0account\0hunter2"
    assert play.server(*DONE) == ["CAP END"]
    assert play.session.account == "account"


def test_the_servers_list_of_mechanisms_leaves_out_the_others() -> None:
    sasl = replace(ACCOUNT, mechanisms=("SCRAM-SHA-512", SCRAM, "EXTERNAL", PLAIN))
    play = asked(sasl)
    assert play.server(":s 908 * EXTERNAL,PLAIN :are available SASL mechanisms") == []
    assert play.server(FAILED) == ["AUTHENTICATE EXTERNAL"]
    assert play.server("AUTHENTICATE +") == ["AUTHENTICATE +"]
    assert play.server(FAILED) == ["AUTHENTICATE PLAIN"]


@pytest.mark.parametrize("required", [True, False])
def test_where_all_are_refused_there_is_no_login(*, required: bool) -> None:
    play = asked(replace(ACCOUNT, required=required))
    play.server(FAILED)
    assert play.server(FAILED) == ([] if required else ["CAP END"])
    assert isinstance(play.session.failure, Refused) is required
    assert play.session.account is None


def test_a_nick_that_is_locked_is_the_end_of_it() -> None:
    play = asked()
    assert play.server(":s 902 * :You must use a nick assigned to you") == ["CAP END"]


def test_one_who_is_logged_in_already_is() -> None:
    play = asked()
    assert play.server(":s 907 * :You have already authenticated") == ["CAP END"]
    assert play.session.account == "account"


def test_ecdsa_logs_in_with_a_key_and_no_password() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    play = asked(Sasl("account", mechanisms=("ECDSA-NIST256P-CHALLENGE",), key=key))
    assert blob(play.server("AUTHENTICATE +")) == b"account"
    assert len(blob(play.server(challenge(bytes(range(32)))))) > 60
    assert play.server(*DONE) == ["CAP END"]


# --- SCRAM, and servers that lie


@pytest.mark.parametrize(("name", "digest"), [("SCRAM-SHA-256", "sha256"), ("SCRAM-SHA-512", "sha512")])
def test_scram_ends_with_an_empty_response_and_the_login(name: str, digest: str) -> None:
    play = asked(replace(ACCOUNT, mechanisms=(name,)))
    assert scram(play, ScramServer(digest, "hunter2")) == ["AUTHENTICATE +"]
    assert play.server(*DONE) == ["CAP END"]
    assert play.session.account == "account"


@pytest.mark.parametrize("required", [True, False])
def test_a_server_with_a_wrong_signature_gets_no_password_either(*, required: bool) -> None:
    play = asked(replace(ACCOUNT, required=required))
    assert scram(play, ScramServer("sha256", "hunter2", knows=False)) == ABORT
    for line in (":s 906 * :SASL authentication aborted",):
        assert play.server(line) == ([] if required else ["CAP END"])
    assert play.session.account is None
    if required:
        failure = play.session.failure
        assert not isinstance(failure, Refused), "another time, it may be the right server"
        assert "not to be trusted" in str(failure)


@pytest.mark.parametrize(
    "last", ["AUTHENTICATE :", challenge(bytes(3)), "AUTHENTICATE :no base64!", "AUTHENTICATE :é"]
)
def test_what_is_no_signature_is_answered_with_the_end(last: str) -> None:
    play = asked()
    server = ScramServer("sha256", "hunter2")
    play.server(challenge(server.first(blob(play.server("AUTHENTICATE +")))))
    assert play.server(last) == ABORT
    assert play.server(*DONE) == ["CAP END"], "what it claims then is not believed"
    assert play.session.account is None


def test_a_login_that_is_claimed_before_the_proof_is_none(caplog: pytest.LogCaptureFixture) -> None:
    play = asked()
    server = ScramServer("sha256", "hunter2")
    play.server(challenge(server.first(blob(play.server("AUTHENTICATE +")))))
    assert play.server(*DONE) == ["CAP END"]
    assert play.session.account is None
    assert "did not prove that it knows the password" in caplog.text


def test_a_nonce_of_somebody_else_is_no_answer_to_ours() -> None:
    play = asked()
    server = ScramServer("sha256", "hunter2")
    first = blob(play.server("AUTHENTICATE +"))
    assert play.server(challenge(server.first(first, nonce="replayed"))) == ABORT


def test_where_the_server_says_no_in_scram_the_next_is_tried() -> None:
    play = asked()
    server = ScramServer("sha256", "hunter2")
    play.server(challenge(server.first(blob(play.server("AUTHENTICATE +")))))
    assert play.server(challenge(b"e=other-error")) == ABORT
    assert play.server(":s 906 * :Aborted") == ["AUTHENTICATE PLAIN"]


def test_a_challenge_in_parts_is_put_together_and_one_without_an_end_is_none() -> None:
    play = asked()
    play.server("AUTHENTICATE +")
    part = "A" * 400
    assert play.server(*[f"AUTHENTICATE {part}"] * 40) == []
    assert play.server(f"AUTHENTICATE {part}") == ABORT


# --- services


def test_services_that_do_not_answer_are_not_waited_for() -> None:
    play = asked()
    assert play.later(19.9) == []
    assert play.later(0.2) == ["AUTHENTICATE *", "CAP END"]
    assert play.server(":s 906 * :Aborted") == []
    required = asked(replace(ACCOUNT, required=True))
    assert required.later(20.1) == ["AUTHENTICATE *"]
    assert "did not answer the login" in str(required.session.failure)


def test_services_that_come_back_are_logged_in_to() -> None:
    play = Play(sasl=ACCOUNT)
    play.server(":s CAP * LS :cap-notify", ":s CAP * ACK :cap-notify", *GREETING)
    assert play.session.phase is Phase.READY
    play.server(":s 477 relbot #nova :You need to be identified")
    assert play.server(":s CAP relbot NEW :sasl=PLAIN") == ["CAP REQ :sasl"]
    assert play.server(":s CAP relbot ACK :sasl") == ["AUTHENTICATE PLAIN"]
    play.server("AUTHENTICATE +", *DONE)
    assert play.session.account == "account"
    assert play.later(0.0) == ["JOIN #nova"], "what was refused to a stranger is asked for at once"


def test_a_server_that_does_not_tell_of_services_is_asked() -> None:
    play = Play(sasl=replace(ACCOUNT, mechanisms=(PLAIN,)))
    play.server(":s CAP * LS :cap-notify", ":s CAP * ACK :cap-notify", *GREETING)
    assert "CAP LS 302" in play.later(61.0)
    assert play.server(":s CAP relbot LS :cap-notify sasl=PLAIN") == ["CAP REQ :sasl"]
    assert play.server(":s CAP relbot ACK :sasl") == ["AUTHENTICATE PLAIN"]
    play.server("AUTHENTICATE +", *DONE)
    assert play.session.account == "account"


def test_a_login_that_is_lost_is_made_again() -> None:
    play = asked(replace(ACCOUNT, mechanisms=(PLAIN,)))
    play.server("AUTHENTICATE +", *DONE, *GREETING)
    play.server(":relbot!rel@bot.example ACCOUNT *")
    accounts = [play.session.account]
    assert play.later(5.1) == ["AUTHENTICATE PLAIN"]
    play.server("AUTHENTICATE +", *DONE)
    accounts.append(play.session.account)
    assert accounts == [None, "account"]
    assert [line for line in play.later(2000) if "AUTH" in line] == []


def test_while_services_are_away_it_is_tried_ever_more_seldom() -> None:
    play = asked(replace(ACCOUNT, mechanisms=(PLAIN,)))
    play.server("AUTHENTICATE +", *DONE, *GREETING)
    play.server(":s 901 relbot relbot!r@h :You are now logged out")
    tries = [line for line in play.later(3600) if line == "AUTHENTICATE PLAIN"]
    assert 4 <= len(tries) <= 8
    assert play.session.failure is None, "it is on the network all the same"


def test_a_login_that_fails_after_the_welcome_ends_nothing_even_where_it_is_required() -> None:
    play = asked(replace(ACCOUNT, mechanisms=(PLAIN,), required=True))
    play.server("AUTHENTICATE +", *DONE, *GREETING, ":s CAP relbot DEL :sasl")
    play.server(":s 901 relbot relbot!r@h :You are now logged out", ":s CAP relbot NEW :sasl")
    play.server(":s CAP relbot ACK :sasl", "AUTHENTICATE +", FAILED)
    assert play.session.failure is None
    assert play.session.account is None


def test_every_mechanism_of_the_config_is_known() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    for name in MECHANISMS:
        play = asked(Sasl("account", Secret("x"), mechanisms=(name,), key=key))
        assert play.server("AUTHENTICATE +") != []


def test_oftc_sets_another_mode_on_those_who_are_logged_in() -> None:
    play = Play(nickserv=NICKSERV)
    play.server(":s CAP * LS :", ":s 001 relbot :Welcome", ":s 005 relbot NETWORK=OFTC :are supported")
    assert play.server(":s 376 relbot :End") == ["WHOIS NickServ"]
    assert play.server(":services.oftc.net MODE relbot :+r") == []
    assert play.server(":services.oftc.net MODE relbot :+R") == ["JOIN #Release,#nova"]
