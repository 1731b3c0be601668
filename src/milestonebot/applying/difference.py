"""What another config changes: what can be applied to a running bot, and what takes a restart. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from milestonebot.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milestonebot.config import Config
    from milestonebot.config.loaded import Network
    from milestonebot.ports import Room
    from milestonebot.settings import Settings

_KEYS = {
    "initial_backoff": "reconnect",
    "max_backoff": "reconnect",
    "waits": "reconnect",
    "repeat_in_doubt": "in_doubt",
    "folder": "state",
}
"""What the config calls what a transport calls otherwise."""
_APPLIED = frozenset(("name", "rooms"))
"""What of a network's settings is no matter of its connection."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be done to go from one config to another."""

    entering: tuple[Room, ...] = ()
    """Rooms that are new."""
    leaving: tuple[Room, ...] = ()
    keyed: tuple[Room, ...] = ()
    """Rooms that another key may open now, where the bot is still to be in them."""
    changed: tuple[str, ...] = ()
    """All of it for a reader, a phrase for each change."""


def difference(before: Config, after: Config) -> Difference:
    """Return what `after` changes of `before` and can be applied while the bot is connected."""
    old, new = _networks(before), _networks(after)
    entering, leaving = [], []
    for name in old.keys() & new.keys():
        entering += [room for room in new[name].rooms if room not in old[name].rooms]
        leaving += [room for room in old[name].rooms if room not in new[name].rooms]
    entering.sort(key=str)
    leaving.sort(key=str)
    changed = [
        *(f"{room} is entered" for room in entering),
        *(f"{room} is left" for room in leaving),
        *_rules(before, after),
        *_admins(before.settings, after.settings),
        *_settings(before.settings, after.settings, {*entering, *leaving}),
    ]
    keyed = sorted(set(_keyed(before.settings, after.settings)) - {*entering, *leaving}, key=str)
    if before.catalog != after.catalog:
        changed.append("catalog: other sources")
    if before.routers != after.routers:
        changed.append("commands of other packages")
    return Difference(tuple(entering), tuple(leaving), tuple(keyed), tuple(changed))


def outstanding(begun: Config, now: Config) -> tuple[str, ...]:
    """Return what `now` says otherwise than `begun`, with which the bot was started, and takes a restart."""
    old, new = _networks(begun), _networks(now)
    told = [f"{name}: the network is new" for name in new if name not in old]
    told += [f"{name}: the network is gone" for name in old if name not in new]
    for name in new:
        keys = sorted(set(_keys(old[name], new[name]))) if name in old else []
        if keys:
            told.append(f"{name}: {', '.join(keys)}")
    if begun.state != now.state:
        told.append("state")
    if begun.database != now.database:
        told.append("database")
    return tuple(told)


def _networks(config: Config) -> dict[str, Network]:
    """Return the networks that a service is on."""
    return {each.name: each for each in config.networks if each.kind != "console"}


def _rules(before: Config, after: Config) -> Iterator[str]:
    old = {each.name: each for each in before.announcements}
    new = {each.name: each for each in after.announcements}
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield f"announcement {name} is new"
        elif name not in new:
            yield f"announcement {name} is gone"
        elif old[name] != new[name]:
            yield f"announcement {name} is another"


def _admins(before: Settings, after: Settings) -> Iterator[str]:
    for network, account in sorted(after.admins - before.admins):
        yield f"{network}/{account} is an admin"
    for network, account in sorted(before.admins - after.admins):
        yield f"{network}/{account} is no admin any more"


def _settings(before: Settings, after: Settings, moved: set[Room]) -> Iterator[str]:
    for name, key in (("name", "name"), ("zone", "timezone"), ("source_code", "source_code")):
        if getattr(before, name) != getattr(after, name):
            yield f"{key} is {getattr(after, name) or 'not set'}"
    if set(before.bridged) != set(after.bridged):
        yield "bridged rooms"
    if before.default != after.default:
        yield "what holds for all rooms"
    rooms = (before.rooms.keys() & after.rooms.keys()) - moved
    others = sorted(str(room) for room in rooms if before.rooms[room] != after.rooms[room])
    # What is set for all rooms changes every one of them: told once, it is enough.
    if others and before.default == after.default:
        yield f"what holds in {', '.join(others)}"


def _keyed(before: Settings, after: Settings) -> Iterator[Room]:
    """Yield the rooms that have another key than before."""
    for room, here in after.rooms.items():
        if here.key is not None and room in before.rooms and before.rooms[room].key != here.key:
            yield room


def _keys(old: Network, new: Network) -> Iterator[str]:
    """Yield the keys of a network that are other ones, as the config writes them."""
    if old.kind != new.kind or old.settings is None or new.settings is None:
        if old.kind != new.kind:
            yield "kind"
        return
    for each in fields(new.settings):
        before, after = (_comparable(getattr(of.settings, each.name)) for of in (old, new))
        # A secret that is read anew by itself takes no restart.
        followed = isinstance(before, Secret) and before.follows(after)
        if each.name not in _APPLIED and before != after and not followed:
            yield _KEYS.get(each.name, each.name)


def _comparable(value: Any) -> Any:  # noqa: ANN401 - of any field
    """Return `value` with its private key as its public one: private keys do not compare."""
    key = getattr(value, "key", None)
    return value if key is None else (replace(value, key=None), key.public_key())
