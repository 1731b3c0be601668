"""Which lines are messages, and what they say."""

from datetime import UTC, datetime, timedelta

import pytest

from milestonebot.ports import Message, Rights, Room, Sender
from tests.transports.irc.playing import CLOCK, Play

TAGS = ("message-tags", "server-time", "batch", "account-tag")


def told(message: Message | None) -> Message:
    assert message is not None
    return message


def test_a_message_in_a_room_is_told_with_all_that_is_known() -> None:
    play = Play().inside(*TAGS)
    message = told(play.hear("!next", tags="@account=ann;msgid=abc;time=2011-12-20T12:00:01.500Z "))
    assert message == Message(
        room=Room("net", "#Release"),
        sender=Sender("ann", "ann"),
        text="!next",
        id="abc",
        time=datetime(2011, 12, 20, 12, 0, 1, 500_000, tzinfo=UTC),
    )


def test_a_message_in_private_is_in_the_room_of_its_sender() -> None:
    message = told(Play().inside().hear("next", "relbot"))
    assert message.room == Room("net", "ann")
    assert message.private
    assert message.time == CLOCK.now()


def test_each_message_has_an_id_of_its_own_on_every_connection() -> None:
    messages = [told(play.hear("x")) for play in (Play().inside(), Play().inside()) for _ in range(50)]
    assert len({message.id for message in messages}) == 100


@pytest.mark.parametrize(
    ("text", "said", "addressed"),
    [
        ("relbot: next", "next", True),
        ("RELBOT, next", "next", True),
        ("relbot;next", "next", True),
        ("@relbot next", "next", True),
        ("relbot next", "relbot next", False),
        ("relbots: next", "relbots: next", False),
        ("relbot", "relbot", False),
        ("milestonebot: next", "milestonebot: next", False),
        ("\x02!next\x0f", "!next", False),
        ("\x0304,05relbot\x03: \x1dnext\x1d", "next", True),
        ("\x01ACTION asks relbot: next\x01", "asks relbot: next", False),
    ],
)
def test_its_nick_is_taken_off_and_formatting_too(text: str, said: str, addressed: bool) -> None:  # noqa: FBT001 - a column
    message = told(Play().inside().hear(text))
    assert (message.text, message.addressed) == (said, addressed)


def test_the_nick_that_counts_is_the_one_that_it_has_now() -> None:
    play = Play().inside()
    play.server(":relbot!r@h NICK relbot_")
    assert told(play.hear("relbot_: next")).addressed
    assert not told(play.hear("relbot: next")).addressed


@pytest.mark.parametrize(
    "line",
    [
        ":relbot!rel@bot.example PRIVMSG #release :!next",
        ":RELBOT!rel@bot.example PRIVMSG relbot :!next",
        ":ann!a@h NOTICE #release :!next",
        ":ann!a@h NOTICE relbot :!next",
        ":irc.test PRIVMSG #release :!next",
        ":irc.test PRIVMSG relbot :!next",
        "PRIVMSG #release :!next",
        ":a,b!c@d PRIVMSG relbot :!next",
        "::a!c@d PRIVMSG relbot :!next",
        ":#release!c@d PRIVMSG relbot :!next",
        "@bot :ann!a@h PRIVMSG #release :!next",
        "@draft/bot=x :ann!a@h PRIVMSG #release :!next",
        "@inspircd.org/bot :ann!a@h PRIVMSG relbot :!next",
        ":ann!a@h PRIVMSG #release :\x01VERSION\x01",
        ":ann!a@h PRIVMSG #release :\x01DCC SEND x 1 2 3\x01",
        ":ann!a@h PRIVMSG #release",
        ":ann!a@h PRIVMSG",
        ":ann!a@h PRIVMSG #elsewhere :!next",
        "@+typing=active :ann!a@h TAGMSG #release",
    ],
)
def test_what_no_person_said_to_it_is_not_heard(line: str) -> None:
    play = Play().inside()
    play.server(line)
    assert play.messages == []


# --- what was said before


def test_what_is_played_back_in_a_batch_is_not_heard() -> None:
    play = Play().inside(*TAGS)
    play.server(
        ":s BATCH +outer some/type",
        "@batch=outer :s BATCH +ref chathistory #release",
        "@batch=ref :ann!a@h PRIVMSG #release :!next",
        ":s BATCH -ref",
        ":s BATCH +z znc.in/playback #release",
        ":s BATCH +nested other",
        "@batch=z :ann!a@h PRIVMSG #release :!next",
        "@batch=z :s BATCH +within other",
        "@batch=within :ann!a@h PRIVMSG #release :!next",
    )
    assert play.messages == []
    play.server("@batch=outer :ann!a@h PRIVMSG #release :live", "@batch=gone :ann!a@h PRIVMSG #release :too")
    assert [message.text for message in play.messages] == ["live", "too"]


def test_batches_without_an_end_are_not_kept() -> None:
    play = Play().inside(*TAGS)
    for number in range(1000):
        play.server(f":s BATCH +{number} chathistory #release")
    play.server("@batch=999 :ann!a@h PRIVMSG #release :!next")
    assert len(play.messages) == 1


