"""What an admin sees of the running bot and does to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from milestonebot import phrases
from milestonebot.document import Document, Line, Listing, Strong, say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from milestonebot.document import Block
    from milestonebot.ports import Connection, Room

_SHOWN = 5


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
    people: Mapping[Room, str] = field(default_factory=dict)
    """Who else is in those of `rooms` that are for one person alone."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What reading config and data anew has come to."""

    changed: Sequence[str] = ()
    """What is different from now on."""
    restart: Sequence[str] = ()
    """What the config says that takes a restart."""
    problems: Sequence[str] = ()
    """Every mistake, as `file:line:column: error: message`; what they are in is kept as it was."""
    refused: bool = False
    """Whether nothing at all was taken over because of these."""


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


def told(applied: Applied) -> Document:
    """Tell what reading anew has come to: mistakes, changes, and what takes a restart; of many, a few."""
    data = {
        "changed": list(applied.changed),
        "restart": list(applied.restart),
        "problems": list(applied.problems),
    }
    count = phrases.count(len(applied.problems), "mistake")
    parts = {
        f"{count}; {'nothing is changed' if applied.refused else 'what is wrong is kept as it was'}": (
            applied.problems
        ),
        "Changed": applied.changed,
        "Only after a restart": applied.restart,
    }
    blocks: list[Block] = [_listing(title, some) for title, some in parts.items() if some]
    if not blocks:
        return say("I have read all anew; nothing has changed.", data=data)
    return Document(tuple(blocks), data, found=not applied.problems, private=True)


def _listing(title: str, some: Sequence[str]) -> Listing:
    items = [Line((each,)) for each in some[:_SHOWN]]
    others = len(some) - _SHOWN
    if others > 0:
        items.append(Line((f"and {others} more, which my log tells",)))
    return Listing(tuple(items), Line((Strong(title),)))
