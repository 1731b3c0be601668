"""A network of `kind: irc`, from its text to what the transport is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.ports import Room
from milestonebot.secret import Secret
from milestonebot.transports.irc.settings import IrcSettings, NickServ, Sasl, Server, Waits

if TYPE_CHECKING:
    from tests.config.conftest import Load, Wrong

WHOLE = """
networks:
  - name: libera
    kind: irc
    nick: relbot
    username: rel
    realname: The release bot
    servers:
      - host: irc.example.org
      - {host: "::1", port: 6667, tls: false, password: {env: SERVER}}
      - {host: other.example.org, tls_fingerprints: ["%s"]}
    sasl: {mechanisms: [PLAIN], username: account, password: {env: SASL}, required: true}
    nickserv: {password: {env: NICKSERV}, account: other}
    prefix: "%%"
    rooms: ["#a", {name: "#b", prefix: "~"}]
    notices: false
    formatting: false
    reconnect: {initial: 1s, max: 1m}
"""
PIN = ":".join(["AB"] * 32)
ENVIRON = {"SERVER": "one", "SASL": "two", "NICKSERV": "three"}
LEAST = 'networks: [{name: n, kind: irc, nick: relbot, servers: [{host: irc.example.org}], rooms: ["#a"]}]'


def test_the_transport_is_told_what_the_config_says(load: Load) -> None:
    config = load(WHOLE % PIN, ENVIRON)
    (network,) = config.networks
    assert network.settings == IrcSettings(
        name="libera",
        nick="relbot",
        username="rel",
        realname="The release bot",
        servers=(
            Server("irc.example.org"),
            Server("::1", 6667, tls=False, password=Secret("one")),
            Server("other.example.org", fingerprints=("ab" * 32,)),
        ),
        sasl=Sasl("account", Secret("two"), required=True),
        nickserv=NickServ(Secret("three"), "other"),
        rooms=("#a", "#b"),
        notices=False,
        formatting=False,
        waits=Waits(reconnect=1.0, longest_reconnect=60.0),
    )
    assert network.rooms == (Room("libera", "#a"), Room("libera", "#b"))
    assert [config.settings.of(room).prefix for room in network.rooms] == ["%", "~"]


def test_what_is_left_out_has_its_default_and_tls_is_on(load: Load) -> None:
    (network,) = load(LEAST).networks
    assert network.settings == IrcSettings(
        "n", "relbot", (Server("irc.example.org", 6697, tls=True),), rooms=("#a",)
    )
    assert network.settings.waits == Waits(reconnect=2.0, longest_reconnect=300.0)


def test_no_secret_shows(load: Load) -> None:
    shown = repr(load(WHOLE % PIN, {"SERVER": "hunter1", "SASL": "hunter2", "NICKSERV": "hunter3"}))
    assert "hunter" not in shown


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("nick: relbot", "nick: 9bot", "'9bot' is no nick"),
        ("nick: relbot", 'nick: "a b"', "is no nick"),
        ("nick: relbot", 'nick: "a\\r\\nQUIT"', "is no nick"),
        ("host: irc.example.org", 'host: "irc.example.org QUIT"', "is no server"),
        ("host: irc.example.org", "host: irc.example.org, port: 0", "expected 1 or more"),
        ("host: irc.example.org", 'host: x, tls: "no"', "true or false"),
        ("host: irc.example.org", "host: x, tls_fingerprints: [abc]", "64 hexadecimal digits"),
        (
            "host: irc.example.org",
            f'host: x, tls: false, tls_fingerprints: ["{PIN}"]',
            "tls_fingerprints need tls: true",
        ),
        ('"#a"', '"#a,#b"', "is no channel"),
        ('"#a"', '"a"', "is no channel"),
        ('"#a"', '{name: "#a b"}', "no spaces"),
        ("nick: relbot", "nick: relbot, nickserv: {}", "password"),
        ("nick: relbot", 'nick: relbot, realname: "a\\nb"', "one line"),
        ("nick: relbot", "nick: relbot, username: a@b", "is no username"),
        (
            "nick: relbot",
            "nick: relbot, sasl: {username: a b, password: {env: A}, mechanisms: [SCRAM-SHA-512]}",
            "PLAIN",
        ),
        ("nick: relbot", "nick: relbot, chanels: []", "unknown key 'chanels'"),
        ("servers: [{host: irc.example.org}]", "servers: []", "1:56: expected 1 or more"),
    ],
)
def test_mistakes_are_told_at_their_place(wrong: Wrong, key: str, written: str, told: str) -> None:
    assert key in LEAST
    problems = wrong(LEAST.replace(key, written), {"A": "b"})
    assert any(told in each for each in problems), problems


def test_a_password_in_plain_text_is_warned_of(load: Load) -> None:
    config = load(LEAST.replace("nick: relbot", "nick: relbot, nickserv: {password: plain}"))
    assert ["plain text" in each.message for each in config.warnings] == [True]
