"""One connection: a socket, a session, and the queue between them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError, Refused
from milestonebot.transports.irc.connection import dial
from milestonebot.transports.irc.lines import Unsendable, compose, encode, parse
from milestonebot.transports.irc.pacing import Bucket, FairQueue, Urgency
from milestonebot.transports.irc.session import Session
from milestonebot.transports.irc.shell import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

    from milestonebot.ports import Clock, Message
    from milestonebot.transports.irc.connection import Wire
    from milestonebot.transports.irc.settings import IrcSettings, Server

_log = logging.getLogger(__name__)

_MOST_WAITING = 2000
"""Lines that wait to be sent; where that many do, the bot is asked for more than the network takes."""
_GOODBYE = "QUIT :Leaving"
_LEFT = "left"


@dataclass(slots=True, eq=False)
class _Waiting:
    """A line that waits to be sent; with a `text`, one that is said to somebody."""

    line: str
    target: str = ""
    text: str = ""
    future: asyncio.Future[str] | None = None
    confirmed: bool = False
    """Whether `future` waits for the network's word, and not only for the line to go out."""

    def settle(self, outcome: str | NetworkError) -> None:
        """Tell whoever waits what became of it."""
        if self.future is None or self.future.done():
            return
        if isinstance(outcome, NetworkError):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


