"""What the config sets for each room: the room's own word, else its network's, else the file's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milestonebot import settings as core
from milestonebot.config.elsewhere import Unread
from milestonebot.config.irc import IrcNetwork, IrcRoom, irc_settings
from milestonebot.config.irc_login import revealed
from milestonebot.config.loaded import Network
from milestonebot.config.matrix import MatrixNetwork, matrix_settings
from milestonebot.config.options import LimitsEntry, RoomEntry
from milestonebot.ports import Room

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal, TypeAlias

    from milestonebot.config.models import ConfigFile
    from milestonebot.config.networks import ConsoleNetwork
    from milestonebot.config.options import RoomOptions
    from milestonebot.secret import Secret
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.matrix.settings import MatrixSettings

    AnyOfThem: TypeAlias = ConsoleNetwork | IrcNetwork | MatrixNetwork


def settings(file: ConfigFile) -> core.Settings:
    """Return all that the core is told."""
    default = core.RoomSettings(prefix=file.prefix, limits=_limits(file.limits, core.Limits()))
    rooms = {}
    outers = {}
    for network in file.networks:
        outer = outers[network.name] = _with(default, network)
        for room in network.rooms:
            own = _with(outer, room) if isinstance(room, RoomEntry) else outer
            rooms[_room(network, room)] = own
    return core.Settings(
        name=file.name,
        zone=file.timezone,
        source_code=file.source_code or None,
        default=default,
        rooms=rooms,
        networks=outers,
        admins=frozenset(_admin(each) for each in file.admins),
        bridged=tuple(frozenset(written(each) for each in bridge) for bridge in file.bridged),
    )


def networks(file: ConfigFile, state: Path) -> tuple[Network, ...]:
    """Return the networks, with their rooms in the order of the file; `state` is for their sessions."""
    return tuple(_network(network, state) for network in file.networks)


def _network(network: AnyOfThem, state: Path) -> Network:
    rooms = tuple(_room(network, room) for room in network.rooms)
    return Network(network.name, network.kind, rooms, _told(network, state))


def _told(network: AnyOfThem, state: Path) -> IrcSettings | MatrixSettings | None:
    """Return what the network's transport is told."""
    if isinstance(network, IrcNetwork):
        return irc_settings(network, state)
    return matrix_settings(network, state) if isinstance(network, MatrixNetwork) else None


def _with(outer: core.RoomSettings, options: RoomOptions) -> core.RoomSettings:
    """Return `outer` with what `options` say."""
    said = options.model_fields_set
    return core.RoomSettings(
        prefix=options.prefix if "prefix" in said else outer.prefix,
        group=options.group if "group" in said else outer.group,
        projects=tuple(options.projects) if "projects" in said else outer.projects,
        commands={**outer.commands, **options.commands},
        limits=_limits(options.limits, outer.limits) if "limits" in said else outer.limits,
        key=_key(options),
    )


def _key(options: RoomOptions) -> Secret | None:
    key = options.key if isinstance(options, IrcRoom) else None
    return None if key is None or isinstance(key, Unread) else revealed(key)


def _limits(entry: LimitsEntry | Literal[False], outer: core.Limits | None) -> core.Limits | None:
    if entry is False:
        return None
    said = {name: getattr(entry, name) for name in entry.model_fields_set}
    return replace(outer or core.Limits(), **said)


def _room(network: AnyOfThem, room: str | RoomEntry) -> Room:
    return Room(network.name, room.name if isinstance(room, RoomEntry) else room)


def written(room: str) -> Room:
    """Return the room that is written `network/room`."""
    network, _, name = room.partition("/")
    return Room(network, name)


def _admin(admin: str) -> tuple[str, str]:
    network, _, account = admin.partition("/")
    return network, account
