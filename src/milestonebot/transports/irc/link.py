"""One connection: a socket, a session, the queue between them, and the time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from milestonebot.errors import NetworkError
from milestonebot.transports.irc.outgoing import Outgoing
from milestonebot.transports.irc.session import Session
from milestonebot.transports.irc.shell import Phase
from milestonebot.transports.irc.wire.connection import dial
from milestonebot.transports.irc.wire.pacing import Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from milestonebot.ports import Clock, Message, Room
    from milestonebot.transports.irc.said.inquiries import Inquiry
    from milestonebot.transports.irc.settings import IrcSettings, Server
    from milestonebot.transports.irc.wire.connection import Wire
    from milestonebot.transports.irc.wire.lines import Line

_log = logging.getLogger(__name__)

_GOODBYE = "QUIT :Leaving"
_LEFT = "left"


class Link:
    """Connects once; when that is over it is of no more use."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a session needs, and who is told
        self,
        settings: IrcSettings,
        clock: Clock,
        source_code: str | None,
        heard: Callable[[Message], None],
        ready: Callable[[], None],
        policy: Callable[[int], None],
        concerning: Callable[[Room, str], Callable[[str], bool]],
        key: Callable[[str], str],
        former: Collection[str] = (),
    ) -> None:
        """Give what is said to `heard`; call `ready` when the network knows the bot, `policy` for STS.

        `concerning` tells what of it may be left out, and `key` what rooms are joined with, as `Shell` says.

        `former` are the nicks that earlier connections had.
        """
        self.heard = heard
        self.policy = policy
        self.concerning = concerning
        self.key = key
        self.ready_at: float | None = None
        self._settings = settings
        self._tell_ready = ready
        self._loop = asyncio.get_running_loop()
        self.session = Session(
            settings, clock, self, self._loop.time(), source_code=source_code, former=former
        )
        self.out = Outgoing(settings, self.session)
        self._dialling: asyncio.Future[Wire] | None = None
        self._wire: Wire | None = None
        self._over: asyncio.Future[NetworkError] = self._loop.create_future()
        self._timer: asyncio.TimerHandle | None = None
        self._leaving = False
        self._asking = asyncio.Lock()

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
        self.out.wire = self._wire
        try:
            self.session.secure = server.tls
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
            self.out.hurry()
            await _within(waits.leave, self.out.idle)
        if self._wire is not None and not self._over.done():
            self._leaving = True
            self.out.end_with(_GOODBYE, NetworkError(_LEFT))
            # What it still says is heard: it may be that it has taken the last that was said.
            await _within(waits.quit, self._wire.gone)
        self._end(NetworkError(_LEFT))
        if self._dialling is not None:
            self._dialling.cancel()

    async def ask(self, inquiry: Inquiry) -> list[Line]:
        """Return the lines that answer a question.

        Raises Refused where the server does not answer such questions, and NetworkError where it does
        not answer now.
        """
        async with self._asking:
            if not self.up:
                raise NetworkError("not connected")
            answer: asyncio.Future[NetworkError | None] = self._loop.create_future()
            self.session.inquiries.put(inquiry, answer.set_result)
            self.say(inquiry.line)
            try:
                async with asyncio.timeout(self._settings.waits.answer):
                    error = await answer
            except TimeoutError:
                error = NetworkError(f"{inquiry.command}: the server does not answer")
            finally:
                self.session.inquiries.drop()
        if error is not None:
            raise error
        return inquiry.heard

    async def enter(self, name: str) -> None:
        """Join a channel, and return when we are in it; NetworkError where the server does not let us now."""
        joined: asyncio.Future[str] = self._loop.create_future()

        def told(problem: str) -> None:
            if not joined.done():
                joined.set_result(problem)

        self.session.enter(name, self._loop.time(), told)
        self._arm()
        try:
            async with asyncio.timeout(self._settings.waits.answer):
                problem = await joined
        except TimeoutError:
            problem = "the server does not answer"
        if problem:
            raise NetworkError(problem)

    # --- for the session

    def say(self, line: str, urgency: Urgency = Urgency.CONTROL, target: str = "") -> None:
        """Send a line in its turn."""
        self.out.say(line, urgency, target)

    def ready(self) -> None:
        """Keep the pace from here on: no server slows down a login."""
        self.ready_at = self._loop.time()
        self._tell_ready()

    # --- for the wire

    def line(self, text: str) -> None:
        """Take a line of the server."""
        if not self._over.done():
            self.session.take(text, self._loop.time())

    def caught_up(self) -> None:
        """Send what was asked for, and see what is due."""
        self.out.pump()
        self._look()
        self._arm()

    def writable(self) -> None:
        """Go on sending."""
        self.out.pump()

    def closed(self, reason: str) -> None:
        """Take note that the connection is gone."""
        told = NetworkError(_LEFT if self._leaving else reason)
        self._end(told if self._leaving else self.session.failure or told)

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
            self.out.end_with(_GOODBYE, failure)
            self._end(failure)

    def _end(self, error: NetworkError) -> None:
        if not self._over.done():
            self._over.set_result(error)
            self._stop_waiting(error)

    def _stop_waiting(self, error: NetworkError) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.out.close(error)
        self.session.inquiries.lost(error)
        self.session.rooms.lost(str(error))


async def _within(seconds: float, event: asyncio.Event) -> None:
    """Wait for `event`, but not longer."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
