"""What another config changes, told apart: now, and only after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from milestonebot.applying.difference import difference, outstanding
from milestonebot.config import Config, load_config
from milestonebot.ports import Room

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Load = Callable[[str], Config]

CONFIG = """
admins: [libera/boss]
networks:
  - name: libera
    kind: irc
    nick: bot
    servers: [{host: irc.example.org}]
    sasl: {username: bot, password: {env: PASSWORD}}
    rooms: ["#a", "#b"]
  - name: matrix
    kind: matrix
    homeserver: https://example.org
    user: "@bot:example.org"
    password: {env: PASSWORD}
    rooms: ["#r:example.org"]
announcements:
  - {name: note, kind: note, text: Hello, cron: "0 14 * * mon", rooms: [libera/#a]}
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str) -> Config:
        path = tmp_path / "config.yaml"
        path.write_text(text)
        return load_config(
            path, {"PASSWORD": "a secret", "OTHER": "another secret", "K": "key", "L": "other"}
        )

    return load


def test_the_same_config_read_twice_is_no_difference(load: Load) -> None:
    found = difference(load(CONFIG), load(f"# a comment\n{CONFIG}"))
    assert (found.changed, found.entering, found.leaving) == ((), (), ())
    assert outstanding(load(CONFIG), load(CONFIG)) == ()


def test_rooms_are_entered_and_left(load: Load) -> None:
    after = CONFIG.replace('"#a", "#b"', '"#a", "#c", "#d"').replace('["#r:example.org"]', "[]")
    found = difference(load(CONFIG), load(after))
    assert found.entering == (Room("libera", "#c"), Room("libera", "#d"))
    assert found.leaving == (Room("libera", "#b"), Room("matrix", "#r:example.org"))
    assert found.changed == (
        "libera/#c is entered",
        "libera/#d is entered",
        "libera/#b is left",
        "matrix/#r:example.org is left",
    )
    assert outstanding(load(CONFIG), load(after)) == ()


def test_a_room_whose_key_is_another_is_asked_for_anew(load: Load) -> None:
    locked = CONFIG.replace('"#b"]', '{name: "#b", key: {env: K}}]')
    other = locked.replace("env: K", "env: L")
    for before, after in ((CONFIG, locked), (locked, other)):
        found = difference(load(before), load(after))
        assert (found.entering, found.keyed) == ((), (Room("libera", "#b"),))
        assert found.changed == ("what holds in libera/#b",)
        assert outstanding(load(before), load(after)) == ()
    assert difference(load(locked), load(CONFIG)).keyed == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("name: note,", "name: hi,", ("announcement hi is new", "announcement note is gone")),
        ("text: Hello", "text: Hi", ("announcement note is another",)),
        (
            "[libera/boss]",
            '["matrix/@b:example.org"]',
            ("matrix/@b:example.org is an admin", "libera/boss is no admin any more"),
        ),
        ('"#b"]', '{name: "#b", prefix: "%"}]', ("what holds in libera/#b",)),
        ("networks:", 'prefix: "%"\nnetworks:', ("what holds for all rooms",)),
        ("networks:", "limits: off\nnetworks:", ("what holds for all rooms",)),
        (
            "networks:",
            "name: robot\ntimezone: AoE\nsource_code: https://example.org\nnetworks:",
            (
                "announcement note is another",
                "name is robot",
                "timezone is AoE",
                "source_code is https://example.org",
            ),
        ),
        ("networks:", "bridged: [[libera/#a, libera/#b]]\nnetworks:", ("bridged rooms",)),
        (
            "networks:",
            "catalog: [{kind: openstack}, {kind: openstack}]\nnetworks:",
            ("catalog: other sources",),
        ),
    ],
)
def test_what_is_applied_is_told(load: Load, before: str, after: str, told: tuple[str, ...]) -> None:
    assert before in CONFIG
    text = CONFIG.replace(before, after)
    assert difference(load(CONFIG), load(text)).changed == told
    assert outstanding(load(CONFIG), load(text)) == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("nick: bot", "nick: robot", "libera: nick"),
        ("irc.example.org", "irc2.example.org", "libera: servers"),
        ("username: bot, password: {env: PASSWORD}", "username: bot, password: {env: OTHER}", "libera: sasl"),
        (
            "nick: bot",
            "nick: bot\n    reconnect: {initial: 9s}\n    in_doubt: skip",
            "libera: in_doubt, reconnect",
        ),
        ("https://example.org", "https://matrix.example.org", "matrix: homeserver"),
        ("networks:", "state: elsewhere\nnetworks:", "libera: state; matrix: state; state"),
        ("networks:", 'database: "postgresql://h/d"\nnetworks:', "database"),
        ("name: matrix", "name: other", "other: the network is new; matrix: the network is gone"),
    ],
)
def test_what_takes_a_restart_is_told_and_shows_no_secret(
    load: Load, before: str, after: str, told: str
) -> None:
    assert before in CONFIG
    found = outstanding(load(CONFIG), load(CONFIG.replace(before, after)))
    assert "; ".join(found) == told
    assert "secret" not in str(found)
    assert difference(load(CONFIG), load(CONFIG.replace(before, after))).changed == ()


def test_a_room_on_a_network_that_is_new_is_not_entered(load: Load) -> None:
    new = '  - {name: here, kind: irc, nick: bot, servers: [{host: h.example.org}], rooms: ["#x"]}\n'
    after = load(CONFIG.replace("announcements:", f"{new}announcements:"))
    assert difference(load(CONFIG), after).entering == ()
    assert outstanding(load(CONFIG), after) == ("here: the network is new",)
    assert difference(after, load(CONFIG)).leaving == ()


def test_a_key_that_is_read_again_is_the_same_and_another_is_not(load: Load, tmp_path: Path) -> None:
    def make_key() -> None:
        key = generate_private_key(SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / "key.pem").write_bytes(pem)

    make_key()
    text = CONFIG.replace(
        "sasl: {username: bot,",
        "sasl: {username: bot, mechanisms: [ECDSA-NIST256P-CHALLENGE], ecdsa_key: key.pem,",
    )
    begun = load(text)
    assert outstanding(begun, load(text)) == ()
    make_key()
    assert outstanding(begun, load(text)) == ("libera: sasl",)


def test_a_password_that_is_read_anew_takes_no_restart(load: Load, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).write_text(f"before in {name}")
    user = 'user: "@bot:example.org"\n    password: '
    text = CONFIG.replace(f"{user}{{env: PASSWORD}}", f"{user}{{file: one}}")
    assert text != CONFIG
    begun = load(text)
    (tmp_path / "one").write_text("after")
    assert outstanding(begun, load(text)) == ()
    assert outstanding(begun, load(text.replace("file: one", "file: other"))) == ("matrix: password",)
