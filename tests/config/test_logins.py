"""Logins and servers that cannot be right, or are hardly meant; told beside all other mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.config.conftest import Load, Wrong

IRC = """networks:
- name: n
  kind: irc
  nick: relbot
  servers: [{host: irc.example.org}]
"""
MATRIX = """networks:
- name: m
  kind: matrix
  homeserver: https://example.org
  user: "@bot:example.org"
"""
ENVIRON = {"P": "hunter2"}
LOGIN = "password: {env: P}"


@pytest.mark.parametrize(
    "also", ["", "limits: {commands: 0}\n", "perfix: x\n"], ids=["alone", "value", "key"]
)
@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            f"{IRC}  sasl: {{username: a, mechanisms: [PLAIN, EXTERNAL], {LOGIN}}}\n",
            "6:43: EXTERNAL needs a certificate: write certificate: and the path of its file",
        ),
        (
            f"{IRC}  sasl: {{username: a, mechanisms: [PLAIN]}}\n",
            "6:36: PLAIN needs a password: write password: {env: NAME}",
        ),
        (
            f"{IRC}  sasl: {{username: a, mechanisms: [ECDSA-NIST256P-CHALLENGE]}}\n",
            "6:36: ECDSA-NIST256P-CHALLENGE needs ecdsa_key: the path of a private key in PEM",
        ),
        (
            f"{IRC}  sasl: {{username: a}}\n",
            "6:9: a password is missing; or ecdsa_key, or the network's certificate",
        ),
        (
            f"{IRC}  nickserv: {{{LOGIN}, command: NS, server: a.test}}\n",
            "6:55: write command or server, not both: each is a way to reach services alone",
        ),
        (MATRIX, "2:3: a login is missing: write password: {env: NAME}, or access_token"),
    ],
    ids=["EXTERNAL", "PLAIN", "ECDSA", "nothing", "services", "Matrix"],
)
def test_what_a_login_lacks_is_told_whatever_else_is_wrong(
    wrong: Wrong, config: str, told: str, also: str
) -> None:
    problems = wrong(f"{config}  max_age_or_so: 3\n{also}" if also else config, ENVIRON)
    assert told in problems
    assert len(problems) == (3 if also else 1)


def test_a_key_that_is_misspelt_is_told_and_not_missed(wrong: Wrong) -> None:
    assert [each.partition("; ")[0] for each in wrong(f"{MATRIX}  pasword: {{env: P}}\n")] == [
        "6:3: unknown key 'pasword'"
    ]
    assert [
        each.partition("; ")[0]
        for each in wrong(f"{IRC}  sasl: {{username: a, mechanisms: [PLAIN], pasword: {{env: P}}}}\n")
    ] == ["6:44: unknown key 'pasword'"]
    certificate = f"{IRC}  certifcate: a.pem\n  sasl: {{username: a, mechanisms: [EXTERNAL]}}\n"
    assert [each.partition("; ")[0] for each in wrong(certificate)] == ["6:3: unknown key 'certifcate'"]


def test_what_should_be_a_list_is_not_shown_and_told_how_to_write(wrong: Wrong) -> None:
    assert wrong(f"{IRC}  sasl: {{username: a, mechanisms: hunter2, {LOGIN}}}\n", ENVIRON) == [
        "6:35: expected a list, not this; write it in [ ]"
    ]


def test_a_token_beside_a_password_is_warned_of(load: Load) -> None:
    (warning,) = load(f"{MATRIX}  {LOGIN}\n  access_token: {{env: P}}\n", ENVIRON).warnings
    assert (warning.line, warning.column) == (6, 13)
    assert warning.message == (
        "access_token counts; this password is for when the homeserver does not know the token any more"
    )


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("localhost:22763", "write host: localhost, port: 22763"),
        ("irc.example.org:6697", "write host: irc.example.org, port: 6697"),
        ("[::1]:6697", 'write host: "::1", port: 6697'),
        ("[::1]", 'write host: "::1"'),
        ("a:b", "write its name alone, as irc.oftc.net"),
        ("irc..example.org", "write its name alone, as irc.oftc.net"),
        (".", "write its name alone, as irc.oftc.net"),
        ("10.0.0.300", "write its name alone, as irc.oftc.net"),
        (f"{'x' * 64}.example.org", "write its name alone, as irc.oftc.net"),
        ("https://irc.example.org", "write its name alone, as irc.oftc.net"),
    ],
)
def test_what_is_no_host_is_told(wrong: Wrong, host: str, told: str) -> None:
    (problem,) = wrong(IRC.replace("irc.example.org", f'"{host}"'))
    assert problem == f"5:20: {host[:60]!r} is no server: {told}"


@pytest.mark.parametrize(
    "host", ["::1", "2001:db8::7", "10.0.0.3", "irc", "irc.example.org.", "bücher.example"]
)
def test_hosts_are_names_and_addresses(load: Load, host: str) -> None:
    assert load(IRC.replace("irc.example.org", f'"{host}"')).networks


@pytest.mark.parametrize(
    ("homeserver", "told"),
    [
        ("http://127.0.0.1:22495/_matrix", "take out /_matrix, which the bot writes itself"),
        (
            "https://example.org/a/_matrix/client/v3",
            "take out /_matrix/client/v3, which the bot writes itself",
        ),
        ("https://example.org/.well-known/matrix/client", "write what stands there as base_url"),
        ("https://example.org:99999", "write https:// and its name, as https://matrix.org"),
    ],
)
def test_what_is_no_homeserver_is_told(wrong: Wrong, homeserver: str, told: str) -> None:
    (problem,) = wrong(f"{MATRIX}  {LOGIN}\n".replace("https://example.org", homeserver), ENVIRON)
    assert problem.startswith(f"4:15: {homeserver!r} is no homeserver: ")
    assert told in problem


def test_a_homeserver_may_be_below_a_path(load: Load) -> None:
    text = f"{MATRIX}  {LOGIN}\n".replace("example.org\n", "example.org:8448/chat/\n")
    (network,) = load(text, ENVIRON).networks
    assert getattr(network.settings, "homeserver", "") == "https://example.org:8448/chat"


V12 = "!" + "a-_Z" * 10 + "abc"


@pytest.mark.parametrize(
    ("room", "told"),
    [
        ("#release", "is no alias: write #release:server, as #release:example.org"),
        ("#release:", "is no alias: write #release:server, as #release:example.org"),
        ("#:example.org", "is no alias: write #name:server, as #name:example.org"),
        ("#release:https://example.org", "is no alias: write #release:server, as #release:example.org"),
        ("!release", "is no id of a room: copy all of it, as !abc:example.org"),
        ("!:example.org", "is no id of a room: copy all of it, as !abc:example.org"),
    ],
)
def test_what_is_no_room_of_matrix_is_told(wrong: Wrong, room: str, told: str) -> None:
    for written in (f'"{room}"', f'{{name: "{room}"}}'):
        (problem,) = wrong(f"{MATRIX}  {LOGIN}\n  rooms: [{written}]\n", ENVIRON)
        assert problem.endswith(f": {room!r} {told}")


@pytest.mark.parametrize(
    "room", ["#a/b.c=d:example.org", "#a:example.org:8448", "#a:[::1]:80", "!a:localhost", V12]
)
def test_rooms_of_matrix_have_a_server_or_a_hash(load: Load, room: str) -> None:
    assert load(f'{MATRIX}  {LOGIN}\n  rooms: ["{room}"]\n', ENVIRON).networks


def test_one_channel_in_two_ways_of_writing_is_told(wrong: Wrong) -> None:
    told = wrong(f'{IRC}  rooms: ["#a", "#b", {{name: "#A"}}]\n')
    assert told == ["6:30: '#A' is the channel '#a', which stands above already: case means nothing on IRC"]


@pytest.mark.parametrize(("one", "other"), [("#a[b]\\\\~", "#a{b}|^"), ("#é", "#É")])
def test_what_is_one_channel_on_many_networks_is_warned_of(load: Load, one: str, other: str) -> None:
    (warning,) = load(f'{IRC}  rooms: ["{one}", "{other}"]\n').warnings
    assert (warning.line, warning.severity) == (6, "warning")
    assert "is the same channel on many networks" in warning.message


def test_channels_of_two_networks_and_rooms_of_matrix_are_not_compared(load: Load) -> None:
    two = (
        f'{IRC}  rooms: ["#a"]\n{IRC.replace("networks:", "").replace("name: n", "name: o")}  rooms: ["#A"]\n'
    )
    assert not load(two).warnings
    assert not load(f'{MATRIX}  {LOGIN}\n  rooms: ["#a:x.org", "#A:x.org"]\n', ENVIRON).warnings


SERVER = "{host: irc.example.org, port: 6667, tls: false}"


@pytest.mark.parametrize(
    ("login", "server"),
    [
        (f"sasl: {{username: a, {LOGIN}}}", SERVER),
        (f"sasl: {{username: a, mechanisms: [SCRAM-SHA-256, PLAIN], {LOGIN}}}", SERVER),
        (f"nickserv: {{{LOGIN}}}", SERVER),
        ("notices: true", SERVER.replace("tls", f"{LOGIN}, tls")),
    ],
    ids=["sasl", "plain", "nickserv", "server"],
)
def test_a_password_that_all_can_read_on_its_way_is_warned_of(load: Load, login: str, server: str) -> None:
    text = f"{IRC.replace('{host: irc.example.org}', server)}  {login}\n"
    (warning,) = load(text, ENVIRON).warnings
    assert (warning.line, warning.column) == (5, text.splitlines()[4].index("false") + 1)
    assert warning.message == (
        "the password goes to 'irc.example.org' in plain text, for all on the way to read: "
        "take tls: false out"
    )
    assert not load(text.replace("false", "true"), ENVIRON).warnings
    for here in ("localhost", "127.0.0.1", "::1"):
        assert not load(text.replace("irc.example.org", f'"{here}"'), ENVIRON).warnings


def test_without_a_password_or_with_a_proof_of_it_plain_text_is_no_matter(load: Load) -> None:
    plain = IRC.replace("{host: irc.example.org}", SERVER)
    assert not load(plain).warnings
    assert not load(
        f"{plain}  sasl: {{username: a, mechanisms: [SCRAM-SHA-256], {LOGIN}}}\n", ENVIRON
    ).warnings


@pytest.mark.parametrize(
    ("login", "rooms", "told"),
    [
        ("notices: true", "{name: '#a', key: {env: P}}", "the room's key goes to"),
        (
            "notices: true",
            "{name: '#a', key: {env: P}}, {name: '#b', key: {env: P}}",
            "the rooms' keys go to",
        ),
        (f"nickserv: {{{LOGIN}}}", "{name: '#a', key: {env: P}}", "the password and the room's key go to"),
    ],
    ids=["one", "two", "password too"],
)
def test_keys_of_rooms_that_all_can_read_on_their_way_are_warned_of(
    load: Load, login: str, rooms: str, told: str
) -> None:
    text = f"{IRC.replace('{host: irc.example.org}', SERVER)}  {login}\n  rooms: ['#c', {rooms}]\n"
    (warning,) = load(text, ENVIRON).warnings
    assert (warning.line, warning.column) == (5, text.splitlines()[4].index("false") + 1)
    assert warning.message.startswith(f"{told} 'irc.example.org' in plain text")
    assert not load(text.replace("false", "true"), ENVIRON).warnings
