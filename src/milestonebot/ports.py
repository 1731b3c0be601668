"""What the core asks of the world: rooms, messages, and narrow protocols to act through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from milestonebot.document import Document
    from milestonebot.model import Facts


@dataclass(frozen=True, slots=True)
class Room:
    """An IRC channel, a Matrix room or a terminal, on a network of the config."""

    network: str
    name: str

    def __str__(self) -> str:
        """Return `network/name`, as the config writes it."""
        return f"{self.network}/{self.name}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who said it. `name` is for display alone: rights come from `account`, never from it."""

    name: str
    account: str | None = None
    """The services account or Matrix user id that the network vouches for."""


class Nature(StrEnum):
    """What a message is, as its network tells it."""

    TEXT = "text"
    NOTICE = "notice"
    EDIT = "edit"
    BOT = "bot"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Message:
    """What was said."""

    room: Room
    sender: Sender
    text: str
    id: str
    """Unique within the network, so that nothing is answered twice."""
    time: datetime
    thread: str | None = None
    private: bool = False
    """Said to the bot alone: no prefix is needed."""
    addressed: bool = False
    """Put to the bot by a pill or a mention, which is no longer in `text`."""
    nature: Nature = Nature.TEXT


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a document that was sent."""

    id: str | None = None
    rest: Document | None = None
    """What did not fit, for `!more`."""


class Transport(Protocol):
    """One chat network."""

    def messages(self) -> AsyncIterator[Message]:
        """Yield what is said, until the network is left."""
        ...

    async def send(
        self, room: Room, document: Document, *, key: str | None = None, reply_to: Message | None = None
    ) -> Sent:
        """Say `document` in `room`; the same `key` says it once."""
        ...


class Source(Protocol):
    """One place of facts."""

    async def load(self) -> Facts:
        """Return all that it says now; raise SourceError or ConfigError where it cannot be read."""
        ...


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the aware present moment."""
        ...
