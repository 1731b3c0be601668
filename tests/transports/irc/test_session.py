"""What the bot does on a network, from the welcome on."""

import logging

import pytest
from hypothesis import given, settings, strategies as st

from milestonebot.transports.irc.settings import NickServ
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.wire.lines import encode, parse
from milestonebot.transports.irc.wire.pacing import Urgency
from tests.transports.irc.playing import GREETING, IS_SERVICE, NICKSERV, SASL, Play


def test_it_says_that_it_is_a_bot_and_joins_its_rooms_together() -> None:
    play = Play()
    play.server(":s CAP * LS :")
    assert play.server(*GREETING) == ["MODE relbot +B", "JOIN #Release,#nova"]
    assert play.is_ready == 1


def test_only_the_first_welcome_counts() -> None:
    play = Play().inside()
    assert play.server(":s 001 other :Welcome", ":s 001", ":s 376 relbot :End") == []
    assert play.session.me.nick == "relbot"
    assert play.hear("!next") is not None


def test_a_greeting_that_does_not_end_is_not_waited_for() -> None:
    play = Play()
    play.server(*GREETING[:2])
    assert play.later(10) == ["MODE relbot +B", "JOIN #Release,#nova"]


def test_a_ping_is_answered_at_once_before_and_after_the_welcome() -> None:
    play = Play()
    assert play.server("PING :cookie 1") == ["PONG :cookie 1"]
    play.inside()
    assert play.server("PING irc.test") == ["PONG :irc.test"]
    assert play.urgencies[-1] is Urgency.NOW


# --- logging in to services


def test_where_sasl_logged_in_nickserv_is_not_asked() -> None:
    play = Play(sasl=SASL, nickserv=NICKSERV)
    play.server(":s CAP * LS :sasl", ":s CAP relbot ACK :sasl", "AUTHENTICATE +")
    play.server(":s 900 * relbot!r@h account :Logged in", ":s 903 * :Done")
    assert play.server(*GREETING) == ["MODE relbot +B", "JOIN #Release,#nova"]


@pytest.mark.parametrize(
    "sign",
    [
        ":NickServ!n@services NOTICE relbot :You are now identified for \x02relbot\x02.",
        ":NickServ!n@services NOTICE relbot :Password accepted - you are now recognized.",
        ":NickServ!n@services NOTICE relbot :You are successfully identified as \x02relbot\x02.",
        ":nickserv!n@services NOTICE relbot :You are already logged in as relbot.",
        ":s 900 relbot relbot!r@h relbot :You are now logged in as relbot",
        ":NickServ MODE relbot :+r",
        ":relbot!r@h ACCOUNT relbot",
    ],
)
def test_rooms_are_joined_only_when_it_is_identified(sign: str) -> None:
    play = Play(nickserv=NICKSERV)
    play.server(":s CAP * LS :")
    assert play.server(*GREETING) == ["MODE relbot +B", "WHOIS NickServ"]
    assert play.server(*IS_SERVICE) == ["PRIVMSG NickServ :IDENTIFY hunter2"]
    assert play.server(":NickServ!n@services NOTICE relbot :This nickname is registered. Identify.") == []
    assert play.is_ready == 0
    assert play.server(sign) == ["JOIN #Release,#nova"]
    assert play.is_ready == 1


@pytest.mark.parametrize(
    "sign",
    [
        ":NickServ!n@services NOTICE relbot :Invalid password for \x02relbot\x02.",
        ":NickServ!n@services NOTICE relbot :Password incorrect.",
        ":NickServ!n@services NOTICE relbot :\x02relbot\x02 is not a registered nickname.",
        ":NickServ!n@services NOTICE relbot :Your nick isn't registered.",
        ":s 401 relbot NickServ :No such nick",
    ],
)
def test_where_the_login_fails_rooms_are_joined_all_the_same(
    sign: str, caplog: pytest.LogCaptureFixture
) -> None:
    play = Play(nickserv=NICKSERV)
    play.server(":s CAP * LS :", *GREETING)
    assert play.server(sign) == ["JOIN #Release,#nova"]
    assert "NickServ" in caplog.text
    assert "hunter2" not in caplog.text


