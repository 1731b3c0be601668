"""Between a session, which knows the protocol, and the link that holds its socket."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from milestonebot.transports.irc.wire.pacing import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Message, Room


class Phase(Enum):
    """How far a connection has come."""

    REGISTERING = "registering"
    WELCOMED = "welcomed"
    IDENTIFYING = "identifying"
    READY = "ready"


class Shell(Protocol):
    """What a session acts through."""

    def say(self, line: str, urgency: Urgency = Urgency.CONTROL, target: str = "") -> None:
        """Send a line, in its turn."""
        ...

    def heard(self, message: Message) -> None:
        """Take what was said to the bot."""
        ...

    def concerning(self, room: Room, nick: str) -> Callable[[str], bool]:
        """Return what tells whether a text may be put to the bot, which has that nick in the room."""
        ...

    def key(self, room: str) -> str:
        """Return what a room is joined with now; nothing where the config knows no key."""
        ...

    def policy(self, duration: int) -> None:
        """Take note that the server, over TLS, asks for it for so many seconds (IRCv3 sts)."""
        ...

    def ready(self) -> None:
        """Take note that the network knows us: what is said now arrives."""
        ...
