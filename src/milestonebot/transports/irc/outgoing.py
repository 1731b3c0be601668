"""What waits to be sent on one connection, in its order and at its pace, and what becomes of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from milestonebot.errors import InDoubt, NetworkError, Refused
from milestonebot.patience import Patience
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.wire.lines import Unsendable, compose, encode, without_codes
from milestonebot.transports.irc.wire.pacing import Bucket, FairQueue, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from milestonebot.transports.irc.session import Session
    from milestonebot.transports.irc.settings import IrcSettings
    from milestonebot.transports.irc.wire.connection import Wire

_log = logging.getLogger(__name__)

_MOST_WAITING = 2000
"""Lines that wait to be sent; where that many do, the bot is asked for more than the network takes."""

_AT_ONCE = 64
"""Lines that may wait for others to go out with; the server deals with these while more are made."""

_MOST_LINES = 256
"""Lines of answers that are remembered as they go out."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A line that waits to be sent; with a `text`, one that is said to somebody."""

    line: str
    target: str = ""
    text: str = ""
    future: asyncio.Future[str] | None = None
    confirmed: bool = False
    """Whether `future` waits for the network's word, and not only for the line to go out."""
    tag: str = ""
    """One that goes along where the server takes it."""

    patience: Patience[_Waiting] | None = None
    """What ends the wait for the network's word, once it is waited for."""

    def settle(self, outcome: str | NetworkError) -> None:
        """Tell whoever waits what became of it."""
        if self.patience is not None:
            self.patience.end(self)
        if self.future is None or self.future.done():
            return
        if isinstance(outcome, NetworkError):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


