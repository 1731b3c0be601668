"""The key of a channel: a secret as others are, and part of what is set for the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.config import load_config
from milestonebot.ports import Room
from milestonebot.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

    from tests.config.conftest import Load, Wrong

NETWORK = """networks:
- name: n
  kind: irc
  nick: relbot
  servers: [{host: irc.example.org}]
"""
ROOM = f'{NETWORK}  rooms: ["#a", {{name: "#b", key: {{env: K}}}}]\n'


def test_the_key_is_set_for_the_room_alone_and_does_not_show(load: Load) -> None:
    config = load(ROOM, {"K": "hunter2"})
    assert config.settings.of(Room("n", "#b")).key == Secret("hunter2")
    assert config.settings.of(Room("n", "#a")).key is None
    assert not config.warnings
    assert "hunter2" not in repr(config)


def test_the_key_is_read_only_where_something_connects(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(ROOM)
    config = load_config(path, {}, frozenset())
    assert config.settings.of(Room("n", "#b")).key is None


@pytest.mark.parametrize(
    ("room", "place"), [('"#b hunter2"', "6:17"), ('{name: "#b  hunter2"}', "6:24")], ids=["text", "keys"]
)
def test_a_key_behind_the_channel_as_join_has_it_is_told_where_it_belongs(
    wrong: Wrong, room: str, place: str
) -> None:
    rules = "announcements: [{name: r, kind: released, rooms: [n/#b, n/#a]}]\n"
    told = wrong(f'{NETWORK}  rooms: ["#a", {room}, "#B hunter2"]\n{rules}')
    assert len(told) == 3
    assert told[0] == (
        f"{place}: a channel's name ends at a space; "
        'if "#b" is followed by its key, write {name: "#b", key: {env: NAME}}'
    )
    assert not [each for each in told if "hunter2" in each]


def test_a_space_without_a_key_is_only_a_mistake(wrong: Wrong) -> None:
    assert wrong(f'{NETWORK}  rooms: ["#b "]\n') == [
        "6:11: '#b ' is no name of a room: it has no spaces, and 255 characters at most"
    ]


def test_a_key_may_stand_in_a_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2\n")
    key = load(ROOM.replace("env: K", "file: key")).settings.of(Room("n", "#b")).key
    assert key == Secret("hunter2")


def test_a_key_in_plain_text_is_warned_of(load: Load) -> None:
    (warning,) = load(ROOM.replace("{env: K}", "hunter2")).warnings
    assert (warning.line, warning.column) == (6, 35)
    assert "plain text" in warning.message


@pytest.mark.parametrize("key", ["a,hunter2", "a hunter2", ":hunter2", "hunter2\a", "hunter2" * 30])
def test_what_is_no_key_is_told_without_showing_it(wrong: Wrong, key: str) -> None:
    (told,) = wrong(ROOM, {"K": key})
    assert told == "6:35: this is no key of a channel: it has no space, comma or control, no colon first"
    assert "hunter2" not in told


@pytest.mark.parametrize("written", ["3", "[hunter2]", "1.30"])
def test_what_is_no_text_is_told_without_showing_it(wrong: Wrong, written: str) -> None:
    (told,) = wrong(ROOM.replace("{env: K}", written))
    assert told == "6:35: expected a secret: write {env: NAME} or {file: PATH}"


@pytest.mark.parametrize("written", ["0777", "12_34", "!hunter2", "hunter2: x", "'hunter2"])
def test_what_yaml_reads_otherwise_is_told_without_showing_it(wrong: Wrong, written: str) -> None:
    told = wrong(f'{NETWORK}  rooms:\n  - name: "#b"\n    key: {written}\n')
    assert not [each for each in told if written.strip("!':x ") in each]


def test_a_network_has_no_key_for_all_rooms(wrong: Wrong) -> None:
    (told,) = wrong(f"{NETWORK}  key: {{env: K}}\n")
    assert told.startswith("6:3: unknown key 'key'")


@pytest.mark.parametrize("written", ["!hunter2", "!hunter2 []", "!hunter2 {a: b}"])
def test_a_password_that_looks_like_a_tag_is_not_shown(wrong: Wrong, written: str) -> None:
    told = wrong(f"{NETWORK}  nickserv:\n    password: {written}\n")
    assert [each for each in told if "YAML tags are not read here" in each]
    assert not [each for each in told if "hunter2" in each]