def test_services_that_do_not_answer_are_waited_for_20_seconds() -> None:
    play = Play(nickserv=NICKSERV)
    play.server(":s CAP * LS :", *GREETING)
    assert play.later(19.9) == []
    assert play.later(0.2) == ["WHOIS relbot"], "the server may know"
    assert play.later(4.8) == []
    assert play.later(0.2) == ["JOIN #Release,#nova"]


def test_nobody_else_can_say_that_it_is_identified() -> None:
    play = Play(nickserv=NICKSERV)
    play.server(":s CAP * LS :", *GREETING)
    assert play.server(":mallory!m@h NOTICE relbot :You are now identified for relbot.") == []
    assert play.server(":NickServ!n@s PRIVMSG relbot :You are now identified for relbot.") == []


def test_under_another_nick_the_account_is_named() -> None:
    play = Play(nickserv=NICKSERV)
    play.server(":s 433 * relbot :In use", ":s 001 relbot_ :Welcome", ":s 376 relbot_ :End")
    assert play.server(*IS_SERVICE)[-1] == "PRIVMSG NickServ :IDENTIFY relbot hunter2"
    named = Play(nickserv=NickServ(NICKSERV.password, "account"))
    named.server(":s CAP * LS :", *GREETING)
    assert named.server(*IS_SERVICE) == ["PRIVMSG NickServ :IDENTIFY account hunter2"]


# --- being alive


def test_one_lost_ping_is_not_the_end_and_two_are() -> None:
    play = Play().inside()
    assert play.later(29, silent=True) == []
    assert len(play.later(2, silent=True)) == 1
    assert len(play.later(30, silent=True)) == 1
    assert play.session.failure is None
    play.later(30, silent=True)
    assert "two PINGs" in str(play.session.failure)


def test_whatever_the_server_says_is_a_sign_of_life() -> None:
    play = Play().inside()
    for _ in range(10):
        assert len(play.later(59, silent=True)) == 1
        play.server(":s NOTICE * :still here")
    assert play.session.failure is None


def test_before_the_welcome_there_are_no_pings_but_a_limit() -> None:
    play = Play()
    assert play.later(59) == []
    assert play.session.failure is None
    play.later(2)
    assert "no welcome within 60 s" in str(play.session.failure)


# --- rooms


def test_a_refused_room_is_asked_for_again_ever_more_seldom(caplog: pytest.LogCaptureFixture) -> None:
    play = Play(rooms=("#a",)).welcome()
    asked = []
    for _ in range(7):
        play.server(":s 474 relbot #a :Cannot join channel (you're banned)")
        begin = play.now
        while "JOIN #a" not in play.later(1):
            assert play.session.failure is None
        asked.append(round(play.now - begin, -1))
    assert asked == [60, 120, 240, 480, 900, 900, 900]
    assert "you're banned" in caplog.text


@pytest.mark.parametrize("numeric", ["403", "405", "437", "471", "473", "474", "475", "476", "477", "489"])
def test_a_refusal_names_the_room(numeric: str) -> None:
    play = Play().welcome()
    play.server(f":s {numeric} relbot #NOVA :Not now", ":relbot!r@h JOIN #release")
    assert list(play.session.rooms) == ["#Release"]
    lines = [line for line in play.later(61) if line.startswith("JOIN")]
    assert lines == ["JOIN #nova"]


def test_a_join_that_is_not_answered_is_tried_again() -> None:
    play = Play(rooms=("#a",)).welcome()
    assert "JOIN #a" in play.later(61)


def test_after_a_kick_it_comes_back_later_and_not_at_once(caplog: pytest.LogCaptureFixture) -> None:
    play = Play(rooms=("#release",)).inside()
    assert play.server(":op!o@h KICK #Release relbot :Go away") == []
    assert list(play.session.rooms) == []
    assert [line for line in play.later(59) if line.startswith("JOIN")] == []
    assert "JOIN #release" in play.later(70)
    assert "kicked by op: Go away" in caplog.text


def test_other_peoples_coming_and_going_is_not_its_own() -> None:
    play = Play().inside()
    play.server(
        ":op!o@h KICK #release ann :x", ":ann!a@h PART #release", ":ann!a@h JOIN #other", ":ann!a@h QUIT"
    )
    assert sorted(play.session.rooms) == ["#Release", "#nova"]


