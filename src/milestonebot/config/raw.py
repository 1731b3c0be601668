"""The plain data of a config, walked without its models: whatever else in it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from milestonebot.yamlfile.located import Loc


def entries(data: Mapping[str, Any], key: str) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """Yield the mappings in the list at `key`, each with where it stands."""
    for index, entry in enumerate(listed(data.get(key))):
        if isinstance(entry, dict):
            yield (key, index), entry


def rooms(network: Mapping[str, Any], loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Yield the rooms of the network at `loc`, each with where its name stands."""
    for index, room in enumerate(listed(network.get("rooms"))):
        if isinstance(room, str):
            yield (*loc, "rooms", index), _name(network, room)
        elif isinstance(room, dict) and isinstance(room.get("name"), str):
            yield (*loc, "rooms", index, "name"), _name(network, room["name"])


def _name(network: Mapping[str, Any], room: str) -> str:
    """Return the room's name; behind a channel and a space its key may stand, which must not be shown."""
    return room.strip().partition(" ")[0] if network.get("kind") == "irc" else room


def mapping(value: object) -> dict[str, Any]:
    """Return `value` where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """Return `value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []
