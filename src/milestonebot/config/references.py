"""What only the whole config can tell: a name that stands twice, or stands for nothing.

The checks read the plain data, not the models, so that they are made also where something else
in the file is wrong: all mistakes are told at once.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milestonebot.config.matrix import is_user
from milestonebot.config.raw import entries, listed, mapping, rooms as rooms_of
from milestonebot.yamlfile import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from milestonebot.config.elsewhere import Surroundings
    from milestonebot.config.notes import Notes
    from milestonebot.router import Router
    from milestonebot.yamlfile.located import Loc


def check_rooms(notes: Notes) -> None:
    """Tell of networks and rooms that stand twice, and of bridges to rooms that are not there."""
    networks: set[str] = set()
    rooms: set[str] = set()
    for loc, network in entries(notes.located.data, "networks"):
        name = network.get("name")
        if isinstance(name, str) and name in networks:
            notes.wrong((*loc, "name"), f"a network called {name[:40]!r} stands above already")
        networks.add(str(name))
        for room_loc, room in rooms_of(network, loc):
            written = f"{name}/{room}"
            if written in rooms:
                notes.wrong(room_loc, f"the room {written[:80]!r} stands above already")
            rooms.add(written)
    _check_bridges(notes)


def check_accounts(notes: Notes) -> None:
    """Tell of Matrix accounts that stand twice, and of rooms in which two of them would answer."""
    bridges = [set(map(str, listed(bridge))) for bridge in listed(notes.located.data.get("bridged"))]
    accounts: dict[str, str] = {}
    rooms: dict[str, str] = {}
    for loc, network in entries(notes.located.data, "networks"):
        if network.get("kind") != "matrix":
            continue
        name, user = str(network.get("name")), network.get("user")
        if isinstance(user, str):
            if (other := accounts.get(user.casefold())) is not None:
                told = f"{user[:80]!r} is the account of {other[:40]!r} already; each network needs its own"
                notes.wrong((*loc, "user"), told)
            accounts.setdefault(user.casefold(), name)
        for room_loc, room in rooms_of(network, loc):
            other = rooms.setdefault(room, name)
            if other == name or any({f"{name}/{room}", f"{other}/{room}"} <= bridge for bridge in bridges):
                continue
            told = (
                f"{room[:80]!r} is a room of {other[:40]!r} too, so a question there is answered by both"
                " accounts; take it out of one, or write both under bridged"
            )
            notes.warn(room_loc, told)


def check_announcements(notes: Notes) -> None:
    """Tell of announcements that stand twice, and of rooms that are not there."""
    known = _known(notes)
    bridges = [set(map(str, listed(bridge))) for bridge in listed(notes.located.data.get("bridged"))]
    names: dict[str, int] = {}
    for loc, entry in entries(notes.located.data, "announcements"):
        name = entry.get("name")
        if isinstance(name, str):
            here = (*loc, "name")
            if (line := names.get(name.casefold())) is not None:
                notes.wrong(here, f"an announcement called {name[:40]!r} stands on line {line} already")
            names.setdefault(name.casefold(), notes.located.place(here)[0])
        _check_its_rooms(notes, (*loc, "rooms"), listed(entry.get("rooms")), known, bridges)


def _check_its_rooms(
    notes: Notes, loc: Loc, rooms: list[Any], known: _Known, bridges: list[set[str]]
) -> None:
    before: set[str] = set()
    for index, room in enumerate(rooms):
        if not isinstance(room, str) or "/" not in room:
            continue
        if known.lacks(room):
            several = [each.strip() for each in room.split(",")]
            meant = len(several) > 1 and not any(map(known.lacks, several))
            hint = f"; write {len(several)} entries" if meant else did_you_mean(room, known.rooms)
            notes.wrong((*loc, index), f"no room {room[:80]!r} stands under networks{hint}")
        elif room in before:
            notes.wrong((*loc, index), f"the room {room[:80]!r} stands twice")
        elif any(room in bridge and bridge & before for bridge in bridges):
            notes.warn(
                (*loc, index),
                f"{room[:80]!r} is bridged to a room before it, so this would stand in both twice;"
                " name one of them",
            )
        before.add(room)


def check_admins(notes: Notes) -> None:
    """Tell of admins on networks that are not there, and of what is no account."""
    kinds = {str(each.get("name")): each.get("kind") for _, each in entries(notes.located.data, "networks")}
    for index, admin in enumerate(listed(notes.located.data.get("admins"))):
        if not isinstance(admin, str):
            continue
        network, slash, account = admin.partition("/")
        if not slash:
            notes.wrong(("admins", index), f"{admin[:80]!r} is no admin: write network/account")
        elif network not in kinds:
            hint = did_you_mean(network, kinds)
            notes.wrong(("admins", index), f"no network {network[:40]!r} stands under networks{hint}")
        elif (problem := _no_account(account, kinds[network])) is not None:
            notes.wrong(("admins", index), problem)
        elif kinds[network] == "console":
            told = "nobody has an account at a terminal, so this admin can never be known; take it out"
            notes.warn(("admins", index), told)


def _no_account(account: str, kind: object) -> str | None:
    if kind == "matrix":
        fits = is_user(account)
        form = "user id: write network/@name:server, in quotes"
    else:
        fits = account.isprintable() and not set(account) & set(" !@*") and bool(account)
        form = "account: write network/account, by the name that services know; a nick or a mask is none"
    return None if fits else f"{account[:80]!r} is no {form}"


@dataclass(frozen=True, slots=True)
class _Known:
    """The rooms that stand under networks, each as network/room."""

    rooms: set[str]
    unsure: set[str]
    """Networks of which a room is not known, since its name was taken for a comment."""

    def lacks(self, room: str) -> bool:
        """Tell whether no such room stands there; what only follows from another mistake is not told."""
        return room not in self.rooms and room.partition("/")[0] not in self.unsure


def _known(notes: Notes) -> _Known:
    networks = list(entries(notes.located.data, "networks"))
    rooms = {f"{each.get('name')}/{room}" for loc, each in networks for _, room in rooms_of(each, loc)}
    unsure = {str(each.get("name")) for _, each in networks if None in listed(each.get("rooms", [None]))}
    return _Known(rooms, unsure)


def _check_bridges(notes: Notes) -> None:
    known = _known(notes)
    bridged: set[str] = set()
    for index, bridge in enumerate(listed(notes.located.data.get("bridged"))):
        for position, room in enumerate(listed(bridge)):
            loc = ("bridged", index, position)
            if not isinstance(room, str):
                continue
            if known.lacks(room):
                form = did_you_mean(room, known.rooms) if "/" in room else "; write network/room"
                notes.wrong(loc, f"no room {room[:80]!r} stands under networks{form}")
            elif room in bridged:
                notes.wrong(
                    loc, f"the room {room[:80]!r} is bridged already; write all rooms of a bridge in one list"
                )
            bridged.add(room)


def check_commands(notes: Notes, router: Router) -> None:
    """Tell of commands that do not exist, and of names that two commands would have in a room."""
    for loc, network in entries(notes.located.data, "networks"):
        outer = _renamed(network)
        _check_renamed(notes, (*loc, "commands"), outer, outer, router)
        for index, room in enumerate(listed(network.get("rooms"))):
            if isinstance(room, dict):
                own = _renamed(room)
                _check_renamed(notes, (*loc, "rooms", index, "commands"), own, {**outer, **own}, router)


def _check_renamed(
    notes: Notes, loc: Loc, own: Mapping[str, Any], holding: Mapping[str, Any], router: Router
) -> None:
    off = {name for name, to in holding.items() if to is False}
    off_routes = {router.names[name].name for name in off if name in router.routes}
    kept = {
        name for name, route in router.names.items() if name not in holding and route.name not in off_routes
    }
    for name, to in own.items():
        if name not in router.names:
            notes.wrong(
                (*loc, name),
                f"no command is called {name[:40]!r}{did_you_mean(name, router.names)}",
                key=True,
            )
        others = [
            other.casefold() for key, other in holding.items() if key != name and isinstance(other, str)
        ]
        if isinstance(to, str) and to.casefold() in {*kept, *others}:
            notes.wrong((*loc, name), f"another command is called {to[:40]!r} here")


def check_paths(notes: Notes, around: Surroundings) -> None:
    """Tell of paths of milestones files that lead to no file."""
    for loc, entry in entries(notes.located.data, "catalog"):
        if entry.get("kind") != "yaml":
            continue
        path = entry.get("path")
        parts = enumerate(path) if isinstance(path, list) else [(None, path)]
        for index, each in parts:
            here = (*loc, "path") if index is None else (*loc, "path", index)
            if (found := _given(each, around)) is not None and (problem := _unfit(found, around.folder)):
                notes.wrong(here, problem)


def _given(value: object, around: Surroundings) -> str | None:
    """Return the text that is meant; None where that is told already."""
    try:
        return around.value(value) if isinstance(value, dict) else value if isinstance(value, str) else None
    except ValueError:
        return None


def _unfit(path: str, folder: Path) -> str | None:
    if not path or not path.isprintable():
        return "expected a path"
    try:
        return _unread(path, folder)
    except OSError as error:
        return f"{path[:80]!r} cannot be read: {error.strerror}"


def _unread(path: str, folder: Path) -> str | None:
    if glob.has_magic(path):
        matches = glob.iglob(path, root_dir=folder, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute ones
        if any((folder / match).is_file() for match in matches):
            return None
        return f"{path[:80]!r} matches no file in {folder}"
    if (folder / path).is_dir():
        return f"{path[:80]!r} is a folder; write {path.rstrip('/')[:80]}/*.yaml for the files in it"
    return None if (folder / path).exists() else f"there is no file {path[:80]!r} in {folder}"


def _renamed(entry: Mapping[str, Any]) -> dict[str, Any]:
    return dict(mapping(entry.get("commands")))