def test_what_was_said_before_it_joined_is_not_heard() -> None:
    play = Play().welcome(*TAGS)
    play.server("@time=2011-12-20T12:00:10.000Z :relbot!r@h JOIN #release")
    assert play.hear("!next", tags="@time=2011-12-20T12:00:09.999Z ") is None
    assert play.hear("!next", tags="@time=2011-12-20T12:00:10.000Z ") is not None
    assert play.hear("!next", tags="@time=nonsense ") is None, "by our own clock it was before"


def test_what_was_said_in_private_before_it_connected_is_not_heard() -> None:
    play = Play()
    play.server("@time=2011-12-20T12:00:10Z :s 001 relbot :Hi", ":s 376 relbot :End")
    assert play.hear("next", "relbot", tags="@time=2011-12-20T12:00:00Z ") is None
    assert told(
        play.hear("next", "relbot", tags="@time=2011-12-20T12:00:20Z ")
    ).time == CLOCK.now() + timedelta(seconds=20)


# --- rights and accounts


def test_rights_come_from_the_names_and_the_modes() -> None:
    play = Play().inside("multi-prefix")
    play.server(
        ":s 353 relbot = #Release :relbot @+ann!a@host +bob ~owner %half &admin carl",
        ":s 366 relbot #release :End",
    )

    def rights(nick: str, room: str = "#release") -> Rights:
        return told(play.hear("x", room, f"{nick}!u@h")).sender.rights

    assert [rights(nick) for nick in ("ann", "bob", "owner", "half", "admin", "carl")] == [
        *(Rights.MODERATOR, Rights.VOICE, Rights.OWNER, Rights.MODERATOR, Rights.MODERATOR, Rights.NONE)
    ]
    assert rights("ann", "#nova") is Rights.NONE
    play.server(":op!o@h MODE #release -o+bv-k+l ANN *!*@bad carl key 5")
    assert [rights(nick) for nick in ("ann", "carl")] == [Rights.VOICE, Rights.VOICE]
    play.server(":op!o@h MODE #release +o-v carl carl", ":carl!c@h NICK carla")
    assert [rights(nick) for nick in ("carl", "carla")] == [Rights.NONE, Rights.MODERATOR]
    play.server(":owner!o@h PART #release", ":op!o@h KICK #release half :x", ":carla!c@h QUIT :x")
    assert [rights(nick) for nick in ("owner", "half", "carla")] == [Rights.NONE] * 3


def test_rights_are_forgotten_when_it_leaves_a_room() -> None:
    play = Play().inside()
    play.server(":s 353 relbot = #release :@ann", ":op!o@h KICK #release relbot", ":relbot!r@h JOIN #release")
    assert told(play.hear("x")).sender.rights is Rights.NONE


def test_in_private_nobody_has_rights_of_a_room() -> None:
    play = Play().inside()
    play.server(":s 353 relbot = #release :@ann")
    assert told(play.hear("x", "relbot")).sender.rights is Rights.NONE


def test_where_messages_tell_the_account_nothing_else_counts() -> None:
    play = Play().inside("account-tag", "extended-join", "account-notify")
    play.server(":ann!a@h JOIN #release ann :Ann", ":ann!a@h ACCOUNT ann")
    assert told(play.hear("x")).sender.account is None
    assert told(play.hear("x", tags="@account=ann ")).sender.account == "ann"


def test_where_they_do_not_it_is_told_by_joins_and_notices_of_accounts() -> None:
    play = Play().inside("extended-join", "account-notify")

    def account(nick: str = "ann") -> str | None:
        # A tag that was not agreed on may be anybody's.
        return told(play.hear("x", source=f"{nick}!a@h", tags="@account=forged ")).sender.account

    assert account() is None
    play.server(":ann!a@h JOIN #release Ann :Ann Example")
    assert account() == "Ann"
    play.server(":ann!a@h NICK anna")
    assert [account(), account("anna")] == [None, "Ann"]
    play.server(":anna!a@h ACCOUNT *")
    assert account("anna") is None
    play.server(":anna!a@h ACCOUNT other")
    assert account("anna") == "other"


@pytest.mark.parametrize(
    "line",
    [
        ":ann!a@h QUIT :x",
        ":ann!a@h PART #nova",
        ":op!o@h KICK #nova ann :x",
        ":op!o@h KICK #nova relbot :x",
        ":relbot!r@h PART #nova",
        ":bob!b@h NICK ann",
    ],
)
def test_an_account_is_forgotten_when_its_holder_may_be_gone(line: str) -> None:
    play = Play().inside("extended-join", "account-notify")
    play.server(":ann!a@h JOIN #release ann :Ann", line)
    assert told(play.hear("x")).sender.account is None


def test_what_is_said_to_operators_alone_is_answered_there() -> None:
    play = Play()
    play.server(":s CAP * LS :", ":s 001 relbot :Hi", ":s 005 relbot STATUSMSG=@+ :are supported")
    play.server(":s 376 relbot :End", ":relbot!r@h JOIN #release")
    message = told(play.hear("!next", "@#release"))
    assert (message.room.name, message.thread, message.private) == ("#Release", "@#release", False)
    assert told(play.hear("!next")).thread is None