class Link:
    """Connects once; when that is over it is of no more use."""

    def __init__(
        self,
        settings: IrcSettings,
        clock: Clock,
        source_code: str | None,
        heard: Callable[[Message], None],
        ready: Callable[[], None],
    ) -> None:
        """Give what is said to `heard`; call `ready` when the network knows the bot."""
        self.heard = heard
        self.ready_at: float | None = None
        self._settings = settings
        self._tell_ready = ready
        self._loop = asyncio.get_running_loop()
        self.session = Session(settings, clock, self, self._loop.time(), source_code)
        self._dialling: asyncio.Future[Wire] | None = None
        self._wire: Wire | None = None
        self._over: asyncio.Future[NetworkError] = self._loop.create_future()
        self._queue: FairQueue[_Waiting] = FairQueue(_MOST_WAITING)
        self._bucket: Bucket | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._turn: asyncio.Handle | None = None
        self._leaving = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def up(self) -> bool:
        """Tell whether what is said now arrives."""
        return self.session.phase is Phase.READY and not self._over.done()

    async def run(self, server: Server) -> NetworkError:
        """Connect to `server`, and return why that is over; raises NetworkError where it never began."""
        self._dialling = asyncio.ensure_future(dial(self._settings, server, self))
        try:
            self._wire = await self._dialling
        except asyncio.CancelledError:
            if not self._over.done():
                raise
            raise NetworkError(_LEFT) from None
        try:
            self.session.begin(self._loop.time())
            self._wire.listen()
            self._arm()
            return await self._over
        finally:
            self._stop_waiting(NetworkError("the connection is closed"))
            await self._wire.close(self._settings.waits.quit)

    async def leave(self) -> None:
        """Say what waits, take leave, and see the server close the connection, all of it within seconds."""
        waits = self._settings.waits
        if self.up:
            await _within(waits.leave, self._idle)
        if self._wire is not None and not self._over.done():
            self._leaving = True
            self.say(_GOODBYE, Urgency.NOW)
            self._pump()
            # What it still says is heard: it may be that it has taken the last that was said.
            await _within(waits.quit, self._wire.gone)
        self._end(NetworkError(_LEFT))
        if self._dialling is not None:
            self._dialling.cancel()

    def tell(self, command: str, target: str, text: str, *, confirmed: bool) -> asyncio.Future[str]:
        """Say `text`, which fits a line, to `target`, by PRIVMSG or NOTICE.

        The result is the message's id, or empty: when the network has taken it where that is to be
        `confirmed`, else when it went out. What need not be confirmed goes first. It fails with
        NetworkError.
        """
        future: asyncio.Future[str] = self._loop.create_future()
        if self._over.done():
            future.set_exception(NetworkError("not connected"))
        elif self._queue.full:
            future.set_exception(NetworkError("too much waits to be said"))
        else:
            try:
                line = compose(command, target, text)
            except Unsendable as error:
                future.set_exception(Refused(str(error)))
            else:
                urgency = Urgency.ANNOUNCEMENT if confirmed else Urgency.REPLY
                self._put(urgency, target, _Waiting(line, target, text, future, confirmed))
        return future

    # --- for the session

    def say(self, line: str, urgency: Urgency = Urgency.CONTROL, target: str = "") -> None:
        """Send a line in its turn."""
        # What cannot wait finds room where nothing else does; a server that reads no answers has its limit.
        most = 2 * _MOST_WAITING if urgency is Urgency.NOW else _MOST_WAITING
        if len(self._queue) < most and not self._over.done():
            self._put(urgency, target, _Waiting(line))

    def ready(self) -> None:
        """Keep the pace from here on: no server slows down a login."""
        self.ready_at = self._loop.time()
        self._tell_ready()

    # --- for the wire

    def line(self, text: str) -> None:
        """Take a line of the server."""
        line = parse(text)
        if line is not None and not self._over.done():
            self.session.hear(line, self._loop.time())

    def caught_up(self) -> None:
        """Send what was asked for, and see what is due."""
        self._pump()
        self._look()
        self._arm()

    def writable(self) -> None:
        """Go on sending."""
        self._pump()

    def closed(self, reason: str) -> None:
        """Take note that the connection is gone."""
        told = NetworkError(_LEFT if self._leaving else reason)
        self._end(told if self._leaving else self.session.failure or told)

    # --- sending

    def _put(self, urgency: Urgency, target: str, waiting: _Waiting) -> None:
        self._queue.put(urgency, target, waiting)
        self._idle.clear()
        if self._turn is None:
            # Soon and not now: what else is said by then goes out in the same write.
            self._turn = self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Send what has its turn, in one write."""
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        wire = self._wire
        if wire is None or self._over.done():
            return
        now = self._loop.time()
        lines: list[bytes] = []
        while len(self._queue) and wire.writable:
            if self._queue.first is not Urgency.NOW and (ready := self._ready(now)) > now:
                self._turn = self._loop.call_at(ready, self._pump)
                break
            lines += self._outgoing(self._queue.take())
        if fence := self.session.receipts.fence():
            lines.append(encode(fence))
            if self._bucket is not None:
                self._bucket.spend(now)
        if lines:
            wire.send(lines)
        if not len(self._queue):
            self._idle.set()

    def _ready(self, now: float) -> float:
        """Return when the next line may go out, and take it off the bucket where that is now."""
        pace = self._settings.pace
        if pace is None or self.session.phase is Phase.REGISTERING:
            return now
        if self._bucket is None:
            self._bucket = Bucket(pace.burst, pace.every, now)
        return now if self._bucket.take(now) else self._bucket.ready(now)

    def _outgoing(self, waiting: _Waiting) -> list[bytes]:
        """Return the line as it goes out; one that may not is a bug, and is logged instead."""
        if waiting.future is not None and waiting.future.cancelled():
            return []
        try:
            data = encode(waiting.line, self.session.features.line)
        except Unsendable as error:
            _log.error("%s: not sent: %s", self._settings.name, error)
            waiting.settle(NetworkError("the line could not be sent as it is"))
            return []
        if not waiting.text:
            return [data]
        settle = waiting.settle if waiting.confirmed else None
        tags = self.session.receipts.said(waiting.target, waiting.text, settle)
        if waiting.confirmed:
            self._expect(waiting)
        else:
            waiting.settle("")
        return [tags.encode() + data]

    def _expect(self, waiting: _Waiting) -> None:
        """Wait for the network's word from now on, when the line goes out, and not for ever."""
        late = NetworkError("the network did not confirm it in time")
        timer = self._loop.call_later(self._settings.waits.confirm, waiting.settle, late)
        if waiting.future is not None:
            waiting.future.add_done_callback(lambda _: timer.cancel())

    # --- time

    def _arm(self) -> None:
        if self._over.done():
            return
        due = self.session.deadline
        if self._timer is None or due < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        self._timer = None
        try:
            self.session.tick(self._loop.time())
        except Exception:  # noqa: BLE001 - it is logged, and the watch goes on
            _log.exception("%s: what was due could not be done", self._settings.name)
        self._look()
        self._arm()

    # --- the end

    def _look(self) -> None:
        failure = self.session.failure
        if failure is not None and not self._over.done():
            self.say(_GOODBYE, Urgency.NOW)
            self._pump()
            self._end(failure)

    def _end(self, error: NetworkError) -> None:
        if not self._over.done():
            self._over.set_result(error)
            self._stop_waiting(error)

    def _stop_waiting(self, error: NetworkError) -> None:
        for handle in (self._timer, self._turn):
            if handle is not None:
                handle.cancel()
        self._timer = self._turn = None
        for waiting in self._queue.clear():
            waiting.settle(error)
        self.session.receipts.lost(error)
        self._idle.set()


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Wait for `event`, but not longer."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
