"""What an admin sees of the running bot and does to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from milestonebot.ports import Connection, Room


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """How one network fares, for who operates the bot."""

    name: str
    connection: Connection
    rooms: Collection[Room] = ()
    """Those that the bot is in."""
    absent: Mapping[Room, str] = field(default_factory=dict)
    """Those that it should be in and is not, each with the reason, empty where unknown."""
    waiting: int = 0
    """Announcements that are yet to be made there."""
    failed: int = 0
    """Announcements of the outbox that the network refused."""
    problem: str = ""
    """Why the last of these was."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What reading config and data anew has come to."""

    changed: Sequence[str] = ()
    """What is different from now on."""
    restart: Sequence[str] = ()
    """What the config says that takes a restart."""
    problems: Sequence[str] = ()
    """Every mistake, as `file:line:column: error: message`; what they are in is kept as it was."""


class Operating(Protocol):
    """What operates the running bot: its networks, its rooms, what it was told."""

    @property
    def names(self) -> Collection[str]:
        """The networks that it is on, by their names in the config."""
        ...

    async def networks(self) -> Sequence[NetworkReport]:
        """Return how each network fares, in the order of the config."""
        ...

    async def reload(self) -> Applied:
        """Read config and data anew, and apply what is right and can be applied now."""
        ...

    async def enter(self, room: Room) -> None:
        """Be in `room` from now on; raises as `Transport.enter` does."""
        ...

    async def leave(self, room: Room) -> None:
        """Leave `room`; raises as `Transport.leave` does."""
        ...