def test_a_room_that_is_not_in_the_config_is_left() -> None:
    play = Play().inside()
    assert play.server(":relbot!r@h JOIN #overflow") == [
        "PART #overflow :This room is not in my configuration"
    ]
    assert play.server(":relbot!r@h PART #overflow") == []
    assert play.hear("!next", "#overflow") is None


def test_rooms_compare_as_the_server_says_and_keep_the_names_of_the_config() -> None:
    play = Play(rooms=("#Rel[1]",))
    play.server(":s CAP * LS :", ":s 001 relbot :Hi", ":s 005 relbot CASEMAPPING=rfc1459 :are supported")
    play.server(":s 376 relbot :End", ":relbot!r@h JOIN #rel{1}")
    message = play.hear("!next", "#REL{1]")
    assert message is not None
    assert message.room.name == "#Rel[1]"


def test_many_rooms_are_joined_in_few_lines_that_fit() -> None:
    names = tuple(f"#a-room-with-a-rather-long-name-{number}" for number in range(60))
    play = Play(rooms=names)
    lines = [line for line in play.server(":s CAP * LS :", *GREETING) if line.startswith("JOIN")]
    assert len(lines) == 6
    assert ",".join(line.removeprefix("JOIN ") for line in lines) == ",".join(names)
    assert all(len(encode(line)) <= 512 for line in lines)


# --- its mask


@pytest.mark.parametrize(
    ("lines", "mask"),
    [
        ([":s 001 relbot :Welcome relbot!rel@one.example"], "relbot!rel@one.example"),
        ([":relbot!rel@two.example JOIN #release"], "relbot!rel@two.example"),
        (
            [":s 001 relbot :Hi relbot!r@h", ":s 396 relbot three.example :is now your host"],
            "relbot!r@three.example",
        ),
        (
            [":s 001 relbot :Hi relbot!r@h", ":s 396 relbot u@four.example :is now your host"],
            "relbot!u@four.example",
        ),
        ([":relbot!r@h CHGHOST user five.example"], "relbot!user@five.example"),
        ([":s 001 relbot :Hi relbot!r@h", ":relbot!r@h NICK other"], "other!r@h"),
        ([":relbot!r@h PRIVMSG #release :echo"], "relbot!r@h"),
    ],
)
def test_it_learns_how_others_see_it(lines: list[str], mask: str) -> None:
    play = Play()
    play.server(*lines)
    assert play.session.me.mask == mask


def test_a_mask_that_is_not_known_is_taken_for_the_longest() -> None:
    play = Play()
    play.server(":s 001 relbot :Welcome")
    # The username with a ~ before it, and a host of 64 bytes.
    assert play.session.me.mask == f"relbot!{'u' * 13}@{'h' * 64}"


# --- CTCP


def test_ctcp_is_answered_in_private_and_seldom() -> None:
    play = Play().inside()
    ask = ":ann!a@h PRIVMSG relbot :\x01{}\x01"
    assert play.server(ask.format("VERSION"))[0].startswith("NOTICE ann :\x01VERSION milestonebot ")
    assert play.server(ask.format("PING 12\x0234")) == ["NOTICE ann :\x01PING 1234\x01"]
    assert play.server(ask.format("TIME")) == ["NOTICE ann :\x01TIME Tue, 20 Dec 2011 12:00:00 +0000\x01"]
    assert play.server(ask.format("SOURCE")) == []
    play.later(10)
    assert play.server(ask.format("SOURCE")) == ["NOTICE ann :\x01SOURCE https://example.org\x01"]
    play.later(10)
    assert (
        play.server(ask.format("DCC CHAT chat 1 2"), ask.format("FINGER"), ":ann!a@h PRIVMSG relbot :\x01")
        == []
    )
    assert play.server(":ann!a@h PRIVMSG #release :\x01VERSION\x01") == []
    assert play.server(":irc.test PRIVMSG relbot :\x01VERSION\x01") == []
    assert play.server(":ann!a@h NOTICE relbot :\x01VERSION mIRC\x01") == []
    assert play.messages == []


# --- whatever comes


