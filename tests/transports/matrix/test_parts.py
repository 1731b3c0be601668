"""The pure parts of the Matrix transport: events, invitations, positions, sessions, contents."""

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from milestonebot.clock import at
from milestonebot.document import Document, Line, Listing, Strong, say
from milestonebot.errors import NetworkError
from milestonebot.ports import Message, Nature, Rights, Room, Sender
from milestonebot.transports.matrix.account import session as sessions
from milestonebot.transports.matrix.account.session import Session
from milestonebot.transports.matrix.heard.hearing import Listener, heard
from milestonebot.transports.matrix.heard.progress import Progress
from milestonebot.transports.matrix.presence.inviting import is_welcome
from milestonebot.transports.matrix.said.saying import answer_transaction, content_of

ROOM = Room("matrix", "#release:example.org")
NOW = at("2011-12-20").now()
BOT = Listener("@bot:example.org", ("bot", "Release Bot"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


def event(body: str = "!next", more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": "$1",
        "sender": "@alice:example.org",
        "origin_server_ts": 1_324_400_000_000,
        "content": {"msgtype": "m.text", "body": body, **(more or {})},
    }


def hear(raw: dict[str, Any], level: int = 0) -> Message | None:
    return heard(raw, ROOM, BOT, private=False, level=level)


def test_a_message_has_all_that_the_core_asks_for() -> None:
    message = hear(event(), level=50)
    assert message is not None
    assert message.sender == Sender("alice", "@alice:example.org", Rights.MODERATOR)
    assert (message.room, message.text, message.id, message.nature) == (ROOM, "!next", "$1", Nature.TEXT)
    assert message.time.isoformat() == "2011-12-20T16:53:20+00:00"


@pytest.mark.parametrize(
    ("level", "rights"),
    [
        (0, Rights.NONE),
        (1, Rights.VOICE),
        (50, Rights.MODERATOR),
        (99, Rights.MODERATOR),
        (100, Rights.OWNER),
    ],
)
def test_rights_come_from_power_levels(level: int, rights: Rights) -> None:
    message = hear(event(), level)
    assert message is not None
    assert message.sender.rights is rights


@pytest.mark.parametrize(
    ("raw", "nature"),
    [
        (event(more={"msgtype": "m.notice"}), Nature.NOTICE),
        (event(more={"msgtype": "m.emote"}), Nature.NOTICE),
        (event(more={"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}), Nature.EDIT),
        ({**event(), "sender": "@bot:example.org"}, Nature.OWN),
    ],
)
def test_what_it_is_not_to_answer_is_told_apart(raw: dict[str, Any], nature: Nature) -> None:
    message = hear(raw)
    assert message is not None
    assert message.nature is nature


@pytest.mark.parametrize(
    ("body", "text", "addressed"),
    [
        ("bot: next", "next", True),
        ("@bot:example.org: next", "next", True),
        ("Release Bot, next", "next", True),
        ("@bot next", "next", True),
        ("bot", "", True),
        ("bot next", "next", False),
        ("bottle: next", "bottle: next", False),
        ("hello bot: next", "hello bot: next", False),
        ("> <@x:y> hi\n> there\n\nbot: next", "next", True),
    ],
)
def test_its_name_in_front_is_taken_off(body: str, text: str, *, addressed: bool) -> None:
    relation = {"m.in_reply_to": {"event_id": "$0"}}
    message = hear(event(body, {"m.relates_to": relation}))
    assert message is not None
    assert (message.text, message.addressed) == (text, addressed)


@given(JSON, JSON, JSON, JSON, JSON)
def test_no_event_is_too_odd(
    content: object, sender: object, name: object, ts: object, relation: object
) -> None:
    hear({**event(), "content": content, "sender": sender})
    hear({**event(), "event_id": name, "origin_server_ts": ts})
    hear(event(more={"m.relates_to": relation}))
    hear(event(more={"msgtype": content}))


@pytest.mark.parametrize(
    ("user", "welcome"),
    [
        ("@alice:openstack.org", True),
        ("@alice:OpenStack.org", True),
        ("@release:example.org", True),
        ("@alice:example.org", False),
        ("@alice:openstack.org.evil.example", False),
        ("@alice:evil.example:openstack.org", False),
        ("@a@b:openstack.org", False),
        ("alice:openstack.org", False),
        ("@:openstack.org", False),
        ("@alice", False),
    ],
)
def test_only_the_allowed_may_invite(user: str, *, welcome: bool) -> None:
    assert is_welcome(user, ("@*:openstack.org", "@release:example.org")) is welcome
    assert not is_welcome(user, ())


def test_the_position_waits_for_what_is_not_dealt_with() -> None:
    progress = Progress()
    progress.add("s1", {"a", "b"})
    progress.add("s2", set())
    progress.add("s3", {"c"})
    progress.done("c")
    assert progress.reached() is None
    progress.done("a")
    progress.done("unknown")
    assert progress.reached() is None
    progress.done("b")
    assert progress.reached() == "s3"
    assert progress.reached() is None


@given(st.lists(st.sets(st.integers(0, 30), max_size=4), max_size=8), st.randoms())
def test_the_position_never_passes_what_is_open(batches: list[set[int]], dice: Any) -> None:  # noqa: ANN401 - Hypothesis's random
    progress, taken = Progress(), set[int]()
    order: list[tuple[int, str]] = []
    for number, batch in enumerate(batches):
        fresh = {str(each) for each in batch - taken}
        taken |= batch
        progress.add(str(number), fresh)
        order += [(number, each) for each in fresh]
    waiting = list(order)
    dice.shuffle(waiting)
    while waiting:
        number, name = waiting.pop()
        progress.done(name)
        reached = progress.reached()
        assert reached is None or all(int(reached) < open_ for open_, _ in waiting)
    if batches and not order:
        assert progress.reached() == str(len(batches) - 1)


def test_a_session_is_kept_for_its_owner_alone_and_shows_no_token(tmp_path: Path) -> None:
    session = Session("https://example.org", "@bot:example.org", "DEVICE", "top-secret", 5.0, "s1")
    sessions.save(tmp_path / "session.json", session)
    assert sessions.load(tmp_path / "session.json", NOW) == session
    assert stat.S_IMODE((tmp_path / "session.json").stat().st_mode) == 0o600
    assert "top-secret" not in repr(session)
    assert sessions.load(tmp_path / "none.json", NOW) is None


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"user": 1}', '{"homeserver": "x"}'])
def test_a_damaged_session_is_told(damage: str, tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text(damage)
    with pytest.raises(NetworkError, match="is damaged: remove it"):
        sessions.load(tmp_path / "session.json", NOW)


def asked(thread: str | None = None) -> Message:
    return Message(ROOM, Sender("alice"), "!next", "$1", at("2011-12-20").now(), thread=thread)


def test_an_answer_is_sent_under_the_transaction_of_what_it_answers() -> None:
    assert answer_transaction(asked()) == answer_transaction(asked("$0"))
    assert answer_transaction(asked()) != answer_transaction(replace(asked(), id="$2"))


def test_a_content_tells_what_it_answers() -> None:
    content = content_of(say(Strong("essex-3")), asked("$0"))
    assert content["m.mentions"] == {}
    assert content["m.relates_to"]["m.in_reply_to"] == {"event_id": "$1"}
    assert content["m.relates_to"]["event_id"] == "$0"


def test_only_what_one_person_reads_names_people_as_they_are() -> None:
    told = say("kicked by @op:example.org")
    for _ in range(2):
        assert content_of(told, None)["body"] == "kicked by @ op:example.org"
        private = content_of(replace(told, private=True), None)
        assert private["body"] == private["formatted_body"] == "kicked by @op:example.org"
        assert private["m.mentions"] == {}


def test_a_content_never_begins_like_a_command() -> None:
    content = content_of(say("!next"), None, ("!",))
    assert not content["body"].startswith("!")
    assert not content["formatted_body"].startswith("!")


@pytest.mark.parametrize("items", [10, 2_000, 20_000])
def test_a_content_fits_an_event(items: int) -> None:
    long = Document((Listing(tuple(Line((f"blueprint number {number}",)) for number in range(items))),))
    assert len(json.dumps(content_of(long, asked())).encode()) < 65_536