class Outgoing:
    """The queue between a session and its socket."""

    def __init__(self, settings: IrcSettings, session: Session) -> None:
        """Hold everything back until there is a `wire`."""
        self.wire: Wire | None = None
        self.idle = asyncio.Event()
        """Set while nothing waits."""
        self.idle.set()
        self._settings = settings
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._queue: FairQueue[_Waiting] = FairQueue(_MOST_WAITING)
        self._bucket: Bucket | None = None
        self._turn: asyncio.Handle | None = None
        self._spare = False
        """Whether that turn is one of what nobody waits for, which all else goes before."""
        self._patience: Patience[_Waiting] = Patience(settings.waits.confirm, _late)
        self._leaving = False
        self._closed = False
        """Whether nothing more is taken."""
        self._over = False
        """Whether nothing more is sent."""

    def tell(
        self, command: str, target: str, text: str, *, confirmed: bool, tag: str = ""
    ) -> asyncio.Future[str]:
        """Say `text`, which fits a line, to `target`, by PRIVMSG or NOTICE.

        The result is the message's id, or empty: when the network has taken it where that is to be
        `confirmed`, else when it went out. What need not be confirmed goes first. It fails with
        NetworkError: InDoubt where the line had gone out. A `tag` goes along where the server takes it.
        """
        future: asyncio.Future[str] = self._loop.create_future()
        if self._closed:
            future.set_exception(NetworkError("not connected"))
        elif self._queue.full:
            future.set_exception(NetworkError("too much waits to be said"))
        else:
            try:
                # What is announced goes out once: it would only drive answers out of the memory.
                line = compose(command, target, text) if confirmed else _line(command, target, text)
            except Unsendable as error:
                future.set_exception(Refused(str(error)))
            else:
                urgency = Urgency.ANNOUNCEMENT if confirmed else Urgency.REPLY
                self._put(urgency, target, _Waiting(line, target, text, future, confirmed, tag))
        return future

    def reply(self, command: str, target: str, texts: Sequence[str], tag: str) -> bool:
        """Say `texts`, each of which fits a line, with the next write.

        Return False where they would have to wait, or cannot be said at all: then nothing is.
        """
        if self._closed or not self._has_room(len(self._queue) + len(texts)):
            return False
        try:
            lines = [_line(command, target, text) for text in texts]
        except Unsendable:
            return False
        for line, text in zip(lines, texts, strict=True):
            self._put(Urgency.REPLY, target, _Waiting(line, target, text, tag=tag))
        return True

    def _has_room(self, lines: int) -> bool:
        """Tell whether so many lines can go out at once."""
        pace = self._settings.pace
        if self.wire is None or not self.wire.writable or lines > _MOST_WAITING:
            return False
        if pace is None or self._bucket is None:
            return pace is None or lines <= pace.burst
        return self._bucket.holds(lines, self._loop.time())

    def say(self, line: str, urgency: Urgency, target: str) -> None:
        """Send a line in its turn."""
        # What cannot wait finds room where nothing else does; a server that reads no answers has its limit.
        most = 2 * _MOST_WAITING if urgency is Urgency.NOW else _MOST_WAITING
        if len(self._queue) < most and not self._closed and not (self._leaving and urgency is Urgency.SPARE):
            self._put(urgency, target, _Waiting(line))

    def hurry(self) -> None:
        """Send what somebody waits for, and nothing else any more."""
        self._leaving = True
        self._queue.drop(Urgency.SPARE)
        if not len(self._queue):
            self.idle.set()

    def end_with(self, line: str, error: NetworkError) -> None:
        """Send `line` behind what has gone out, and nothing after it; tell all who wait `error`."""
        self._closed = True
        self._clear(error)
        self._put(Urgency.NOW, "", _Waiting(line))
        self.pump()

    def close(self, error: NetworkError) -> None:
        """Send nothing more, and tell all who wait; what has gone out may have arrived."""
        self._closed = self._over = True
        self._cancel_turn()
        self._clear(error)
        self._session.receipts.lost(error)
        self._patience.close()
        self.idle.set()

    def _clear(self, error: NetworkError) -> None:
        for waiting in self._queue.clear():
            waiting.settle(error)

    def _put(self, urgency: Urgency, target: str, waiting: _Waiting) -> None:
        self._queue.put(urgency, target, waiting)
        self.idle.clear()
        if self._spare and urgency is not Urgency.SPARE:
            self._cancel_turn()
        if self._turn is None:
            # Soon and not now: what else is said by then goes out in the same write.
            self._turn = self._loop.call_soon(self.pump)
        elif len(self._queue) >= _AT_ONCE and self._settings.pace is None:
            self.pump()

    def pump(self) -> None:
        """Send what has its turn, in one write."""
        self._cancel_turn()
        wire = self.wire
        if wire is None or self._over:
            return
        now = self._loop.time()
        lines: list[bytes] = []
        while len(self._queue) and wire.writable:
            first = self._queue.first
            spare = first is Urgency.SPARE
            if first is not Urgency.NOW and (ready := self._ready(now, spare=spare)) > now:
                self._turn, self._spare = self._loop.call_at(ready, self.pump), spare
                break
            lines += self._outgoing(self._queue.take())
        if not self._closed and (fence := self._session.receipts.fence()):
            lines.append(encode(fence))
            if self._bucket is not None:
                self._bucket.spend(now)
        if lines:
            wire.send(lines)
        if not len(self._queue):
            self.idle.set()

    def _cancel_turn(self) -> None:
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        self._spare = False

    def _ready(self, now: float, *, spare: bool) -> float:
        """Return when the next line may go out, and take it off the bucket where that is now."""
        pace = self._settings.pace
        if pace is None or self._session.phase is Phase.REGISTERING:
            return now
        if self._bucket is None:
            self._bucket = Bucket(pace.burst, pace.every, now)
        return now if self._bucket.take(now, spare=spare) else self._bucket.ready(now, spare=spare)

    def _outgoing(self, waiting: _Waiting) -> list[bytes]:
        """Return the line as it goes out; one that may not is a bug, and is logged instead."""
        if waiting.future is not None and waiting.future.cancelled():
            return []
        limit = self._session.features.line
        try:
            again = waiting.text and not waiting.confirmed
            data = _encoded(waiting.line, limit) if again else encode(waiting.line, limit)
        except Unsendable as error:
            _log.error("%s: not sent: %s", self._settings.name, error)
            waiting.settle(NetworkError("the line could not be sent as it is"))
            return []
        if not waiting.text:
            return [data]
        receipts = self._session.receipts
        if waiting.confirmed:
            tags = receipts.said(waiting.target, waiting.text, waiting.settle, waiting.tag)
            # For the network's word it is waited from now on, when the line goes out, and not for ever.
            waiting.patience = self._patience
            self._patience.begin(waiting)
        else:
            tags = receipts.said(waiting.target, waiting.text, self._repeating(waiting), waiting.tag)
            waiting.settle("")
        return [tags.encode() + data]

    def _repeating(self, waiting: _Waiting) -> Callable[[str | NetworkError], None] | None:
        """Return what says an answer again without formatting, where that alone was the fault."""
        bare = _bare(waiting.line)
        if bare == waiting.line or not self._session.receipts.echoes:
            return None

        def settle(outcome: str | NetworkError) -> None:
            refused = isinstance(outcome, NetworkError) and not isinstance(outcome, InDoubt)
            if refused and self._session.receiving.is_plain(waiting.target) and not self._closed:
                again = _Waiting(bare, waiting.target, without_codes(waiting.text), tag=waiting.tag)
                self._put(Urgency.REPLY, waiting.target, again)

        return settle


def _late(waiting: _Waiting) -> None:
    waiting.settle(InDoubt("the network did not confirm it in time"))


# What is said again and again is composed and encoded once; a password never comes here.
_line = lru_cache(_MOST_LINES)(compose)
_encoded = lru_cache(_MOST_LINES)(encode)
_bare = lru_cache(_MOST_LINES)(without_codes)
