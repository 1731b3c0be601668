"""Lines that are not even taken apart are lines that would come to nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from milestonebot.settings import RoomSettings, Settings
from milestonebot.transports.irc.wire.lines import parse
from tests.asking import bot
from tests.transports.irc.fuzz import damaged
from tests.transports.irc.playing import Play

SETTINGS = Settings(
    name="Straßenbot", default=RoomSettings(limits=None), networks={"net": RoomSettings("~~", limits=None)}
)
SPARSE = ("batch", "account-tag", "server-time", "message-tags", "echo-message")
FULL = (*SPARSE, "labeled-response")

_tags = st.sampled_from(
    (
        "",
        "@time=2026-05-01T12:00:01.000Z;msgid=1AA~1~1;account=ann ",
        "@batch=1;time=2026-05-01T12:00:01.000Z ",
        "@label=1 ",
        "@msgid=1;label=1;x ",
        "@label=2 ",
        "@label=1;label=2 ",
        "@+x/label=1 ",
        "@label=2;msgid=1AA~2~2 ",
        "@msgid=b\\sc;label=2 ",
        "@+x/msgid=1;label=2;time=2026-05-01T12:00:01.000Z ",
        "@label=2;msgid=1;msgid=2 ",
        "@label=2;msgid ",
        "@label=2;msgid= ",
        "@bot ",
        "@a  ",
        "@ ",
        "@b :x ",
    )
)
_sources = st.sampled_from(
    (
        "ann!a@host",
        "relbot!rel@bot.example",
        "RELBOT!r@h",
        "relbot_!r@h",
        "irc.test",
        "",
        "a b",
        "a\rb",
        ":ann",
    )
)
_verbs = st.sampled_from(("PRIVMSG", "NOTICE", "privmsg", "TAGMSG", " PRIVMSG", "JOIN"))
_targets = st.sampled_from(
    ("#release", "#Release", "#nova", "#other", "relbot", "@#release", "#release #nova")
)
_pieces = st.sampled_from(
    (
        *("~~", "!", "next", "relbot", "RELBOT", "straßenbot", "STRASSENBOT", ":", ",", " ", "@", "\x02"),
        *("\x0304", "\x01", "essex-2", "when is ", "\u2003", "no", "r", "ß", "S", "~", "hello", "\0", "\r"),
    )
)
_texts = st.lists(_pieces, max_size=7).map("".join) | st.text(max_size=30)
_colons = st.sampled_from((" :", " :", " :", " ", " x :", "  :"))


@st.composite
def _said(draw: st.DrawFn) -> str:
    head = f"{draw(_tags)}:{draw(_sources)} {draw(_verbs)} {draw(_targets)}"
    return f"{head}{draw(_colons)}{draw(_texts)}"


def _damaged(seed: int) -> str:
    return damaged(random.Random(seed)).decode("latin-1").rstrip("\r\n")  # noqa: S311 - the same for the same seed


_echoes = st.builds("{}:relbot!rel@bot.example {} #release :essex-2".format, _tags, _verbs)
_lines = _said() | _echoes | st.integers(0, 1 << 30).map(_damaged)


def _play(capabilities: tuple[str, ...]) -> Play:
    play = Play().inside(*capabilities)
    play.server(":irc.test 005 relbot STATUSMSG=@+ :are supported", ":irc.test BATCH +1 chathistory #release")
    play.bot = bot(settings=SETTINGS)
    play.said()
    return play


def _awaited(play: Play) -> list[str]:
    return [*play.session.receipts._labelled]  # noqa: SLF001 - nothing else tells what is waited for


@pytest.mark.parametrize("capabilities", [(), SPARSE, FULL])
@given(text=_lines)
async def test_a_line_that_is_passed_over_would_come_to_nothing_more(
    capabilities: tuple[str, ...], text: str
) -> None:
    passing, play = _play(capabilities), _play(capabilities)
    outcomes: dict[Play, list[object]] = {passing: [], play: []}
    for each, told in outcomes.items():
        # Labels 1 and 2, where there are labels.
        each.session.receipts.said("#release", "essex-2", told.append)
        each.session.receipts.said("#release", "essex-2", told.append)
    if not passing.session.receiving.chatter.passed(text):
        return
    session, asked = play.session, play.bot
    mask = session.me.mask
    line = parse(text)
    assert line is not None
    assert asked is not None
    session.hear(line, play.now)
    assert play.said() == []
    assert _awaited(play) == _awaited(passing)
    assert [await asked.answer(message) for message in play.messages] == [None] * len(play.messages)
    assert session.me.mask == mask
    assert not session.played.ours("#release")
    assert not session.played.reaches("#release", datetime.max.replace(tzinfo=UTC))
    assert outcomes[passing] == outcomes[play]
    assert session.failure is None


@pytest.mark.parametrize(
    "said",
    [
        "that is no question, is it",
        "the release is near",
        "reboot it",
        "!next, they say, is another bot's",
        "~ is not the prefix",
        "",
        "when is essex-2? (said to all)",
    ],
)
def test_talk_is_passed_over(said: str) -> None:
    play = _play(FULL)
    assert play.session.receiving.chatter.passed(f"@msgid=1;account=ann :ann!a@h PRIVMSG #release :{said}")
    assert play.session.receiving.chatter.passed(f":ann!a@h PRIVMSG #Release :{said}")


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_an_echo_is_passed_over_where_it_would_carry_a_label_and_has_none(verb: str) -> None:
    echo = f":relbot!rel@bot.example {verb} #release :essex-2"
    assert _play(FULL).session.receiving.chatter.passed(f"@msgid=1 {echo}")
    assert not _play(SPARSE).session.receiving.chatter.passed(f"@msgid=1 {echo}")
    assert not _play(FULL).session.receiving.chatter.passed(echo.replace("rel@bot", "rel@other"))


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_an_echo_confirms_what_was_said_without_being_taken_apart(verb: str) -> None:
    told: list[object] = []
    play = _play(FULL)
    assert play.session.receipts.said("#release", "essex-2", told.append) == "@label=1 "
    echo = f"@label=1;time=x;msgid=1AA~1~1 :relbot!rel@bot.example {verb} #release :essex-2"
    assert play.session.receiving.chatter.passed(echo)
    assert told == ["1AA~1~1"]
    assert play.session.receiving.chatter.passed(echo)
    assert told == ["1AA~1~1"]


@pytest.mark.parametrize(
    "tags",
    [r"label=1;msgid=a\sb", r"msgid=a\sb;label=1", r"msgid=x;label=1;msgid=a\sb"],
)
def test_an_echo_whose_tags_are_not_plain_is_taken_apart(tags: str) -> None:
    told: list[object] = []
    play = _play(FULL)
    play.session.receipts.said("#release", "essex-2", told.append)
    play.session.take(f"@{tags} :relbot!rel@bot.example PRIVMSG #release :essex-2", play.now)
    assert told == ["a b"]


@pytest.mark.parametrize(
    "said",
    ["~~next", "relbot: next", "Relbot next", "@relbot next", "STRAßENBOT: next", "\x02~~next", " ~~next"],
)
def test_what_may_be_for_the_bot_is_heard(said: str) -> None:
    play = _play(FULL)
    play.session.take(f":ann!a@h PRIVMSG #release :{said}", play.now)
    assert [message.room.name for message in play.messages] == ["#Release"]


def test_without_anybody_who_heeds_all_is_heard() -> None:
    play = _play(FULL)
    play.bot = None
    play.session.take(":ann!a@h PRIVMSG #release :hello", play.now)
    assert [message.text for message in play.messages] == ["hello"]


def test_talk_shows_that_the_server_is_alive() -> None:
    play = _play(())
    play.now += 100.0
    before = play.session.deadline
    play.session.take(":ann!a@h PRIVMSG #release :hello", play.now)
    assert play.session.deadline > before


def test_another_prefix_is_seen_at_once() -> None:
    play = _play(())
    line = ":ann!a@h PRIVMSG #release :?next"
    assert play.session.receiving.chatter.passed(line)
    assert play.bot is not None
    play.bot.heed(play.bot._router, Settings(default=RoomSettings(prefix="?")), ())  # noqa: SLF001 - the same commands
    assert not play.session.receiving.chatter.passed(line)
