"""What the core asks of the world: rooms, messages, and narrow protocols to act through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
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


class Rights(IntEnum):
    """What a sender may do in the room, as the network vouches for it; each includes those below.

    On IRC: voice, half-op or op, owner of the channel; on Matrix: power levels 1, 50, 100.
    """

    NONE = 0
    VOICE = 1
    MODERATOR = 2
    OWNER = 3


@dataclass(frozen=True, slots=True)
class Sender:
    """Who said it. `name` is for display alone: rights come from `account`, never from it."""

    name: str
    account: str | None = None
    """The services account or Matrix user id that the network vouches for."""
    rights: Rights = Rights.NONE


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
    rest: Document | None = None
    """What is left of the very answer that it asks to go on with, where the network knows that."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a document that was sent."""

    id: str | None = None
    rest: Document | None = None
    """What did not fit, for `!more`."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What a network could tell of something whose arrival was in doubt."""

    said: bool
    """Whether it counts as said."""
    id: str | None = None
    """The id that the network gave it, where it was found."""
    sure: bool = True
    """False where the network keeps no history that tells, and the config's `in_doubt` decided."""


class State(StrEnum):
    """How a network is connected."""

    DOWN = "down"
    CONNECTING = "connecting"
    UP = "up"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Connection:
    """The state of a network's connection."""

    state: State
    since: datetime
    reason: str = ""
    """Why it is down, for an operator; never a secret."""


class Heeding(Protocol):
    """Who is told what is said, and knows what of it may concern him."""

    def concerning(self, room: Room, nick: str) -> Callable[[str], bool]:
        """Return what tells of a text said to all in `room` whether it may be put to the bot.

        `nick` is what the bot is called there, besides its name. What it returns holds for the moment.
        """
        ...


class Transport(Protocol):
    """One chat network.

    `run` connects and stays connected: it comes back by itself after a drop, ends when `stop` is
    called, and raises Refused only where trying again cannot help: for good, or, where the error tells
    `after`, before so many seconds have passed and somebody has mended something; then `run` may be called
    again, or `stop`. One reader iterates `messages`
    while `run` runs; it ends when `run` has ended.
    """

    @property
    def network(self) -> str:
        """Return the network's name in the config."""
        ...

    @property
    def connection(self) -> Connection:
        """Return the state of its connection now."""
        ...

    @property
    def rooms(self) -> frozenset[Room]:
        """Return the rooms that it is in now."""
        ...

    @property
    def people(self) -> Mapping[Room, str]:
        """Return who else is in those of `rooms` that are for one person and have no name of their own."""
        ...

    @property
    def absent(self) -> Mapping[Room, str]:
        """Return the rooms that it should be in and is not, each with the reason; empty where unknown."""
        ...

    async def enter(self, room: Room) -> None:
        """Be in `room` from now on, for as long as the process runs; return when it is there.

        Raises NetworkError where it cannot be entered now: it is tried again as the rooms of the config
        are. Raises Refused where no room there can be called that, and nothing has changed.
        """
        ...

    async def leave(self, room: Room) -> None:
        """Leave `room`, and stay out of it until `enter`, as long as the process runs.

        Raises Refused where it is neither in the room nor should be, and NetworkError where the network
        could not be told: it does not come back there after a new connection either, where it can help it.
        """
        ...

    async def run(self) -> None:
        """Connect, stay connected, and end after `stop`."""
        ...

    def messages(self, heeding: Heeding | None = None) -> AsyncIterator[Message]:
        """Yield what is said, each message once, until the network is left.

        What does not concern `heeding` may be left out, where that saves work.
        """
        ...

    async def send(self, room: Room, document: Document, *, reply_to: Message | None = None) -> Sent:
        """Say `document` in `room`, and return when the network has taken it.

        `reply_to` is the message that it answers: in private, the answer goes to its sender. What
        cannot be said now raises NetworkError; what can never be said there raises Refused.
        """
        ...

    def send_now(self, room: Room, document: Document, *, reply_to: Message) -> Sent | None:
        """Say `document` as `send` does, where that waits for nothing; else say nothing, and return None.

        Many answers at once cost less that way, and may go out in one piece.
        """
        ...

    def compose(self, room: Room, document: Document) -> tuple[str, ...]:
        """Return the parts in which `announce` says `document` in `room`, in order.

        A part is what the network takes whole or not at all: a line on IRC, the content of an event
        on Matrix. Raises NetworkError where that is not known now, Refused where it can never be
        said there.
        """
        ...

    async def announce(self, room: Room, part: str, key: str) -> str | None:
        """Say `part`, which `compose` gave, and return its id (None where the network gives none).

        It returns when the network has taken it. `key` says what it is and never changes: as far as
        the network can tell, the same key is said once. Raises NetworkError where it was surely not
        said, InDoubt where it may have been, Refused where it never can be.
        """
        ...

    async def trace(self, room: Room, part: str, key: str, since: datetime) -> Trace:
        """Find out whether `part` was said in `room` under `key`, which is in doubt, since `since`.

        Where saying it again cannot make a second copy, it is not said: `announce` makes sure. Where
        the network keeps no history that tells, the config's `in_doubt` decides. Raises NetworkError
        where it cannot be found out now, Refused where it never can.
        """
        ...

    async def tell(self, account: str, document: Document, *, asked: Message | None = None) -> None:
        """Say `document` in private to whoever holds `account` there, as the network vouches for it.

        `asked` is what it answers, if anything: said in a room, it is answered no less secretly than it was
        asked, and the room is shown that, where the network can without a word. Raises NetworkError where
        nobody who can be reached now does.
        """
        ...

    def done(self, message: Message) -> None:
        """Take note that `message` is dealt with: it need not be heard again after a restart."""
        ...

    async def stop(self) -> None:
        """Say what is under way, leave, and return within a few seconds."""
        ...


class Announcing(Protocol):
    """What announces by hand: through the outbox, as everything that is announced."""

    async def announce(self, rooms: Sequence[Room], text: str, name: str, by: str) -> None:
        """Announce `text` in `rooms`, once for each `name`; return when that is durable.

        `name` is the id of the message that asks for it, `by` who asks, for operators. Raises StoreError
        where it cannot be kept: then nothing of it is announced.
        """
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
