"""What a maintainer can set, as the core sees it: plain values, already checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milestonebot.ports import Room
    from milestonebot.secret import Secret


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person may ask; times are in seconds.

    After `commands` commands within `per`, one notice is given, then `silence`.
    """

    commands: int = 8
    per: float = 30.0
    silence: float = 60.0


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """How the bot behaves in one room."""

    prefix: str = "!"
    group: str | None = None
    """The project group that is meant where several could be."""
    projects: tuple[str, ...] = ()
    """The projects that the room is about; empty for all of its group."""
    commands: Mapping[str, str | None] = field(default_factory=dict)
    """Commands that are renamed here, and, with None, those that are switched off."""
    limits: Limits | None = field(default_factory=Limits)
    """None sets no limit: a terminal belongs to the person who types there."""
    key: Secret | None = None
    """What the room is entered with, where it is locked (IRC's mode +k)."""

    def typed(self, command: str) -> str | None:
        """Return what to type here for `command`, which may have arguments.

        None is for a room that has no prefix, or not that command.
        """
        word, space, rest = command.partition(" ")
        name = self.commands.get(word, word)
        return f"{self.prefix}{name}{space}{rest}" if self.prefix and name else None


@dataclass(frozen=True, slots=True)
class Settings:
    """What the core is told by the config."""

    name: str = "milestonebot"
    """The name that it answers to besides its nick on a network."""
    zone: str = "UTC"
    """The zone of the day: an IANA name, or `AoE` (anywhere on Earth, UTC-12)."""
    source_code: str | None = None
    """Where the code of this very bot can be read, for `!about`."""
    default: RoomSettings = field(default_factory=RoomSettings)
    rooms: Mapping[Room, RoomSettings] = field(default_factory=dict)
    networks: Mapping[str, RoomSettings] = field(default_factory=dict)
    """What holds in rooms of a network that `rooms` does not name."""
    admins: frozenset[tuple[str, str]] = frozenset()
    """Who may act through the bot: pairs of a network and an account there, as the network vouches for it."""
    bridged: tuple[frozenset[Room], ...] = ()
    """Rooms of one set count as one: a question is answered where it was asked, once."""

    def is_admin(self, network: str, account: str | None) -> bool:
        """Tell whether `account` may act through the bot; None is nobody whom the network vouches for.

        Services on IRC take their accounts whatever the case; Matrix does not.
        """
        if account is None:
            return False
        if account.startswith("@"):
            return (network, account) in self.admins
        return (network, account.lower()) in {(of, name.lower()) for of, name in self.admins}

    def of(self, room: Room) -> RoomSettings:
        """Return what holds in `room`."""
        here = self.rooms.get(room)
        return self.networks.get(room.network, self.default) if here is None else here


class InForce(Protocol):
    """The settings that hold at the moment of asking; Settings are those that never change."""

    @property
    def admins(self) -> frozenset[tuple[str, str]]:
        """Who may act through the bot: pairs of a network and an account there."""
        ...

    @property
    def source_code(self) -> str | None:
        """Where the code of this very bot can be read."""
        ...

    def of(self, room: Room) -> RoomSettings:
        """Return what holds in `room` now."""
        ...


@dataclass(slots=True)
class Live:
    """Settings that a new config replaces, for whoever keeps asking for those in force."""

    now: Settings

    @property
    def admins(self) -> frozenset[tuple[str, str]]:
        """Who may act through the bot: pairs of a network and an account there."""
        return self.now.admins

    @property
    def source_code(self) -> str | None:
        """Where the code of this very bot can be read."""
        return self.now.source_code

    def of(self, room: Room) -> RoomSettings:
        """Return what holds in `room` now."""
        return self.now.of(room)