NAMES = st.sampled_from(["relbot", "ann", "#release", "#nova", "#x", "NickServ", "*", "s", ""])
WORDS = (
    NAMES
    | st.text(max_size=12)
    | st.sampled_from(["+o-v", "LS", "ACK", "NEW", "+ref", "-ref", "chathistory"])
)
WORDY = [
    "CAP",
    "AUTHENTICATE",
    "PING",
    "PONG",
    "ERROR",
    "PRIVMSG",
    "NOTICE",
    "JOIN",
    "PART",
    "KICK",
    "QUIT",
    "NICK",
]
WORDY += ["MODE", "ACCOUNT", "CHGHOST", "BATCH", "ACK", "FAIL"]
NUMERIC = [
    1,
    5,
    353,
    366,
    376,
    396,
    401,
    403,
    404,
    422,
    432,
    433,
    437,
    442,
    464,
    470,
    471,
    474,
    477,
    900,
    903,
    904,
    908,
]
COMMANDS = st.sampled_from([*WORDY, *(f"{number:03d}" for number in NUMERIC)])
TAGS = st.dictionaries(
    st.sampled_from(["time", "batch", "label", "msgid", "account", "bot"]), st.text(max_size=12), max_size=3
)


@st.composite
def lines(draw: st.DrawFn) -> str:
    tags = ";".join(f"{name}={value}" for name, value in draw(TAGS).items())
    source = draw(st.sampled_from(["", ":s ", ":ann!a@h ", ":relbot!r@h ", ":NickServ!n@s ", ":!@ "]))
    words = " ".join(draw(st.lists(WORDS, max_size=5)))
    return f"{'@' + tags + ' ' if tags else ''}{source}{draw(COMMANDS)} {words} :{draw(WORDS)}"


@pytest.mark.slow
@given(st.lists(lines() | st.text(max_size=80), max_size=60), st.booleans(), st.booleans())
@settings(max_examples=300)
def test_no_lines_in_any_order_make_it_fail(said: list[str], with_sasl: bool, from_inside: bool) -> None:  # noqa: FBT001 - drawn
    play = Play(sasl=SASL if with_sasl else None, nickserv=NICKSERV)
    if from_inside:
        play.inside("batch", "account-tag", "server-time", "message-tags")
    for text in said:
        line = parse(text)
        if line is not None:
            play.session.hear(line, play.now)
        assert play.session.deadline > play.now - 1
        for message in play.messages:
            assert message.text is not None
    play.later(200)
    assert play.session.phase in Phase


def test_the_log_tells_which_nick_it_has_and_how_it_is_logged_in(caplog: pytest.LogCaptureFixture) -> None:
    def told() -> list[str]:
        lines = [each.getMessage() for each in caplog.records]
        caplog.clear()
        return lines

    caplog.set_level(logging.INFO)
    play = Play(sasl=SASL)
    play.server(":s CAP * LS :sasl=PLAIN", ":s CAP * ACK :sasl", "AUTHENTICATE +")
    play.server(":s 433 * relbot :Nickname is \x02already\x02 in use")
    play.server(":s 900 * * account\x1b :You are now logged in", ":s 903 * :SASL authentication successful")
    assert told() == ["net: logged in as account? by SASL PLAIN"]
    play.server(":s 001 relbot_ :Welcome", ":s 376 relbot_ :End")
    assert told() == ["net: called relbot_, and not relbot: Nickname is already in use"]
    play.server(":relbot_!rel@bot.example NICK relbot")
    assert told() == ["net: called relbot now"]
    # Services that came back, and were told the password anew.
    play.server(":s 901 relbot relbot!u@h :You are logged out")
    told()
    play.server(":s 900 relbot relbot!u@h account :You are now logged in")
    assert told() == ["net: logged in to the services as account"]


def test_the_log_tells_which_account_the_server_finds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    play = Play(nickserv=NICKSERV).welcome()
    play.server(":s 330 relbot relbot account :is logged in as")
    assert "net: logged in to the services as account" in [each.getMessage() for each in caplog.records]


def test_the_log_tells_what_happens_without_control_characters(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        play = Play().inside()
        play.server(":op!o@h KICK #release relbot :\x1b]0;owned\x07\x1b[2J")
    assert "\x1b" not in caplog.text
