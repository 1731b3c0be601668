"""What the server says of itself."""

import pytest
from hypothesis import given, strategies as st

from milestonebot.ports import Rights
from milestonebot.transports.irc.wire.features import Features


def told(*tokens: str) -> Features:
    features = Features()
    features.load(tokens)
    return features


def test_a_server_that_says_nothing_is_one_of_rfc_1459() -> None:
    features = told()
    assert (features.line, features.bot_mode) == (512, "")
    assert features.statuses == {"@": "o", "+": "v"}
    assert features.is_channel("#a")
    assert features.is_channel("&a")
    assert not features.is_channel("a")
    assert not features.is_channel("")
    assert features.fold("A[]\\~É") == "a{}|^É"


@pytest.mark.parametrize(
    ("mapping", "folded"),
    [
        ("ascii", "a[]\\~É"),
        ("rfc1459", "a{}|^É"),
        ("rfc1459-strict", "a{}|~É"),
        ("RFC1459", "a{}|^É"),
        ("rfc8265", "a[]\\~é"),
    ],
)
def test_names_compare_as_the_server_says(mapping: str, folded: str) -> None:
    assert told(f"CASEMAPPING={mapping}").fold("A[]\\~É") == folded


def test_a_feature_can_be_taken_back() -> None:
    features = told("LINELEN=1024", "BOT=B")
    assert (features.line, features.bot_mode) == (1024, "B")
    features.load(["-LINELEN", "-BOT"])
    assert (features.line, features.bot_mode) == (512, "")


@pytest.mark.parametrize(
    ("tokens", "joins"),
    [
        ([], 10),
        (["MAXTARGETS=4"], 4),
        (["MAXTARGETS=20"], 10),
        (["TARGMAX=NAMES:1,JOIN:3,KICK:"], 3),
        (["TARGMAX=JOIN:"], 10),
    ],
)
def test_rooms_are_joined_together_as_far_as_the_server_allows(tokens: list[str], joins: int) -> None:
    assert told(*tokens).joins == joins


@pytest.mark.parametrize(
    ("modes", "rights"),
    [
        ("", Rights.NONE),
        ("v", Rights.VOICE),
        ("h", Rights.MODERATOR),
        ("vo", Rights.MODERATOR),
        ("a", Rights.MODERATOR),
        ("Y", Rights.MODERATOR),
        ("q", Rights.OWNER),
        ("z", Rights.NONE),
    ],
)
def test_modes_are_rights(modes: str, rights: Rights) -> None:
    assert told("PREFIX=(Yqaohv)!~&@%+").rights(modes) is rights


def test_which_modes_have_a_parameter() -> None:
    features = told("CHANMODES=beI,k,l,imnt", "PREFIX=(ov)@+")
    assert [features.has_parameter("+", mode) for mode in "bklmo"] == [True, True, True, False, True]
    assert [features.has_parameter("-", mode) for mode in "bklmo"] == [True, True, False, False, True]


@pytest.mark.parametrize(
    "token",
    [
        *("", "=", "-", "BOT", "LINELEN=", "LINELEN=abc", "LINELEN=1", "LINELEN=99999999999", "LINELEN=²"),
        *("PREFIX=", "PREFIX=(ov", "PREFIX=ov)@+", "CHANMODES=", "CHANMODES=,", "CASEMAPPING="),
        *("TARGMAX=:,", "MAXTARGETS=x"),
    ],
)
def test_what_is_malformed_leaves_a_working_default(token: str) -> None:
    features = told(token)
    assert 512 <= features.line <= 8192
    assert features.joins >= 1
    assert features.fold("A")
    assert not features.has_parameter("+", "n")


@given(
    st.lists(st.text(max_size=30) | st.from_regex(r"-?(PREFIX|CHANMODES|TARGMAX|LINELEN|CHANTYPES)=?.{0,20}"))
)
def test_no_feature_makes_it_fail(tokens: list[str]) -> None:
    features = told(*tokens)
    features.fold("#a")
    features.rights("ov")
    features.is_channel("#a")
    assert 512 <= features.line <= 8192
