"""What a config that is right becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from milestonebot.config import CatalogEntry, Network, load_config, unknown_names
from milestonebot.errors import ConfigError
from milestonebot.model import Facts, Origin, Project, ProjectGroup
from milestonebot.ports import Room
from milestonebot.settings import Limits, RoomSettings, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.config.conftest import Load

ROOM = "networks:\n  - name: terminal\n    kind: console\n    rooms:\n      - "


def test_what_is_left_out_has_its_default(load: Load) -> None:
    config = load("timezone: UTC\n")
    assert config.settings == Settings()
    assert config.catalog == (CatalogEntry("openstack"),)
    assert (config.networks, config.routers, config.warnings) == ((), (), ())


@pytest.mark.parametrize("nothing", ["[]", "", "~", "\n  # - kind: yaml"])
def test_an_empty_catalog_is_the_shipped_one(load: Load, nothing: str) -> None:
    assert load(f"catalog: {nothing}\n").catalog == (CatalogEntry("openstack"),)


def test_lists_may_be_commented_out_as_a_whole(load: Load) -> None:
    assert load("networks:\nbridged:\ncommands:\ncatalog:\n").settings == Settings()


def test_the_whole_bot_is_set(load: Load) -> None:
    settings = load(
        "name: hal\ntimezone: AoE\nprefix: '%'\nsource_code: https://example.org/\n"
        "limits: {commands: 3, per: 1m}\n"
    ).settings
    default = RoomSettings(prefix="%", limits=Limits(3, 60, 60))
    assert settings == Settings("hal", "AoE", "https://example.org/", default)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30),
        ("15m", 900),
        ("2h", 7200),
        ("1d", 86400),
        ("45", 45),
        ("1.5", 1.5),
        ("0.5h", 1800),
        ('"7"', 7),
    ],
)
def test_times_are_written_with_their_unit(load: Load, written: str, seconds: float) -> None:
    config = load(f"limits: {{per: {written}}}\n")
    assert config.settings.default.limits == Limits(per=seconds)


def test_limits_can_be_switched_off(load: Load) -> None:
    assert load("limits: off\n").settings.default.limits is None


def test_a_room_is_a_name_or_a_name_with_what_is_set_for_it(load: Load) -> None:
    config = load(
        'prefix: "?"\n'
        + ROOM
        + '"#general"\n'
        + '      - {name: "#nova", prefix: "%", group: openstack, projects: [nova, glance],\n'
        + "         commands: {search: off, help: MBhelp}, limits: {commands: 2}}\n"
    )
    general, nova = Room("terminal", "#general"), Room("terminal", "#nova")
    assert config.networks == (Network("terminal", "console", (general, nova)),)
    assert config.settings.of(general) == config.settings.default == RoomSettings(prefix="?")
    assert config.settings.of(nova) == RoomSettings(
        prefix="%",
        group="openstack",
        projects=("nova", "glance"),
        commands={"search": None, "help": "mbhelp"},
        limits=Limits(commands=2),
    )


def test_a_room_takes_from_its_network_what_it_does_not_say_itself(load: Load) -> None:
    settings = load(
        "limits: {silence: 5}\nnetworks:\n  - name: n\n    kind: console\n    prefix: '%'\n    group: g\n"
        "    projects: [a]\n    limits: {per: 10}\n    commands: {search: off, help: h}\n"
        "    rooms: [x, {name: z}, {name: y, prefix: '?', projects: [b], limits: off,\n"
        "      commands: {help: hh}}]\n"
    ).settings
    assert (
        settings.of(Room("n", "z"))
        == settings.of(Room("n", "x"))
        == RoomSettings("%", "g", ("a",), {"search": None, "help": "h"}, Limits(per=10, silence=5))
    )
    assert settings.of(Room("n", "y")) == RoomSettings("?", "g", ("b",), {"search": None, "help": "hh"}, None)


def test_commands_may_change_their_names_with_each_other(load: Load) -> None:
    settings = load(
        ROOM + "{name: x, commands: {help: search, search: help, next: when, when: off}}\n"
    ).settings
    assert settings.of(Room("terminal", "x")).commands == {
        "help": "search",
        "search": "help",
        "next": "when",
        "when": None,
    }


def test_rooms_are_bridged_in_sets(load: Load) -> None:
    settings = load(
        ROOM + "a\n      - '#b'\n      - c/d\nbridged:\n  - [terminal/a, terminal/#b, terminal/c/d]\n"
    )
    assert settings.settings.bridged == (
        frozenset({Room("terminal", "a"), Room("terminal", "#b"), Room("terminal", "c/d")}),
    )


def test_paths_are_looked_for_beside_the_config(load: Load, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.yaml", "sub/b.yaml"):
        (tmp_path / name).touch()
    several = "[sub/*.yaml, '**/b.yaml', {env: P}]"
    text = f"catalog:\n  - {{kind: yaml, path: a.yaml}}\n  - {{kind: yaml, path: {several}}}\n"
    config = load(text, {"P": str(tmp_path / "a.yaml")})
    assert config.catalog == (
        CatalogEntry("yaml", {"paths": ("a.yaml",), "base": tmp_path}, 300.0),
        CatalogEntry(
            "yaml", {"paths": ("sub/*.yaml", "**/b.yaml", f"{tmp_path}/a.yaml"), "base": tmp_path}, 300.0
        ),
    )


def test_a_config_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(tmp_path / "none.yaml", {})
    assert str(raised.value) == (
        f"{tmp_path}/none.yaml: error: there is no such file: "
        "begin with a copy of config.example.yaml, or name yours by --config"
    )
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path, {})


def test_names_that_the_catalog_does_not_hold_are_warned_of(load: Load) -> None:
    origin = Origin("test")
    facts = Facts(
        groups=(ProjectGroup("openstack", origin),),
        projects=(Project("neutron", "openstack", origin, aliases=("quantum",)),),
    )
    config = load(
        ROOM
        + "{name: x, group: openstak, projects: [Quantum, nuetron]}\n      - {name: y, group: OpenStack}\n"
    )
    assert [str(each).removeprefix(str(config.file)) for each in unknown_names(config, facts)] == [
        ":5:26: warning: the catalog has no group 'openstak'; did you mean 'openstack'?",
        ":5:56: warning: the catalog has no project 'nuetron'; did you mean 'neutron'?",
    ]
