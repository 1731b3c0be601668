"""What a sync tells, whatever it holds."""

from typing import Any

from hypothesis import given, strategies as st

from milestonebot.transports.matrix.heard.levels import CREATOR, Levels
from milestonebot.transports.matrix.presence.inviting import Invitation, invitation_of
from milestonebot.transports.matrix.wire.news import news_of

ALICE, BOB, ME = "@alice:example.org", "@bob:example.org", "@bot:example.org"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["join", "invite", "leave", "events", "timeline", "state", "content", "type", "!r"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def event(kind: str, content: object, **more: object) -> dict[str, Any]:
    return {"type": kind, "sender": ALICE, "content": content, "state_key": "", **more}


# --- news


def test_what_is_told_of_rooms_is_read() -> None:
    said = {"type": "m.room.message", "sender": ALICE, "content": {}}
    told = {
        "next_batch": "s1",
        "rooms": {
            "join": {
                "!r": {
                    "state": {"events": [event("m.room.name", {"name": "x"})]},
                    "timeline": {
                        "events": [said, event("m.room.topic", {})],
                        "limited": True,
                        "prev_batch": "p",
                    },
                    "summary": {"m.joined_member_count": 3, "m.heroes": [1]},
                }
            },
            "invite": {"!i": {"invite_state": {"events": [event("m.room.member", {}, state_key=ME)]}}},
        },
        "device_one_time_keys_count": {"signed_curve25519": 0},
    }
    news = news_of(told)
    assert news is not None
    room = news.joined["!r"]
    assert (news.position, room.limited, room.before) == ("s1", True, "p")
    assert [each["type"] for each in room.state_events] == ["m.room.name", "m.room.topic"]
    assert [each["type"] for each in room.timeline] == ["m.room.message", "m.room.topic"]
    assert room.summary == {"m.joined_member_count": 3}
    assert list(news.invited) == ["!i"]
    assert news.keys["device_one_time_keys_count"] == {"signed_curve25519": 0}


def test_without_a_position_it_is_no_sync() -> None:
    assert news_of({}) is None
    assert news_of({"next_batch": 5}) is None
    assert news_of({"next_batch": ""}) is None


@given(JSON, JSON, JSON)
def test_no_sync_is_too_odd(rooms: object, keys: object, lists: object) -> None:
    news = news_of(
        {
            "next_batch": "s",
            "rooms": rooms,
            "to_device": keys,
            "device_lists": lists,
            "device_one_time_keys_count": keys,
        }
    )
    assert news is not None
    for room in (*news.joined.values(), *news.left.values()):
        for each in (*room.timeline, *room.state_events):
            assert isinstance(each["content"], dict)


@given(st.lists(JSON, max_size=5))
def test_of_odd_events_the_good_ones_are_left(odd: list[Any]) -> None:
    good = event("m.room.topic", {})
    told = {"next_batch": "s", "rooms": {"join": {"!r": {"timeline": {"events": [*odd, good]}}}}}
    news = news_of(told)
    assert news is not None
    assert news.joined["!r"].timeline[-1] == good


# --- invitations


def test_an_invitation_tells_who_and_for_what() -> None:
    events = [
        event("m.room.canonical_alias", {"alias": "#release:example.org"}),
        event("m.room.member", {"membership": "join"}, state_key=ALICE),
        event("m.room.member", {"membership": "invite", "is_direct": True}, state_key=ME),
    ]
    assert invitation_of(events, ME) == Invitation(ALICE, direct=True, aliases=("#release:example.org",))
    assert invitation_of(events, BOB) == Invitation(None, aliases=("#release:example.org",))


# --- levels


def levels(*events: dict[str, Any]) -> Levels:
    found = Levels()
    for each in events:
        found.take(each)
    return found


def test_a_level_that_is_taken_away_is_gone() -> None:
    given = levels(event("m.room.power_levels", {"users": {ALICE: 100, BOB: 50}, "users_default": 1}))
    assert [given.of(user) for user in (ALICE, BOB, ME)] == [100, 50, 1]
    given.take(event("m.room.power_levels", {"users": {ALICE: 100}}))
    assert [given.of(user) for user in (ALICE, BOB, ME)] == [100, 0, 0]


def test_creators_stand_above_all_in_new_rooms_and_only_there() -> None:
    none = event("m.room.power_levels", {"users": {}})
    new = {"room_version": "12", "additional_creators": [BOB, 7]}
    assert [levels(event("m.room.create", new), none).of(user) for user in (ALICE, BOB, ME)] == [
        CREATOR,
        CREATOR,
        0,
    ]
    old = levels(event("m.room.create", {"room_version": "11", "additional_creators": [BOB]}))
    assert [old.of(user) for user in (ALICE, BOB)] == [100, 0]
    old.take(none)
    assert old.of(ALICE) == 0
    assert levels(event("m.room.create", {}), none).of(ALICE) == 0
    assert levels(event("m.room.create", {"room_version": "org.example.13"}), none).of(ALICE) == CREATOR


def test_levels_may_be_text_and_nothing_else() -> None:
    odd = {"users": {ALICE: "50", BOB: "many", ME: True, "@x:y": 1.5}, "users_default": []}
    given = levels(event("m.room.power_levels", odd))
    assert [given.of(user) for user in (ALICE, BOB, ME, "@x:y")] == [50, 0, 0, 0]


@given(JSON, JSON)
def test_no_level_is_too_odd(content: object, state_key: object) -> None:
    for kind in ("m.room.create", "m.room.power_levels"):
        assert isinstance(levels(event(kind, content, state_key=state_key)).of(ALICE), int)
        assert isinstance(levels(event(kind, {"users": content, "room_version": content})).of(ALICE), int)


def test_only_the_rooms_own_state_counts() -> None:
    assert levels(event("m.room.power_levels", {"users": {ALICE: 100}}, state_key="x")).of(ALICE) == 0
